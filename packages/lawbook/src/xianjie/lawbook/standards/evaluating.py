"""One version applied to one set of facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xianjie.lawbook.standards.catalogue import Version
from xianjie.lawbook.standards.cumulation import Act, Amassed, amass
from xianjie.lawbook.standards.history import Penalty, derived, reconciled
from xianjie.lawbook.standards.nodes import (
    AllOf,
    AtLeast,
    Comparison,
    Discretionary,
    Node,
    Reading,
    Total,
    UnreadLimb,
)
from xianjie.lawbook.standards.preparing import Plan, Slot, plan_of
from xianjie.lawbook.standards.statements import Statement
from xianjie.lawbook.standards.values import (
    ENUMERATED,
    FULL,
    OPEN,
    UNKNOWN,
    Bits,
    FactValue,
    Interval,
    Result,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgementInput:
    """Everything that a judgement depends on besides the law.

    Attributes:
        offence: id of the offence.
        act_day: civil day of the act, of the last one when there are several; None when not known.
        decision_day: civil day for which the question is asked.
        facts: what is recorded, by fact; money in yuan (dollars), see `values.yuan_of_fen`.
        province: ISO 3166-2 code; picks amounts set per province.
        acts: several acts with their own amounts.
        history: earlier penalties of the party.
        findings: decisions of persons on discretionary and unread nodes, by node id.
        searched: facts that somebody looked for and did not find.
        closed_world: whatever is not mentioned was looked for and is absent.
        statements: who said so, when and on what ground, by fact (a value recorded or a search), by node
            (a finding), and under `statements.EVERYTHING` for the closed world. They change no result.
    """

    offence: str
    act_day: date | None
    decision_day: date
    facts: Mapping[str, FactValue]
    province: str | None = None
    acts: tuple[Act, ...] = ()
    history: tuple[Penalty, ...] = ()
    findings: Mapping[str, bool] = field(default_factory=dict)
    searched: frozenset[str] = frozenset()
    closed_world: bool = False
    statements: Mapping[str, Statement] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TraceLine:
    """One node of a trace.

    Attributes:
        part: gate, criteria or bars.
        depth: 0 for the root of its part.
        facts: the facts that this very node read, as they were taken.
        limit: least and greatest limit that applied (equal when known); None where there is no number.
    """

    part: str
    depth: int
    node: Node
    result: Result
    enumerated: Result
    facts: Mapping[str, FactValue]
    limit: tuple[Any, Any] | None


@dataclass(slots=True)
class Evaluation(Reading):
    """The results of one version; iterate over it for the trace, node by node in the order of the tree.

    Nobody changes one after `evaluate`; it is not frozen because one is made for every decision, and
    freezing would cost a tenth of that.

    Attributes:
        values: the facts of the version as they were taken, by slot.
        bits: result of every node by index, see `values`.
        root: result of the version: gate and criteria and not bars.
        amassed: the acts that were added up; None where there were none.
        given: everything that it was evaluated on.
    """

    given: JudgementInput
    version: Version
    root: Bits
    amassed: Amassed | None

    @property
    def result(self) -> Result:
        """The full result."""
        return FULL[self.root]

    @property
    def enumerated(self) -> Result:
        """The result with discretionary nodes taken as not met."""
        return ENUMERATED[self.root]

    @property
    def outcome(self) -> str | None:
        """`attempt` where the standard is met only for an uncompleted offence."""
        criteria = self.version.criteria
        if self.root & 1 and criteria is not None and attempted(criteria, self.bits):
            return "attempt"
        return None

    def deciding(self) -> tuple[str, ...]:
        """Return the ids of the nodes of the criteria that carry a result of met, parents first."""
        if not self.root & 1 or self.version.criteria is None:
            return ()
        return tuple(node.id for node in decisive(self.version.criteria, self.bits))

    def open_leaves(self) -> tuple[Node, ...]:
        """Return the conditions that could still change the result."""
        if self.root & 0b11 != 0b10:
            return ()
        trees = (self.version.gate, self.version.criteria, self.version.bars)
        return tuple(leaf for tree in trees if tree is not None for leaf in undecided(tree, self.bits))

    def missing(self, leaf: Node) -> tuple[str, ...]:
        """Return the facts of a leaf that are unknown or known only within bounds that differ."""
        return tuple(
            self.version.facts[slot].name for slot in leaf.slots if not _exactly_known(self.values[slot])
        )

    def lacks_provincial_amount(self, leaf: Node) -> bool:
        """Whether a known value cannot be compared because the province's amount is not on record."""
        if not isinstance(leaf, Comparison | Total) or leaf.limit.parameter is None:
            return False
        if any(self.values[slot] is UNKNOWN for slot in leaf.slots):
            return False
        return leaf.limit.parameter.overlay(self.province, self.day) is None

    def __iter__(self) -> Iterator[TraceLine]:
        parts = (
            ("gate", self.version.gate),
            ("criteria", self.version.criteria),
            ("bars", self.version.bars),
        )
        for part, tree in parts:
            if tree is not None:
                yield from self._lines(part, tree, 0)

    def leaves(self, part: str, result: Result) -> list[Node]:
        """Return the conditions of a part (gate, criteria or bars) that have the result."""
        bits = self.bits
        return [node for node in self.version.leaves[part] if FULL[bits[node.index]] is result]

    def limit(self, node: Node) -> tuple[Any, Any] | None:
        """Return the least and the greatest limit that applied to a node; None where there is no number."""
        return node.limit.range(self.province, self.day) if isinstance(node, Comparison | Total) else None

    def _lines(self, part: str, node: Node, depth: int) -> Iterator[TraceLine]:
        bits = self.bits[node.index]
        read = {self.version.facts[slot].name: self.values[slot] for slot in node.slots}
        yield TraceLine(part, depth, node, FULL[bits], ENUMERATED[bits], read, self.limit(node))
        for child in node.children:
            yield from self._lines(part, child, depth + 1)


def evaluate(version: Version, given: JudgementInput, act_day: date) -> Evaluation:
    """Apply one version to the facts for an act of the day.

    Raises:
        FactError: a value does not fit its fact.
    """
    plan = plan_of(version)
    start = plan.absent if given.closed_world else plan.unknown
    values, bits = start.values.copy(), start.bits.copy()
    reading = Evaluation(values, given.findings, given.province, act_day, bits, given, version, OPEN, None)
    slots = plan.slots
    read: list[Slot] = []
    above = 0
    if given.searched and not given.closed_world:
        for name in given.searched.intersection(slots):
            slot = slots[name]
            values[slot.index] = plan.absent.values[slot.index]
            read.append(slot)
            above |= slot.above
    for name, value in given.facts.items():
        fact = slots.get(name)
        if fact is not None:
            plain = type(value) is fact.plain and value >= 0  # type: ignore[operator]
            values[fact.index] = value if plain else fact.fact.accepted(value)
            read.append(fact)
            above |= fact.above
    if given.acts or (given.history and plan.derived):
        for slot in _from_acts_and_history(reading, plan, given):
            read.append(slot)
            above |= slot.above
    for slot in read:
        for leaf in slot.leaves:
            leaf.evaluate(reading)
    for name in given.findings:
        found = plan.human.get(name)
        if found is not None:
            found[0].evaluate(reading)
            above |= found[1]
    for group, bit in plan.groups:
        if above & bit:
            group.combine(bits)
    reading.root = plan.root(bits)
    return reading


def _exactly_known(value: FactValue) -> bool:
    if isinstance(value, Interval):
        return value.min is not None and value.min == value.max
    return value is not UNKNOWN


def _from_acts_and_history(reading: Evaluation, plan: Plan, given: JudgementInput) -> Iterator[Slot]:
    """Take what follows from several acts and from earlier penalties; yield the facts that it concerns.

    A sum over acts stands before what was recorded for the fact, other amounts of acts behind it.
    """
    complete = None if given.closed_world else given.searched
    summed: Mapping[str, FactValue] = {}
    alone: Mapping[str, FactValue] = {}
    if given.acts:
        facts = {name: slot.fact for name, slot in plan.slots.items()}
        rule = reading.version.cumulation
        amassed = amass(given.acts, rule, last_day=reading.day, facts=facts, complete=complete)
        reading.amassed, summed, alone = amassed, amassed.sums, amassed.values
        for name, value in alone.items():
            if name in summed or name not in given.facts:
                slot = plan.slots[name]
                reading.values[slot.index] = slot.fact.accepted(value)
                yield slot
    for slot in plan.derived if given.history else ():
        name = slot.fact.name
        recorded = name in given.facts
        if name not in (summed if recorded else alone):
            everything = complete is None or name in complete
            shown = derived(slot.fact, given.history, act_day=reading.day, complete=everything)
            reading.values[slot.index] = reconciled(reading.values[slot.index], shown) if recorded else shown
            yield slot


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


def open_to_human(leaf: Node) -> bool:
    """Whether only a person can decide the leaf."""
    return isinstance(leaf, Discretionary)


def is_gap(leaf: Node) -> bool:
    """Whether the leaf is open because a text was not read."""
    return isinstance(leaf, UnreadLimb)
