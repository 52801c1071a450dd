"""The conditions of a standard: a tree of nodes that evaluates itself over facts.

A tree is built once when the law is loaded. Every node has a place in the order of the tree and writes
its result there, so that nothing that the explanation needs is cut short. The language is closed: these
node kinds and the operators of `Op` are all there is. `preparing` holds what of a tree can be worked out
before any fact is known.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import lcm
from typing import Any

from xianjie.lawbook.standards.parameters import Parameter
from xianjie.lawbook.standards.values import (
    EXACTLY,
    MET,
    MET_BY_HUMAN,
    NOT_MET,
    OPEN,
    OPEN_TO_HUMAN,
    UNKNOWN,
    WITHIN_BOUNDS,
    Bits,
    FactValue,
    Interval,
    Number,
    Op,
    Unknown,
    at_least,
    exact_sum,
    times,
)

_EXACT_TYPES = frozenset({int, Decimal, date})


@dataclass(slots=True)
class Reading:
    """One pass over one tree: what goes in, and the results that come out.

    Attributes:
        values: the facts of the version, by their slot; UNKNOWN where nothing is known.
        findings: human findings on discretionary and unread nodes, by node id.
        province: ISO 3166-2 code for amounts set per province.
        day: day of the act, for amounts set per province.
        bits: result of every node, by its index.
    """

    values: list[FactValue]
    findings: Mapping[str, bool]
    province: str | None
    day: date
    bits: list[Bits]


@dataclass(frozen=True, slots=True)
class Limit:
    """The number that a value is compared with: plain, or set per province within a range.

    Attributes:
        number: the plain number (or day); None where a parameter decides.
        factor: multiplies the parameter.
    """

    number: Number | date | None
    parameter: Parameter | None = None
    factor: Number = 1

    def range(self, province: str | None, day: date) -> tuple[Any, Any]:
        """Return the least and the greatest limit that the place and the day allow; equal when known."""
        if self.parameter is None:
            return self.number, self.number
        overlay = self.parameter.overlay(province, day)
        if overlay is not None:
            amount = self._scaled(overlay.value)
            return amount, amount
        return self._scaled(self.parameter.min), self._scaled(self.parameter.max)

    def _scaled(self, amount: Number) -> Number:
        return times(amount, self.factor)


@dataclass(frozen=True, slots=True)
class Wording:
    """What a node says to a reader, and where it comes from.

    Attributes:
        clause: article and item, as the instrument counts them.
        outcome: `attempt` where the limb is one for an uncompleted offence.
        derived_from: (id of another node, factor) where the number is a share of that node's.
        scaled_by: the share or multiple of another limb, where only that is recorded.
    """

    zh: str | None = None
    en: str | None = None
    clause: str | None = None
    outcome: str | None = None
    derived_from: tuple[str, Number] | None = None
    scaled_by: Number | None = None


@dataclass(frozen=True, eq=False, kw_only=True)
class Node(ABC):
    """A condition. `index` is its place in the order of the tree, parents before children."""

    id: str
    index: int
    wording: Wording

    @abstractmethod
    def evaluate(self, reading: Reading) -> Bits:
        """Return the result and write it, and those of all nodes below, into the reading."""

    @property
    def children(self) -> tuple[Node, ...]:
        """The nodes directly below."""
        return ()

    @property
    def slots(self) -> tuple[int, ...]:
        """The slots of the facts that this very node reads."""
        return ()

    @property
    def attempt(self) -> bool:
        """Whether the node stands for an uncompleted offence."""
        return self.wording.outcome == "attempt"

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below, parents first."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, eq=False, kw_only=True)
class Predicate(Node):
    """A condition on one fact; `slot` is its place in the facts of the version."""

    fact: str
    slot: int

    @property
    def slots(self) -> tuple[int, ...]:
        return (self.slot,)


@dataclass(frozen=True, eq=False, kw_only=True)
class Truth(Predicate):
    """A boolean fact is true, or is false."""

    op: Op

    def evaluate(self, reading: Reading) -> Bits:
        value = reading.values[self.slot]
        if value is True or value is False:
            bits = MET if value is (self.op is Op.is_true) else NOT_MET
        else:
            bits = OPEN
        reading.bits[self.index] = bits
        return bits


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice(Predicate):
    """An enum fact is one of the named values."""

    op: Op
    values: tuple[str, ...]

    def evaluate(self, reading: Reading) -> Bits:
        value = reading.values[self.slot]
        bits = OPEN
        if isinstance(value, str):
            bits = MET if value in self.values else NOT_MET
        reading.bits[self.index] = bits
        return bits


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison(Predicate):
    """A number or day against a limit. `unit` is CNY for yuan, else the unit of the fact; None for none."""

    op: Op
    limit: Limit
    unit: str | None
    exactly: Callable[[Any, Any], bool] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "exactly", EXACTLY[self.op])

    def evaluate(self, reading: Reading) -> Bits:
        value = reading.values[self.slot]
        limit = self.limit
        if type(value) in _EXACT_TYPES and limit.parameter is None:
            bits = MET if self.exactly(value, limit.number) else NOT_MET
        else:
            bits = compared(value, self.op, limit, reading)
        reading.bits[self.index] = bits
        return bits


@dataclass(frozen=True, eq=False, kw_only=True)
class Total(Node):
    """A weighted sum of several facts against a limit, in exact fractions.

    `kind` is `sum` (weights are coefficients) or `ratio_sum` (weights are one over each standard; the
    shares of several standards add up). A fact that is not known leaves the sum unknown; an agency that
    knows a part records a lower bound as an interval.
    """

    kind: str
    facts: tuple[str, ...]
    terms: tuple[tuple[int, Fraction], ...]
    op: Op
    limit: Limit
    unit: str | None

    def evaluate(self, reading: Reading) -> Bits:
        total = self._total(reading.values)
        if total is UNKNOWN:
            bits = OPEN
        elif type(total) is not Interval and self.limit.parameter is None:
            bits = MET if EXACTLY[self.op](total, self._limits[0]) else NOT_MET
        else:
            limits = self._limits
            if self.limit.parameter is not None:
                limits = self._scaled(self.limit.range(reading.province, reading.day))
            bounds = total if isinstance(total, Interval) else Interval(total, total)
            bits = WITHIN_BOUNDS[self.op](bounds, *limits)
        reading.bits[self.index] = bits
        return bits

    @cached_property
    def _denominator(self) -> int:
        return lcm(*(weight.denominator for _, weight in self.terms))

    @cached_property
    def _whole_terms(self) -> tuple[tuple[int, int], ...]:
        """The terms over their common denominator: whole weights, so that no sum needs a fraction."""
        return tuple((slot, int(weight * self._denominator)) for slot, weight in self.terms)

    @cached_property
    def _limits(self) -> tuple[Any, Any]:
        return self._scaled((self.limit.number, self.limit.number))

    def _scaled(self, limits: tuple[Any, Any]) -> tuple[Any, Any]:
        low, high = (times(limit, self._denominator) if limit is not None else None for limit in limits)
        return low, high

    def _total(self, values: Sequence[FactValue]) -> Number | Interval | Unknown:
        """Return the exact sum times the common denominator, its bounds, or UNKNOWN when a term is."""
        exact: Number = 0
        bounded: list[tuple[Interval, int]] = []
        for slot, weight in self._whole_terms:
            value = values[slot]
            if type(value) is int or type(value) is Decimal:
                exact = exact_sum(exact, times(value, weight))
            elif isinstance(value, Interval):
                bounded.append((value, weight))
            else:
                return UNKNOWN
        if not bounded:
            return exact
        return Interval(
            _added(exact, [(value.min, weight) for value, weight in bounded]),
            _added(exact, [(value.max, weight) for value, weight in bounded]),
            any(value.min_open for value, _ in bounded),
            any(value.max_open for value, _ in bounded),
        )

    @property
    def slots(self) -> tuple[int, ...]:
        return tuple(slot for slot, _ in self.terms)


def _added(exact: Number, ends: list[tuple[Any, int]]) -> Fraction | None:
    if any(end is None for end, _ in ends):
        return None
    return Fraction(exact) + sum((Fraction(end) * weight for end, weight in ends), Fraction(0))


def compared(value: Any, op: Op, limit: Limit, reading: Reading) -> Bits:
    """Return the result of one comparison; a limit that a province has not set acts as a range."""
    if value is UNKNOWN:
        return OPEN
    if limit.parameter is None:
        if type(value) is not Interval:
            return MET if EXACTLY[op](value, limit.number) else NOT_MET
        return WITHIN_BOUNDS[op](value, limit.number, limit.number)
    least, most = limit.range(reading.province, reading.day)
    if type(value) is not Interval:
        value = Interval(value, value)
    return WITHIN_BOUNDS[op](value, least, most)


@dataclass(frozen=True, eq=False, kw_only=True)
class Discretionary(Node):
    """A residual clause: only a person decides it, and it never becomes not met by itself."""

    def evaluate(self, reading: Reading) -> Bits:
        finding = reading.findings.get(self.id)
        bits = OPEN_TO_HUMAN if finding is None else MET_BY_HUMAN if finding else NOT_MET
        reading.bits[self.index] = bits
        return bits


@dataclass(frozen=True, eq=False, kw_only=True)
class UnreadLimb(Discretionary):
    """A limb that is known to exist and whose text was not read: a gap of the catalogue.

    `known_unread` is the id of the instrument. It evaluates like a discretionary node; the explanation
    names it as a gap, not as a question of discretion.
    """

    known_unread: str


@dataclass(frozen=True, eq=False, kw_only=True)
class Group(Node):
    """A node that combines others."""

    parts: tuple[Node, ...]

    @property
    def children(self) -> tuple[Node, ...]:
        return self.parts

    @cached_property
    def places(self) -> tuple[int, ...]:
        """The places of its parts in the order of the tree."""
        return tuple(part.index for part in self.parts)

    def evaluate(self, reading: Reading) -> Bits:
        for part in self.parts:
            part.evaluate(reading)
        return self.combine(reading.bits)

    @abstractmethod
    def combine(self, bits: list[Bits]) -> Bits:
        """Return the result that follows from those of the parts, which stand in `bits`, and write it."""


@dataclass(frozen=True, eq=False, kw_only=True)
class AllOf(Group):
    """Every part is needed."""

    def combine(self, bits: list[Bits]) -> Bits:
        result = MET
        for place in self.places:
            result &= bits[place]
        bits[self.index] = result
        return result


@dataclass(frozen=True, eq=False, kw_only=True)
class AnyOf(Group):
    """One part is enough."""

    def combine(self, bits: list[Bits]) -> Bits:
        result = NOT_MET
        for place in self.places:
            result |= bits[place]
        bits[self.index] = result
        return result


@dataclass(frozen=True, eq=False, kw_only=True)
class AtLeast(Group):
    """A number of the parts is enough."""

    needed: int

    def combine(self, bits: list[Bits]) -> Bits:
        result = at_least(self.needed, [bits[place] for place in self.places])
        bits[self.index] = result
        return result
