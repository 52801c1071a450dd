"""立而不侦: filed and not investigated. Source: procedure, section 6.5."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from xianjie.lawbook.procedure.counting import count
from xianjie.lawbook.procedure.times import midnight

from ..history import CaseEvent
from ..view import CaseView, Outcome

_LAWFUL_END = frozenset({"suspect_died", "limitation_expired", "pardon"})


def fi3_dormant(view: CaseView) -> Iterator[Outcome]:
    """No event since a filing for the local period. Source: CPL art. 115 (the duty to investigate)."""
    filed = view.history.last("case.filed")
    if filed is None or view.regions.criminal != "investigating":
        return
    last = view.history.events[-1]
    if last.name in ("period.suspended", "jurisdiction.changed"):
        return
    day = view.known_day(last)
    yield from view.when(
        view.target_passes("dormant_after", day),
        "fi3_dormant",
        key=last.ref,
        evidence=(last.ref, filed.ref) if last.ref != filed.ref else (filed.ref,),
        organ=view.last_of_kind("PS") or filed.organ,
        detail=(
            f"最后一次事件在{day}，此后没有任何记录。",
            f"The last event was on {day}; nothing is recorded since.",
        ),
    )


def fi1_no_first_action(view: CaseView) -> Iterator[Outcome]:
    """No step at all within the local target after filing. CPL art. 115."""
    filed = view.history.last("case.filed")
    if filed is None or view.regions.criminal != "investigating":
        return
    if view.history.last(
        "investigation.recorded", "coercive_measure.taken", "arrest.requested", "arrest.decided"
    ):
        return
    yield from view.when(
        view.target_passes("sla_first_action", view.known_day(filed)),
        "fi1_no_first_action",
        key=filed.ref,
        evidence=(filed.ref,),
        organ=filed.organ,
        detail=(
            f"{view.known_day(filed)}立案，没有侦查措施。",
            f"Filed on {view.known_day(filed)}, no step.",
        ),
    )


def _filed_under_order(view: CaseView) -> CaseEvent | None:
    ordered = [event for event in view.history.named("supervision.ordered") if event.data["order"] == "file"]
    filed = view.history.last("case.filed")
    if filed is None or not ordered:
        return None
    answers = filed.ref_in("in_answer_to") in {event.ref for event in ordered}
    return filed if answers or filed.data["origin"] == "procuratorate_order" else None


def fi2_supervised_3m(view: CaseView) -> Iterator[Outcome]:
    """Filed under order and open after three months: the procuratorate may urge. PRR art. 564(3)."""
    filed = _filed_under_order(view)
    row = view.law.clocks["urge_letter_3m"]
    version = None if filed is None else row.version_on(view.known_day(filed))
    if filed is None or version is None or version.limit is None:
        return
    if view.history.last("prosecution.requested", "case.withdrawn"):
        return
    last = count(
        view.known_day(filed), version.limit.length(), calendar=view.law.calendar, roll="days_off"
    ).last
    yield from view.when(
        midnight(last + timedelta(days=1)),
        "fi2_supervised_3m",
        key=filed.ref,
        evidence=(filed.ref,),
        organ=filed.organ,
        detail=(f"三个月于{last}届满，侦查未终结。", f"Three months ended on {last}, still open."),
    )


def fi6_withdraw_after_order(view: CaseView) -> Iterator[Outcome]:
    """Withdrawn soon after filing under order, not for death, limitation or amnesty. PRR art. 564."""
    filed = _filed_under_order(view)
    withdrawn = view.history.last("case.withdrawn")
    if filed is None or withdrawn is None or withdrawn.data["ground"] in _LAWFUL_END:
        return
    soon = withdrawn.span.first_day is not None and midnight(withdrawn.span.first_day) < view.target_passes(
        "withdraw_after_order", view.known_day(filed)
    )
    if soon:
        yield view.found(
            "fi6_withdraw_after_order",
            key=withdrawn.ref,
            evidence=(withdrawn.ref, filed.ref),
            organ=withdrawn.organ,
            detail=(f"撤案事由：{withdrawn.data['ground']}。", f"Ground: {withdrawn.data['ground']}."),
        )


def fi9_third_supplement(view: CaseView) -> Iterator[Outcome]:
    """Returned for supplementary investigation more than twice. CPL art. 175(3)."""
    returned = view.history.named("prosecution.returned")
    if len(returned) > 2:
        yield view.found(
            "fi9_third_supplement",
            key=returned[2].ref,
            evidence=tuple(event.ref for event in returned),
            organ=returned[2].organ,
            detail=(f"退回补充侦查{len(returned)}次。", f"Returned {len(returned)} times."),
        )
