"""Steps of a transfer inside the agency that are missing, too thin or taken by the wrong person.

Source: procedure, section 6.1 (nt2, nt10, nt12 to nt16).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from xianjie.lawbook.procedure.counting import end_of_hours

from ..organs import kind_of
from ..view import CaseView, Outcome
from .nontransfer import counts_as_met, latest_assessment, reached_the_police

_COMPULSORY = frozenset({"seizure", "sealing", "freezing"})
_HEADS = frozenset({"principal", "acting_head"})
_HEAD_OF_SECTOR = {"ecology_environment": "organ_head", "tax": "bureau_head"}
_COPY_HOURS = 24


def nt2_report_stalled(view: CaseView) -> Iterator[Outcome]:
    """A special team, and no written report within the local target."""
    team = view.history.last("team.designated")
    later = view.history.last(
        "transfer.reported", "transfer.approved", "transfer.refused", "liability.excluded"
    )
    if team is None or later is not None or reached_the_police(view):
        return
    yield from view.when(
        view.target_passes("sla_report", view.known_day(team)),
        "nt2_report_stalled",
        key=team.ref,
        evidence=(team.ref,),
        detail=(
            f"{view.known_day(team)}指定专案组，没有移送报告。",
            f"Team of {view.known_day(team)}, no report.",
        ),
    )


def nt10_wrong_track(view: CaseView) -> Iterator[Outcome]:
    """Sent for administrative detention while the assessment is met. R310 art. 11(1)."""
    assessment = latest_assessment(view)
    if assessment is None or not counts_as_met(view, assessment) or reached_the_police(view):
        return
    for event in view.history.named("admin_case.referred"):
        if event.data["purpose"] == "administrative_detention":
            yield view.found(
                "nt10_wrong_track",
                key=event.ref,
                evidence=(event.ref, assessment.ref),
                organ=event.organ,
                detail=(
                    f"{view.known_day(event)}以行政拘留事由移送。",
                    f"Sent for detention on {view.known_day(event)}.",
                ),
            )


def nt12_refusal_without_reason(view: CaseView) -> Iterator[Outcome]:
    """Refused, and the record states no reasons. R310 art. 5(2)."""
    for event in view.history.named("transfer.refused"):
        if not event.data.get("reasons"):
            yield view.found(
                "nt12_refusal_without_reason",
                key=event.ref,
                evidence=(event.ref,),
                organ=event.organ,
                detail=("不批准移送的记录没有理由。", "The refusal states no reasons."),
            )


def nt13_wrong_approver(view: CaseView) -> Iterator[Outcome]:
    """Decided by somebody who is neither principal nor acting head. R310 art. 5; ENV17 art. 5(2)."""
    for event in view.history.named("transfer.approved", "transfer.refused"):
        sector = view.organs.sector(event.organ or view.agency)
        allowed = _HEADS | {_HEAD_OF_SECTOR.get(sector or "", "principal")}
        role = event.data["approver_role"]
        if role != "not_stated" and role not in allowed:
            yield view.found(
                "nt13_wrong_approver",
                key=event.ref,
                evidence=(event.ref,),
                organ=event.organ,
                detail=(f"录入的职务：{role}。", f"Recorded role: {role}."),
            )


def nt14_team_too_small(view: CaseView) -> Iterator[Outcome]:
    """Fewer than two officers. R310 art. 5(1)."""
    for event in view.history.named("team.designated"):
        size = len(event.data["team"])
        if size < 2:
            yield view.found(
                "nt14_team_too_small",
                key=event.ref,
                evidence=(event.ref,),
                organ=event.organ,
                detail=(f"专案组{size}人。", f"A team of {size}."),
            )


def nt15_no_copy_env(view: CaseView) -> Iterator[Outcome]:
    """An environment transfer that the procuratorate got no copy of within the 24 hours. ENV17 art. 6."""
    copied = any(event.data["kind"] == "transfer_copy" for event in view.history.named("notice.served"))
    for event in view.history.named("case.transferred"):
        sector = view.organs.sector(event.organ or view.agency)
        to_procuratorate = any(kind_of(organ) == "PR" for organ in event.data.get("copied_to", ()))
        begins = view.history.last("transfer.approved") or event
        if sector != "ecology_environment" or copied or to_procuratorate or begins.span.latest is None:
            continue
        end, _ = end_of_hours(begins.span.latest, _COPY_HOURS)
        yield from view.when(
            end + timedelta(microseconds=1),
            "nt15_no_copy_env",
            key=event.ref,
            evidence=(event.ref,),
            organ=event.organ,
            detail=("没有抄送检察机关的记录。", "No copy to the procuratorate is recorded."),
        )


def nt16_party_not_told(view: CaseView) -> Iterator[Outcome]:
    """Compulsory measures, property handed over, party not told in writing. ACL art. 21."""
    handed = view.history.last("material.handed_over")
    seized = [event for event in view.history.named("measure.taken") if event.data["kind"] in _COMPULSORY]
    told = any(event.data["kind"] == "property_notice" for event in view.history.named("notice.served"))
    if handed is None or not seized or told:
        return
    yield from view.when(
        view.target_passes("sla_notice", view.known_day(handed)),
        "nt16_party_not_told",
        key=handed.ref,
        evidence=(handed.ref, seized[-1].ref),
        organ=handed.organ,
        detail=("没有书面告知当事人的记录。", "No written notice to the party is recorded."),
    )
