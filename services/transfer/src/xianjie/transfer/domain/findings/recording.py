"""迟延录入: acts that reach the platform late. Source: procedure, section 6.4; ENV17 art. 34."""

from __future__ import annotations

from collections.abc import Iterator

from xianjie.lawbook.procedure.rules import Level

from ..view import CaseView, Outcome

_NO_ACTS = frozenset(
    {"party.identified", "party.merged", "case.linked", "case.merged", "record.corrected", "record.withdrawn"}
)


def lr1_late_recording(view: CaseView) -> Iterator[Outcome]:
    """Recorded later than the local target after the latest reading of the act."""
    for event in view.history.events:
        if event.name in _NO_ACTS or event.span.last_day is None:
            continue
        passes = view.target_passes("late_record_after", event.span.last_day)
        if event.event.recorded_at < passes:
            continue
        late = (event.event.recorded_at - passes).days + 1
        yield view.found(
            "lr1_late_recording",
            level=Level.suspicion,
            key=event.ref,
            evidence=(event.ref,),
            organ=event.event.organ,
            detail=(
                f"{event.span.last_day}的事项逾本地录入期限{late}日才录入平台。",
                f"An act of {event.span.last_day} was recorded {late} days after the local target.",
            ),
        )
