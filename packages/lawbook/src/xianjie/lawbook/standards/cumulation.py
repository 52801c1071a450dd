"""Several acts of one party: which of them add up, under the rule that a version declares.

Scopes, in the words of the instruments:

    untreated                    未经处理
    untreated_and_prosecutable   未经处理且依法应当追诉
    untreated_or_prosecutable    依法应当追诉的，或者一定期间内未经处理的
    untreated_and_punishable     依法应予处理而未经处理

An act that was already punished is always left out. A window runs back from the last act, both ends
included: to the same day of the month so many months earlier, or to the last day of that month where it has
no such day. A version that declares no rule for a fact does not forbid one act from reaching the limit alone:
there the sum is unknown between the largest single act and all of them together.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xianjie.lawbook.standards.catalogue import Cumulation, Fact, Scope
from xianjie.lawbook.standards.history import months_after, next_day
from xianjie.lawbook.standards.values import UNKNOWN, FactValue, Interval, Number, Result, exact_sum

# Shares do not add up: of several the highest counts (specification of the standards, section 3 no. 8).
SHARES = frozenset({"percent", "multiple", "mg_per_100ml"})


@dataclass(frozen=True, slots=True)
class Act:
    """One of several acts.

    Attributes:
        day: civil day of the act; None when not known.
        amounts: facts of this act alone, in the units of the facts (money in yuan).
        treated: it was already punished, administratively or criminally.
        prosecutable: false when the limitation has run.
        prosecutable_crime: by itself a crime that can still be prosecuted, so no window excludes it.
        punishable: still open to administrative or criminal handling; None: as `prosecutable` says.
    """

    day: date | None
    amounts: Mapping[str, FactValue] = field(default_factory=dict)
    treated: bool = False
    prosecutable: bool = True
    prosecutable_crime: bool = False
    punishable: bool | None = None


@dataclass(frozen=True, slots=True)
class Weighed:
    """An act with the answer whether it was counted, and why not (Chinese and English)."""

    act: Act
    counted: Result
    reason_zh: str
    reason_en: str


def weigh(act: Act, rule: Cumulation | None, *, last_day: date) -> Weighed:
    """Decide whether an act is counted when the last act was done on `last_day`."""
    if act.treated:
        return Weighed(act, Result.not_met, "已经处理", "already punished")
    if rule is None:
        return Weighed(act, Result.met, "未经处理", "untreated")
    if rule.scope is Scope.untreated_and_prosecutable and not act.prosecutable:
        return Weighed(act, Result.not_met, "已过追诉时效", "limitation has run")
    if rule.scope is Scope.untreated_and_punishable:
        punishable = act.prosecutable if act.punishable is None else act.punishable
        if not punishable:
            return Weighed(act, Result.not_met, "已不能再予处理", "no longer open to any handling")
    if rule.scope is Scope.untreated_or_prosecutable and act.prosecutable_crime and act.prosecutable:
        return Weighed(
            act, Result.met, "单独构成犯罪且依法应当追诉", "a crime by itself that can still be prosecuted"
        )
    if not rule.window_months:
        return Weighed(act, Result.met, "未经处理", "untreated")
    months = rule.window_months
    if act.day is None:
        return Weighed(act, Result.insufficient, "行为日期不明", "the day of the act is not known")
    if act.day < months_after(last_day, -months):
        return Weighed(
            act,
            Result.not_met,
            f"在最后一次行为前{months}个月以外",
            f"more than {months} months before the last act",
        )
    return Weighed(act, Result.met, f"{months}个月内未经处理", f"untreated within {months} months")


@dataclass(frozen=True, slots=True)
class Amassed:
    """Several acts under one version.

    Attributes:
        values: what stands for each fact that the acts name.
        sums: those of them that the version adds up, as the explanation shows them.
        acts: every act with the answer whether it was counted.
    """

    values: Mapping[str, FactValue]
    sums: Mapping[str, FactValue]
    acts: tuple[Weighed, ...]


def amass(
    acts: Sequence[Act],
    rule: Cumulation | None,
    *,
    last_day: date,
    facts: Mapping[str, Fact],
    complete: frozenset[str] | None,
) -> Amassed:
    """Add up what may be added.

    Args:
        last_day: the day of the last act.
        facts: the facts of the version that is tested, by name; others are ignored.
        complete: facts of which an act that does not name them had none; None: that holds for all.

    Raises:
        FactError: an amount does not fit its fact.
    """
    weighed = tuple(weigh(act, rule, last_day=last_day) for act in acts)
    named = {name for act in acts for name in act.amounts if name in facts}
    values: dict[str, FactValue] = {}
    sums: dict[str, FactValue] = {}
    for name in sorted(named):
        fact = facts[name]
        if not fact.numeric:
            continue
        known = complete is None or name in complete
        if rule is not None and name in rule.facts:
            values[name] = sums[name] = _total(weighed, fact, known=known)
        else:
            alone = tuple(_alone(act, rule) for act in weighed)
            values[name] = _not_added(alone, fact, known=known)
    return Amassed(values, sums, weighed)


def _alone(weighed: Weighed, rule: Cumulation | None) -> Weighed:
    """An act that a window leaves out of the sum may still reach a limit by itself."""
    return weigh(weighed.act, None, last_day=date.max) if rule is not None else weighed


def _bounds(weighed: Weighed, fact: Fact, *, known: bool) -> tuple[Number, bool, Number | None, bool]:
    """Return what the act adds at least and at most (None without end), each with whether it is excluded."""
    if weighed.counted is Result.not_met:
        return 0, False, 0, False
    value = fact.accepted(weighed.act.amounts.get(fact.name, 0 if known else UNKNOWN))
    if isinstance(value, int | Decimal):
        value = Interval(value, value)
    elif not isinstance(value, Interval):
        return 0, False, None, False
    low, high = _number(value.min), _number(value.max)
    low_open, high_open = value.min_open and low is not None, value.max_open and bool(high)
    if low is None or weighed.counted is not Result.met:
        low, low_open = 0, False
    return low, low_open, high, high_open


def _number(bound: object) -> Number | None:
    return bound if isinstance(bound, int | Decimal) else None


def _total(acts: Sequence[Weighed], fact: Fact, *, known: bool) -> FactValue:
    least: Number = 0
    most: Number | None = 0
    least_open = most_open = False
    for act in acts:
        low, low_open, high, high_open = _bounds(act, fact, known=known)
        least, least_open = exact_sum(least, low), least_open or low_open
        most = None if most is None or high is None else exact_sum(most, high)
        most_open = most is not None and (most_open or high_open)
    return least if least == most else Interval(least, most, least_open, most_open)


def _not_added(acts: Sequence[Weighed], fact: Fact, *, known: bool) -> FactValue:
    bounds = [_bounds(act, fact, known=known) for act in acts]
    least, least_open = max((low, low_open) for low, low_open, _, _ in bounds)
    most: Number | None = None
    most_open = False
    if fact.unit not in SHARES:
        total = _total(acts, fact, known=known)
        if not isinstance(total, Interval):
            total = Interval(total, total)  # type: ignore[arg-type]
        most, most_open = _number(total.max), total.max_open
    elif all(high is not None for _, _, high, _ in bounds):
        most, closed = max((high, not high_open) for _, _, high, high_open in bounds if high is not None)
        most_open = not closed
    return least if least == most else Interval(least, most, least_open, most_open)


def turning_days(acts: Sequence[Act], rule: Cumulation | None) -> set[date]:
    """Return the days of the last act on which the set of counted acts can change."""
    if rule is None or not rule.window_months:
        return set()
    return {_first_outside(act.day, rule.window_months) for act in acts if act.day is not None}


def _first_outside(day: date, months: int) -> date:
    """Return the first day of a last act whose window no longer reaches back to the day."""
    last = months_after(day, months)
    if next_day(day).day == 1:  # the window of every later day of that month ends on this last day of a month
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return next_day(last)
