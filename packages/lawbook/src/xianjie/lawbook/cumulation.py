"""Several acts of one party: which of them add up, under the rule that a version declares.

Scopes, in the words of the instruments:

    untreated                    未经处理
    untreated_and_prosecutable   未经处理且依法应当追诉
    untreated_or_prosecutable    依法应当追诉的，或者一定期间内未经处理的
    untreated_and_punishable     依法应予处理而未经处理

An act that was already punished is always left out. A window runs back from the last act, both ends
included. A version that declares no rule for a fact does not forbid one act from reaching the limit alone:
there the sum is unknown between the largest single act and all of them together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from xianjie.lawbook.catalogue import Cumulation, Fact, Scope
from xianjie.lawbook.history import months_after, next_day
from xianjie.lawbook.values import UNKNOWN, FactValue, Interval, Number, Result, exact_sum

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
    if months_after(act.day, months) < last_day:
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


def _ends(weighed: Weighed, fact: Fact, *, known: bool) -> tuple[Number, Number | None]:
    """Return what the act adds at least, and at most (None without end)."""
    if weighed.counted is Result.not_met:
        return 0, 0
    value = fact.accepted(weighed.act.amounts.get(fact.name, 0 if known else UNKNOWN))
    low: Number = 0
    high: Number | None = None
    if isinstance(value, Interval):
        low = _number(value.min) or 0
        high = _number(value.max)
    elif isinstance(value, int | Decimal):
        low = high = value
    return (low if weighed.counted is Result.met else 0), high


def _number(bound: object) -> Number | None:
    return bound if isinstance(bound, int | Decimal) else None


def _total(acts: Sequence[Weighed], fact: Fact, *, known: bool) -> FactValue:
    least: Number = 0
    most: Number | None = 0
    for act in acts:
        low, high = _ends(act, fact, known=known)
        least = exact_sum(least, low)
        most = None if most is None or high is None else exact_sum(most, high)
    return least if least == most else Interval(least, most)


def _not_added(acts: Sequence[Weighed], fact: Fact, *, known: bool) -> FactValue:
    total = _total(acts, fact, known=known)
    ends = [_ends(act, fact, known=known) for act in acts]
    least = max((low for low, _ in ends), default=0)
    highs = [high for _, high in ends]
    most = None if None in highs else max((high for high in highs if high is not None), default=0)
    if fact.unit not in SHARES:
        most = total.max if isinstance(total, Interval) else total  # type: ignore[assignment]
    return least if least == most else Interval(least, most)


def turning_days(acts: Sequence[Act], rule: Cumulation | None) -> set[date]:
    """Return the days of the last act on which the set of counted acts can change."""
    if rule is None or not rule.window_months:
        return set()
    return {next_day(months_after(act.day, rule.window_months)) for act in acts if act.day is not None}
