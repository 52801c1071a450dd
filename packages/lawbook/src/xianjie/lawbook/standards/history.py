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

from xianjie.lawbook.standards.catalogue import Fact, FactType, HistoryWindow
from xianjie.lawbook.standards.values import UNKNOWN, FactValue, Interval, Result

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
    """Return the same day `months` later or earlier; the last day of that month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def last_day_counted(effective_day: date, window: HistoryWindow) -> date:
    """Return the last day of an act for which the penalty still counts."""
    if window.window_years is None:
        return date.max
    return months_after(effective_day, 12 * window.window_years)


@dataclass(frozen=True, slots=True)
class CountedPenalty:
    """A penalty with the answer whether it counts for an act, and why (Chinese and English)."""

    penalty: Penalty
    counted: Result
    reason_zh: str
    reason_en: str


def weigh(penalty: Penalty, window: HistoryWindow, *, act_day: date) -> CountedPenalty:
    """Decide whether a penalty counts for an act of the day."""
    if penalty.kind != window.counts:
        return CountedPenalty(penalty, Result.not_met, "处罚种类不同", "a penalty of another kind")
    if penalty.matter != SAME:
        return CountedPenalty(penalty, Result.not_met, "不是同类行为", "for other conduct")
    if penalty.effective_day is None:
        return CountedPenalty(penalty, Result.insufficient, "生效日期不明", "its effective day is not known")
    if penalty.effective_day > act_day:
        return CountedPenalty(penalty, Result.not_met, "行为之后才生效", "took effect after the act")
    if act_day > last_day_counted(penalty.effective_day, window):
        years = window.window_years
        return CountedPenalty(
            penalty, Result.not_met, f"生效至行为已满{years}年以外", f"more than {years} years before the act"
        )
    return CountedPenalty(penalty, Result.met, "在期间以内", "within the period")


def derived(fact: Fact, history: Sequence[Penalty], *, act_day: date, complete: bool) -> FactValue:
    """Return what the history says about a counting fact for an act of the day.

    Args:
        complete: nothing exists beyond what the history lists.
    """
    window = fact.history
    assert window is not None
    certain = possible = 0
    for penalty in history:
        counted = weigh(penalty, window, act_day=act_day).counted
        certain += counted is Result.met
        possible += counted is Result.insufficient
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
