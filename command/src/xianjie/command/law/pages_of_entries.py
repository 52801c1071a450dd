"""One page for each offence, each clock and each detection rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.rows import Row
from xianjie.lawbook.procedure.rules import Rule
from xianjie.lawbook.procedure.times import CHINA
from xianjie.lawbook.questions.worked_terms import WorkedTerm
from xianjie.lawbook.standards.catalogue import Offence
from xianjie.lawbook.words.describing import describe_offence
from xianjie.lawbook.words.describing_procedure import describe_clock, describe_rule

from ..words import RESULTS
from .markdown import Shelf, escaped, page_text, table, written
from .tested import Exercise

_READINGS = {"calendar": "自然日：", "working": "工作日："}
EVENTS = {kind.name: (kind.name_zh, kind.name_en) for kind in EVENT_TYPES.values()}


def offence_page(law: Lawbook, offence: Offence, runs: Iterable[Exercise], shelf: Shelf) -> str:
    """Return the page of an offence: every version, and the worked cases that exercise it."""
    page = f"offences/{offence.id}.md"
    return page_text(
        [
            *written(describe_offence(law.standards, offence), page=page, shelf=shelf),
            *_worked(offence, [run for run in runs if run.case.given.offence == offence.id]),
            *_leading_here(law, offence),
            *_foot(f"law/standards/{offence.id}.yaml"),
        ]
    )


def _worked(offence: Offence, runs: list[Exercise]) -> Iterator[str]:
    yield "## 验算案例"
    yield ""
    if not runs:
        yield "尚无验算案例。"
        yield ""
        return
    leaves = {node.id for each in offence.versions for node in each.nodes if not node.children}
    yield from table(
        ("编号", "案情", "结论", "适用版本", "达到的条件"),
        (
            (
                run.case.id,
                escaped(run.case.title_zh),
                RESULTS[run.result.value],
                run.version or "—",
                "、".join(f"`{name.partition('/')[2]}`" for name in sorted(run.met & leaves)) or "—",
            )
            for run in runs
        ),
    )


def _leading_here(law: Lawbook, offence: Offence) -> Iterator[str]:
    yield "## 可能导向本罪的行政案由"
    yield ""
    for cause in law.causes.by_offence.get(offence.id, ()):
        sector = escaped(law.standards.sectors[cause.sector].name_zh)
        memory = "" if cause.enabled else "（依据凭记忆，不据以提示）"
        yield f"- {cause.id} {escaped(cause.name_zh)}{memory}：[{sector}](../sectors/{cause.sector}.md)"
    if offence.id not in law.causes.by_offence:
        yield "没有。"
    yield ""


def clock_page(law: Lawbook, row: Row, terms: Iterable[WorkedTerm], shelf: Shelf) -> str:
    """Return the page of a clock row: who must act, what moves it, every text, and terms worked by hand."""
    page = f"clocks/{row.id}.md"
    standards = law.standards
    described = describe_clock(
        row, instruments=standards.instruments, sectors=standards.sectors, events=EVENTS
    )
    family = [each for each in law.families[row.replaces or row.id] if each.id != row.id]
    lines = [*written(described, page=page, shelf=shelf)]
    if family:
        lines += ["## 同一步骤的其他期限", ""]
        lines += [f"- {shelf.link(each.id, each.title_zh, page=page)}" for each in family]
        lines += [""]
    lines += _counted([term for term in terms if term.question.row == row.id])
    return page_text([*lines, *_foot(f"law/clocks/{row.id}.yaml")])


def _counted(terms: list[WorkedTerm]) -> Iterator[str]:
    """Yield the worked terms: start and end, and whether something was recorded that moves the end."""
    if not terms:
        return
    yield from ("## 验算", "")
    yield from table(
        ("编号", "起算", "届满", "另有记录"),
        ((term.id, _start(term), "；".join(_ends(term)), _recorded(term)) for term in terms),
    )


def _start(term: WorkedTerm) -> str:
    start = term.question.start
    if start.instant is not None:
        return f"{start.instant.astimezone(CHINA):%Y-%m-%d %H:%M}"
    first, last = start.first_day, start.last_day
    return f"{first}" if first == last else f"{first or '不详'}至{last or '不详'}"


def _ends(term: WorkedTerm) -> Iterator[str]:
    for reading, end in term.due.items():
        yield f"{_READINGS.get(reading, '')}{str(end).replace('T', ' ').removesuffix(':00+08:00')}"


def _recorded(term: WorkedTerm) -> str:
    parts = ["延长"] * bool(term.question.extensions) + ["中止"] * bool(term.question.suspensions)
    return "、".join(parts) or "—"


def rule_page(law: Lawbook, rule: Rule, shelf: Shelf) -> str:
    """Return the page of a detection rule: what is found, on what basis, and why it may be wrong."""
    page = f"rules/{rule.id}.md"
    described = describe_rule(
        rule,
        targets=law.rules.targets,
        rows=[row for row in law.clocks.values() if row.covered_by == rule.id],
        instruments=law.standards.instruments,
    )
    return page_text([*written(described, page=page, shelf=shelf), *_foot(f"law/rules/{rule.id}.yaml")])


def _foot(path: str) -> Iterator[str]:
    yield "---"
    yield ""
    yield f"数据文件：`{path}`。[目录](../README.md) · [如何修改](../../changing-the-law.zh-CN.md)"
