"""A second counter of terms, slow and simple, written from the rules alone and not from the product.

Days off come from an independent library. Source: procedure 0.3 and section 2.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta

import chinese_calendar

DAY = timedelta(days=1)
WORKING_REGIMES = {"WD", "PPLWD"}


def is_off(day: date) -> bool:
    """Whether nobody works on the day."""
    return not chinese_calendar.is_workday(day)


def kind_of_day(day: date) -> str:
    """One of ordinary, weekend, holiday, make_up."""
    if not is_off(day):
        return "make_up" if day.weekday() >= 5 else "ordinary"
    _, name = chinese_calendar.get_holiday_detail(day)
    return "holiday" if name else "weekend"


def natural_end(start: date, value: int, unit: str) -> date:
    """Where the term ends before the last day moves."""
    if unit == "month":
        return _same_day(start, value)
    if unit == "half_month":
        months, rest = divmod(value, 2)
        return (_same_day(start, months) if months else start) + 15 * rest * DAY
    return start + value * DAY


def last_days(start: date, value: int, unit: str, *, regime: str, custody: str) -> list[date]:
    """The last day of the term; for the dual rows the one in calendar days, then the one in working days."""
    if regime == "R310":
        return [_rolled(natural_end(start, value, unit)), _in_working_days(start, value)]
    if unit == "working_day" or regime in WORKING_REGIMES:
        return [_in_working_days(start, value)]
    end = natural_end(start, value, unit)
    return [end if custody == "always" else _rolled(end)]


def last_instant(start: datetime, hours: int) -> datetime:
    """The last instant of a term in hours: the clock hour of the start is not counted."""
    begin = start.replace(minute=0, second=0, microsecond=0)
    return begin + timedelta(hours=hours + 1)


def _rolled(day: date) -> date:
    while is_off(day):
        day += DAY
    return day


def _in_working_days(start: date, count: int) -> date:
    day = start
    while count > 0:
        day += DAY
        if not is_off(day):
            count -= 1
    return day


def _same_day(start: date, months: int) -> date:
    year, month = start.year, start.month + months
    while month > 12:
        year, month = year + 1, month - 12
    length = monthrange(year, month)[1]
    was_last = (start + DAY).month != start.month
    return date(year, month, length if was_last or start.day > length else start.day)
