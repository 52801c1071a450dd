"""The holiday arrangements, compared with an independent library and broken on purpose."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

import chinese_calendar
import pytest
from chinese_calendar.constants import holidays
from tests.lawbook.clock_law import LAW, calendar

from xianjie.lawbook.calendars import Calendar, days_between, problems_of_year
from xianjie.lawbook.exact_yaml import read_yaml
from xianjie.lawbook.problems import LawError

YEARS = range(2007, 2027)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year_is_what_an_independent_library_says(year: int) -> None:
    library_years = {day.year for day in holidays}
    assert year in library_years, "the library does not know this year"
    for day in days_between(date(year, 1, 1), date(year, 12, 31)):
        assert calendar().is_working_day(day) == chinese_calendar.is_workday(day), day


def test_all_years_from_2007_to_2026_have_a_notice() -> None:
    assert calendar().years == frozenset(YEARS)


def test_the_reason_of_a_day_off_is_the_holiday_or_the_weekend() -> None:
    assert calendar().why_off(date(2026, 2, 17)).zh == "春节"
    assert calendar().why_off(date(2026, 11, 22)).en == "weekend"
    assert calendar().why_off(date(2026, 2, 14)) is None
    assert calendar().is_make_up(date(2026, 2, 14))
    assert not calendar().is_named_holiday(date(2026, 11, 22))


def test_a_holiday_may_stand_in_the_notice_of_the_next_year() -> None:
    assert calendar().why_off(date(2022, 12, 31)).zh == "元旦"
    assert calendar().is_working_day(date(2006, 12, 30))


@pytest.mark.parametrize("day", [date(2006, 10, 2), date(2027, 1, 1), date(2026, 12, 31)])
def test_a_day_that_a_missing_notice_could_change_is_provisional(day: date) -> None:
    assert calendar().is_provisional(day)


@pytest.mark.parametrize(
    "day", [date(2026, 12, 28), date(2007, 1, 1), date(2006, 12, 30), date(2025, 12, 31)]
)
def test_a_day_that_a_known_notice_settles_is_not_provisional(day: date) -> None:
    assert not calendar().is_provisional(day)


def test_a_year_without_a_notice_knows_weekends_and_nothing_else() -> None:
    assert calendar().is_working_day(date(2027, 10, 1))
    assert calendar().is_day_off(date(2027, 10, 2))
    assert calendar().any_provisional(date(2026, 12, 1), date(2027, 1, 4))


def _year_2026() -> dict[str, Any]:
    document = read_yaml((LAW / "calendars" / "2026.yaml").read_bytes(), file="2026.yaml")
    assert isinstance(document, dict)
    return copy.deepcopy(document)


@pytest.mark.parametrize(
    ("key", "value", "path"),
    [
        ("year", 2025, "year"),
        ("notices", [], "notices"),
        ("make_up", [date(2026, 2, 16)], "make_up[0]"),
        ("make_up", [date(2026, 11, 25)], "make_up[0]"),
        ("make_up", ["2026-01-04"], "make_up[0]"),
        ("days_off", [{"zh": "元旦", "days": []}], "days_off[0]"),
        (
            "days_off",
            [{"zh": "元旦", "en": "New Year's Day", "days": [date(2024, 1, 1)]}],
            "days_off[0].days[0]",
        ),
        ("surplus", 1, "surplus"),
    ],
)
def test_a_wrong_member_of_a_year_is_named(key: str, value: object, path: str) -> None:
    document = _year_2026() | {key: value}
    assert path in [problem.path for problem in problems_of_year("2026.yaml", document)]
    with pytest.raises(LawError):
        Calendar.from_documents({"2026.yaml": document})


def test_a_missing_member_is_named_and_the_right_document_passes() -> None:
    document = _year_2026()
    assert problems_of_year("2026.yaml", document) == []
    del document["make_up"]
    assert [problem.path for problem in problems_of_year("2026.yaml", document)] == ["make_up"]
    assert [problem.path for problem in problems_of_year("2026.yaml", [])] == [""]


def test_a_named_day_off_is_never_a_working_day_of_the_same_notice() -> None:
    for day in days_between(date(2007, 1, 1), date(2026, 12, 31)):
        assert not (calendar().is_make_up(day) and calendar().is_named_holiday(day)), day
