"""反向不处罚: no administrative handling after the criminal procedure ended. Source: procedure, 6.6."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from xianjie.lawbook.procedure.counting import count
from xianjie.lawbook.procedure.times import midnight

from ..history import CaseEvent
from ..view import CaseView, Outcome

_LEAD_CHECK = {"market_regulation": "lead_check_market", "agriculture_rural": "lead_check_agri"}
_PENALTY_TERM = "penalty_decision_general"
_RESULTS = frozenset({"result", "complied", "partly_complied"})


def _opinions(view: CaseView) -> list[tuple[CaseEvent, CaseEvent]]:
    """Return each opinion to penalise with its service on the addressee."""
    issued = {event.ref: event for event in view.history.named("penalty_opinion.issued")}
    served = [e for e in view.history.named("notice.served") if e.data["kind"] == "penalty_opinion"]
    return [(issued[about], event) for event in served if (about := event.ref_in("about")) in issued]


def _ends(view: CaseView, row_id: str, start: CaseEvent) -> timedelta | None:
    """Return how long after the epoch of the start the term of a row ends; None without a text in force."""
    day = view.known_day(start)
    version = view.law.clocks[row_id].version_on(day)
    if version is None or version.limit is None:
        return None
    last = count(day, version.limit.length(), calendar=view.law.calendar).last
    return midnight(last + timedelta(days=1)) - midnight(day)


def rv4_status_only(view: CaseView) -> Iterator[Outcome]:
    """Answered with a status only, and no decision within the penalty term. PPL art. 60."""
    opinions = {opinion.ref for opinion, _ in _opinions(view)}
    for reply in view.history.named("reply.given"):
        if reply.data["content"] != "status" or reply.ref_in("in_answer_to") not in opinions:
            continue
        filed = view.history.last("admin_case.filed")
        if filed is None or view.history.last("penalty.decided", "admin_case.declined"):
            continue
        length = _ends(view, _PENALTY_TERM, filed)
        if length is not None:
            yield from view.when(
                midnight(view.known_day(filed)) + length,
                "rv4_status_only",
                key=reply.ref,
                evidence=(reply.ref, filed.ref),
                organ=reply.organ,
                detail=("只回复办理情况，没有决定。", "A status reply, no decision."),
            )


def rv5_no_filing_at_agency(view: CaseView) -> Iterator[Outcome]:
    """Opinion received, filing not decided within the lead-check term. SAMR art. 18; AGRI art. 29."""
    for opinion, service in _opinions(view):
        row_id = _LEAD_CHECK.get(view.organs.sector(opinion.data["to_organ"]) or "")
        decided = view.history.last("admin_case.filed", "admin_case.declined", "penalty.decided")
        length = None if row_id is None else _ends(view, row_id, service)
        if length is not None and (decided is None or not decided.certainly_after(opinion)):
            yield from view.when(
                midnight(view.known_day(service)) + length,
                "rv5_no_filing_at_agency",
                key=opinion.ref,
                evidence=(service.ref, opinion.ref),
                organ=opinion.data["to_organ"],
                detail=("核查期限届满，没有决定是否立案。", "The lead-check term is over, nothing decided."),
            )


def rv6_no_penalty_without_reason(view: CaseView) -> Iterator[Outcome]:
    """A no-penalty decision on an opinion that states no legal ground. PPL art. 57."""
    for event in view.history.named("penalty.decided"):
        if event.data["outcome"] == "no_penalty_ground_not_stated" and event.data.get("in_answer_to"):
            yield view.found(
                "rv6_no_penalty_without_reason",
                key=event.ref,
                evidence=(event.ref,),
                organ=event.organ,
                detail=("没有载明法定事由。", "No legal ground is stated."),
            )


def rv7_police_case_dropped(view: CaseView) -> Iterator[Outcome]:
    """Declined or withdrawn with administrative liability, not handed on. R310 art. 10 and 13."""
    for event in view.history.named("case.declined", "case.withdrawn"):
        if not event.data.get("admin_liability") or event.data.get("file_returned"):
            continue
        handed = view.history.last("reverse.transferred", "admin_case.resumed")
        returned = any(e.data.get("file_returned") for e in view.history.named("notice.served"))
        decided = [e for e in view.history.named("penalty.decided") if e.certainly_after(event)]
        if handed is None and not returned and not decided:
            yield from view.when(
                view.target_passes("sla_reverse_transfer", view.known_day(event)),
                "rv7_police_case_dropped",
                key=event.ref,
                evidence=(event.ref,),
                organ=event.organ,
                detail=("没有移送行政处理的记录。", "No hand-over is recorded."),
            )


def rv8_court_exempt(view: CaseView) -> Iterator[Outcome]:
    """Exempt from punishment, judgment effective, not handed on. PPL art. 27(1)."""
    final = view.history.last("judgment.finalized")
    exempt = [
        event
        for event in view.history.named("judgment.rendered")
        if any(verdict["verdict"] == "exempt_from_punishment" for verdict in event.data["per_party"])
    ]
    if final is None or not exempt or view.history.last("reverse.transferred"):
        return
    yield from view.when(
        view.target_passes("sla_reverse_transfer", view.known_day(final)),
        "rv8_court_exempt",
        key=exempt[-1].ref,
        evidence=(exempt[-1].ref, final.ref),
        organ=exempt[-1].organ,
        detail=("没有移送行政处理的记录。", "No hand-over is recorded."),
    )


def rv10_result_not_shared(view: CaseView) -> Iterator[Outcome]:
    """Decided on an opinion, result neither replied nor notified. CPL art. 177(3)."""
    opinions = {opinion.ref for opinion, _ in _opinions(view)}
    shared = any(e.data["content"] in _RESULTS for e in view.history.named("reply.given")) or any(
        e.data["kind"] == "result_notice" for e in view.history.named("notice.served")
    )
    for event in view.history.named("penalty.decided"):
        if event.ref_in("in_answer_to") in opinions and not shared:
            yield from view.when(
                view.target_passes("sla_follow_up", view.known_day(event)),
                "rv10_result_not_shared",
                key=event.ref,
                evidence=(event.ref,),
                organ=event.organ,
                detail=("没有通报结果的记录。", "No notice of the result is recorded."),
            )
