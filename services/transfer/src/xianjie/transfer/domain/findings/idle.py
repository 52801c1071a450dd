"""立而不侦: filed and not investigated. Source: procedure, section 6.5."""

from __future__ import annotations

from collections.abc import Iterator

from ..view import CaseView, Outcome


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
