"""How a period is counted from its start to its last day or instant, by the counting rule that its source
uses.

Every result carries its derivation: what is not counted, which days are skipped and why, and where the end
moved. Suspended days ("still" days) are days on which the period does not run; they are passed in as a
predicate.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from xianjie.lawbook.calendars import Calendar
from xianjie.lawbook.times import CHINA, midnight

Unit = Literal["hour", "day", "working_day", "month", "half_month"]
Roll = Literal["days_off", "named_holidays", "never"]
Still = Callable[[date], bool]

HALF_MONTH_DAYS = 15  # SPCI 202: half a month is always fifteen days


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a derivation, in Chinese and English."""

    zh: str
    en: str

    def __str__(self) -> str:
        """Return the line as officials read it: Chinese first, English beside it."""
        return f"{self.zh} / {self.en}"


@dataclass(frozen=True, slots=True)
class Regime:
    """The counting rule of one source.

    Attributes:
        name: code used in the rows.
        roll: over which days a last day gives way (procedure 2.2 to 2.4).
        source: article of the counting clause.
        travel: whether the clause leaves travel time out and lets posting before expiry suffice.
    """

    name: str
    roll: Roll
    source: str
    travel: bool = False


REGIMES = {
    regime.name: regime
    for regime in (
        Regime("H24", "never", "CPL 105", travel=True),
        Regime("CPL", "days_off", "CPL 105", travel=True),
        Regime("CPLM", "days_off", "CPL 105, SPCI 202", travel=True),
        Regime("ENV", "days_off", "ENV17 38"),
        Regime("WD", "never", "the row itself"),
        Regime("PPLWD", "never", "PPL 85, ACL 69, AGRI 89"),
        Regime("R310", "days_off", "CPL 105 and PPL 85 side by side", travel=True),
        Regime("SAMR", "days_off", "SAMR 80", travel=True),
        Regime("AGRI", "days_off", "AGRI 89", travel=True),
        Regime("TRANS", "days_off", "TRANS 17"),
        Regime("CAL", "days_off", "none; the later reading"),
    )
}


@dataclass(frozen=True, slots=True)
class Length:
    """The length of a period: calendar months, then days; the days are working days if `working`."""

    months: int = 0
    days: int = 0
    working: bool = False

    @classmethod
    def of(cls, value: int, unit: Unit) -> Length:
        """Return the length of `value` units; raises ValueError for hours, which are no days."""
        if unit == "month":
            return cls(months=value)
        if unit == "half_month":
            return cls(months=value // 2, days=HALF_MONTH_DAYS * (value % 2))
        if unit == "hour":
            raise ValueError("a period in hours has an instant, not a day, as its end")
        return cls(days=value, working=unit == "working_day")

    def plus(self, other: Length) -> Length:
        """Return this length followed by another one of the same kind of days."""
        return replace(self, months=self.months + other.months, days=self.days + other.days)

    def text(self) -> Line:
        """Return the length in words."""
        zh, en = [], []
        if self.months:
            zh.append(f"{self.months}个月")
            en.append(f"{self.months} month{'s' if self.months > 1 else ''}")
        if self.days or not self.months:
            zh.append(f"{self.days}个工作日" if self.working else f"{self.days}日")
            kind = "working day" if self.working else "day"
            en.append(f"{self.days} {kind}{'s' if self.days != 1 else ''}")
        return Line("加".join(zh), " and ".join(en))


@dataclass(frozen=True, slots=True)
class Counted:
    """The end of a period.

    Attributes:
        last: civil day until whose end the act is in time.
        unrolled: the day before it gave way to days off; equal to `last` where it did not move.
        lines: the derivation.
        provisional: whether a holiday notice that is not known could still move the end.
    """

    last: date
    unrolled: date
    lines: tuple[Line, ...]
    provisional: bool


def count(
    start: date,
    length: Length,
    *,
    calendar: Calendar,
    roll: Roll = "days_off",
    still: Still | None = None,
) -> Counted:
    """Return the last day of a period of days, working days or months.

    The day of the start is not counted; a last day that is a day off gives way to the first day after it,
    as far as `roll` says so; working days never end on a day off. Terms of custody pass roll "never".

    Source: CPL 105 and SPCI 202; ENV17 38; SAMR 80, AGRI 89, TRANS 17; PPL 85 for working days.
    """
    if still is None:
        return _counted(start, length, calendar, roll, _runs)
    return _counted.__wrapped__(start, length, calendar, roll, still)


# The same terms are counted again each time a case is looked at; without suspensions the answer is the same.
@lru_cache(maxsize=16384)
def _counted(start: date, length: Length, calendar: Calendar, roll: Roll, stands_still: Still) -> Counted:
    words = length.text()
    lines = [
        Line(
            f"{start}为起算日，不计入，期限{words.zh}",
            f"{start} starts the period of {words.en} and is not counted",
        )
    ]
    day = _after_months(start, length.months, stands_still, lines) if length.months else start
    if length.days or not length.months:
        day = _after_days(day, length, calendar, stands_still, lines)
    unrolled = day
    if not length.working:
        day = _rolled(day, calendar, roll, stands_still, lines)
    provisional = calendar.any_provisional(start + timedelta(days=1), day)
    lines.append(Line(f"届满日{day}（当日24时前）", f"last day {day} (until 24:00)"))
    if provisional:
        lines.append(_PROVISIONAL)
    return Counted(day, unrolled, tuple(lines), provisional)


def end_of_hours(start: datetime, hours: int) -> tuple[datetime, tuple[Line, ...]]:
    """Return the last instant of a period of hours; an act at that instant is in time.

    The hour in which the start falls is not counted, also when it falls exactly on the hour; holidays never
    move it.

    Source: CPL 105(2); procedure 2.2.
    """
    local = start.astimezone(CHINA)
    counted_from = local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    end = counted_from + timedelta(hours=hours)
    return end, (
        Line(
            f"{local:%Y-%m-%d %H:%M}所在的小时不计入，自{counted_from:%Y-%m-%d %H:%M}起计{hours}小时",
            f"the hour of {local:%Y-%m-%d %H:%M} is not counted; "
            f"{hours} hours run from {counted_from:%Y-%m-%d %H:%M}",
        ),
        Line(
            f"届满时刻{end:%Y-%m-%d %H:%M}，小时期限不因节假日顺延",
            f"last instant {end:%Y-%m-%d %H:%M}; hours never move for holidays",
        ),
    )


def ends_of_hours_on(day: date, hours: int) -> tuple[datetime, datetime]:
    """Return the earliest and latest last instant of a period of hours that starts at an unknown hour of
    the day.
    """
    first = midnight(day) + timedelta(hours=hours + 1)
    return first, first + timedelta(hours=23)


def months_after(start: date, months: int) -> date:
    """Return the last day of a period of months.

    The same day of the later month; from the last day of a month to the last day of the later month; the
    last day where the same day does not exist. Source: SPCI 202.
    """
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = monthrange(year, month)[1]
    if start.day == monthrange(start.year, start.month)[1]:
        return date(year, month, last)
    return date(year, month, min(start.day, last))


def _runs(_day: date) -> bool:
    return False


def _after_months(start: date, months: int, still: Still, lines: list[Line]) -> date:
    end = months_after(start, months)
    lines.append(Line(f"按月计至{end}", f"counted by months to {end}"))
    pushed, day = end, start
    while day < pushed:
        day += timedelta(days=1)
        if still(day):
            pushed += timedelta(days=1)
    if pushed != end:
        skipped = (pushed - end).days
        lines.append(
            Line(f"扣除中止的{skipped}日，至{pushed}", f"{skipped} suspended days are left out: {pushed}")
        )
    return pushed


def _after_days(start: date, length: Length, calendar: Calendar, still: Still, lines: list[Line]) -> date:
    day, left, stood_still = start, length.days, 0
    off: list[date] = []
    while left:
        day += timedelta(days=1)
        if still(day):
            stood_still += 1
        elif length.working and calendar.is_day_off(day):
            off.append(day)
        else:
            left -= 1
    if off:
        lines.append(_skipped(off, calendar))
    if stood_still:
        lines.append(Line(f"扣除中止的{stood_still}日", f"{stood_still} suspended days are left out"))
    return day


def _rolled(day: date, calendar: Calendar, roll: Roll, still: Still, lines: list[Line]) -> date:
    moves = {"days_off": calendar.is_day_off, "named_holidays": calendar.is_named_holiday, "never": _runs}[
        roll
    ]
    if calendar.is_make_up(day):
        lines.append(Line(f"{day}为调休上班日，不顺延", f"{day} is a make-up working day and does not move"))
    if not moves(day):
        if roll == "never" and calendar.is_day_off(day):
            lines.append(Line(f"{day}虽为休息日，不顺延", f"{day} is a day off, but the end does not move"))
        return day
    last, off = day, []
    while moves(last) or still(last):
        off.append(last)
        last += timedelta(days=1)
    lines.append(_skipped(off, calendar))
    lines.append(Line(f"届满日为休息日，顺延至{last}", f"the last day is a day off and gives way to {last}"))
    return last


def _skipped(days: list[date], calendar: Calendar) -> Line:
    zh, en = [], []
    run: list[date] = []
    for day in [*days, None]:
        reason = calendar.why_off(day) if day else None
        if run and (day is None or reason != calendar.why_off(run[0]) or (day - run[-1]).days > 1):
            why = calendar.why_off(run[0])
            span = f"{run[0]}" if len(run) == 1 else f"{run[0]}至{run[-1]}"
            zh.append(f"{span}（{why.zh if why else '中止'}）")
            en.append(f"{span.replace('至', ' to ')} ({why.en if why else 'suspended'})")
            run = []
        if day:
            run.append(day)
    return Line("不计：" + "、".join(zh), "left out: " + ", ".join(en))


_PROVISIONAL = Line(
    "节假日安排尚未公布，暂按周末计算", "the holiday notice is not known yet: counted with weekends only"
)
