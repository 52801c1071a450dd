"""`xianjie law due`: when a term ends, with its count line by line, and whether an act was in time."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any, get_args

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.files import naming
from xianjie.lawbook.procedure.clocks import ClockState, Due, Extension, JudgedExtension, Suspension
from xianjie.lawbook.procedure.counting import Line
from xianjie.lawbook.procedure.regimes import Roll
from xianjie.lawbook.procedure.rows import Rank, Version
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.questions.due_questions import Answer, DueQuestion, NoDue, UnknownRow, answers
from xianjie.lawbook.replay.recording import due_record, line_of

from .app import Unusable, complain, say
from .bundling import opened

_EXTENSION = re.compile(
    r"(?:(?P<by>[1-9]\d{0,3})(?P<unit>[dm])|to:(?P<to>[1-9]\d{0,3})d|until:(?P<until>\d{4}-\d{2}-\d{2}))"
    r":(?P<rank>\w+)@(?P<approved>.+)"
)
_EXTENSION_FORMS = (
    "30d:agency_head@2024-05-03 | 1m:next_higher_procuratorate@2024-05-03 | "
    "to:30d:county_police_head@2024-05-03 | until:2024-06-01:collective@2024-05-03"
)
_MOMENT_FORMS = "2024 | 2024-05 | 2024-05-03 | 2024-05-03T10:20 | 2024-05-03..2024-05-10"
_ACT_WORDS = {
    ClockState.met: ("按期", "in time"),
    ClockState.late: ("逾期", "late"),
    ClockState.warned: (
        "自然日期限已过，工作日期限未过：仅作提示",
        "after the calendar days, within the working days: a notice only",
    ),
    ClockState.lapsed: ("未在期限内行使，权利期限已过", "the right was not used in its term"),
    ClockState.unknown: ("不同读法结论不同，不能认定逾期", "the readings disagree: not shown to be late"),
}
_WORST = ("memory", "secondary", "excerpt", "read")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question for a due day as it was written in the options; None and empty: not said."""

    row: str
    start: str
    sector: str | None = None
    category: str | None = None
    variant: str | None = None
    on: str | None = None
    extend: Sequence[str] = ()
    suspend: Sequence[str] = ()
    travel: Sequence[str] = ()
    act: str | None = None
    posted: str | None = None
    samr_roll: str | None = None


def count(asked: Asked, *, law: Path, as_json: bool, record: Path | None) -> int:
    """Say when the term ends; 1 where the law gives no due day, or the act was not shown to be in time.

    Raises:
        Unusable: a row, a sector, a moment or an extension that cannot be read.
        LawError, OSError: the law cannot be read, or the record not written.
    """
    lawbook = opened(law)
    question = question_of(asked, lawbook)
    try:
        found = answers(lawbook, question)
    except UnknownRow as error:
        raise Unusable(f"--row: {error}") from None
    except NoDue as error:
        _tell_nothing(question, error.reason, lawbook.digest, as_json=as_json)
        return 1
    except OverflowError:
        raise Unusable("--start: 超出可计算的年份 / beyond the years that can be counted") from None
    for each in found:
        say(_json(answer_json(each, question, lawbook.digest)) if as_json else _told(each, question))
    if not as_json:
        say(f"法律数据 / law: {lawbook.digest}")
    if record is not None:
        record.write_bytes(line_of(due_record(question, found[0].due, law=lawbook.digest)))
        complain(f"已记入 {record} / recorded in {record}")
    return 0 if found[0].act in (None, ClockState.met) else 1


def answer_json(answer: Answer, question: DueQuestion, law: str) -> dict[str, Any]:
    """Return an answer as a JSON line; `version` is null where several texts govern the readings."""
    texts = [_version_json(answer, version) for version in answer.versions]
    only = texts[0] if len(texts) == 1 else {"version": None, "source": None}
    due = answer.due
    return {
        "row": answer.row.id,
        "title_zh": answer.row.title_zh,
        "title_en": answer.row.title_en,
        "version": only["version"],
        "source": only["source"],
        "grade": min((version.grade for version in answer.versions), key=_WORST.index),
        "versions": texts,
        "why": _line_json(answer.why),
        "start": question.start.as_json(),
        "due": due.as_json(),
        "on_or_before": None if due.on_or_before is None else due.on_or_before.isoformat(),
        "provisional": due.provisional,
        "lines": [_line_json(line) for line in due.lines],
        "extensions": [_extension_json(each) for each in due.extensions],
        "act": None if answer.act is None else _act_json(answer.act, question),
        "law": law,
    }


def question_of(asked: Asked, lawbook: Lawbook) -> DueQuestion:
    """Return the question that was written; raises Unusable naming the option that cannot be read."""
    _known("--sector", asked.sector, lawbook.standards.sectors)
    categories = {each for row in lawbook.clocks.values() for each in row.applies.categories}
    _known("--category", asked.category, categories | naming.CATEGORIES.keys())
    _known("--samr-roll", asked.samr_roll, get_args(Roll))
    if asked.posted is not None and asked.act is None:
        raise Unusable(
            "--posted：应同时写明到达时间 --act / --posted needs --act, the moment of arrival, beside it"
        )
    roll: Any = asked.samr_roll or "days_off"
    return DueQuestion(
        row=asked.row,
        start=_moment("--start", asked.start),
        sector=asked.sector,
        category=asked.category,
        variant=asked.variant,
        on=None if asked.on is None else _day("--on", asked.on),
        extensions=tuple(_extension(text) for text in asked.extend),
        suspensions=(
            *(_suspension("--suspend", text, travel=False) for text in asked.suspend),
            *(_suspension("--travel", text, travel=True) for text in asked.travel),
        ),
        act=None if asked.act is None else _moment("--act", asked.act),
        posted=None if asked.posted is None else _moment("--posted", asked.posted),
        samr_roll=roll,
    )


def _known(option: str, word: str | None, words: Collection[str]) -> None:
    if word is None or word in words:
        return
    near = get_close_matches(word, words, n=4, cutoff=0.4) or sorted(words)
    raise Unusable(
        f"{option}：没有“{word}”，可用：{'、'.join(near)} / no such word {word}; try {', '.join(near)}"
    )


def _moment(option: str, text: str) -> Span:
    try:
        return Span.of_text(text)
    except ValueError:
        raise Unusable(
            f"{option}：不能读作时间“{text}”，应写作：{_MOMENT_FORMS} / "
            f"{text} is no moment; write one of these"
        ) from None


def _day(option: str, text: str) -> date:
    span = _moment(option, text)
    if span.first_day is None or not span.is_one_day:
        raise Unusable(f"{option}：应为一天，如 2024-05-03 / is one day, like 2024-05-03")
    return span.first_day


def _suspension(option: str, text: str, *, travel: bool) -> Suspension:
    begin, dots, end = text.partition("..")
    if not dots or not begin:
        raise Unusable(
            f"{option}：应写作 起..止，未结束的写作 起.. ，收到“{text}” / "
            f"write BEGIN..END, or BEGIN.. while it lasts; got {text}"
        )
    first = _moment(option, begin)
    last = _moment(option, end) if end else None
    if last is not None and first.earliest and last.latest and last.latest < first.earliest:
        raise Unusable(f"{option}：结束早于开始“{text}” / ends before it begins: {text}")
    return Suspension(first, last, travel=travel, reference=text)


def _extension(text: str) -> Extension:
    found = _EXTENSION.fullmatch(text)
    if found is None:
        raise Unusable(
            f"--extend：不能读取“{text}”，应写作：{_EXTENSION_FORMS} / cannot read {text}; write one of these"
        )
    _known("--extend", found["rank"], get_args(Rank))
    amount: dict[str, Any] = {}
    if found["by"]:
        amount = {"by_days" if found["unit"] == "d" else "by_months": int(found["by"])}
    elif found["to"]:
        amount = {"to_days": int(found["to"])}
    else:
        amount = {"until": _day("--extend", found["until"])}
    return Extension(_moment("--extend", found["approved"]), found["rank"], reference=text, **amount)


def _tell_nothing(question: DueQuestion, reason: Line, law: str, *, as_json: bool) -> None:
    if as_json:
        say(_json({"row": question.row, "due": None, "reason": _line_json(reason), "law": law}))
    else:
        say(f"不能计算 / no due day: {reason}")


def _told(answer: Answer, question: DueQuestion) -> str:
    row, due = answer.row, answer.due
    pages = [f"{row.id}  {row.title_zh} / {row.title_en}"]
    for version in answer.versions:
        grade_zh, grade_en = naming.GRADES[version.grade]
        where = f"{version.source.instrument} {version.source.article}".strip()
        pages.append(f"条文 / text: {row.name_of(version)}，{where}，{grade_zh} / {grade_en}")
    pages.append(f"适用 / chosen: {answer.why}")
    pages.append(f"届满 / due: {_due_words(due)}")
    if due.provisional:
        pages.append(
            f"暂定 / provisional：节假日安排尚未载入，{due.on_or_before or '?'}或之前为按期 / "
            f"on or before {due.on_or_before or '?'} is in time whatever the missing notice says"
        )
    for number, line in enumerate(due.lines, 1):
        pages += [f"{number:>3}  {line.zh}", f"     {line.en}"]
    for judged in due.extensions:
        pages.append(f"延长 / extension {judged.extension.reference}: {_counts(judged)}；{judged.reason}")
    if answer.act is not None:
        zh, en = _ACT_WORDS[answer.act]
        pages.append(f"办理 / act {_act_text(question)}: {zh} / {en}")
    return "\n".join(pages) + "\n"


def _due_words(due: Due) -> str:
    value = due.as_json()
    if "calendar" in value:
        return (
            f"自然日{_bounds(value['calendar'])}，工作日{_bounds(value['working'])} / "
            f"calendar days {_bounds(value['calendar'])}, working days {_bounds(value['working'])}"
        )
    if "earliest" in value:
        return _bounds(value)
    return str(value.get("day") or value["instant"])


def _bounds(value: Any) -> str:
    if isinstance(value, dict):
        return f"{value['earliest'] or '?'} … {value['latest'] or '?'}"
    return str(value)


def _counts(judged: JudgedExtension) -> str:
    return {True: "有效 / counts", False: "无效 / does not count", None: "不能确定 / undecided"}[
        judged.counts
    ]


def _act_text(question: DueQuestion) -> str:
    told = _span_text(question.act) if question.act is not None else ""
    if question.posted is not None:
        told += f"（交邮 / posted {_span_text(question.posted)}）"
    return told


def _span_text(span: Span) -> str:
    if span.instant is not None:
        return span.instant.isoformat()
    return f"{span.first_day}" if span.is_one_day else f"{span.first_day or ''}..{span.last_day or ''}"


def _version_json(answer: Answer, version: Version) -> dict[str, Any]:
    return {
        "version": answer.row.name_of(version),
        "source": {"instrument": version.source.instrument, "article": version.source.article},
        "grade": version.grade,
        "counted_by": version.counting_rule().source,
    }


def _extension_json(judged: JudgedExtension) -> dict[str, Any]:
    return {
        "extension": judged.extension.reference,
        "counts": judged.counts,
        "reason": _line_json(judged.reason),
        "grade": judged.grade,
    }


def _act_json(found: ClockState, question: DueQuestion) -> dict[str, Any]:
    return {
        "act": None if question.act is None else question.act.as_json(),
        "posted": None if question.posted is None else question.posted.as_json(),
        "state": found.value,
    }


def _line_json(line: Line) -> dict[str, str]:
    return {"zh": line.zh, "en": line.en}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
