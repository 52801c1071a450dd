"""How a period is counted from its start to its last day or instant, by the counting rule that its source
uses.

Every result carries its derivation: what is not counted, which days are skipped and why, and where the end
moved. Suspended days ("still" days) are days on which the period does not run; they are passed in as a
predicate.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from xianjie.lawbook.procedure.calendars import Calendar
from xianjie.lawbook.procedure.regimes import Roll
from xianjie.lawbook.procedure.times import CHINA, midnight

Unit = Literal["hour", "day", "working_day", "month", "half_month"]
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
        safe: a day that is not after the end whatever such a notice says; `last` where nothing is open.
    """

    last: date
    unrolled: date
    lines: tuple[Line, ...]
    provisional: bool
    safe: date


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
    decisive: list[date] = []  # days of which it matters whether they are days off
    counts_from = day
    if length.days or not length.months:
        day = _after_days(day, length, calendar, stands_still, lines=lines, decisive=decisive)
    unrolled = day
    if not length.working:
        day = _rolled(day, calendar, roll, stands_still, lines=lines, decisive=decisive)
    lines += [_notices(each, calendar) for each in sorted({each.year for each in decisive})]
    provisional = any(calendar.is_provisional(each) for each in decisive)
    lines.append(Line(f"届满日{day}（当日24时前）", f"last day {day} (until 24:00)"))
    safe = day
    if provisional:
        first = counts_from if length.working else unrolled
        safe = min(day, _safe(first, length, calendar, stands_still))
        lines.append(_provisional(safe))
    return Counted(day, unrolled, tuple(lines), provisional, safe)


def end_of_hours(
    start: datetime, hours: int, *, road: Sequence[tuple[datetime, datetime]] = ()
) -> tuple[datetime, tuple[Line, ...]]:
    """Return the last instant of a period of hours; an act at that instant is in time.

    The hour in which the start falls is not counted, also when it falls exactly on the hour; holidays never
    move it. Time on the road is left out (`road`: ranges that do not overlap, in order).

    Source: CPL 105(2) and (3); procedure 2.2.
    """
    return _end_of_hours(start.astimezone(CHINA), hours, tuple(road))


# The same terms are counted again each time a case is looked at.
@lru_cache(maxsize=16384)
def _end_of_hours(
    local: datetime, hours: int, road: tuple[tuple[datetime, datetime], ...]
) -> tuple[datetime, tuple[Line, ...]]:
    counted_from = _full_hour_after(local)
    end = _end_of_hours_from(counted_from, hours, road)
    lines = [
        Line(
            f"{local:%Y-%m-%d %H:%M}所在的小时不计入，自{counted_from:%Y-%m-%d %H:%M}起计{hours}小时",
            f"the hour of {local:%Y-%m-%d %H:%M} is not counted; "
            f"{hours} hours run from {counted_from:%Y-%m-%d %H:%M}",
        )
    ]
    left_out = end - counted_from - timedelta(hours=hours)
    if left_out:
        minutes = left_out // timedelta(minutes=1)
        lines.append(Line(f"扣除路途上的时间{minutes}分钟", f"{minutes} minutes on the road are left out"))
    else:
        strict = local + timedelta(hours=hours)
        lines.append(
            Line(
                f"如自起算时刻直接计算，为{strict:%Y-%m-%d %H:%M}，仅作提示",
                f"counted from the very moment it would be {strict:%Y-%m-%d %H:%M}: a warning only",
            )
        )
    lines.append(
        Line(
            f"届满时刻{end:%Y-%m-%d %H:%M}，小时期限不因节假日顺延",
            f"last instant {end:%Y-%m-%d %H:%M}; hours never move for holidays",
        )
    )
    return end, tuple(lines)


def ends_of_hours_on(day: date, hours: int) -> tuple[datetime, datetime]:
    """Return the earliest and latest last instant of a period of hours that starts at an unknown hour of
    the day.
    """
    first = midnight(day) + timedelta(hours=hours + 1)
    return first, first + timedelta(hours=23)


def _full_hour_after(local: datetime) -> datetime:
    return local.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


def _end_of_hours_from(
    counted_from: datetime, hours: int, road: Sequence[tuple[datetime, datetime]]
) -> datetime:
    end = counted_from + timedelta(hours=hours)
    for begin, back in road:
        if begin < end and back > counted_from:
            end += back - max(begin, counted_from)
    return end


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
            Line(f"应扣除的{skipped}日不计入，至{pushed}", f"{skipped} suspended days are left out: {pushed}")
        )
    return pushed


def _after_days(
    start: date, length: Length, calendar: Calendar, still: Still, *, lines: list[Line], decisive: list[date]
) -> date:
    day, left, stood_still = start, length.days, 0
    off: list[date] = []
    while left:
        day += timedelta(days=1)
        if still(day):
            stood_still += 1
            continue
        if length.working:
            decisive.append(day)
        if length.working and calendar.is_day_off(day):
            off.append(day)
        else:
            left -= 1
    if off:
        lines.append(_skipped(off, calendar))
    make_up = [each for each in decisive if calendar.is_make_up(each)]
    if make_up:
        days = [str(each) for each in make_up]
        lines.append(
            Line(f"{'、'.join(days)}为调休上班日，计入", f"{', '.join(days)}: make-up working day, counted")
        )
    if stood_still:
        lines.append(Line(f"应扣除的{stood_still}日不计入", f"{stood_still} suspended days are left out"))
    return day


def _rolled(
    day: date, calendar: Calendar, roll: Roll, still: Still, *, lines: list[Line], decisive: list[date]
) -> date:
    moves = {"days_off": calendar.is_day_off, "named_holidays": calendar.is_named_holiday, "never": _runs}[
        roll
    ]
    if calendar.is_make_up(day):
        lines.append(Line(f"{day}为调休上班日，不顺延", f"{day} is a make-up working day and does not move"))
    if roll != "never":
        decisive.append(day)
    if not moves(day):
        if calendar.is_day_off(day):
            lines.append(Line(f"{day}虽为休息日，不顺延", f"{day} is a day off, but the end does not move"))
        return day
    last, off = day, []
    while moves(last) or still(last):
        off.append(last)
        last += timedelta(days=1)
    decisive += [*off, last]
    lines.append(_skipped(off, calendar))
    lines.append(Line(f"届满日为休息日，顺延至{last}", f"the last day is a day off and gives way to {last}"))
    return last


def _safe(day: date, length: Length, calendar: Calendar, still: Still) -> date:
    """Return the earliest end under any notice that is still missing: every open day may be a working day."""

    def may_work(each: date) -> bool:
        return calendar.is_working_day(each) or calendar.is_provisional(each)

    if not length.working:
        while not may_work(day):
            day += timedelta(days=1)
        return day
    left = length.days
    while left:
        day += timedelta(days=1)
        left -= may_work(day) and not still(day)
    return day


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


def _notices(year: int, calendar: Calendar) -> Line:
    """Say which arrangement decided the days of a year."""
    if year not in calendar.years:
        return Line(
            f"日历：{year}年节假日安排尚未载入",
            f"calendar: no holiday arrangement of {year} is loaded",
        )
    numbers = "、".join(calendar.notices.get(year, ()))
    return Line(
        f"日历：{year}年节假日安排（{numbers}）", f"calendar: holiday arrangement of {year}, {numbers}"
    )


def _provisional(safe: date) -> Line:
    return Line(
        f"所涉年份的节假日安排尚未载入，暂按周末计算；无论如何安排，{safe}或之前办理均为按期",
        f"a holiday notice is not known yet: counted with weekends only; on or before {safe} is in time "
        "whatever it says",
    )
