"""The article-to-test matrix: what rests on every article that the law data cites, which tests show it, and
on which page it is told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.checking.citing import (
    Citation,
    counting_places,
    listed_places,
    numeral_value,
    places,
    row_places,
    rule_places,
    version_places,
)
from xianjie.lawbook.procedure.regimes import Regime
from xianjie.lawbook.questions.worked_terms import WorkedTerm
from xianjie.lawbook.standards.catalogue import Standards, Version
from xianjie.lawbook.standards.nodes import Node, UnreadLimb
from xianjie.lawbook.words.describing_procedure import NOTHING

from . import tested
from .tested import Exercise

NUMBERS = re.compile(r"[0-9]+|[一二三四五六七八九十百]+")
Cited = Iterator[tuple[Citation, "Rest"]]


@dataclass(frozen=True, slots=True, order=True)
class Rest:
    """Something that rests on an article.

    Attributes:
        kind: version, condition, cumulation, amount, relation, suspicion, clock, counting, rule,
            cause or calendar.
        id: its id in the law data.
        page: the page that tells of it, below the folder of the pages.
        tests: ids of tests as pytest takes them.
    """

    kind: str
    id: str
    page: str
    tests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One cited place with everything that rests on it."""

    place: Citation
    rests: tuple[Rest, ...]


def matrix(
    law: Lawbook, runs: Iterable[Exercise], terms: Iterable[WorkedTerm], root: Path
) -> tuple[Entry, ...]:
    """Return every cited place with what rests on it, by instrument, article and item.

    Args:
        runs: the worked cases that were run.
        terms: the terms that were worked by hand.
        root: the repository, whose tests are read.

    Raises:
        OSError: a test cannot be read.
    """
    found: dict[Citation, dict[tuple[str, str], Rest]] = {}
    for place, rest in (
        *_of_standards(law.standards, runs),
        *_of_amounts(law.standards),
        *_of_relations(law.standards),
        *_of_clocks(law, terms),
        *_of_counting(law),
        *_of_rules(law, root),
        *_of_causes(law),
        *_of_calendar(law),
    ):
        found.setdefault(place, {}).setdefault((rest.kind, rest.id), rest)
    return tuple(Entry(place, tuple(sorted(found[place].values()))) for place in sorted(found, key=in_order))


def in_order(place: Citation) -> tuple[str, int, str, tuple[int, ...], str]:
    """Return the key by which places stand in the order of their instrument, by their numbers."""
    article = numeral_value(place.article.partition("条")[0])
    numbers = tuple(
        int(each) if each.isdigit() else numeral_value(each) for each in NUMBERS.findall(place.item)
    )
    return place.instrument, article, place.article, numbers, place.item


def gaps(entries: Iterable[Entry], law: Lawbook, shown: Iterable[str]) -> Iterator[str]:
    """Yield what is missing: an instrument, a test or a page; and whatever rests on no article at all.

    Args:
        shown: the pages that are there. Whether the tests are there is asked of pytest by the tests.
    """
    entries, pages = tuple(entries), set(shown)
    known = law.standards.instruments.keys() | law.standards.known_unread.keys()
    for entry in entries:
        where = f"{entry.place.instrument} {entry.place.article}{entry.place.item}".strip()
        for rest in entry.rests:
            if rest.kind != "calendar" and entry.place.instrument not in known:
                yield f"{where} ({rest.id}): 没有收录这一文件 / the instrument is not in the law data"
            if not rest.tests:
                yield f"{where} ({rest.id}): 没有测试 / no test"
            if rest.page not in pages:
                yield f"{where} ({rest.id}): 没有页面 / no page"
    yield from _resting_on_nothing(entries, law)


def _resting_on_nothing(entries: Iterable[Entry], law: Lawbook) -> Iterator[str]:
    resting = {(rest.kind, rest.id) for entry in entries for rest in entry.rests}
    wanted = [("version", version.id) for version in _versions(law.standards)]
    wanted += [
        ("condition", node.id)
        for version in _versions(law.standards)
        for node in version.nodes
        if not node.children
    ]
    wanted += [("clock", tested.text_key(row, text)) for row in law.clocks.values() for text in row.versions]
    wanted += [("rule", rule) for rule in law.rules.by_id]
    wanted += [("amount", name) for name in law.standards.parameters]
    wanted += [("relation", each.id) for some in law.standards.relations.values() for each in some]
    wanted += [("suspicion", bar.id) for bar in law.standards.suspicion_bars.values()]
    wanted += [("cause", cause) for cause in law.causes.by_id]
    wanted += [("calendar", str(year)) for year in law.calendar.years]
    for kind, name in dict.fromkeys(wanted):
        if (kind, name) not in resting:
            yield f"{name}: 没有条文依据 / rests on no article"


def _versions(standards: Standards) -> Iterator[Version]:
    for offence in standards.offences.values():
        yield from offence.versions


def _of_standards(standards: Standards, runs: Iterable[Exercise]) -> Cited:
    deciding: dict[str, list[str]] = {}
    judging: dict[str, list[str]] = {}
    for run in runs:
        for decided in sorted(run.decided):
            deciding.setdefault(decided, []).append(run.case.id)
        if run.version is not None:
            judging.setdefault(run.version, []).append(run.case.id)
    for version in _versions(standards):
        page = f"offences/{version.offence}.md"
        whole = Rest(
            "version", version.id, page, tested.tests_of_version(version, judging.get(version.id, ()))
        )
        for place in version_places(version):
            yield place, whole
        for source in version.sources:
            if source.known_unread is not None:
                yield Citation(source.known_unread, ""), whole
        for node, cited in _places_of_nodes(version, standards):
            rest = Rest("condition", node.id, page, tested.tests_of_node(node, deciding.get(node.id, ())))
            for place in cited:
                yield place, rest
        if version.cumulation is not None:
            tests = (tested.CUMULATION.format(version.id),)
            for place in places(version.cumulation.clause, version, standards):
                yield place, Rest("cumulation", version.id, page, tests)


def _places_of_nodes(version: Version, standards: Standards) -> Iterator[tuple[Node, tuple[Citation, ...]]]:
    """Yield every condition with its places; one without a clause has those of what it is a part of."""
    whole = version_places(version)
    trees = (version.gate, version.criteria, version.bars)
    waiting = [(tree, whole) for tree in trees if tree is not None]
    while waiting:
        node, above = waiting.pop()
        cited = above
        if isinstance(node, UnreadLimb):
            cited = (Citation(node.known_unread, ""),)
        elif node.wording.clause is not None:
            cited = places(node.wording.clause, version, standards)
        waiting += [(part, cited) for part in node.children]
        # A group without a clause only holds its parts together.
        if node.wording.clause is not None or not node.children:
            yield node, cited


def _of_amounts(standards: Standards) -> Cited:
    """The range rests on its article of national law; what provinces set is told and tested beside it."""
    for parameter in standards.parameters.values():
        tests = (
            tested.RANGE.format(parameter.id),
            *(tested.OVERLAY.format(tested.overlay_key(parameter, each)) for each in parameter.overlays),
        )
        name, _, article = parameter.source.partition(" ")
        for place in listed_places(name, article):
            yield place, Rest("amount", parameter.id, "parameters.md", tests)


def _of_relations(standards: Standards) -> Cited:
    """How offences stand to each other, and the classes with a lower bar; the pages of offences tell them."""
    for name, relations in standards.relations.items():
        for relation in relations:
            rest = Rest(
                "relation", relation.id, f"offences/{name}.md", (tested.RELATION.format(relation.id),)
            )
            for source in relation.sources:
                for place in listed_places(source.instrument, source.article):
                    yield place, rest
    for name, bar in standards.suspicion_bars.items():
        rest = Rest("suspicion", bar.id, f"offences/{name}.md", (tested.SUSPICION.format(bar.id),))
        for place in listed_places(bar.source.instrument, bar.source.article):
            yield place, rest


def _of_clocks(law: Lawbook, terms: Iterable[WorkedTerm]) -> Cited:
    worked = {term.question.row for term in terms}
    for row in law.clocks.values():
        page = f"clocks/{row.id}.md"
        for text in row.versions:
            tests = tested.tests_of_text(row, text) + (tested.WORKED_TERMS,) * (row.id in worked)
            rest = Rest("clock", tested.text_key(row, text), page, tests)
            for place in row_places(text):
                yield place, rest


def _of_counting(law: Lawbook) -> Cited:
    """The counting clauses: each is shown by every clock that is counted by it."""
    counted: dict[Regime, list[str]] = {}
    for row in law.clocks.values():
        for text in row.versions:
            if text.regime != NOTHING:
                counted.setdefault(text.counting_rule(), []).extend(tested.tests_of_text(row, text))
    for rule, tests in counted.items():
        for place in counting_places(rule):
            yield place, Rest("counting", rule.name, "counting.md", tuple(tests))


def _of_rules(law: Lawbook, root: Path) -> Cited:
    tests = tested.tests_of_rules(root, law)
    for rule in law.rules.by_id.values():
        for place in rule_places(rule):
            yield place, Rest("rule", rule.id, f"rules/{rule.id}.md", tests[rule.id])


def _of_causes(law: Lawbook) -> Cited:
    for cause in law.causes.by_id.values():
        rest = Rest("cause", cause.id, f"sectors/{cause.sector}.md", (tested.CAUSE.format(cause.id),))
        for basis in cause.bases:
            for place in listed_places(basis.instrument, basis.article):
                yield place, rest


def _of_calendar(law: Lawbook) -> Cited:
    for year, notices in law.calendar.notices.items():
        for notice in notices:
            yield (
                Citation(notice, ""),
                Rest("calendar", str(year), "calendars.md", (tested.YEAR.format(year),)),
            )


def as_json(entries: Iterable[Entry]) -> str:
    """Return the matrix for programs: one line for each place, in the order of the matrix."""
    lines = (
        json.dumps(
            {
                "instrument": entry.place.instrument,
                "article": entry.place.article,
                "item": entry.place.item,
                "rests": [
                    {"kind": rest.kind, "id": rest.id, "page": rest.page, "tests": list(rest.tests)}
                    for rest in entry.rests
                ],
            },
            ensure_ascii=False,
        )
        for entry in entries
    )
    return "".join(f"{line}\n" for line in lines)
