"""Counting of periods against vectors that were worked out by hand from the texts."""

from __future__ import annotations

from datetime import date

import pytest
from tests.lawbook.clock_law import at, calendar

from xianjie.lawbook.procedure.counting import Length, count, end_of_hours, ends_of_hours_on, months_after

DAYS3, DAYS7, WORKING3 = Length(days=3), Length(days=7), Length(days=3, working=True)
MONTH, MONTHS2 = Length(months=1), Length(months=2)


@pytest.mark.parametrize(
    ("start", "length", "last"),
    [
        ("2026-11-20", DAYS3, "2026-11-23"),
        ("2026-11-18", DAYS3, "2026-11-23"),
        ("2026-11-20", WORKING3, "2026-11-25"),
        ("2026-09-22", MONTHS2, "2026-11-23"),
        ("2026-08-31", MONTH, "2026-09-30"),
        ("2027-01-30", MONTH, "2027-03-01"),
        ("2025-09-29", DAYS3, "2025-10-09"),
        ("2025-09-29", WORKING3, "2025-10-10"),
        ("2026-02-11", DAYS3, "2026-02-14"),
        ("2026-02-13", DAYS3, "2026-02-24"),
        ("2026-02-13", WORKING3, "2026-02-25"),
        ("2024-02-08", DAYS7, "2024-02-18"),
        ("2023-09-22", DAYS7, "2023-10-07"),
        ("2024-01-31", MONTH, "2024-02-29"),
        ("2026-08-06", MONTHS2, "2026-10-08"),
    ],
)
def test_the_last_day_is_the_one_worked_out_by_hand(start: str, length: Length, last: str) -> None:
    counted = count(date.fromisoformat(start), length, calendar=calendar())
    assert counted.last == date.fromisoformat(last)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-11-20T17:40", "2026-11-21T18:00"),
        ("2026-11-20T17:00", "2026-11-21T18:00"),
        ("2026-11-20T10:00:00", "2026-11-21T11:00"),
        ("2026-09-30T09:00:00", "2026-10-01T10:00"),
        ("2026-11-20T23:59:59", "2026-11-22T00:00"),
        ("2026-11-20T09:40:00+00:00", "2026-11-21T18:00"),
    ],
)
def test_the_starting_hour_of_24_hours_is_not_counted(start: str, end: str) -> None:
    assert end_of_hours(at(start), 24)[0] == at(end)


def test_24_hours_from_a_day_whose_hour_is_unknown_end_between_one_and_midnight() -> None:
    earliest, latest = ends_of_hours_on(date(2026, 6, 3), 24)
    assert (earliest, latest) == (at("2026-06-04T01:00"), at("2026-06-05T00:00"))


def test_a_term_of_custody_never_moves() -> None:
    counted = count(date(2026, 8, 6), MONTHS2, calendar=calendar(), roll="never")
    assert counted.last == date(2026, 10, 6)
    assert "不顺延" in " ".join(line.zh for line in counted.lines)


def test_named_holidays_alone_leave_a_weekend_where_it_is() -> None:
    counted = count(date(2026, 11, 18), DAYS3, calendar=calendar(), roll="named_holidays")
    assert counted.last == date(2026, 11, 21)
    assert count(date(2026, 9, 29), DAYS3, calendar=calendar(), roll="named_holidays").last == date(
        2026, 10, 8
    )


@pytest.mark.parametrize(
    ("start", "months", "last"),
    [
        (date(2026, 5, 12), 1, date(2026, 6, 12)),
        (date(2026, 2, 28), 1, date(2026, 3, 31)),
        (date(2024, 2, 28), 1, date(2024, 3, 28)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2025, 12, 30), 2, date(2026, 2, 28)),
        (date(2024, 2, 29), 24, date(2026, 2, 28)),
    ],
)
def test_months_run_from_the_day_to_the_same_day_or_the_last_one(
    start: date, months: int, last: date
) -> None:
    assert months_after(start, months) == last


def test_half_a_month_is_always_fifteen_days() -> None:
    assert Length.of(3, "half_month") == Length(months=1, days=15)
    assert count(date(2026, 3, 2), Length.of(3, "half_month"), calendar=calendar()).last == date(2026, 4, 17)


def test_hours_have_no_length_in_days() -> None:
    with pytest.raises(ValueError, match="hours"):
        Length.of(24, "hour")


def test_the_derivation_names_the_start_the_days_left_out_and_the_end() -> None:
    counted = count(date(2026, 2, 13), DAYS3, calendar=calendar())
    zh = "\n".join(line.zh for line in counted.lines)
    assert "2026-02-13为起算日，不计入" in zh
    assert "2026-02-16至2026-02-23（春节）" in zh
    assert "顺延至2026-02-24" in zh
    assert "Spring Festival" in "\n".join(line.en for line in counted.lines)
    assert counted.unrolled == date(2026, 2, 16)


def test_a_make_up_saturday_is_said_not_to_move() -> None:
    counted = count(date(2026, 2, 11), DAYS3, calendar=calendar())
    assert "2026-02-14为调休上班日，不顺延" in [line.zh for line in counted.lines]


def test_a_period_that_reaches_a_year_without_a_notice_is_provisional() -> None:
    assert count(date(2026, 12, 30), DAYS3, calendar=calendar()).provisional
    assert not count(date(2026, 11, 20), DAYS3, calendar=calendar()).provisional


def test_days_that_stand_still_are_not_counted() -> None:
    def testing(day: date) -> bool:
        return date(2026, 3, 7) <= day <= date(2026, 3, 19)

    fifteen = Length(days=15, working=True)
    assert count(date(2026, 3, 2), fifteen, calendar=calendar()).last == date(2026, 3, 23)
    assert count(date(2026, 3, 2), fifteen, calendar=calendar(), still=testing).last == date(2026, 4, 3)
    assert count(date(2026, 3, 2), MONTH, calendar=calendar(), still=testing).last == date(2026, 4, 15)
