"""From the tree of a version to formulas over the columns that a file has.

Two formulas for each version, as `values` has two readings: in the full one a discretionary or unread limb
is unknown, in the enumerated one it is not met. A fact without a column is unknown in every row, and what
that decides is decided here, once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

from xianjie.lawbook.screening.formulas import Formula, Formulas, Kind, Placed, Threshold
from xianjie.lawbook.screening.scales import LARGEST, weighed
from xianjie.lawbook.standards.catalogue import Fact, Version
from xianjie.lawbook.standards.nodes import (
    AllOf,
    AnyOf,
    AtLeast,
    Choice,
    Comparison,
    Discretionary,
    Limit,
    Node,
    Total,
    Truth,
)
from xianjie.lawbook.standards.values import Number, Op


@dataclass(frozen=True, slots=True, eq=False)
class Compiled:
    """One version over the columns of a file.

    Attributes:
        full, enumerated: the two results.
        reached: rows that belong on the worklist whatever their cause of action.
        reached_if_pointed: rows that belong there when the cause of action names the offence.
        atoms: everything that the version reads from columns; equal atoms give equal explanations.
    """

    version: Version
    full: Formula
    enumerated: Formula
    reached: Formula
    reached_if_pointed: Formula
    atoms: tuple[Formula, ...]

    def says(self, other: Compiled) -> bool:
        """Whether it gives every record the results of another version."""
        return self.full is other.full and self.enumerated is other.enumerated


@dataclass(slots=True)
class Compiler:
    """Compiles versions into one table of formulas.

    Attributes:
        present: names of the facts for which the file has a column.
    """

    formulas: Formulas
    present: Collection[str]

    def compiled(self, version: Version) -> Compiled:
        """Return the formulas of a version; unknown throughout where its text was not read.

        Raises:
            TypeError: the tree has a node of a kind that is not known here.
        """
        table = self.formulas
        if version.criteria is None:
            open_, never = table.known(None), table.known(False)
            return Compiled(version, open_, open_, never, never, ())
        trees = [self._trees(version, enumerated=enumerated) for enumerated in (False, True)]
        full, enumerated = (
            table.all_of((gate, criteria, table.negation(bars))) for gate, criteria, bars in trees
        )
        reached, if_pointed = self._listed(version, trees[0], full, enumerated)
        atoms = dict.fromkeys(atom for tree in trees[0] for atom in tree.atoms())
        return Compiled(version, full, enumerated, reached, if_pointed, (*atoms, *self._known(version)))

    def _trees(self, version: Version, *, enumerated: bool) -> tuple[Formula, Formula, Formula]:
        return (
            self._tree(version, version.gate, enumerated, default=True),
            self._tree(version, version.criteria, enumerated, default=True),
            self._tree(version, version.bars, enumerated, default=False),
        )

    def _tree(self, version: Version, tree: Node | None, enumerated: bool, *, default: bool) -> Formula:
        return self.formulas.known(default) if tree is None else self._node(version, tree, enumerated)

    def _listed(
        self, version: Version, trees: tuple[Formula, Formula, Formula], full: Formula, enumerated: Formula
    ) -> tuple[Formula, Formula]:
        """Return which rows a worklist can need; `worklist.stage_of` then says what each of them is.

        Only where these formulas are true; that they are true for a row that `stage_of` leaves out does no
        harm, that they are not for a row that it would take would.
        """
        table = self.formulas
        gate, criteria, _ = trees
        conduct = () if version.gate is None else tuple(self._conduct(version))
        reached = [full, enumerated, table.all_of((criteria, table.any_of(conduct)))]
        pointed = [criteria]
        if version.gate is not None:
            reached.append(gate)
        else:
            reached.append(criteria)
            assert version.criteria is not None
            leaves = (node for node in version.criteria.walk() if not node.children)
            pointed.extend(self._node(version, leaf, enumerated=False) for leaf in leaves)
        return table.any_of(reached), table.any_of(pointed)

    def _conduct(self, version: Version) -> list[Formula]:
        assert version.gate is not None
        return [
            self._node(version, node, enumerated=False)
            for node in version.gate.walk()
            if isinstance(node, Truth)
        ]

    def _node(self, version: Version, node: Node, enumerated: bool) -> Formula:
        table = self.formulas
        if isinstance(node, Truth):
            holds = self._present(node.fact, Kind.holds, node.fact)
            return holds if node.op is Op.is_true else table.negation(holds)
        if isinstance(node, Choice):
            return self._present(node.fact, Kind.among, (node.fact, frozenset(node.values)))
        if isinstance(node, Comparison):
            return self._comparison(((version.facts[node.slot], Fraction(1)),), node.op, node.limit)
        if isinstance(node, Total):
            terms = tuple((version.facts[slot], weight) for slot, weight in node.terms)
            return self._comparison(terms, node.op, node.limit)
        if isinstance(node, Discretionary):
            return table.known(False if enumerated else None)
        parts = tuple(self._node(version, part, enumerated) for part in node.children)
        if isinstance(node, AllOf):
            return table.all_of(parts)
        if isinstance(node, AnyOf):
            return table.any_of(parts)
        if isinstance(node, AtLeast):
            return table.at_least(node.needed, parts)
        raise TypeError(f"no formula for a node of the kind {type(node).__name__}")

    def _present(self, fact: str, kind: Kind, detail: object) -> Formula:
        return self.formulas.kept(kind, detail) if fact in self.present else self.formulas.known(None)

    def _comparison(self, terms: tuple[tuple[Fact, Fraction], ...], op: Op, limit: Limit) -> Formula:
        table = self.formulas
        if any(fact.name not in self.present for fact, _ in terms):
            return table.known(None)
        reaches = table.kept(Kind.reaches, threshold(terms, limit, above=False))
        exceeds = table.kept(Kind.reaches, threshold(terms, limit, above=True))
        if op is Op.equal:
            return table.all_of((reaches, table.negation(exceeds)))
        if op in (Op.at_least, Op.less_than):
            return reaches if op is Op.at_least else table.negation(reaches)
        return exceeds if op is Op.more_than else table.negation(exceeds)

    def _known(self, version: Version) -> list[Formula]:
        """Return what says whether a fact is known, where a condition can be open although it is.

        A sum is open for one of its terms, an amount for want of the province's limit; which facts are
        missing depends on it.
        """
        nodes = [node for node in version.nodes if isinstance(node, Comparison | Total)]
        names = dict.fromkeys(
            version.facts[slot].name
            for node in nodes
            if isinstance(node, Total) or node.limit.parameter is not None
            for slot in node.slots
        )
        return [
            self.formulas.kept(Kind.reaches, Threshold(((name, 1),), 0, 0))
            for name in names
            if name in self.present
        ]


def threshold(terms: tuple[tuple[Fact, Fraction], ...], limit: Limit, *, above: bool) -> Threshold:
    """Return the limit as the least whole number that a sum of scaled integers has to reach.

    Args:
        above: the limit itself does not suffice (more than), otherwise it does (at least).
    """
    weights, multiplier = weighed(terms)

    def whole(number: Number | date) -> int:
        exact = Fraction(number.toordinal() if isinstance(number, date) else number) * multiplier
        return min(exact.__floor__() + 1 if above else exact.__ceil__(), LARGEST)

    least, most = (whole(end) for end in limit.range(None, date.min))
    placed = tuple(
        Placed(province, since, until, *(whole(end) for end in limit.range(province, since or date.min)))
        for province, since, until in _places(limit)
    )
    return Threshold(weights, least, most, placed)


def _places(limit: Limit) -> list[tuple[str, date | None, date | None]]:
    """Return province and days (the last one excluded) over which a provincial amount does not change."""
    if limit.parameter is None:
        return []
    found: list[tuple[str, date | None, date | None]] = []
    for province in dict.fromkeys(overlay.province for overlay in limit.parameter.overlays):
        days = turning_days(limit, province)
        edges: list[date | None] = [None, *sorted(days), None]
        for since, until in pairwise(edges):
            if limit.parameter.overlay(province, since or date.min) is not None:
                found.append((province, since, until))
    return found


def turning_days(limit: Limit, province: str | None = None) -> set[date]:
    """Return the days from which on the amount of a province (of any, when None) is another one."""
    overlays = () if limit.parameter is None else limit.parameter.overlays
    chosen = [overlay for overlay in overlays if province in (None, overlay.province)]
    begun = {overlay.effective_from for overlay in chosen if overlay.effective_from is not None}
    ended = {overlay.effective_to for overlay in chosen if overlay.effective_to is not None}
    return begun | {day + timedelta(days=1) for day in ended}
