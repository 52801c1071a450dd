"""What the law data covers and what is known to be missing: counted, never silent."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.checking.cited import Citing, cited_places
from xianjie.lawbook.checking.numbers_checking import Checked
from xianjie.lawbook.files.grades import Grade
from xianjie.lawbook.procedure.causes import MIXED
from xianjie.lawbook.standards.catalogue import Version
from xianjie.lawbook.standards.nodes import UnreadLimb

NO_TEXT = "none"
GRADES = (*(grade.value for grade in Grade), MIXED, NO_TEXT)


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is known to be missing, or known not well enough to be used.

    Attributes:
        kind: what it is; `WORDS` of the report names it.
        id: in the law data.
        note: what is known of it, as the law data says it; may be empty.
    """

    kind: str
    id: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SectorCoverage:
    """What one sector has.

    Attributes:
        offences: that its officers may meet.
        whole: those whose every version was read.
        clocks: rows of its own.
        causes: by grade.
    """

    code: str
    name_zh: str
    name_en: str
    offences: int
    whole: int
    clocks: int
    causes: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvinceCoverage:
    """What one province has set: ids of the ranges that it filled, by grade of what was seen."""

    code: str
    name_zh: str
    amounts: Mapping[str, tuple[str, ...]]
    unset: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The whole of it.

    Attributes:
        grades: how many of each kind (versions, clocks, causes, instruments, amounts) have which grade.
        totals: how many there are of everything.
        sectors, provinces: by sector and by province.
        missing: what is known to be missing, by kind.
    """

    totals: Mapping[str, int]
    grades: Mapping[str, Mapping[str, int]]
    sectors: tuple[SectorCoverage, ...]
    provinces: tuple[ProvinceCoverage, ...]
    missing: tuple[Missing, ...]


def coverage(law: Lawbook, citing: Citing, numbers: Checked) -> Coverage:
    """Return what a law covers and what is known to be missing."""
    standards = law.standards
    versions = list(_versions(law))
    texts = [text for row in law.clocks.values() for text in row.versions]
    amounts = [each for parameter in standards.parameters.values() for each in parameter.overlays]
    causes = list(law.causes.by_id.values())
    checked = [
        *(version.checked_by for version in versions),
        *(text.checked_by for text in texts),
        *(amount.checked_by for amount in amounts),
        *{bar.id: bar.checked_by for bar in standards.suspicion_bars.values()}.values(),
    ]
    articles = sum(len(text.articles) for text in standards.instruments.values())
    return Coverage(
        totals={
            "offences": len(standards.offences),
            "versions": len(versions),
            "conditions": sum(len(version.nodes) for version in versions),
            "facts": len(standards.facts),
            "clocks": len(law.clocks),
            "clock_texts": len(texts),
            "rules": len(law.rules.by_id),
            "causes": len(causes),
            "instruments": len(standards.instruments),
            "articles": articles,
            "parameters": len(standards.parameters),
            "amounts": len(amounts),
            "calendar_years": len(law.calendar.years),
            "regions": len(law.regions.by_code),
            "numbers_stated": numbers.stated,
            "numbers_derived": numbers.derived,
            "numbers_unattested": len(numbers.unattested),
            "unchecked": sum(not name for name in checked),
            "checked": sum(bool(name) for name in checked),
        },
        grades={
            "versions": _by_grade(version.grade or NO_TEXT for version in versions),
            "clock_texts": _by_grade(text.grade for text in texts),
            "causes": _by_grade(cause.grade for cause in causes),
            "amounts": _by_grade(each.grade for each in amounts),
            "instruments": _by_grade(text.grade for text in standards.instruments.values()),
        },
        sectors=tuple(_sectors(law)),
        provinces=tuple(_provinces(law)),
        missing=tuple(_missing(law, citing, numbers)),
    )


def _versions(law: Lawbook) -> Iterator[Version]:
    for offence in law.standards.offences.values():
        yield from offence.versions


def _by_grade(grades: Iterable[str]) -> Mapping[str, int]:
    counted = Counter(grades)
    return {grade: counted[grade] for grade in GRADES if counted[grade]}


def _sectors(law: Lawbook) -> Iterator[SectorCoverage]:
    for sector in law.standards.sectors.values():
        offences = [each for each in law.standards.offences.values() if sector.code in each.sectors]
        yield SectorCoverage(
            code=sector.code,
            name_zh=sector.name_zh,
            name_en=sector.name_en,
            offences=len(offences),
            whole=sum(all(version.verified for version in each.versions) for each in offences),
            clocks=sum(sector.code in row.applies.sectors for row in law.clocks.values()),
            causes=_by_grade(cause.grade for cause in law.causes.by_sector.get(sector.code, ())),
        )


def _provinces(law: Lawbook) -> Iterator[ProvinceCoverage]:
    parameters = law.standards.parameters.values()
    found = sorted(
        ((each.province, each.province_zh), each.grade, parameter.id)
        for parameter in parameters
        for each in parameter.overlays
    )
    for (code, name), some in groupby(found, key=lambda entry: entry[0]):
        grades: dict[str, dict[str, None]] = {}
        for _, grade, parameter_id in some:
            grades.setdefault(grade, {})[parameter_id] = None
        filled = {name for names in grades.values() for name in names}
        yield ProvinceCoverage(
            code=code,
            name_zh=name,
            amounts={grade: tuple(names) for grade, names in grades.items()},
            unset=len(parameters) - len(filled),
        )


def _missing(law: Lawbook, citing: Citing, numbers: Checked) -> Iterator[Missing]:
    yield from _missing_in_standards(law)
    yield from _missing_in_procedure(law)
    yield from _missing_in_sources(law, citing)
    for at, number in numbers.unattested:
        yield Missing("number_unattested", at, str(number))


def _missing_in_standards(law: Lawbook) -> Iterator[Missing]:
    standards = law.standards
    for unread in standards.known_unread.values():
        yield Missing("instrument_unread", unread.id, f"{unread.title_zh}（{unread.number}）：{unread.note}")
    for version in _versions(law):
        if version.text_missing:
            yield Missing("version_without_text", version.id)
        for node in version.nodes:
            if isinstance(node, UnreadLimb):
                yield Missing("limb_unread", node.id, node.known_unread)
        if not version.verified and not version.text_missing:
            yield Missing("version_not_read", version.id, version.text_seen)
        if version.gap_before is not None:
            yield Missing("days_without_version", version.id, version.gap_before)
    for parameter in standards.parameters.values():
        if not parameter.overlays:
            yield Missing("amount_of_no_province", parameter.id, parameter.source)
        for overlay in parameter.overlays:
            if overlay.conflict_zh is not None:
                yield Missing("amount_in_conflict", f"{parameter.id} {overlay.province}", overlay.conflict_zh)
            if overlay.effective_from is None:
                yield Missing("amount_without_day", f"{parameter.id} {overlay.province}", overlay.source)


def _missing_in_procedure(law: Lawbook) -> Iterator[Missing]:
    for row in law.clocks.values():
        for text in row.versions:
            if not text.enabled:
                yield Missing("clock_disabled", row.name_of(text), f"{text.grade} {text.note}".strip())
            elif text.grade == Grade.secondary:
                yield Missing("clock_secondary", row.name_of(text), text.note)
        if row.covered_by is not None and row.covered_by not in law.rules.by_id:
            yield Missing("rule_not_shipped", row.covered_by, row.id)
    yield from (Missing("rule_disabled", rule.id) for rule in law.rules.by_id.values() if not rule.enabled)
    for cause in law.causes.by_id.values():
        if not cause.enabled:
            yield Missing("cause_from_memory", cause.id, cause.name_zh)
    yield from (Missing("offence_without_cause", offence) for offence in law.causes.unreached)
    yield from _missing_in_calendars(law)


def _missing_in_calendars(law: Lawbook) -> Iterator[Missing]:
    for year in sorted(law.calendar.awaited):
        yield Missing("calendar_awaited", str(year))
    for year, notices in law.calendar.notices.items():
        for notice in notices:
            if "://" in notice:
                yield Missing("notice_without_number", str(year), notice)


def _missing_in_sources(law: Lawbook, citing: Citing) -> Iterator[Missing]:
    read_by = {each.place.instrument for each in cited_places(citing) if not each.from_memory}
    for text in law.standards.instruments.values():
        if text.grade != Grade.memory and text.text_digest is None:
            used = "" if text.id in read_by else "（未被引用）"
            yield Missing("instrument_without_text", text.id, f"{text.title_zh}{used}")
        if text.effective_from is None:
            yield Missing("instrument_without_day", text.id, text.note or "")
