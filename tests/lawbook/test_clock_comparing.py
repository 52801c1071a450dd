"""Recomputed after a change: what moved and why, while the former due stays as it was said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.lawbook.clock_law import calendar, due_of, extension, rows, when

from xianjie.lawbook.procedure.calendars import Calendar, DayOffReason
from xianjie.lawbook.procedure.clocks import Due, due
from xianjie.lawbook.procedure.comparing_dues import compare
from xianjie.lawbook.procedure.rows import Limit
from xianjie.lawbook.procedure.times import Span

FESTIVAL = {
    date(2027, 2, 5) + timedelta(days=ahead): DayOffReason("春节", "Spring Festival") for ahead in range(7)
}
TOLD_2027 = Calendar(
    holidays=FESTIVAL,
    make_up=frozenset({date(2027, 2, 14)}),
    years=calendar().years | {2027},
    notices={2027: ("a notice of the next year",)},
)


def test_a_notice_that_comes_moves_the_due_and_the_comparison_says_why() -> None:
    start = when("2027-02-03")
    old, new = due_of("filing_decision", start), due_of("filing_decision", start, known=TOLD_2027)
    found = compare(old, new)
    told = [line.zh for line in found.lines]
    assert found.moved
    assert told[0] == "届满日由2027-02-08改为2027-02-12"
    assert told[1] == "节假日安排已载入，不再暂定"
    assert any(line.startswith("现计算：不计：2027-02-06至2027-02-11（春节）") for line in told)
    assert any(line.startswith("原计算：日历：2027年节假日安排尚未载入") for line in told)
    assert old.as_json() == {"day": "2027-02-08"}  # the former answer is untouched


def test_a_notice_that_changes_nothing_only_makes_the_due_final() -> None:
    start = when("2027-03-01")
    found = compare(due_of("filing_decision", start), due_of("filing_decision", start, known=TOLD_2027))
    assert found.moved
    assert next(line.en for line in found.lines) == "the holiday notice is loaded: no longer provisional"


def test_the_same_due_is_said_to_be_the_same() -> None:
    start = when("2026-11-10")
    found = compare(due_of("head_decision", start), due_of("head_decision", start))
    assert not found.moved
    assert [line.zh for line in found.lines] == ["届满日不变：2026-11-13 | 2026-11-13"]


def test_a_changed_rule_shows_both_ends_and_the_steps_that_differ() -> None:
    row = rows()["explain_no_filing"]
    version = row.versions[-1]
    longer = version.model_copy(update={"limit": Limit(value=10, unit="day")})
    start = when("2026-11-10")
    found = compare(
        due(row, version, start, calendar=calendar()), due(row, longer, start, calendar=calendar())
    )
    told = [line.zh for line in found.lines]
    assert told[0] == "届满日由2026-11-17改为2026-11-20"
    assert any("原计算：2026-11-10为起算日，不计入，期限7日" in line for line in told)
    assert any("现计算：2026-11-10为起算日，不计入，期限10日" in line for line in told)


def test_an_extension_that_no_longer_counts_is_named() -> None:
    row = rows()["filing_decision_env"]
    version = row.versions[0]
    recorded = (extension("2026-06-03", "county_police_head", to_days=30),)
    start = when("2026-06-01")
    old = due(row, version, start, calendar=calendar(), extensions=recorded)
    new = due(
        row, version.model_copy(update={"extensions": ()}), start, calendar=calendar(), extensions=recorded
    )
    assert any("延长" in line.zh and "无效" in line.zh for line in compare(old, new).lines)


@pytest.mark.parametrize(
    ("row", "start"),
    [
        ("head_decision", when("2026-11-10")),
        ("head_decision", Span.of_text("2026-11")),
        ("filing_decision", when("2026-12-30")),
        ("filing_decision", Span(date(2026, 11, 10), None)),
        ("filing_decision", Span(None, None)),
        ("transfer_to_police", when("2026-11-20T17:40")),
        ("transfer_to_police", when("2026-11-20")),
    ],
)
def test_a_due_that_was_announced_is_compared_like_a_fresh_one(row: str, start: Span) -> None:
    fresh = due_of(row, start)
    announced = Due.of_event(fresh.as_event(), provisional=fresh.provisional)
    assert announced.as_json() == fresh.as_json()
    assert announced.lines == fresh.lines
    assert not compare(announced, fresh).moved
