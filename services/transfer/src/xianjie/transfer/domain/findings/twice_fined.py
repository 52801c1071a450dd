"""Fines beside criminal procedure, and twice for one act. Source: procedure, 3.3 and 6.3 (fp3 to fp6).

Rules on penalties compare events of the same party and the same act.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from xianjie.lawbook.procedure.rules import Level

from ..history import CaseEvent
from ..view import CaseView, Outcome

_NO_NEW_FINE = frozenset({"late_surcharge", "daily_consecutive_fine"})
_OUTCOMES = (
    "case.declined",
    "case.withdrawn",
    "prosecution.declined",
    "judgment.rendered",
    "transfer.returned",
)


def _fines(view: CaseView) -> Iterator[tuple[CaseEvent, Mapping[str, Any]]]:
    """Yield each fine of its own, by decision and party; surcharges on an earlier fine are none."""
    for event in view.history.named("penalty.decided"):
        if event.data.get("attached_to") is not None:
            continue
        for penalty in event.data["per_party"]:
            if "fine" in penalty["kinds"] and _NO_NEW_FINE.isdisjoint(penalty["kinds"]):
                yield event, penalty


def _convictions(view: CaseView) -> Iterator[tuple[CaseEvent, Mapping[str, Any], bool]]:
    """Yield each criminal fine by judgment and party, and whether the judgment is effective."""
    effective = {event.ref_in("judgment") for event in view.history.named("judgment.finalized")}
    upheld = view.history.last("judgment.finalized") is not None
    for event in view.history.named("judgment.rendered"):
        for verdict in event.data["per_party"]:
            if verdict.get("criminal_fine_fen", 0) > 0:
                yield event, verdict, event.ref in effective or upheld


def _same_act(penalty: CaseEvent, verdict: Mapping[str, Any]) -> bool:
    """Whether the acts may be one: recorded keys decide, without them the case does."""
    key, keys = penalty.data.get("act_key"), verdict.get("act_keys", ())
    return key is None or not keys or key in keys


def fp3_fine_after_transfer(view: CaseView) -> Iterator[Outcome]:
    """A fine after the transfer and before the criminal outcome. ENV17 art. 16(2); PPL art. 35(2)."""
    transfer = view.history.last("case.transferred")
    if transfer is None:
        return
    place = {event.ref: number for number, event in enumerate(view.history.events)}
    outcomes = [place[event.ref] for event in view.history.named(*_OUTCOMES)]
    environment = view.organs.sector(view.agency) == "ecology_environment"
    for event, _ in _fines(view):
        before_outcome = not outcomes or place[event.ref] < min(outcomes)
        if event.certainly_after(transfer) and event.ref != transfer.ref and before_outcome:
            yield view.found(
                "fp3_fine_after_transfer",
                level=Level.suspicion if environment else Level.notice,
                key=event.ref,
                evidence=(event.ref, transfer.ref),
                organ=event.organ,
                detail=("移送后、刑事结果前罚款。", "Fined after the transfer, before the outcome."),
            )


def fp4_fine_after_criminal_fine(view: CaseView) -> Iterator[Outcome]:
    """A fine on the party that was sentenced to a fine for the same act. PPL art. 35(2)."""
    for event, penalty in _fines(view):
        for judgment, verdict, effective in _convictions(view):
            same = penalty["party"] == verdict["party"] and _same_act(event, verdict)
            if same and event.certainly_after(judgment):
                yield view.found(
                    "fp4_fine_after_criminal_fine",
                    level=Level.breach if effective else Level.suspicion,
                    key=event.ref,
                    evidence=(event.ref, judgment.ref),
                    organ=event.organ,
                    detail=("判处罚金后又罚款。", "Fined after a criminal fine."),
                )


def fp5_missing_offset(view: CaseView) -> Iterator[Outcome]:
    """An executed fine beside an effective criminal fine, no offset recorded. SPCI art. 523(2)."""
    executed = {
        event.ref_in("decision"): event
        for event in view.history.named("penalty.executed")
        if event.data["fine_executed_fen"] > 0
    }
    offset = {(e.ref_in("penalty"), e.data["party"]) for e in view.history.named("fine.offset")}
    for event, penalty in _fines(view):
        for judgment, verdict, effective in _convictions(view):
            same = penalty["party"] == verdict["party"] and _same_act(event, verdict)
            if not same or not effective or event.ref not in executed or event.certainly_after(judgment):
                continue
            if (event.ref, penalty["party"]) not in offset:
                yield view.found(
                    "fp5_missing_offset",
                    key=event.ref,
                    evidence=(judgment.ref, executed[event.ref].ref, event.ref),
                    organ=judgment.organ,
                    detail=("没有折抵记录。", "No offset is recorded."),
                )


def fp6_same_fact_double_fine(view: CaseView) -> Iterator[Outcome]:
    """Two fines in force on one party with one key of the act. PPL art. 29; ECO art. 1055."""
    revoked = {e.ref_in("decision") for e in view.history.named("penalty.revised") if e.data["revoked"]}
    first: dict[tuple[str, str], CaseEvent] = {}
    for event, penalty in _fines(view):
        key = event.data.get("act_key")
        if key is None or event.ref in revoked:
            continue
        earlier = first.setdefault((penalty["party"], key), event)
        if earlier.ref != event.ref:
            yield view.found(
                "fp6_same_fact_double_fine",
                key=event.ref,
                evidence=(event.ref, earlier.ref),
                organ=event.organ,
                detail=(f"同一行为（{key}）两次罚款。", f"Two fines for one act ({key})."),
            )
