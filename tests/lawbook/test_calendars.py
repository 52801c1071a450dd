"""The holiday arrangements, compared with two independent libraries and broken on purpose."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import chinese_calendar
import holidays
import pytest
from chinese_calendar import constants
from tests.lawbook.clock_law import LAW, calendar, due_of

from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError
from xianjie.lawbook.procedure.calendars import Calendar, days_between, problems_of_year
from xianjie.lawbook.procedure.times import Span

YEARS = sorted(calendar().years)
KNOWN_TO_CHINESECALENDAR = {day.year for day in constants.holidays}
OF_HOLIDAYS = holidays.country_holidays("CN", years=range(YEARS[0] - 1, YEARS[-1] + 2))
# Years of which the library holds the yearly arrangement; the others it extrapolates without make-up days.
KNOWN_TO_HOLIDAYS = {day.year for day in OF_HOLIDAYS.weekend_workdays}
# Days on which a library is known to be wrong, with the reason; anything not listed here must agree.
WRONG_IN_CHINESECALENDAR: dict[date, str] = {}
WRONG_IN_HOLIDAYS: dict[date, str] = {}


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year_is_what_both_independent_libraries_say(year: int) -> None:
    oracles = 0
    if year in KNOWN_TO_CHINESECALENDAR:
        oracles += 1
        for day in days_between(date(year, 1, 1), date(year, 12, 31)):
            if day not in WRONG_IN_CHINESECALENDAR:
                assert calendar().is_working_day(day) == chinese_calendar.is_workday(day), day
    if year in KNOWN_TO_HOLIDAYS:
        oracles += 1
        for day in days_between(date(year, 1, 1), date(year, 12, 31)):
            if day not in WRONG_IN_HOLIDAYS:
                assert calendar().is_working_day(day) == OF_HOLIDAYS.is_working_day(day), day
    assert oracles == 2 or (oracles == 1 and year < min(KNOWN_TO_CHINESECALENDAR)), "no two libraries know it"


def test_both_libraries_know_the_years_from_2007_to_2026() -> None:
    both = KNOWN_TO_CHINESECALENDAR & KNOWN_TO_HOLIDAYS
    assert set(range(2007, 2027)) <= both & set(YEARS)


def test_of_the_next_year_one_library_refuses_to_speak_and_the_other_guesses() -> None:
    with pytest.raises(NotImplementedError):
        chinese_calendar.is_workday(date(2027, 2, 6))
    assert 2027 not in KNOWN_TO_HOLIDAYS
    assert OF_HOLIDAYS.get(date(2027, 2, 8)) is not None  # a holiday without any notice
    assert OF_HOLIDAYS.is_working_day(date(2027, 2, 14)) is False  # and without any make-up day


@pytest.mark.parametrize("day", list(days_between(date(2027, 1, 1), date(2027, 12, 31)))[::13])
def test_the_calendar_marks_the_next_year_provisional_and_guesses_no_holiday(day: date) -> None:
    assert calendar().is_provisional(day)
    assert calendar().is_working_day(day) == (day.weekday() < 5)


def test_a_due_in_a_year_without_a_notice_says_until_when_it_is_safe() -> None:
    found = due_of("filing_decision", Span.of_day(date(2027, 2, 3)))
    assert found.as_json() == {"day": "2027-02-08"}  # with weekends only; the Spring Festival lies there
    assert found.provisional
    assert found.on_or_before == date(2027, 2, 6)
    told = " ".join(str(line) for line in found.lines)
    assert "2027年节假日安排尚未载入" in told
    assert "on or before 2027-02-06" in told


def notice(**members: Any) -> dict[str, Any]:
    plain = {"number": None, "title_zh": None, "issued_on": None, "grade": "secondary"}
    return {**plain, "url": "https://www.gov.cn/", **members}


def test_the_file_of_the_next_year_says_that_its_notice_is_awaited() -> None:
    assert calendar().awaited == {2027}
    assert not calendar().awaited & calendar().years
    assert max(calendar().years) + 1 == min(calendar().awaited)


def test_every_notice_has_its_number_or_says_that_none_was_obtained() -> None:
    unnumbered = {year for year in YEARS if any(name.startswith("http") for name in calendar().notices[year])}
    assert unnumbered == {2007, 2020}
    assert calendar().notices[2026] == ("国办发明电〔2025〕7号",)


def test_a_notice_makes_the_due_final() -> None:
    documents = {
        path.name: read_yaml(path.read_bytes(), file=path.name)
        for path in sorted((LAW / "calendars").glob("*.yaml"))
    }
    documents["2027.yaml"] = {
        "year": 2027,
        "notices": [notice(number="an invented notice")],
        "days_off": [
            {
                "zh": "春节",
                "en": "Spring Festival",
                "days": list(days_between(date(2027, 2, 5), date(2027, 2, 11))),
            }
        ],
        "make_up": [date(2027, 2, 14)],
    }
    found = due_of("filing_decision", Span.of_day(date(2027, 2, 3)), known=Calendar.from_documents(documents))
    assert found.as_json() == {"day": "2027-02-12"}
    assert not found.provisional
    assert found.on_or_before is None
    assert any("an invented notice" in line.zh for line in found.lines)


def test_every_loaded_year_names_its_notice() -> None:
    assert all(calendar().notices[year] for year in YEARS)


def test_the_years_follow_each_other_without_a_gap() -> None:
    assert list(range(YEARS[0], YEARS[-1] + 1)) == YEARS


def test_the_reason_of_a_day_off_is_the_holiday_or_the_weekend() -> None:
    assert calendar().why_off(date(2026, 2, 17)).zh == "春节"
    assert calendar().why_off(date(2026, 11, 22)).en == "weekend"
    assert calendar().why_off(date(2026, 2, 14)) is None
    assert calendar().is_make_up(date(2026, 2, 14))
    assert not calendar().is_named_holiday(date(2026, 11, 22))


def test_a_holiday_may_stand_in_the_notice_of_the_next_year() -> None:
    assert calendar().why_off(date(2022, 12, 31)).zh == "元旦"
    assert calendar().is_working_day(date(2006, 12, 30))


@pytest.mark.parametrize(
    "day", [date(YEARS[0], 1, 1) - timedelta(days=92), date(2027, 1, 1), date(2026, 12, 31)]
)
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
        ("year", "2026", "year"),
        ("notices", [], "notices"),
        ("notices", "国办发明电〔2025〕7号", "notices"),
        ("notices", [notice(number=7)], "notices[0].number"),
        ("notices", [notice(issued_on="2025-11-04")], "notices[0].issued_on"),
        ("notices", [notice(grade="memory")], "notices[0].grade"),
        ("notices", [notice(url="file:///etc/passwd")], "notices[0].url"),
        ("notices", [{"number": None}], "notices[0]"),
        ("awaited", True, "notices"),
        ("awaited", "no", "awaited"),
        ("days_off", [{"zh": "元旦", "en": 1, "days": []}], "days_off[0].en"),
        ("days_off", [{"zh": "元旦", "en": "New Year", "days": "all"}], "days_off[0].days"),
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
    for day in days_between(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)):
        assert not (calendar().is_make_up(day) and calendar().is_named_holiday(day)), day


@pytest.mark.parametrize("key", ["days_off", "make_up"])
def test_a_year_whose_notice_is_awaited_names_no_day(key: str) -> None:
    awaited = {"year": 2027, "awaited": True, "notices": [], "days_off": [], "make_up": []}
    assert problems_of_year("2027.yaml", awaited) == []
    wrong = awaited | {key: _year_2026()[key]}
    assert key in [problem.path for problem in problems_of_year("2027.yaml", wrong)]
    with pytest.raises(LawError):
        Calendar.from_documents({"2027.yaml": wrong})
