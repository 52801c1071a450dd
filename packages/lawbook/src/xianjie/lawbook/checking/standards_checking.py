"""Validation of the standards: everything that a person who changes the law should be told at once.

Reading already refuses what is outside the closed language (see `records` and `node_reading`). Here the
catalogue is held against itself: validity, identities, derived numbers, grades, ranges and worked cases.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.standards.catalogue import Offence, Standards, Version
from xianjie.lawbook.standards.judging import judge
from xianjie.lawbook.standards.loading import read_standards
from xianjie.lawbook.standards.nodes import Comparison, Node, Total, UnreadLimb
from xianjie.lawbook.standards.worked_cases import differences, read_cases

CASES = "cases/standards/"


def check_standards(files: Mapping[str, bytes]) -> list[LawProblem]:
    """Return every problem of the standards; an empty list means that they may be used.

    Args:
        files: bytes of everything below the law directory by relative path, see `bundle.read_files`.
            Files of other parts of the law are ignored.
    """
    standards, problems = read_standards(files)
    if not problems:
        problems.extend(problems_of_standards(standards))
    if not problems:
        problems.extend(problems_of_cases(standards, files))
    return problems


def problems_of_standards(standards: Standards) -> Iterator[LawProblem]:
    """Yield what does not hold in a catalogue that could be read."""
    for check in _CHECKS:
        yield from check(standards)


def _problem(offence: Offence, path: str, zh: str, en: str) -> LawProblem:
    return LawProblem(f"standards/{offence.id}.yaml", path, zh, en)


def _versions(standards: Standards) -> Iterator[tuple[Offence, Version]]:
    for offence in standards.offences.values():
        for version in offence.versions:
            yield offence, version


def _validity(standards: Standards) -> Iterator[LawProblem]:
    """A version ends after it begins; versions neither overlap nor leave days out without saying why."""
    for offence, version in _versions(standards):
        if version.effective_to is not None and version.effective_to < version.effective_from:
            yield _problem(offence, version.id, "施行终止日早于施行日", "ends before it begins")
    for offence in standards.offences.values():
        if offence.versions[0].gap_before is not None:
            yield _problem(
                offence,
                offence.versions[0].id,
                "第一个版本之前没有空档",
                "nothing precedes the first version",
            )
        for earlier, later in pairwise(offence.versions):
            end = earlier.effective_to
            if end is None or end >= later.effective_from:
                yield _problem(
                    offence, later.id, f"与 {earlier.id} 施行期重叠", f"overlaps with {earlier.id}"
                )
                continue
            has_gap = end + timedelta(days=1) < later.effective_from
            if has_gap and later.gap_before is None:
                yield _problem(
                    offence,
                    later.id,
                    f"与 {earlier.id} 之间有空档而未说明",
                    f"unexplained gap after {earlier.id}",
                )
            if not has_gap and later.gap_before is not None:
                yield _problem(
                    offence, later.id, "所说明的空档不存在", "the gap that it explains is not there"
                )


def _identities(standards: Standards) -> Iterator[LawProblem]:
    """Every version and every node has an id of its own."""
    versions: set[str] = set()
    nodes: set[str] = set()
    for offence, version in _versions(standards):
        if version.id in versions:
            yield _problem(offence, version.id, "版本编号重复", "the id of the version stands twice")
        versions.add(version.id)
        for node in version.nodes:
            if node.id in nodes:
                yield _problem(offence, node.id, "结点编号重复", "the id of the node stands twice")
            nodes.add(node.id)


def _sources(standards: Standards) -> Iterator[LawProblem]:
    """A source was in force while its version was, or says from when it applies."""
    for offence, version in _versions(standards):
        last = version.effective_to or date.max
        for source in version.sources:
            if source.instrument is None:
                continue
            text = standards.instruments[source.instrument]
            begins = source.applies_from or text.effective_from or date.min
            if source.applies_from is None and begins > version.effective_from:
                yield _problem(
                    offence, version.id, f"{text.number} 施行较晚", f"{text.number} was not yet in force"
                )
            if begins > last or (text.effective_to or date.max) < version.effective_from:
                yield _problem(
                    offence,
                    version.id,
                    f"{text.number} 与该版本不同时施行",
                    f"{text.number} never overlaps with it",
                )


def _marks(standards: Standards) -> Iterator[LawProblem]:
    """The marks of a version say what is true of it."""
    for offence, version in _versions(standards):
        unread = any(isinstance(node, UnreadLimb) for node in version.nodes)
        if unread != version.incomplete:
            yield _problem(
                offence,
                version.id,
                "incomplete 与未读条款不符",
                "incomplete must say whether a limb is unread",
            )
        if version.verified and version.grade != "read":
            yield _problem(
                offence, version.id, "已核版本的等级应为 read", "a verified version has the grade read"
            )
        if version.text_missing and not any(source.known_unread for source in version.sources):
            yield _problem(
                offence, version.id, "须指明未读文件", "must name the instrument that was not read"
            )
        read = {fact.name for fact in version.facts}
        for name in sorted(version.cumulation.facts - read if version.cumulation is not None else ()):
            yield _problem(
                offence,
                version.id,
                f"累计的事实未被使用：{name}",
                f"adds up a fact that it does not use: {name}",
            )


def _derived(standards: Standards) -> Iterator[LawProblem]:
    """A number that is a share of another limb's is that share."""
    nodes = {node.id: node for _, version in _versions(standards) for node in version.nodes}
    for offence, version in _versions(standards):
        for node in version.nodes:
            if node.wording.derived_from is None:
                continue
            origin, factor = node.wording.derived_from
            if origin not in nodes:
                yield _problem(offence, node.id, f"没有这一结点：{origin}", f"no such node: {origin}")
                continue
            base, own = _plain(nodes[origin]), _plain(node)
            if base is not None and own is not None and own != base * Fraction(factor):
                yield _problem(
                    offence,
                    node.id,
                    f"应为 {origin} 的 {factor} 倍",
                    f"must be {factor} times that of {origin}",
                )


def _plain(node: Node) -> Fraction | None:
    if isinstance(node, Comparison | Total) and isinstance(node.limit.number, int | Decimal):
        return Fraction(node.limit.number)
    return None


def _unread(standards: Standards) -> Iterator[LawProblem]:
    """Unread instruments affect known offences."""
    for unread in standards.known_unread.values():
        for name in unread.affects:
            if name not in standards.offences:
                yield LawProblem(
                    "known_unread.yaml",
                    f"{unread.id}.affects",
                    f"没有这一罪名：{name}",
                    f"no such offence: {name}",
                )


def problems_of_cases(standards: Standards, files: Mapping[str, bytes]) -> Iterator[LawProblem]:
    """Yield every worked case that does not come out as the text of the law says."""
    seen: set[str] = set()
    for path in sorted(files):
        if not path.startswith(CASES) or not path.endswith(".yaml"):
            continue
        try:
            cases = read_cases(files[path], file=path, standards=standards)
        except LawError as error:
            yield from error.problems
            continue
        for case in cases:
            if case.id in seen:
                yield LawProblem(path, case.id, "案例编号重复", "the id of the case stands twice")
            seen.add(case.id)
            for difference in differences(case, judge(standards, case.given)):
                yield LawProblem(path, case.id, f"结论不符：{difference}", f"another judgement: {difference}")


_CHECKS: tuple[Callable[[Standards], Iterator[LawProblem]], ...] = (
    _validity,
    _identities,
    _sources,
    _marks,
    _derived,
    _unread,
)
