"""有案难移: the police do not take, answer or tell. Source: procedure, section 6.2."""

from __future__ import annotations

from collections.abc import Iterator

from xianjie.lawbook.procedure.rules import Level

from ..history import CaseEvent, references
from ..view import CaseView, Outcome
from .nontransfer import counts_as_met, latest_assessment

_ANSWERS = ("transfer.received", "transfer.rejected", "transfer.forwarded", "transfer.returned")
_DECISIONS = ("case.filed", "case.declined")
_NEGATIVE = frozenset({"no_crime", "evidence_insufficient"})


def _notices(view: CaseView, kind: str, about: CaseEvent) -> list[CaseEvent]:
    served = view.history.named("notice.served")
    return [event for event in served if event.data["kind"] == kind and about.ref in references(event.data)]


def _from_an_agency(view: CaseView) -> bool:
    return view.history.last("case.transferred") is not None


def bt1_refused(view: CaseView) -> Iterator[Outcome]:
    """Acceptance refused; for incompleteness a breach. PSP art. 180(2); R310 art. 17."""
    for event in view.history.named("transfer.rejected"):
        incomplete = event.data["reason_kind"] == "material_incomplete"
        yield view.found(
            "bt1_refused",
            level=Level.breach if incomplete else Level.suspicion,
            key=event.ref,
            evidence=(event.ref,),
            organ=event.organ if event.kind == "PS" else view.last_of_kind("PS"),
            detail=(f"拒收事由：{event.data['reason_kind']}。", f"Ground: {event.data['reason_kind']}."),
        )


def bt2_no_receipt(view: CaseView) -> Iterator[Outcome]:
    """Neither receipt nor refusal by the end of the next working day. R310 art. 7."""
    transfers = view.history.named("case.transferred")
    if not transfers or view.history.last(*_ANSWERS, *_DECISIONS) or view.regions.criminal is not None:
        return
    last = transfers[-1]
    yield from view.when(
        view.target_passes("sla_receipt", view.known_day(last)),
        "bt2_no_receipt",
        key=last.ref,
        evidence=(last.ref,),
        organ=last.data["to_organ"],
        detail=(
            f"{view.known_day(last)}移送，没有回执。",
            f"Transferred on {view.known_day(last)}, no receipt.",
        ),
    )


def bt4_supplement_loop(view: CaseView) -> Iterator[Outcome]:
    """Missing material asked for twice or more. PSP art. 180(2)."""
    asked = [e for e in view.history.named("supplement.requested") if e.data["kind"] == "missing_document"]
    if len(asked) >= 2:
        yield view.found(
            "bt4_supplement_loop",
            key=asked[1].ref,
            evidence=tuple(event.ref for event in asked),
            organ=asked[-1].organ,
            detail=(f"要求补正{len(asked)}次。", f"Asked {len(asked)} times."),
        )


def bt7_no_reason(view: CaseView) -> Iterator[Outcome]:
    """A notice without reasons is a breach, no notice or file within the target a suspicion. R310 art. 8."""
    for declined in view.history.named("case.declined"):
        notices = _notices(view, "no_filing_notice", declined)
        silent = [notice for notice in notices if notice.data.get("reasons_stated") is False]
        if silent:
            yield view.found(
                "bt7_no_reason",
                key=declined.ref,
                evidence=(silent[0].ref, declined.ref),
                organ=declined.organ,
                detail=("不予立案通知书没有载明理由。", "The notice states no reasons."),
            )
            continue
        returned = declined.data.get("file_returned") or any(e.data.get("file_returned") for e in notices)
        if _from_an_agency(view) and not (notices and returned):
            yield from view.when(
                view.target_passes("sla_notice", view.known_day(declined)),
                "bt7_no_reason",
                level=Level.suspicion,
                key=declined.ref,
                evidence=(declined.ref,),
                organ=declined.organ,
                detail=(
                    "没有送达通知或者退回案卷的记录。",
                    "No notice or no return of the file is recorded.",
                ),
            )


def bt9_oral_only(view: CaseView) -> Iterator[Outcome]:
    """A negative answer to a consultation, and no transfer of a case assessed as met. R310 art. 3."""
    assessment = latest_assessment(view)
    if assessment is None or not counts_as_met(view, assessment) or _from_an_agency(view):
        return
    if view.regions.criminal is not None or view.history.last("case.filed", "liability.excluded"):
        return
    asked = {event.ref for event in view.history.named("consultation.requested")}
    for reply in view.history.named("reply.given"):
        if reply.ref_in("in_answer_to") in asked and reply.data.get("position") in _NEGATIVE:
            yield from view.when(
                view.target_passes("sla_follow_up", view.known_day(reply)),
                "bt9_oral_only",
                key=reply.ref,
                evidence=(reply.ref, assessment.ref),
                organ=reply.organ,
                detail=(
                    f"咨询意见：{reply.data['position']}，此后没有移送。",
                    f"Answer: {reply.data['position']}, no transfer since.",
                ),
            )


def bt12_no_filing_notice(view: CaseView) -> Iterator[Outcome]:
    """A transferred case was filed, the agency not told within the target. R310 art. 8."""
    if not _from_an_agency(view) or view.organs.sector(view.agency) == "ecology_environment":
        return
    for filed in view.history.named("case.filed"):
        if filed.data["origin"] == "transfer" and not _notices(view, "filing_notice", filed):
            yield from view.when(
                view.target_passes("sla_notice", view.known_day(filed)),
                "bt12_no_filing_notice",
                key=filed.ref,
                evidence=(filed.ref,),
                organ=filed.organ,
                detail=("没有送达立案通知书的记录。", "No filing notice is recorded."),
            )
