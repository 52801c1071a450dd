"""有案不移: a case that should go to the police and does not. Source: procedure, section 6.1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from xianjie.lawbook.procedure.times import civil_day

from ..causes import offences_of_causes
from ..history import CaseEvent
from ..judging import CaseJudgement, Result, judgements_at
from ..view import CaseView, Outcome

_AT_THE_POLICE = ("case.transferred", "case.filed", "duty_lead.sent")


def reached_the_police(view: CaseView) -> bool:
    """Whether the case is with the police, by transfer, by another door, or as a later step proves."""
    if view.history.last(*_AT_THE_POLICE) is not None or view.regions.criminal is not None:
        return True
    if any(party.criminal is not None for party in view.regions.parties.values()):
        return True
    referred = view.history.named("admin_case.referred")
    return any(event.data["purpose"] == "other_agency_competent" for event in referred)


def latest_assessment(view: CaseView, *, before: CaseEvent | None = None) -> CaseEvent | None:
    """Return the assessment that counts: the last one in the order of the acts, optionally up to an act."""
    declared = view.history.named("assessment.declared")
    if before is not None:
        order = {event.ref: place for place, event in enumerate(view.history.events)}
        declared = tuple(event for event in declared if order[event.ref] <= order[before.ref])
    return declared[-1] if declared else None


def counts_as_met(view: CaseView, assessment: CaseEvent) -> bool:
    """Whether the assessment obliges to transfer; reasonable suspicion only in the case classes of the law.

    Source: R310 art. 3(1) and (2).
    """
    if assessment.data["result"] == "met":
        return True
    bar = view.law.standards.suspicion_bars.get(assessment.data["offence"])
    return (
        assessment.data["result"] == "reasonable_suspicion"
        and bar is not None
        and bar.governs(view.known_day(assessment))
    )


def nt1_met_not_started(view: CaseView) -> Iterator[Outcome]:
    """Assessed as met, and no special team within the local target. Source: R310 art. 5(1)."""
    assessment = latest_assessment(view)
    if assessment is None or not counts_as_met(view, assessment) or reached_the_police(view):
        return
    if view.history.last("team.designated", "liability.excluded", "transfer.approved", "transfer.reported"):
        return
    day = view.known_day(assessment)
    passes = view.target_passes("sla_team", day)
    yield from view.when(
        passes,
        "nt1_met_not_started",
        key=assessment.ref,
        evidence=(assessment.ref,),
        detail=(
            f"{day}研判为{'达标' if assessment.data['result'] == 'met' else '合理嫌疑'}，"
            f"本地期限至{civil_day(passes - timedelta(days=1))}止。",
            f"Assessed on {day}; the local target ended on {civil_day(passes - timedelta(days=1))}.",
        ),
    )


def nt11_police_sees_first(view: CaseView) -> Iterator[Outcome]:
    """The police filed on their own information a case that the agency had let lie. Source: R310 art. 3."""
    assessment = latest_assessment(view)
    filed = view.history.last("case.filed")
    if assessment is None or not counts_as_met(view, assessment) or filed is None:
        return
    if filed.data["origin"] == "transfer" or view.history.last("team.designated", "case.transferred"):
        return
    overdue = view.target_passes("sla_team", view.known_day(assessment))
    if filed.span.earliest is not None and filed.span.earliest >= overdue:
        yield view.found(
            "nt11_police_sees_first",
            key=filed.ref,
            evidence=(filed.ref, assessment.ref),
            detail=(
                f"{view.known_day(assessment)}研判达标后未移送，公安机关{view.known_day(filed)}自行立案。",
                f"Met on {view.known_day(assessment)}, not transferred; the police filed on "
                f"{view.known_day(filed)}.",
            ),
        )


def nt6_closed_without_assessment(view: CaseView) -> Iterator[Outcome]:
    """Penalised or closed although the matter has a filing standard, without any assessment.

    Source: PPL art. 57(1)(4): suspected crime is transferred, and so has to be looked at before deciding.
    """
    if view.history.last("assessment.declared") is not None or reached_the_police(view):
        return
    closings = view.history.named("penalty.decided", "admin_case.closed")
    offences = _offences_of_the_matter(view) if closings else ()
    if not offences:
        return
    closing = closings[0]
    names = "、".join(view.law.standards.offences[offence].name_zh for offence in offences)
    yield view.found(
        "nt6_closed_without_assessment",
        key=closing.ref,
        evidence=(closing.ref,),
        organ=closing.organ,
        detail=(
            f"{view.known_day(closing)}已处罚或结案，可能涉及：{names}；没有研判记录。",
            f"Penalised or closed on {view.known_day(closing)} without an assessment; "
            f"candidate offences: {', '.join(offences)}.",
        ),
    )


def _offences_of_the_matter(view: CaseView) -> tuple[str, ...]:
    """Return the offences whose standard the matter has: named by events, else by its cause, else by facts.

    Source: procedure, section 6, "Which case types have a criminal standard".
    """
    governed = [judgement for judgement in view.judgements if judgement.governed]
    named = [judgement.offence for judgement in governed if judgement.named]
    mapped = [judgement.offence for judgement in governed if judgement.mapped]
    return tuple(dict.fromkeys(named or offences_of_causes(view) or mapped))


def nt17_met_not_acted(view: CaseView) -> Iterator[Outcome]:
    """The recorded facts meet a standard, and nobody did anything within the local target.

    Source: R310 art. 3(1).
    """
    if view.history.last("assessment.declared", "team.designated", "liability.excluded"):
        return
    met = [judgement for judgement in view.judgements if judgement.result is Result.met]
    if not met or reached_the_police(view):
        return
    first = _first_record_that_meets(view, met)
    if first is None:
        return
    since, judgement = first
    day = view.known_day(since)
    passes = view.target_passes("sla_assess", day)
    name = view.law.standards.offences[judgement.offence].name_zh
    yield from view.when(
        passes,
        "nt17_met_not_acted",
        key=since.ref,
        evidence=(since.ref,),
        detail=(
            f"{day}记录的事实已达到{name}的立案追诉标准；"
            f"本地期限至{civil_day(passes - timedelta(days=1))}止（非法定期限）。",
            f"The facts recorded on {day} meet the standard of {judgement.offence}; the local target "
            f"(not statutory) ended on {civil_day(passes - timedelta(days=1))}.",
        ),
    )


def _first_record_that_meets(
    view: CaseView, met: list[CaseJudgement]
) -> tuple[CaseEvent, CaseJudgement] | None:
    """Return the earliest record after which one of the judgements that are met now was met already."""
    wanted = {(judgement.offence, judgement.party) for judgement in met}
    records = [event for event in view.history.events if event.data.get("facts") or event.data.get("conduct")]
    for event in sorted(records, key=lambda event: (event.event.recorded_at, event.ref)):
        for judgement in judgements_at(
            view.history, view.law, view.organs, at=view.at, regions=view.regions, until=event
        ):
            if judgement.result is Result.met and (judgement.offence, judgement.party) in wanted:
                return event, judgement
    return None
