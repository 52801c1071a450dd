"""Which days are days off: the yearly holiday arrangements of the State Council's General Office.

A year without a notice is counted with weekends only and is provisional: its holidays are not invented. The
year whose notice is awaited has a file that says so, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.grades import Grade
from xianjie.lawbook.files.problems import LawError, LawProblem

_SATURDAY = 5
_LAST_DAYS_OF_DECEMBER = 29  # a notice also names days of the last week-end before its year


@dataclass(frozen=True, slots=True)
class DayOffReason:
    """Why nobody works on a day: the holiday as the notice names it, or the weekend."""

    zh: str
    en: str


WEEKEND = DayOffReason("周末", "weekend")


class Calendar:
    """Days off and working days in Asia/Shanghai."""

    def __init__(
        self,
        *,
        holidays: Mapping[date, DayOffReason],
        make_up: frozenset[date],
        years: frozenset[int],
        notices: Mapping[int, tuple[str, ...]] = MappingProxyType({}),
        awaited: frozenset[int] = frozenset(),
    ) -> None:
        """Take the arrangement of all years that have a notice.

        Args:
            holidays: every day off that a notice names, weekends inside a holiday included.
            make_up: weekend days that a notice makes working days.
            years: the years whose own notice is known.
            notices: the numbers of the notices of a year; where one was not obtained, where it stands.
            awaited: years whose notice has not been published, as their files say.
        """
        self._holidays = dict(holidays)
        self._make_up = make_up
        self._years = years
        self._notices = dict(notices)
        self._awaited = awaited

    @classmethod
    def load(cls, directory: Path) -> Calendar:
        """Read the `<year>.yaml` files of a directory; raises LawError carrying every problem."""
        files = sorted(directory.glob("[0-9][0-9][0-9][0-9].yaml"))
        return cls.from_documents(
            {path.name: read_yaml(path.read_bytes(), file=f"calendars/{path.name}") for path in files}
        )

    @classmethod
    def from_documents(cls, documents: Mapping[str, Any]) -> Calendar:
        """Build the calendar from parsed documents by file name; raises LawError listing every problem."""
        problems = [
            problem for name, document in documents.items() for problem in problems_of_year(name, document)
        ]
        if problems:
            raise LawError(problems)
        holidays: dict[date, DayOffReason] = {}
        make_up: set[date] = set()
        for document in documents.values():
            for holiday in document["days_off"]:
                reason = DayOffReason(holiday["zh"], holiday["en"])
                holidays.update(dict.fromkeys(holiday["days"], reason))
            make_up.update(document["make_up"])
        notices = {
            document["year"]: tuple(notice["number"] or notice["url"] for notice in document["notices"])
            for document in documents.values()
        }
        known = {year: papers for year, papers in notices.items() if papers}
        return cls(
            holidays=holidays,
            make_up=frozenset(make_up),
            years=frozenset(known),
            notices=known,
            awaited=frozenset(notices.keys() - known.keys()),
        )

    @property
    def notices(self) -> Mapping[int, tuple[str, ...]]:
        """The numbers of the notices of each known year; where one was not obtained, where it stands."""
        return self._notices

    @property
    def awaited(self) -> frozenset[int]:
        """The years whose notice has not been published; their days are provisional."""
        return self._awaited

    @property
    def years(self) -> frozenset[int]:
        """The years whose notice is known."""
        return self._years

    def is_day_off(self, day: date) -> bool:
        """Whether the day is a holiday or an ordinary weekend day."""
        return self.why_off(day) is not None

    def is_working_day(self, day: date) -> bool:
        """Whether the day is a working day; a make-up Saturday or Sunday is one."""
        return self.why_off(day) is None

    def is_named_holiday(self, day: date) -> bool:
        """Whether a notice names the day as off; an ordinary weekend is not named."""
        return day in self._holidays

    def why_off(self, day: date) -> DayOffReason | None:
        """Return the holiday or the weekend that makes the day a day off, None for a working day."""
        if day in self._make_up:
            return None
        named = self._holidays.get(day)
        if named is None and day.weekday() >= _SATURDAY:
            return WEEKEND
        return named

    def is_make_up(self, day: date) -> bool:
        """Whether the day is a weekend day on which people work."""
        return day in self._make_up

    def is_provisional(self, day: date) -> bool:
        """Whether a notice that is not known could still change what the day is.

        The days from 29 December on may be named by the notice of the next year as well.
        """
        if day in self._holidays or day in self._make_up:
            return False
        if day.year not in self._years:
            return True
        at_the_turn = day.month == 12 and day.day >= _LAST_DAYS_OF_DECEMBER
        return at_the_turn and day.year + 1 not in self._years

    def any_provisional(self, first: date, last: date) -> bool:
        """Whether any day from first to last, both included, is provisional."""
        return any(self.is_provisional(day) for day in days_between(first, last))


def days_between(first: date, last: date) -> Iterable[date]:
    """Yield every day from first to last, both included."""
    day = first
    while day <= last:
        yield day
        day += timedelta(days=1)


def problems_of_year(name: str, document: Any) -> list[LawProblem]:
    """Return what is wrong with the file of one year; empty when nothing is."""
    year = _Year(f"calendars/{name}")
    if not isinstance(document, dict):
        year.refuse("", "应为键值表", "is not a mapping")
        return year.problems
    year.check_members(name, document)
    if year.problems:
        return year.problems
    year.check_notices(document["notices"], document.get("awaited", False))
    if not document["notices"]:
        for key in ("days_off", "make_up"):
            if document[key]:
                year.refuse(key, "没有通知的年份不得写日期", "no day without a notice")
    year.check_holidays(document["days_off"], document["year"])
    year.check_days("make_up", document["make_up"], document["year"])
    for index, day in enumerate(document["make_up"]):
        if type(day) is date and day.weekday() < _SATURDAY:
            year.refuse(f"make_up[{index}]", f"{day}不是周末", f"{day} is no weekend day")
    return year.problems


_KEYS = frozenset({"year", "notices", "days_off", "make_up"})
_NOTICE = {"number": str, "title_zh": str, "issued_on": date}
_GRADES = frozenset(grade.value for grade in Grade if grade is not Grade.memory)
_FAR = 190  # days from the middle of the year: a notice reaches a few days into its neighbours


class _Year:
    """The problems of one file while it is being checked, and the days that were seen in it."""

    def __init__(self, file: str) -> None:
        self.problems: list[LawProblem] = []
        self._file = file
        self._seen: set[date] = set()

    def refuse(self, path: str, zh: str, en: str) -> None:
        self.problems.append(LawProblem(self._file, path, zh, en))

    def check_members(self, name: str, document: Mapping[str, Any]) -> None:
        """Look at what stands there at all, and at the year."""
        for key in sorted(document.keys() - _KEYS - {"awaited"}):
            self.refuse(key, "未知的键", "unknown key")
        for key in sorted(_KEYS - document.keys()):
            self.refuse(key, "缺少", "is missing")
        for key in ("notices", "days_off", "make_up"):
            if not isinstance(document.get(key, []), list):
                self.refuse(key, "应为列表", "must be a list")
        year = document.get("year", 0)
        if type(year) is not int or f"{year}.yaml" != name or not date.min.year < year < date.max.year:
            self.refuse("year", "年份与文件名不符", "does not belong in this file")

    def check_notices(self, notices: Any, awaited: Any) -> None:
        """Look at the notices: a year has one, or says that it is awaited."""
        if type(awaited) is not bool:
            self.refuse("awaited", "应为 true 或 false", "must be true or false")
        elif bool(notices) is awaited:
            self.refuse(
                "notices",
                "没有通知的年份应写明 awaited: true，有通知的不得写",
                "a year without a notice must say awaited: true, one with a notice must not",
            )
        for index, notice in enumerate(notices):
            path = f"notices[{index}]"
            if not isinstance(notice, dict) or notice.keys() != {*_NOTICE, "grade", "url"}:
                self.refuse(
                    path,
                    "应有且仅有number、title_zh、issued_on、grade、url",
                    "needs exactly number, title_zh, issued_on, grade and url",
                )
                continue
            for key, kind in _NOTICE.items():
                if notice[key] is not None and type(notice[key]) is not kind:
                    self.refuse(f"{path}.{key}", "类型不对", "has another type")
            if notice["grade"] not in _GRADES:
                self.refuse(
                    f"{path}.grade", "应为read、excerpt或secondary", "must be read, excerpt or secondary"
                )
            if not isinstance(notice["url"], str) or not notice["url"].startswith(("http://", "https://")):
                self.refuse(f"{path}.url", "应为网址", "must be an address")

    def check_holidays(self, holidays: Any, year: int) -> None:
        """Look at the days off, by holiday."""
        for index, holiday in enumerate(holidays):
            path = f"days_off[{index}]"
            if not isinstance(holiday, dict) or holiday.keys() != {"zh", "en", "days"}:
                self.refuse(path, "应有且仅有zh、en、days", "needs exactly zh, en and days")
                continue
            for key in ("zh", "en"):
                if not isinstance(holiday[key], str):
                    self.refuse(f"{path}.{key}", "应为文字", "must be a text")
            if isinstance(holiday["days"], list):
                self.check_days(f"{path}.days", holiday["days"], year)
            else:
                self.refuse(f"{path}.days", "应为列表", "must be a list")

    def check_days(self, path: str, days: Any, year: int) -> None:
        for index, day in enumerate(days):
            where = f"{path}[{index}]"
            if type(day) is not date:
                self.refuse(where, f"{day!r}不是日期", f"{day!r} is not a date")
            elif abs(day - date(year, 7, 1)).days > _FAR:
                self.refuse(where, f"{day}不属于{year}年的安排", f"{day} is far from {year}")
            elif day in self._seen:
                self.refuse(where, f"{day}重复", f"{day} is named twice")
            else:
                self._seen.add(day)
