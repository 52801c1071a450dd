"""以罚代刑: a fine that ends what should have been transferred. Source: procedure, section 6.3."""

from __future__ import annotations

from collections.abc import Iterator

from xianjie.lawbook.procedure.rules import Level

from ..history import CaseEvent
from ..judging import Result
from ..view import CaseView, Outcome
from .nontransfer import counts_as_met, latest_assessment, reached_the_police

_TRANSFER_ROWS = ("head_decision", "transfer_to_police")


def _penalties(view: CaseView) -> tuple[CaseEvent, ...]:
    return tuple(
        event for event in view.history.named("penalty.decided") if event.data["outcome"] == "penalty"
    )


def fp1_penalty_closes_met_case(view: CaseView) -> Iterator[Outcome]:
    """A met case closed on a penalty (breach), or penalised with a transfer term expired (suspicion).

    Source: R310 art. 11(1); PPL art. 8(2). The assessment that counts is the latest at the closing: one
    re-assessed below the standard before the penalty is no case of this rule.
    """
    penalties = _penalties(view)
    if not penalties or reached_the_police(view) or view.history.last("liability.excluded"):
        return
    closing = view.history.last("admin_case.closed")
    assessment = latest_assessment(view, before=closing)
    if assessment is None or not counts_as_met(view, assessment):
        return
    if closing is not None:
        yield view.found(
            "fp1_penalty_closes_met_case",
            key=penalties[-1].ref,
            evidence=(closing.ref, penalties[-1].ref, assessment.ref),
            detail=(
                f"研判为达标，{view.known_day(penalties[-1])}处罚，{view.known_day(closing)}结案，没有移送。",
                f"Assessed as met, penalised on {view.known_day(penalties[-1])}, "
                f"closed on {view.known_day(closing)}, not transferred.",
            ),
        )
        return
    expired = [
        clock for clock in view.clocks if clock.row.id.startswith(_TRANSFER_ROWS) and clock.state == "late"
    ]
    if expired:
        yield view.found(
            "fp1_penalty_closes_met_case",
            level=Level.suspicion,
            key=penalties[-1].ref,
            evidence=(penalties[-1].ref, assessment.ref, expired[0].started_by),
            detail=(
                f"研判为达标，{view.known_day(penalties[-1])}处罚，移送环节期限已过，案件尚未移送。",
                f"Assessed as met, penalised on {view.known_day(penalties[-1])}, a transfer term is over.",
            ),
        )


def fp2_value_over_threshold(view: CaseView) -> Iterator[Outcome]:
    """A figure that the penalty decision itself states reaches the standard. Source: R310 art. 3."""
    if reached_the_police(view) or view.history.last("liability.excluded"):
        return
    for penalty in _penalties(view):
        stated = {fact["fact"] for fact in penalty.data.get("facts", ())}
        if not stated:
            continue
        for judgement in view.judgements:
            decisive = stated & judgement.facts_met
            if judgement.result is not Result.met or not decisive:
                continue
            labels = "、".join(view.law.standards.facts[name].label_zh for name in sorted(decisive))
            name = view.law.standards.offences[judgement.offence].name_zh
            yield view.found(
                "fp2_value_over_threshold",
                key=penalty.ref,
                evidence=(penalty.ref,),
                organ=penalty.organ,
                detail=(
                    f"处罚决定载明的{labels}已达到{name}的立案追诉标准。",
                    f"Stated in the penalty decision and above the threshold of {judgement.offence}: "
                    f"{', '.join(sorted(decisive))}.",
                ),
            )
            break
