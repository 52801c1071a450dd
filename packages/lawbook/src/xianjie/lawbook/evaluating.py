"""One version applied to one set of facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from xianjie.lawbook.catalogue import Fact, Version
from xianjie.lawbook.cumulation import Act, Amassed, amass
from xianjie.lawbook.history import Penalty, derived, reconciled
from xianjie.lawbook.nodes import (
    Comparison,
    Discretionary,
    Node,
    Reading,
    Total,
    UnreadLimb,
    attempted,
    decisive,
    undecided,
    verdict,
)
from xianjie.lawbook.values import (
    ENUMERATED,
    FULL,
    MET,
    NOT_MET,
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


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The results of one version; iterate over it for the trace, node by node in the order of the tree.

    Attributes:
        values: the facts of the version as they were taken, by slot.
        bits: result of every node by index, see `values`.
        root: result of the version: gate and criteria and not bars.
        amassed: the acts that were added up; None where there were none.
    """

    version: Version
    values: tuple[FactValue, ...]
    bits: tuple[Bits, ...]
    root: Bits
    amassed: Amassed | None
    province: str | None
    day: date

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
        """Return the facts of a leaf that are unknown or known only within bounds."""
        return tuple(
            self.version.facts[slot].name
            for slot in leaf.slots
            if self.values[slot] is UNKNOWN or isinstance(self.values[slot], Interval)
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

    def line(self, node: Node, *, part: str, depth: int = 0) -> TraceLine:
        """Return the line of one node."""
        bits = self.bits[node.index]
        read = {self.version.facts[slot].name: self.values[slot] for slot in node.slots}
        limit = node.limit.range(self.province, self.day) if isinstance(node, Comparison | Total) else None
        return TraceLine(part, depth, node, FULL[bits], ENUMERATED[bits], read, limit)

    def leaves(self, part: str, result: Result) -> Iterator[TraceLine]:
        """Yield the conditions of a part (gate, criteria or bars) that have the result."""
        for node in self.version.leaves[part]:
            if FULL[self.bits[node.index]] is result:
                yield self.line(node, part=part)

    def _lines(self, part: str, node: Node, depth: int) -> Iterator[TraceLine]:
        yield self.line(node, part=part, depth=depth)
        for child in node.children:
            yield from self._lines(part, child, depth + 1)


def evaluate(version: Version, given: JudgementInput, act_day: date) -> Evaluation:
    """Apply one version to the facts, for an act of the day.

    Raises:
        FactError: a value does not fit its fact.
    """
    amassed = None
    if given.acts:
        amassed = amass(
            given.acts,
            version.cumulation,
            last_day=act_day,
            facts={fact.name: fact for fact in version.facts},
            complete=None if given.closed_world else given.searched,
        )
    values = [_taken(fact, given, amassed, act_day) for fact in version.facts]
    bits = [NOT_MET] * len(version.nodes)
    root = OPEN
    if version.criteria is not None:
        reading = Reading(values, given.findings, given.province, act_day, bits)
        root = verdict(
            MET if version.gate is None else version.gate.evaluate(reading),
            version.criteria.evaluate(reading),
            NOT_MET if version.bars is None else version.bars.evaluate(reading),
        )
    return Evaluation(version, tuple(values), tuple(bits), root, amassed, given.province, act_day)


def _taken(fact: Fact, given: JudgementInput, amassed: Amassed | None, act_day: date) -> FactValue:
    """Return a fact as it is used: summed, recorded, derived from history, said to be absent, or unknown."""
    name = fact.name
    if amassed is not None and name in amassed.sums:
        return fact.accepted(amassed.sums[name])
    recorded = name in given.facts
    if recorded:
        value = fact.accepted(given.facts[name])
    elif amassed is not None and name in amassed.values:
        return fact.accepted(amassed.values[name])
    elif given.closed_world or name in given.searched:
        value = fact.absent
    else:
        value = UNKNOWN
    if fact.history is not None and given.history:
        complete = given.closed_world or name in given.searched
        shown = derived(fact, given.history, act_day=act_day, complete=complete)
        value = reconciled(value, shown) if recorded else shown
    return value


def open_to_human(leaf: Node) -> bool:
    """Whether only a person can decide the leaf."""
    return isinstance(leaf, Discretionary)


def is_gap(leaf: Node) -> bool:
    """Whether the leaf is open because a text was not read."""
    return isinstance(leaf, UnreadLimb)
