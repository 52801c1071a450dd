"""What ends, extends and suspends a term in a case."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

from xianjie.contracts.recorded import Ref
from xianjie.lawbook.procedure.clocks import Extension, Suspension
from xianjie.lawbook.procedure.rows import Row
from xianjie.lawbook.procedure.times import Span

from .history import CaseEvent, History, references


def stop_of(
    row: Row, *, chain: Sequence[Ref], others: Collection[Ref], start: Span, history: History
) -> CaseEvent | None:
    """Return the first event that ends the term, None while it runs.

    An act that names the opening or starting event of this term ends it, also when it was recorded before
    the start. One that names only the beginning of another term of the same row does not. Any other ends it
    unless it certainly happened before the start, and where an earlier act does the duty, even then.

    Args:
        chain: the acts that open and start this term.
        others: the acts that open and start the other terms of the row.
    """
    ends = []
    for trigger in row.events.stops:
        for event in history.named(trigger.name):
            if event.ref in chain or not trigger.fits(event.data):
                continue
            named = references(event.data)
            free = named.isdisjoint(others) and (row.earlier_act_counts or not _before(event.span, start))
            if free or not named.isdisjoint(chain):
                ends.append(event)
    return _first(ends, history) if ends else None


def _first(events: Sequence[CaseEvent], history: History) -> CaseEvent:
    order = {event.ref: place for place, event in enumerate(history.events)}
    return min(events, key=lambda event: order[event.ref])


def _before(act: Span, start: Span) -> bool:
    """Whether every reading of the act lies before every reading of the start."""
    if act.instant is not None and start.instant is not None:
        return act.instant < start.instant
    return act.last_day is not None and start.first_day is not None and act.last_day < start.first_day


def extensions_of(row: Row, history: History) -> tuple[Extension, ...]:
    """Return the extensions recorded for the row; the law decides which of them count."""
    return tuple(
        Extension(
            approved=event.span,
            approver_rank=event.data["approver_rank"],
            reference=event.ref.text,
            by_days=event.data.get("by_days"),
            by_months=event.data.get("by_months"),
            to_days=event.data.get("to_days"),
            until=None if event.data.get("until") is None else date.fromisoformat(event.data["until"]),
        )
        for event in history.named("period.extended")
        if event.data["row"] == row.id
    )


def suspensions_of(row: Row, history: History) -> tuple[Suspension, ...]:
    """Return the periods in which the term stands still: recorded ones, and those tied to acts."""
    suspensions = []
    for event in history.named("period.suspended"):
        if event.data["row"] == row.id:
            resumed = [
                again for again in history.named("period.resumed") if event.ref in references(again.data)
            ]
            suspensions.append(Suspension(event.span, resumed[0].span if resumed else None))
    begins = [trigger for trigger in row.events.suspends if trigger.name != "period.suspended"]
    ends = [trigger for trigger in row.events.resumes if trigger.name != "period.resumed"]
    for trigger in begins:
        for event in history.named(trigger.name):
            after = [
                end
                for again in ends
                for end in history.named(again.name)
                if again.fits(end.data) and not _before(end.span, event.span)
            ]
            if trigger.fits(event.data):
                suspensions.append(Suspension(event.span, _first(after, history).span if after else None))
    return tuple(suspensions)
