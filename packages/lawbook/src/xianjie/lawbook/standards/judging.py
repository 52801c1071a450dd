"""Judgement of facts against the filing standard that governs them: the answer with what it rests on.

Which version governs is said in `versions`; the bare answer is in `deciding`. Nothing here reads a clock or
a file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar

from xianjie.lawbook.standards.catalogue import Offence, Standards
from xianjie.lawbook.standards.cumulation import Act, Weighed
from xianjie.lawbook.standards.evaluating import Evaluation, JudgementInput, is_gap, open_to_human
from xianjie.lawbook.standards.history import Penalty
from xianjie.lawbook.standards.nodes import Node
from xianjie.lawbook.standards.relations import Relation
from xianjie.lawbook.standards.suspicion import Suspicion, SuspicionBar, suspected, suspected_on_all_days
from xianjie.lawbook.standards.values import UNKNOWN, FactValue, Interval, Result, yuan_of_fen
from xianjie.lawbook.standards.versions import Basis, Reason, first_possible_day, ruled, stretches

__all__ = [
    "ACT_DATE",
    "UNKNOWN",
    "Act",
    "Basis",
    "DayReading",
    "Interval",
    "Judgement",
    "JudgementInput",
    "Penalty",
    "Reason",
    "Result",
    "UnknownOffenceError",
    "judge",
    "judge_over_days",
    "yuan_of_fen",
]

ACT_DATE = "act_date"  # the name under which the day of the act is missing


class UnknownOffenceError(ValueError):
    """The catalogue has no offence of this id."""


@dataclass(frozen=True, slots=True)
class DayReading:
    """A stretch of possible days of the act, both ends included, with the judgement for it."""

    first_day: date
    last_day: date
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What can be said about one offence on the facts given.

    Attributes:
        version: the version that governs; None when none does or the day of the act does not say which.
        result: met, not_met or insufficient; discretionary nodes are unknown until a finding exists.
        enumerated: the same with discretionary nodes taken as not met, whatever findings exist.
        deciding: ids of the nodes of the criteria that carry a result of met, parents first.
        outcome: `attempt` where it is met only for an uncompleted offence.
        aggregated: sums over acts, by fact.
        missing_facts: facts whose value could still change the result (unknown, or too imprecise).
        pending_human: discretionary and unread nodes that could still change it.
        basis: why this version; None when none governs.
        also: the judgement of the other version where the comparison of the two is open, or of the later
            version where an act lies before the first catalogued one.
        trace: every node with its result; None where no version was applied.
        readings: the judgements for the possible days, where the day of the act was not certain.
        relations: how the offence stands to others and to other texts on the day of the act.
        suspicion: a transfer on reasonable suspicion can be considered, see `suspicion`; None elsewhere.
        entry: the offence as the catalogue has it.
    """

    offence: str
    version: str | None
    result: Result
    enumerated: Result
    act_day: date | None
    decision_day: date
    deciding: tuple[str, ...] = ()
    outcome: str | None = None
    aggregated: Mapping[str, FactValue] = field(default_factory=dict)
    missing_facts: tuple[str, ...] = ()
    pending_human: tuple[str, ...] = ()
    reason: Reason | None = None
    basis: Basis | None = None
    also: Judgement | None = None
    trace: Evaluation | None = None
    acts_counted: tuple[Weighed, ...] = ()
    acts_left_out: tuple[Weighed, ...] = ()
    readings: tuple[DayReading, ...] = ()
    relations: tuple[Relation, ...] = ()
    suspicion: Suspicion | None = None
    entry: Offence = field(repr=False, compare=False)


def judge(standards: Standards, given: JudgementInput) -> Judgement:
    """Judge the facts for the day of the act; without such a day, for every possible one.

    Raises:
        UnknownOffenceError: the catalogue has no such offence.
        FactError: a value does not fit its fact.
    """
    if given.act_day is None:
        return judge_over_days(standards, given, first_day=None, last_day=given.decision_day)
    return _on_day(standards, offence_of(standards, given), given, given.act_day)


def judge_over_days(
    standards: Standards, given: JudgementInput, first_day: date | None, last_day: date
) -> Judgement:
    """Judge for every possible day of the act (catalogue of events, section 4 "Day of the act").

    Where all results agree, that is the result, with `version` None if the versions differ; otherwise it
    is insufficient and the day of the act is a missing fact. Only the days on which something can change
    are judged, which gives the same as judging every single day.

    Args:
        first_day: the recorded beginning; None: the first day of the first catalogued version.
        last_day: the recorded end, else the day asked about.

    Raises:
        ValueError: the first day lies after the last.
        UnknownOffenceError, FactError: as `judge`.
    """
    offence = offence_of(standards, given)
    first = first_possible_day(offence, last_day) if first_day is None else first_day
    readings = tuple(
        DayReading(start, end, _on_day(standards, offence, given, start))
        for start, end in stretches(offence, given, first, last_day)
    )
    if len(readings) > 1:
        return _merged(offence, given, readings)
    only = readings[0].judgement
    return only if first == last_day else replace(only, act_day=None, readings=readings)


def offence_of(standards: Standards, given: JudgementInput) -> Offence:
    """Return the offence that is asked about; raises UnknownOffenceError."""
    offence = standards.offences.get(given.offence)
    if offence is None:
        raise UnknownOffenceError(f"no such offence in the catalogue: {given.offence}")
    return offence


def _on_day(standards: Standards, offence: Offence, given: JudgementInput, act_day: date) -> Judgement:
    ruling = ruled(offence, given, act_day)
    also = None
    if ruling.beside is not None:
        also = _judgement(offence, given, ruling.beside, basis=ruling.beside_basis)
    relations = tuple(
        relation for relation in standards.relations.get(offence.id, ()) if relation.reaches(act_day, act_day)
    )
    if ruling.governs is not None:
        return _judgement(
            offence,
            given,
            ruling.governs,
            basis=ruling.basis,
            reason=ruling.reason,
            also=also,
            relations=relations,
            bar=standards.suspicion_bars.get(offence.id),
        )
    return Judgement(
        entry=offence,
        offence=offence.id,
        version=None,
        result=Result.insufficient,
        enumerated=Result.insufficient,
        act_day=act_day,
        decision_day=given.decision_day,
        reason=ruling.reason,
        also=also,
        relations=relations,
    )


def _judgement(
    offence: Offence,
    given: JudgementInput,
    evaluation: Evaluation,
    *,
    basis: Basis | None,
    reason: Reason | None = None,
    also: Judgement | None = None,
    relations: tuple[Relation, ...] = (),
    bar: SuspicionBar | None = None,
) -> Judgement:
    leaves = evaluation.open_leaves()
    missing = _unique(name for leaf in leaves for name in evaluation.missing(leaf)) if leaves else ()
    acts = () if evaluation.amassed is None else evaluation.amassed.acts
    return Judgement(
        entry=offence,
        offence=given.offence,
        version=evaluation.version.id,
        result=evaluation.result,
        enumerated=evaluation.enumerated,
        act_day=evaluation.day,
        decision_day=given.decision_day,
        deciding=evaluation.deciding(),
        outcome=evaluation.outcome,
        aggregated={} if evaluation.amassed is None else evaluation.amassed.sums,
        missing_facts=missing,
        pending_human=tuple([leaf.id for leaf in leaves if open_to_human(leaf)]),
        reason=reason or _reason(evaluation, leaves),
        basis=basis,
        also=also,
        trace=evaluation,
        acts_counted=tuple([act for act in acts if act.counted is not Result.not_met]),
        acts_left_out=tuple([act for act in acts if act.counted is Result.not_met]),
        relations=relations,
        suspicion=None
        if bar is None
        else suspected(bar, evaluation, missing, decision_day=given.decision_day),
    )


def _reason(evaluation: Evaluation, leaves: Sequence[Node]) -> Reason | None:
    if evaluation.version.text_missing:
        return Reason.standard_text_missing
    if not leaves:
        return None
    if any(is_gap(leaf) for leaf in leaves):
        return Reason.unread_limb
    if any(evaluation.lacks_provincial_amount(leaf) for leaf in leaves):
        return Reason.provincial_amount_unknown
    return None


def _merged(offence: Offence, given: JudgementInput, readings: tuple[DayReading, ...]) -> Judgement:
    parts = [reading.judgement for reading in readings]
    result = agreed([part.result for part in parts], Result.insufficient)
    differ = any(part.result is not result for part in parts)
    missing = [name for part in parts for name in part.missing_facts]
    return Judgement(
        entry=offence,
        offence=offence.id,
        version=agreed([part.version for part in parts], None),
        result=result,
        enumerated=agreed([part.enumerated for part in parts], Result.insufficient),
        act_day=None,
        decision_day=given.decision_day,
        deciding=() if differ else _always_deciding(parts),
        outcome=None if differ else agreed([part.outcome for part in parts], None),
        aggregated=parts[-1].aggregated,
        missing_facts=_unique([*missing, ACT_DATE] if differ else missing),
        pending_human=_unique(name for part in parts for name in part.pending_human),
        reason=agreed([part.reason for part in parts], None),
        basis=agreed([part.basis for part in parts], None),
        trace=parts[-1].trace,
        acts_counted=parts[-1].acts_counted,
        acts_left_out=parts[-1].acts_left_out,
        readings=readings,
        relations=tuple({relation.id: relation for part in parts for relation in part.relations}.values()),
        suspicion=suspected_on_all_days([(part.result, part.suspicion) for part in parts]),
    )


def _always_deciding(parts: Sequence[Judgement]) -> tuple[str, ...]:
    """Return the limbs that decide on every possible day on which their version governs."""
    return _unique(
        name
        for part in parts
        for name in part.deciding
        if all(name in other.deciding for other in parts if other.version == part.version)
    )


C = TypeVar("C")


def agreed(values: Sequence[C], otherwise: C) -> C:
    """Return what all values are, or something else where they differ."""
    return values[0] if all(value == values[0] for value in values) else otherwise


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
