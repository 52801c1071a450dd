"""Validation of the whole law: everything that is wrong with any part of it, told at once.

First every file is read; only a law that can be read is held against itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from xianjie.lawbook.bundle import CALENDARS, CLOCKS, FOR_READERS, Lawbook, calendar_of
from xianjie.lawbook.checking.citation_checking import problems_of_citations
from xianjie.lawbook.checking.cited import Citing
from xianjie.lawbook.checking.clocks_checking import problems_of_clocks
from xianjie.lawbook.checking.derivations import FILE as NUMBERS
from xianjie.lawbook.checking.derivations import read_derivations
from xianjie.lawbook.checking.numbers_checking import Checked, check_numbers
from xianjie.lawbook.checking.standards_checking import CASES, problems_of_cases, problems_of_standards
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.procedure.causes import FOLDER as CAUSES
from xianjie.lawbook.procedure.causes import read_causes
from xianjie.lawbook.procedure.regions import FOLDER as REGIONS
from xianjie.lawbook.procedure.regions import read_regions
from xianjie.lawbook.procedure.rules import FOLDER as RULES
from xianjie.lawbook.procedure.rules import read_rules
from xianjie.lawbook.questions.due_questions import NoDue, answer
from xianjie.lawbook.questions.worked_terms import read_terms
from xianjie.lawbook.standards.instruments import FOLDER as INSTRUMENTS
from xianjie.lawbook.standards.loading import read_standards
from xianjie.lawbook.standards.parameters import FOLDER as OVERLAYS

T = TypeVar("T")
TERMS = "cases/clocks.yaml"
_LISTS = (
    "catalogue.yaml",
    "facts.yaml",
    "known_unread.yaml",
    NUMBERS,
    "parameters.yaml",
    "reasonable_suspicion.yaml",
    "relations.yaml",
    "sectors.yaml",
    "units.yaml",
    TERMS,
)
_FOLDERS = ("standards/", CLOCKS, RULES, INSTRUMENTS, OVERLAYS, CAUSES, REGIONS, CALENDARS, CASES)
_FILE = re.compile(r"[A-Za-z0-9_-]+\.yaml\Z")


@dataclass(frozen=True, eq=False)
class Findings:
    """What a check of the law found.

    Attributes:
        problems: everything that is wrong, in the order of the files; none: the law may be used.
        law: the law; None where it cannot be read.
        citing: the same as what cites, with the declared numbers; None where it cannot be read.
        numbers: what came of the numbers; None where they could not be looked at.
    """

    problems: tuple[LawProblem, ...]
    law: Lawbook | None = None
    citing: Citing | None = None
    numbers: Checked | None = None


def check_law(files: Mapping[str, bytes], *, event_types: Collection[str] | None = None) -> Findings:
    """Return every problem of a law.

    Args:
        files: bytes of everything below the law directory by relative path, see `bundle.read_files`.
        event_types: every type of the catalogue of events; None leaves that check out.
    """
    problems = [*_strangers(files), *_reading(files, event_types)]
    if problems:
        return Findings(tuple(sorted(set(problems))))
    law = Lawbook.of(files)
    derivations, _ = read_derivations(files)
    citing = Citing(
        standards=law.standards,
        clocks=law.clocks,
        rules=law.rules,
        causes=law.causes,
        derivations=derivations,
    )
    numbers = check_numbers(citing)
    problems = [
        *problems_of_standards(law.standards),
        *_identities(law),
        *_references(law),
        *_unreached(law),
        *_years(law),
        *problems_of_citations(citing),
        *numbers.problems,
        *problems_of_cases(law.standards, files),
        *_terms(law, files),
    ]
    return Findings(tuple(sorted(set(problems))), law, citing, numbers)


def _strangers(files: Mapping[str, bytes]) -> Iterator[LawProblem]:
    """Yield every file that nothing reads: it would say something that nobody hears."""
    for path in sorted(files):
        folder = next((name for name in _FOLDERS if path.startswith(name)), None)
        belongs = folder is not None and _FILE.match(path.removeprefix(folder))
        if path not in _LISTS and not belongs and not FOR_READERS.match(path):
            yield LawProblem(path, "", "法律数据中不认识的文件", "no part of the law reads this file")


def _reading(files: Mapping[str, bytes], event_types: Collection[str] | None) -> Iterator[LawProblem]:
    standards, problems = read_standards(files)
    yield from problems
    yield from problems_of_clocks(
        {path.removeprefix(CLOCKS): text for path, text in files.items() if path.startswith(CLOCKS)},
        event_types=event_types,
    )
    rules, problems = read_rules(files)
    yield from problems
    yield from read_regions(files, rules.targets)[1]
    yield from read_derivations(files)[1]
    yield from _refused(lambda: calendar_of(files))
    if standards.offences and standards.instruments:
        yield from read_causes(files, standards)[1]


def _refused(read: Callable[[], object]) -> tuple[LawProblem, ...]:
    try:
        read()
    except LawError as error:
        return error.problems
    return ()


def _identities(law: Lawbook) -> Iterator[LawProblem]:
    """No id stands for two things: each has one page and one name in every record."""
    seen: dict[str, str] = {}
    standards = law.standards
    for file, ids in (
        ("standards/{}.yaml", standards.offences),
        ("clocks/{}.yaml", law.clocks),
        ("rules/{}.yaml", law.rules.by_id),
        ("instruments/{}.yaml", standards.instruments),
        ("known_unread.yaml", standards.known_unread),
        ("parameters.yaml", standards.parameters),
    ):
        for name in ids:
            path = file.replace("{}", name)
            if name in seen:
                yield LawProblem(path, "id", f"编号已用于 {seen[name]}", f"the id is that of {seen[name]}")
            seen.setdefault(name, path)
    short = [text for text in standards.instruments.values() if text.short_zh is not None]
    for one, other in pairwise(sorted(short, key=lambda text: str(text.short_zh))):
        if one.short_zh == other.short_zh:
            yield LawProblem(
                f"instruments/{other.id}.yaml", "short_zh", f"与 {one.id} 相同", f"that of {one.id} too"
            )


def _references(law: Lawbook) -> Iterator[LawProblem]:
    """Rows name sectors that there are, and every rule about a clock has one."""
    covered = {row.covered_by for row in law.clocks.values()}
    for row in law.clocks.values():
        for sector in row.applies.sectors:
            if sector not in law.standards.sectors:
                yield LawProblem(
                    f"clocks/{row.id}.yaml",
                    "applies.sectors",
                    f"没有这一领域：{sector}",
                    f"no such sector: {sector}",
                )
    for rule in law.rules.by_id.values():
        if rule.kind == "clock" and rule.id not in covered:
            yield LawProblem(
                f"rules/{rule.id}.yaml", "kind", "没有期限条目由它报告", "no row is reported under it"
            )


def _unreached(law: Lawbook) -> Iterator[LawProblem]:
    """Every offence is reached by a cause, or listed as one that none reaches."""
    for name in law.standards.offences:
        if (name in law.causes.by_offence) is (name in law.causes.unreached):
            yield LawProblem(
                "catalogue.yaml",
                "offences_without_cause",
                f"{name}：应有案由对应，或者列为没有案由（二者只居其一）",
                f"{name}: is either reached by a cause or listed here",
            )


def _years(law: Lawbook) -> Iterator[LawProblem]:
    """The years follow each other, and the one that is awaited comes after them."""
    years = sorted(law.calendar.years | law.calendar.awaited)
    for one, other in pairwise(years):
        if other != one + 1:
            yield LawProblem("calendars", str(other), f"缺少 {one + 1} 年", f"{one + 1} is missing")
    if law.calendar.awaited and law.calendar.years and min(law.calendar.awaited) < max(law.calendar.years):
        yield LawProblem(
            f"calendars/{min(law.calendar.awaited)}.yaml",
            "awaited",
            "其后年份已有通知",
            "a later year has its notice",
        )


def _terms(law: Lawbook, files: Mapping[str, bytes]) -> Iterator[LawProblem]:
    """Worked terms end when the text of the law says."""
    if TERMS not in files:
        return
    try:
        terms = read_terms(files[TERMS], file=TERMS)
    except LawError as error:
        yield from error.problems
        return
    for index, term in enumerate(terms):
        try:
            found = answer(law, term.question).as_json()
        except NoDue as refusal:
            yield LawProblem(TERMS, f"cases[{index}]", f"{term.id}：{refusal.reason.zh}", str(refusal))
            continue
        if found != term.due:
            yield LawProblem(
                TERMS,
                f"cases[{index}]",
                f"{term.id}：届满日为 {found}，应为 {dict(term.due)}",
                f"{term.id}: ends {found}, must end {dict(term.due)}",
            )
