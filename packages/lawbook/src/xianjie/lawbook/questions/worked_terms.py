"""Worked terms: a row, its start and what was recorded, with the due day that the text gives.

    cases:
      - {case: PC-015, row: filing_decision_env, from: 2026-11-02, due: {day: 2026-12-02},
         extensions: [{approved: 2026-11-04, approver_rank: county_police_head, to_days: 30}],
         suspensions: [{begin: 2026-11-05, end: 2026-11-09}]}

A moment is a day or a text that `times.Span.of_text` reads; `act`, `as_of` and `verdict` are for whoever
compares the state of the clock.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError, LawProblem
from xianjie.lawbook.files.records import Record
from xianjie.lawbook.procedure.dues import Extension, Suspension
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.questions.due_questions import DueQuestion


@dataclass(frozen=True, slots=True)
class WorkedTerm:
    """One worked term.

    Attributes:
        id: of the case; several terms of one case share it.
        due: the end as `Due.as_json` gives it.
    """

    id: str
    question: DueQuestion
    due: Mapping[str, Any]


def read_terms(text: bytes, *, file: str) -> tuple[WorkedTerm, ...]:
    """Read a file of worked terms.

    Raises:
        LawError: the file breaks the format; carries every problem found.
    """
    problems: list[LawProblem] = []
    record = Record(read_yaml(text, file=file), file=file, path="", problems=problems)
    terms = tuple(_term(item) for item in record.records("cases"))
    record.finish()
    if problems:
        raise LawError(problems)
    return terms


def _term(record: Record) -> WorkedTerm:
    question = DueQuestion(
        row=record.text("row"),
        start=_moment(record, "from"),
        sector=record.text_or_none("sector"),
        category=record.text_or_none("category"),
        extensions=tuple(_extension(item) for item in _listed(record, "extensions")),
        suspensions=tuple(_suspension(item) for item in _listed(record, "suspensions")),
        act=_moment(record, "act") if record.has("act") else None,
    )
    due = record.raw("due")
    if not isinstance(due, dict):
        record.wrong("due", "应为键值表", "must be a mapping")
        due = {}
    for key in ("as_of", "verdict"):
        record.raw(key)
    term = WorkedTerm(record.text("case"), question, {name: _plain(end) for name, end in due.items()})
    record.finish()
    return term


def _listed(record: Record, key: str) -> list[Record]:
    return record.records(key) if record.has(key) else []


def _extension(record: Record) -> Extension:
    days, months, total = (
        record.whole(key, least=1) if record.has(key) else None for key in ("by_days", "by_months", "to_days")
    )
    extension = Extension(
        _moment(record, "approved"),
        record.text("approver_rank"),
        by_days=days,
        by_months=months,
        to_days=total,
        until=record.day_or_none("until"),
    )
    record.finish()
    return extension


def _suspension(record: Record) -> Suspension:
    end = _moment(record, "end") if record.has("end") else None
    suspension = Suspension(_moment(record, "begin"), end, travel=record.flag("travel"))
    record.finish()
    return suspension


def _moment(record: Record, key: str) -> Span:
    value = record.raw(key)
    if type(value) is date:
        return Span.of_day(value)
    try:
        return Span.of_text(value if isinstance(value, str) else "")
    except ValueError:
        record.wrong(
            key,
            "应为时间：2024、2024-05、2024-05-03、2024-05-03T10:20",
            "must be a moment: 2024, 2024-05, 2024-05-03, 2024-05-03T10:20",
        )
        return Span(None, None)


def _plain(end: Any) -> Any:
    if isinstance(end, dict):
        return {name: _plain(each) for name, each in end.items()}
    return end.isoformat() if isinstance(end, date) else end
