"""A question for a due day: which row answers, under which text, and that it can be asked again."""

from __future__ import annotations

import json
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lawbook.clock_law import LAW, when

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.clocks import ClockState, Extension, Suspension
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.questions.due_questions import Answer, DueQuestion, NoDue, UnknownRow, answer, answers


@cache
def law() -> Lawbook:
    """The law of the repository."""
    return Lawbook.load(LAW)


def asked(row: str, start: str, **members: object) -> tuple[Answer, ...]:
    """The answers to a question about the law of the repository."""
    return answers(law(), DueQuestion(row=row, start=Span.of_text(start), **members))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("row", "start", "members", "expected"),
    [
        ("head_decision", "2026-06-10", {}, ["head_decision"]),
        ("head_decision", "2026-06-10", {"sector": "ecology_environment"}, ["head_decision_env"]),
        (
            "head_decision",
            "2026-06-10",
            {"sector": "emergency_management"},
            ["head_decision_safety", "head_decision"],
        ),
        ("head_decision_safety", "2026-06-10", {}, ["head_decision_safety", "head_decision"]),
        ("head_decision_env", "2026-06-10", {}, ["head_decision_env"]),
        ("filing_decision", "2026-06-10", {"category": "economic"}, ["filing_decision_economic"]),
        (
            "filing_decision",
            "2026-06-10",
            {"sector": "ecology_environment", "category": "general"},
            ["filing_decision"],
        ),
        ("lead_check", "2026-06-10", {"sector": "agriculture_rural"}, ["lead_check_agri"]),
        ("filing_decision", "2016-06-10", {"sector": "ecology_environment"}, ["filing_decision"]),
        (
            "filing_decision",
            "2016-06-10",
            {"sector": "ecology_environment", "on": date(2026, 1, 1)},
            ["filing_decision_env"],
        ),
    ],
)
def test_the_sector_chooses_the_row_and_the_answer_says_why(
    row: str, start: str, members: dict[str, object], expected: list[str]
) -> None:
    found = asked(row, start, **members)
    assert [each.row.id for each in found] == expected
    assert all(each.row.id in each.why.zh and each.row.id in each.why.en for each in found[:1])
    if len(found) == 2:
        assert "同时适用" in found[0].why.zh
        assert "同时适用" in found[1].why.zh


def test_a_start_on_both_sides_of_a_new_text_is_counted_under_both_and_never_surely_over() -> None:
    general, special = asked("filing_decision", "2017-01", sector="ecology_environment")
    assert general.row.id == "filing_decision"
    assert special.row.id == "filing_decision_env"
    assert general.due.as_json() == {"earliest": "2017-01-04", "latest": None}
    assert special.due.as_json() == {"earliest": "2017-02-03", "latest": None}
    assert any("2017-01-25至2017-01-31的，本条没有有效条文" in line.zh for line in general.due.lines)


def test_a_row_with_two_texts_answers_with_both_of_them() -> None:
    (found,) = asked("explain_no_filing", "2019-12-28..2020-01-03")
    assert [version.source.instrument for version in found.versions] == ["GJH10", "PRR"]
    assert found.due.as_json() == {"earliest": "2020-01-06", "latest": "2020-01-10"}
    assert sum("起算在" in line.zh for line in found.due.lines) == 2


def test_texts_of_other_rows_do_not_cut_a_start() -> None:
    (found,) = asked("filing_decision", "2017-01")
    assert found.due.as_json() == {"earliest": "2017-01-04", "latest": "2017-02-03"}
    assert not any("起算在" in line.zh for line in found.due.lines)


@pytest.mark.parametrize(
    ("row", "start", "members", "reason"),
    [
        ("special_team", "2026-06-10", {}, "没有规定具体期限"),
        ("platform_record_spp21", "2026-06-10", {}, "已停用"),
        ("spp01_reply_chain", "2010-06-10", {}, "已停用"),
        ("filing_decision_env", "2016-06-10", {}, "没有有效的条文"),
        ("filing_decision_env", "2026-06-10", {"sector": "tax"}, "只适用于"),
        ("lead_check", "2026-06-10", {}, "lead_check_market"),
        ("lead_check", "2026-06-10", {"sector": "tobacco"}, "lead_check_market"),
        ("correction_notice_followup", "2026-06-10", {}, "reexamination"),
        ("filing_decision", "2026-06-10", {"variant": "fast"}, "没有“fast”"),
    ],
)
def test_where_the_law_gives_no_day_the_answer_says_why(
    row: str, start: str, members: dict[str, object], reason: str
) -> None:
    with pytest.raises(NoDue) as caught:
        asked(row, start, **members)
    assert reason in caught.value.reason.zh
    assert caught.value.reason.en


def test_an_unknown_row_names_rows_that_are_written_alike() -> None:
    with pytest.raises(UnknownRow) as caught:
        asked("head_descision", "2026-06-10")
    assert caught.value.near[0] == "head_decision"
    with pytest.raises(UnknownRow) as strange:
        asked("xyz", "2026-06-10")
    assert strange.value.near == ()


@pytest.mark.parametrize(
    ("row", "variant", "start", "last"),
    [
        ("prosecution_review", "fast_track", "2026-06-10", "2026-06-22"),  # the tenth day is a Saturday, off
        ("appeal", "ruling", "2026-06-10", "2026-06-15"),
        ("penalty_limitation", "tax", "2021-08-02", "2026-08-03"),
        ("correction_notice_followup", "reexamination", "2026-06-10", "2026-06-17"),
        ("trial_summary", "over_three_years", "2026-03-02", "2026-04-17"),
    ],
)
def test_a_case_that_the_text_names_has_its_own_length(row: str, variant: str, start: str, last: str) -> None:
    assert asked(row, start, variant=variant)[0].due.as_json() == {"day": last}


@pytest.mark.parametrize(
    ("act", "posted", "expected"),
    [
        ("2026-09-07", None, ClockState.met),
        ("2026-09-08", None, ClockState.warned),
        ("2026-09-09T23:59", None, ClockState.warned),
        ("2026-09-10", None, ClockState.late),
        ("2026-09-20", "2026-09-07", ClockState.met),
        ("2026-09", None, ClockState.unknown),
        (None, None, None),
    ],
)
def test_the_answer_says_whether_the_act_was_in_time(
    act: str | None, posted: str | None, expected: ClockState | None
) -> None:
    (found,) = asked(
        "head_decision",
        "2026-09-04",
        act=None if act is None else Span.of_text(act),
        posted=None if posted is None else Span.of_text(posted),
    )
    assert found.due.as_json() == {"calendar": "2026-09-07", "working": "2026-09-09"}
    assert found.act is expected


@pytest.mark.parametrize(
    ("row", "grade", "told"),
    [
        ("agency_reply_opinion", "secondary", "依据第三方资料"),
        ("reverse_review", "excerpt", "依据摘录"),
        ("filing_decision_economic", "excerpt", "依据摘录"),
        ("head_decision", "read", None),
    ],
)
def test_the_count_says_how_far_its_text_was_read(row: str, grade: str, told: str | None) -> None:
    (found,) = asked(row, "2026-06-10")
    assert found.versions[0].grade == grade
    lines = [line.zh for line in found.due.lines if line.zh.startswith("条文来源")]
    assert lines == [] if told is None else told in lines[0]


def test_the_count_names_the_ordinary_case_of_the_text_beside_its_limit() -> None:
    found = answer(law(), DueQuestion(row="filing_decision_economic", start=when("2026-07-06")))
    assert any("一般在3日内（2026-07-09前）" in line.zh for line in found.lines)


MOMENTS = st.one_of(
    st.builds(Span.of_day, st.dates(date(2020, 1, 1), date(2026, 1, 1))),
    st.sampled_from([Span(None, None), Span(None, date(2026, 1, 1)), Span.of_text("2026-03-01T10:20:30")]),
)
QUESTIONS = st.builds(
    DueQuestion,
    row=st.sampled_from(["head_decision", "seizure_term", "transfer_to_police"]),
    start=MOMENTS,
    sector=st.none() | st.just("tax"),
    on=st.none() | st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    extensions=st.lists(
        st.builds(
            Extension,
            MOMENTS,
            st.just("agency_head"),
            by_days=st.integers(1, 9),
            reference=st.text(max_size=3),
        ),
        max_size=2,
    ).map(tuple),
    suspensions=st.lists(
        st.builds(Suspension, MOMENTS, st.none() | MOMENTS, travel=st.booleans()), max_size=2
    ).map(tuple),
    act=st.none() | MOMENTS,
    posted=st.none() | MOMENTS,
    samr_roll=st.sampled_from(["days_off", "named_holidays", "never"]),
)


@given(QUESTIONS)
def test_a_question_comes_back_from_its_plain_values(question: DueQuestion) -> None:
    assert DueQuestion.of_json(json.loads(json.dumps(question.as_json()))) == question


@given(QUESTIONS)
def test_the_same_question_has_the_same_answer(question: DueQuestion) -> None:
    assert answer(law(), question) == answer(law(), question)
