"""What of a version can be worked out before any fact is known, once for each version.

Few facts are on record in a case, and a standard has many conditions. A plan keeps the results of all
conditions for the two states that need no fact, nothing known and nothing there; a pass over facts starts
from one of them and evaluates again only the conditions that read a fact, and what stands above them.
That changes no result: a condition whose facts are in that state has the result kept for it, because the
amounts that provinces set are above zero and so compare alike with nothing at all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from xianjie.lawbook.standards.catalogue import Fact, FactType, Version
from xianjie.lawbook.standards.nodes import Discretionary, Group, Node, Reading
from xianjie.lawbook.standards.values import NEGATED, NOT_MET, OPEN, UNKNOWN, Bits, FactValue

# An int or truth that is not negative needs no closer look (`Fact.accepted` returns it as it is).
_PLAIN: Mapping[FactType, type | None] = {
    FactType.boolean: bool,
    FactType.integer: int,
    FactType.decimal: int,
    FactType.money: int,
    FactType.enum: None,
    FactType.date: None,
}


@dataclass(frozen=True, slots=True)
class Slot:
    """The place of one fact in a version.

    Attributes:
        plain: values of this type that are not negative are taken as they are; None: each is looked at.
        leaves: the conditions that read it.
        above: the groups over these conditions, as bits by their place in `Plan.groups`.
    """

    index: int
    fact: Fact
    plain: type | None
    leaves: tuple[Node, ...]
    above: int


@dataclass(frozen=True, slots=True)
class Start:
    """A state of the facts that needs none: all unknown, or all looked for and absent."""

    values: list[FactValue]
    bits: list[Bits]


@dataclass(frozen=True, slots=True)
class Plan:
    """A version made ready.

    Attributes:
        slots: the facts of the version, by name.
        derived: those of them that follow from earlier penalties.
        unknown, absent: the two states to start from.
        groups: the nodes with parts, the deepest first, each with its bit in `Slot.above`.
        human: the leaves that a person decides, with the groups over them, by node id.
    """

    slots: Mapping[str, Slot]
    derived: tuple[Slot, ...]
    unknown: Start
    absent: Start
    groups: tuple[tuple[Group, int], ...]
    human: Mapping[str, tuple[Node, int]]
    gate: int | None
    criteria: int | None
    bars: int | None

    def root(self, bits: list[Bits]) -> Bits:
        """Return gate and criteria and not bars; open where there are no criteria."""
        if self.criteria is None:
            return OPEN
        root = bits[self.criteria]
        if self.gate is not None:
            root &= bits[self.gate]
        if self.bars is not None:
            root &= NEGATED[bits[self.bars]]
        return root


@lru_cache(maxsize=4096)
def plan_of(version: Version) -> Plan:
    """Return the plan of a version, made once."""
    groups = [node for node in reversed(version.nodes) if isinstance(node, Group)]
    bit = {group.index: 1 << place for place, group in enumerate(groups)}
    above: dict[int, int] = {}
    for node in version.nodes:  # parents before children
        for child in node.children:
            above[child.index] = above.get(node.index, 0) | bit[node.index]
    slots = {fact.name: _slot(version, index, fact, above) for index, fact in enumerate(version.facts)}
    trees = (version.gate, version.criteria, version.bars)
    gate, criteria, bars = (None if tree is None else tree.index for tree in trees)
    return Plan(
        slots=slots,
        derived=tuple(slot for slot in slots.values() if slot.fact.history is not None),
        unknown=_start(version, [UNKNOWN for _ in version.facts]),
        absent=_start(version, [fact.absent for fact in version.facts]),
        groups=tuple((group, bit[group.index]) for group in groups),
        human={
            node.id: (node, above.get(node.index, 0))
            for node in version.nodes
            if isinstance(node, Discretionary)
        },
        gate=gate,
        criteria=criteria,
        bars=bars,
    )


def _slot(version: Version, index: int, fact: Fact, above: Mapping[int, int]) -> Slot:
    leaves = tuple(node for node in version.nodes if index in node.slots)
    over = 0
    for leaf in leaves:
        over |= above.get(leaf.index, 0)
    return Slot(index, fact, _PLAIN[fact.type], leaves, over)


def _start(version: Version, values: list[FactValue]) -> Start:
    bits = [NOT_MET] * len(version.nodes)
    reading = Reading(values, {}, None, date.min, bits)
    for tree in (version.gate, version.criteria, version.bars):
        if tree is not None:
            tree.evaluate(reading)
    return Start(values, bits)
