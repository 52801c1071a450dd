"""Every place in an instrument that the law data rests on, and who cites it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from xianjie.lawbook.checking.citing import (
    Citation,
    counting_places,
    listed_places,
    places,
    row_places,
    rule_places,
    version_places,
)
from xianjie.lawbook.checking.derivations import FILE as NUMBERS
from xianjie.lawbook.checking.derivations import Derivation
from xianjie.lawbook.procedure.causes import Causes
from xianjie.lawbook.procedure.rows import Row
from xianjie.lawbook.procedure.rules import Rules
from xianjie.lawbook.standards.catalogue import Standards, Version
from xianjie.lawbook.standards.nodes import Node, UnreadLimb
from xianjie.lawbook.standards.values import Number


@dataclass(frozen=True, slots=True)
class Cited:
    """A place and who cites it.

    Attributes:
        file, path: where in the law data.
        first, last: days on which what cites it is in force, both included; None: open or not known.
        from_memory: what cites it is from memory and disabled, so no text stands behind it.
    """

    place: Citation
    file: str
    path: str
    first: date | None = None
    last: date | None = None
    from_memory: bool = False


@dataclass(frozen=True, eq=False, kw_only=True)
class Citing:
    """The parts of the law that cite.

    Attributes:
        derivations: the declared numbers, see `derivations`.
    """

    standards: Standards
    clocks: Mapping[str, Row]
    rules: Rules
    causes: Causes
    derivations: Mapping[tuple[str, Number], Derivation]


def cited_places(law: Citing) -> Iterator[Cited]:
    """Yield every cited place, once for everything that cites it, in the order of the files."""
    standards, clocks, rules, causes = law.standards, law.clocks, law.rules, law.causes
    yield from _of_standards(standards)
    for parameter in standards.parameters.values():
        name, _, articles = parameter.source.partition(" ")
        for place in listed_places(name, articles):
            yield Cited(place, "parameters.yaml", parameter.id)
    yield from _of_lists(standards)
    yield from _of_clocks(clocks)
    for rule in rules.by_id.values():
        for place in rule_places(rule):
            yield Cited(place, f"rules/{rule.id}.yaml", "basis")
    for cause in causes.by_id.values():
        for basis in cause.bases:
            for place in listed_places(basis.instrument, basis.article):
                yield Cited(
                    place,
                    f"causes/{cause.sector}.yaml",
                    cause.id,
                    basis.valid_from,
                    basis.valid_to,
                    from_memory=basis.grade == "memory",
                )
    for derivation in law.derivations.values():
        for place in derivation.also:
            yield Cited(place, NUMBERS, derivation.at)


def places_of_nodes(version: Version, standards: Standards) -> Iterator[tuple[Node, tuple[Citation, ...]]]:
    """Yield every condition with its places; one without a clause has those of what it is a part of."""
    whole = version_places(version)
    waiting = [(tree, whole) for tree in (version.bars, version.criteria, version.gate) if tree is not None]
    while waiting:
        node, above = waiting.pop()
        cited = above
        if isinstance(node, UnreadLimb):
            cited = (Citation(node.known_unread, ""),)
        elif node.wording.clause is not None:
            cited = places(node.wording.clause, version, standards)
        waiting += [(part, cited) for part in reversed(node.children)]
        yield node, cited


def _of_clocks(clocks: Mapping[str, Row]) -> Iterator[Cited]:
    """Yield what gives the limits, on its days, and the clauses by which it is counted, on any."""
    for row in clocks.values():
        file = f"clocks/{row.id}.yaml"
        for index, text in enumerate(row.versions):
            path, memory = f"versions[{index}].source", text.grade == "memory"
            for place in row_places(text):
                yield Cited(place, file, path, text.valid_from, text.valid_to, from_memory=memory)
            if text.regime != "NONE":
                for place in counting_places(text.counting_rule()):
                    yield Cited(place, file, path, from_memory=memory)


def _of_standards(standards: Standards) -> Iterator[Cited]:
    for offence in standards.offences.values():
        for version in offence.versions:
            file, days = f"standards/{offence.id}.yaml", (version.effective_from, version.effective_to)
            for place in version_places(version):
                yield Cited(place, file, version.id, *days)
            for node, cited in places_of_nodes(version, standards):
                for place in cited if node.wording.clause is not None else ():
                    yield Cited(place, file, node.id, *days)
            if version.cumulation is not None:
                for place in places(version.cumulation.clause, version, standards):
                    yield Cited(place, file, f"{version.id}.cumulation", *days)


def _of_lists(standards: Standards) -> Iterator[Cited]:
    relations = {each.id: each for some in standards.relations.values() for each in some}
    for relation in relations.values():
        for source in relation.sources:
            for place in listed_places(source.instrument, source.article):
                yield Cited(place, "relations.yaml", relation.id, relation.valid_from, relation.valid_to)
    for bar in {bar.id: bar for bar in standards.suspicion_bars.values()}.values():
        for place in listed_places(bar.source.instrument, bar.source.article):
            yield Cited(place, "reasonable_suspicion.yaml", bar.id, bar.valid_from, bar.valid_to)
