"""Earlier penalties: the counts and truths that follow from them for an act of a given day.

A window of N years runs from the effective date of the penalty to the act, both ends included. What is on
record is a lower bound: an agency elsewhere may know of more, so a count is exact only where somebody said
that they searched, or where the case states that nothing else exists.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from xianjie.lawbook.catalogue import Fact, FactType, HistoryWindow
from xianjie.lawbook.values import UNKNOWN, FactValue, Interval

SAME = "same"


@dataclass(frozen=True, slots=True)
class Penalty:
    """One earlier penalty of the party.

    Attributes:
        kind: admin_penalty or criminal_penalty.
        effective_day: civil day on which it took effect; None when the day is not known.
        matter: `same` for the same kind of conduct; anything else is not counted.
    """

    kind: str
    effective_day: date | None
    matter: str = SAME


def months_after(day: date, months: int) -> date:
    """Return the same day `months` later, the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_counted(effective_day: date, window: HistoryWindow) -> date:
    """Return the last day of an act for which the penalty still counts."""
    if window.window_years is None:
        return date.max
    return months_after(effective_day, 12 * window.window_years)


def derived(fact: Fact, history: Sequence[Penalty], *, act_day: date, complete: bool) -> FactValue:
    """Return what the history says about a counting fact for an act of the day.

    Args:
        complete: nothing exists beyond what the history lists.
    """
    window = fact.history
    assert window is not None
    certain = possible = 0
    for penalty in history:
        if penalty.kind != window.counts or penalty.matter != SAME:
            continue
        if penalty.effective_day is None:
            possible += 1
        elif penalty.effective_day <= act_day <= last_day_counted(penalty.effective_day, window):
            certain += 1
    if fact.type is FactType.boolean:
        if certain:
            return True
        return UNKNOWN if possible or not complete else False
    if complete and not possible:
        return certain
    return Interval(certain, certain + possible if complete else None) if certain or complete else UNKNOWN


def reconciled(recorded: FactValue, shown: FactValue) -> FactValue:
    """Return what holds when somebody recorded a count and the history shows one.

    The recorded value stands, but never below what the history proves.
    """
    if recorded is UNKNOWN or shown is True:
        return shown
    least = shown.min if isinstance(shown, Interval) else shown
    if type(least) is not int or type(recorded) is bool:
        return recorded
    if isinstance(recorded, Interval):
        low, high = recorded.min, recorded.max
        if high is not None and least > high:  # type: ignore[operator]
            return least
        return recorded if low is not None and low >= least else Interval(least, high)  # type: ignore[operator]
    return max(recorded, least) if type(recorded) is int else recorded


def turning_days(facts: Iterable[Fact], history: Sequence[Penalty]) -> set[date]:
    """Return the days of the act on which a derived fact can change."""
    days: set[date] = set()
    for fact in facts:
        if fact.history is None:
            continue
        for penalty in history:
            if penalty.effective_day is not None:
                days.add(penalty.effective_day)
                days.add(next_day(last_day_counted(penalty.effective_day, fact.history)))
    return days


def next_day(day: date) -> date:
    """Return the day after; the last day of the calendar for itself."""
    return day if day == date.max else date.fromordinal(day.toordinal() + 1)
