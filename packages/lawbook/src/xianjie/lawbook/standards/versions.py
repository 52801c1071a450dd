"""Which version of a filing standard governs an act.

Source: 高检发释字〔2001〕5号. The version in force when the act was done; where none was, between two
versions, the later one; a later version in force at the decision where it is more favourable to the
suspect, compared on the result: not met before insufficient before met, first in full, then on the
enumerated limbs. An act before the first catalogued version is no such gap: an older text may have
governed, or the conduct may not have been a crime yet (Criminal Law art. 3 and 12).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from xianjie.lawbook.standards import cumulation, history
from xianjie.lawbook.standards.catalogue import Offence, Version
from xianjie.lawbook.standards.evaluating import Evaluation, JudgementInput, evaluate
from xianjie.lawbook.standards.values import WEIGHT, Result


class Basis(StrEnum):
    """Why a version was applied, or why none governs."""

    act_day = "act_day"  # in force on the day of the act
    gap = "gap"  # none was in force then; the next one
    before_first = "before_first"  # the act lies before the first catalogued version
    more_favourable = "more_favourable"  # in force at the decision, and more favourable
    later = "later"  # in force at the decision, shown beside the other
    ended = "ended"  # the last one had ended before the act


class Reason(StrEnum):
    """Why a result is what it is, beyond the facts."""

    standard_text_missing = "standard_text_missing"
    no_version_in_force = "no_version_in_force"
    before_first_version = "before_first_version"
    repealed_without_successor = "repealed_without_successor"
    unread_limb = "unread_limb"
    provincial_amount_unknown = "provincial_amount_unknown"


@dataclass(slots=True)
class Ruling:
    """What governs an act of one day.

    Attributes:
        governs: the version that governs, applied to the facts; None where none does.
        basis: why that one; None where none governs.
        reason: why none governs, or why a person must look at it; None otherwise.
        beside: the other version where the comparison of the two is open, or the later version where the
            act lies before the first catalogued one; None otherwise.
        beside_basis: what the other version is.
    """

    governs: Evaluation | None
    basis: Basis | None
    reason: Reason | None = None
    beside: Evaluation | None = None
    beside_basis: Basis | None = None


def ruled(offence: Offence, given: JudgementInput, act_day: date) -> Ruling:
    """Apply the version that governs an act of the day, and the other one where it matters.

    Raises:
        FactError: a value does not fit its fact.
    """
    last = offence.versions[-1]
    if last.governs(act_day) and (last.effective_to is None or given.decision_day <= last.effective_to):
        return Ruling(evaluate(last, given, act_day), Basis.act_day)
    later = offence.version_on(max(given.decision_day, act_day))
    basis, version = governing(offence, act_day)
    if basis is Basis.before_first and later is not None:
        evaluation = evaluate(later, given, act_day)
        if evaluation.result is Result.not_met:
            return Ruling(evaluation, Basis.before_first)
        return Ruling(None, None, Reason.before_first_version, evaluation, Basis.later)
    if version is None or (later is None and basis is not Basis.act_day):
        return Ruling(None, None, Reason.no_version_in_force)
    evaluation = evaluate(version, given, act_day)
    if later is None:
        return Ruling(evaluation, basis, Reason.repealed_without_successor)
    if later is version:
        return Ruling(evaluation, basis)
    other = evaluate(later, given, act_day)
    is_open = Result.insufficient in (evaluation.result, other.result)
    prevails = more_favourable(other, evaluation)
    ruling = Ruling(other, Basis.more_favourable) if prevails else Ruling(evaluation, basis)
    if is_open:
        ruling.beside = evaluation if prevails else other
        ruling.beside_basis = basis if prevails else Basis.later
    return ruling


def governing(offence: Offence, act_day: date) -> tuple[Basis, Version | None]:
    """Return the version that the day of the act points to, before any comparison with later law."""
    version = offence.version_on(act_day)
    if version is not None:
        return Basis.act_day, version
    if act_day < offence.versions[0].effective_from:
        return Basis.before_first, None
    for later in offence.versions:
        if later.effective_from > act_day:
            return Basis.gap, later
    return Basis.ended, None


def more_favourable(later: Evaluation, earlier: Evaluation) -> bool:
    """Whether the later version gives the suspect more; one without text never does."""
    return not later.version.text_missing and WEIGHT[later.root] < WEIGHT[earlier.root]


def stretches(offence: Offence, given: JudgementInput, first: date, last: date) -> list[tuple[date, date]]:
    """Return the possible days of the act as stretches in which no judgement can change, both ends included.

    Raises:
        ValueError: the first day lies after the last.
    """
    if first > last:
        raise ValueError(f"the first possible day {first} lies after the last {last}")
    starts = sorted({first} | {day for day in _turning_days(offence, given) if first < day <= last})
    ends = [*(day - timedelta(days=1) for day in starts[1:]), last]
    return list(zip(starts, ends, strict=True))


def first_possible_day(offence: Offence, last: date) -> date:
    """Return the first day that comes into question where none is recorded: that of the first version."""
    return min(offence.versions[0].effective_from, last)


def _turning_days(offence: Offence, given: JudgementInput) -> set[date]:
    """Return every day of the act from which on a judgement can differ from that of the day before."""
    days = {history.next_day(given.decision_day)}
    for version in offence.versions:
        days.add(version.effective_from)
        if version.effective_to is not None:
            days.add(history.next_day(version.effective_to))
        for parameter in version.parameters:
            for overlay in parameter.overlays:
                if overlay.effective_from is not None:
                    days.add(overlay.effective_from)
                if overlay.effective_to is not None:
                    days.add(history.next_day(overlay.effective_to))
        days |= history.turning_days(version.facts, given.history)
        days |= cumulation.turning_days(given.acts, version.cumulation)
    return days
