"""The conditions of a standard: a tree of nodes that evaluates itself over facts.

A tree is built once when the law is loaded. Every node has a place in the order of the tree and writes
its result there, so that nothing that the explanation needs is cut short. The language is closed: these
node kinds and the operators of `Op` are all there is.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from xianjie.lawbook.parameters import Parameter
from xianjie.lawbook.values import (
    EXACT,
    EXACTLY,
    MET,
    MET_BY_HUMAN,
    NEGATED,
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
)


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

    values: Sequence[FactValue]
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
        return amount if self.factor == 1 else EXACT.multiply(Decimal(amount), Decimal(self.factor))


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
class Truth(Node):
    """A boolean fact is true, or is false."""

    fact: str
    slot: int
    op: Op

    def evaluate(self, reading: Reading) -> Bits:
        value = reading.values[self.slot]
        if value is True or value is False:
            bits = MET if value is (self.op is Op.is_true) else NOT_MET
        else:
            bits = OPEN
        reading.bits[self.index] = bits
        return bits

    @property
    def slots(self) -> tuple[int, ...]:
        return (self.slot,)


@dataclass(frozen=True, eq=False, kw_only=True)
class Choice(Node):
    """An enum fact is one of the named values."""

    fact: str
    slot: int
    op: Op
    values: tuple[str, ...]

    def evaluate(self, reading: Reading) -> Bits:
        value = reading.values[self.slot]
        bits = OPEN
        if isinstance(value, str):
            bits = MET if value in self.values else NOT_MET
        reading.bits[self.index] = bits
        return bits

    @property
    def slots(self) -> tuple[int, ...]:
        return (self.slot,)


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison(Node):
    """A number or day against a limit. `unit` is CNY for yuan, else the unit of the fact; None for none."""

    fact: str
    slot: int
    op: Op
    limit: Limit
    unit: str | None

    def evaluate(self, reading: Reading) -> Bits:
        bits = compared(reading.values[self.slot], self.op, self.limit, reading)
        reading.bits[self.index] = bits
        return bits

    @property
    def slots(self) -> tuple[int, ...]:
        return (self.slot,)


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
        bits = compared(self.total(reading.values), self.op, self.limit, reading)
        reading.bits[self.index] = bits
        return bits

    def total(self, values: Sequence[FactValue]) -> Fraction | Interval | Unknown:
        """Return the exact sum, its bounds, or UNKNOWN when a term is unknown."""
        exact = Fraction(0)
        bounded: list[tuple[Interval, Fraction]] = []
        for slot, weight in self.terms:
            value = values[slot]
            if isinstance(value, Interval):
                bounded.append((value, weight))
            elif isinstance(value, int | Decimal):
                exact += Fraction(value) * weight
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


def _added(exact: Fraction, ends: list[tuple[Any, Fraction]]) -> Fraction | None:
    if any(end is None for end, _ in ends):
        return None
    return exact + sum((Fraction(end) * weight for end, weight in ends), Fraction(0))


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


@dataclass(frozen=True, eq=False, kw_only=True)
class AllOf(Group):
    """Every part is needed."""

    def evaluate(self, reading: Reading) -> Bits:
        bits = MET
        for part in self.parts:
            bits &= part.evaluate(reading)
        reading.bits[self.index] = bits
        return bits


@dataclass(frozen=True, eq=False, kw_only=True)
class AnyOf(Group):
    """One part is enough."""

    def evaluate(self, reading: Reading) -> Bits:
        bits = NOT_MET
        for part in self.parts:
            bits |= part.evaluate(reading)
        reading.bits[self.index] = bits
        return bits


@dataclass(frozen=True, eq=False, kw_only=True)
class AtLeast(Group):
    """A number of the parts is enough."""

    needed: int

    def evaluate(self, reading: Reading) -> Bits:
        bits = at_least(self.needed, [part.evaluate(reading) for part in self.parts])
        reading.bits[self.index] = bits
        return bits


def verdict(gate: Bits, criteria: Bits, bars: Bits) -> Bits:
    """Return gate and criteria and not bars."""
    return gate & criteria & NEGATED[bars]


def decisive(node: Node, bits: Sequence[Bits]) -> Iterator[Node]:
    """Yield the nodes that are met in the full reading together with every node above them."""
    if bits[node.index] & 1:
        yield node
        for child in node.children:
            yield from decisive(child, bits)


def undecided(node: Node, bits: Sequence[Bits]) -> Iterator[Node]:
    """Yield the leaves that are open in the full reading together with every node above them.

    These are the leaves that still matter: all others could take any value without changing the root,
    and each of these decides the root for some values of the others.
    """
    if bits[node.index] & 0b11 == 0b10:
        if not node.children:
            yield node
        for child in node.children:
            yield from undecided(child, bits)


def attempted(node: Node, bits: Sequence[Bits]) -> bool:
    """Whether a met node is met only as an uncompleted offence.

    A limb marked `attempt` is; all parts together are when one part is; of alternatives every met one
    must be, and of "at least n" so many that the completed ones alone do not suffice.
    """
    if node.attempt:
        return True
    met = [child for child in node.children if bits[child.index] & 1]
    if not met:
        return False
    tried = [attempted(child, bits) for child in met]
    if isinstance(node, AllOf):
        return any(tried)
    if isinstance(node, AtLeast):
        return len(tried) - sum(tried) < node.needed
    return all(tried)
