"""Worked terms: written by hand, read exactly, and counted as they say."""

from __future__ import annotations

from datetime import date

import pytest
from tests.lawbook.recorded_answers import LAW, whole_law

from xianjie.lawbook.files.problems import LawError
from xianjie.lawbook.procedure.dues import Extension, Suspension
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.questions.due_questions import DueQuestion, answer
from xianjie.lawbook.questions.worked_terms import WorkedTerm, read_terms


def test_every_worked_term_of_the_law_ends_when_it_says() -> None:
    terms = read_terms((LAW / "cases" / "clocks.yaml").read_bytes(), file="clocks.yaml")
    assert len(terms) > 100
    counted = [(term.id, answer(whole_law(), term.question).as_json()) for term in terms]
    assert counted == [(term.id, term.due) for term in terms]


def test_a_term_is_read_with_all_that_was_recorded() -> None:
    text = """\
cases:
  - {case: A, row: filing_decision, from: 2024-05-03, sector: tax, category: economic, verdict: met,
     due: {day: 2024-05-08}, act: "2024-05-06T10:20", as_of: 2024-06-01,
     extensions: [{approved: 2024-05-04, approver_rank: none, until: 2024-06-01}],
     suspensions: [{begin: 2024-05-05}, {begin: 2024-05-06, end: 2024-05-07, travel: true}]}
"""
    day = Span.of_day
    assert read_terms(text.encode(), file="x.yaml") == (
        WorkedTerm(
            "A",
            DueQuestion(
                row="filing_decision",
                start=day(date(2024, 5, 3)),
                sector="tax",
                category="economic",
                act=Span.of_text("2024-05-06T10:20"),
                extensions=(Extension(day(date(2024, 5, 4)), "none", until=date(2024, 6, 1)),),
                suspensions=(
                    Suspension(day(date(2024, 5, 5))),
                    Suspension(day(date(2024, 5, 6)), day(date(2024, 5, 7)), travel=True),
                ),
            ),
            {"day": "2024-05-08"},
        ),
    )


@pytest.mark.parametrize(
    ("wrong", "path"),
    [
        ("row: ''", "cases[0].row"),
        ("from: '2024-13-01'", "cases[0].from"),
        ("from: soon", "cases[0].from"),
        ("due: 2024-05-08", "cases[0].due"),
        ("extra: 1", "cases[0].extra"),
        ("extensions: [{approved: 2024-05-04, approver_rank: none, by_days: 0}]", "extensions[0].by_days"),
        ("suspensions: [{end: 2024-05-04}]", "cases[0].suspensions[0].begin"),
    ],
)
def test_what_breaks_the_format_is_named_with_its_place(wrong: str, path: str) -> None:
    key = wrong.partition(":")[0]
    members = {
        "case": "case: A",
        "row": "row: x",
        "from": "from: 2024-05-03",
        "due": "due: {day: 2024-05-08}",
    }
    text = "cases:\n  - {" + ", ".join((members | {key: wrong}).values()) + "}\n"
    with pytest.raises(LawError) as refused:
        read_terms(text.encode(), file="x.yaml")
    assert any(path in problem.path for problem in refused.value.problems)
