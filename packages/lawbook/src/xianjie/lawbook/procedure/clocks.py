"""The state of a clock at an instant, and the instants at which it can change.

This module is the face of the clocks: rows, dues and states are imported from here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from xianjie.lawbook.procedure.choosing import (
    applicable,
    moved_by,
    reconsideration_rows,
    which_row,
    which_rows,
)
from xianjie.lawbook.procedure.dues import Bounds, Due, Extension, JudgedExtension, Suspension, over_from
from xianjie.lawbook.procedure.rows import Row, Trigger, Version, load_rows
from xianjie.lawbook.procedure.terms import due, suspension_ledger
from xianjie.lawbook.procedure.times import Span, midnight

__all__ = [
    "Bounds",
    "ClockState",
    "Due",
    "Extension",
    "JudgedExtension",
    "Row",
    "Rung",
    "Suspension",
    "Trigger",
    "Version",
    "applicable",
    "due",
    "load_rows",
    "moved_by",
    "next_change",
    "reconsideration_rows",
    "rungs",
    "state",
    "suspension_ledger",
    "which_row",
    "which_rows",
]


class ClockState(StrEnum):
    """State of a clock as an answer gives it; `lapsed` clocks are left out of answers."""

    running = "running"
    met = "met"
    late = "late"
    warned = "warned"
    suspended = "suspended"
    unknown = "unknown"
    lapsed = "lapsed"


# No notice that is missing can move an end so far.
WHATEVER_THE_NOTICE_SAYS = timedelta(days=366)
_NO_FINDING = frozenset({"right", "permission", "off", "bar"})


@dataclass(frozen=True, slots=True)
class Rung:
    """A warning before or at the end of a term: 50_percent, 80_percent, last_24h, last_4h or due_calendar."""

    name: str
    at: datetime


def state(
    row: Row,
    due: Due,
    *,
    stop: Span | None,
    at: datetime,
    suspended: bool = False,
    by_act: bool = True,
) -> ClockState:
    """Return the state of a clock.

    Args:
        row: whose kind decides what absence and lapse mean.
        due: the end of the term.
        stop: all readings of the event that stopped it, None while nothing did.
        at: the instant that is asked about.
        suspended: whether the term stands still at that instant.
        by_act: whether the stop is the act itself; for rows where only a late act is a finding, a term
            whose ground fell away is met.

    Late needs every reading to be late, so a due that a missing holiday notice could still move is not over
    before a year has gone by: holidays are days of a year and move an end by less.

    `warned`: the calendar reading of a dual row is over, the working-day reading is not, whether the act was
    done meanwhile or not. A right that was not used lapses and is never late.

    Source: catalogue of events, section 3.1 items 2, 3 and 5; procedure 6.4.
    """
    if stop is None:
        found = _running(due, at)
    else:
        found = ClockState.met if row.kind == "late_only" and not by_act else _stopped(due, stop)
    if due.provisional and (
        found is ClockState.warned or (found is ClockState.late and not _anyway(due, stop, at))
    ):
        found = ClockState.unknown
    if stop is None:
        if row.kind == "late_only" and found is ClockState.late:
            return ClockState.lapsed
        if suspended and found is not ClockState.late:
            return ClockState.suspended
    if row.kind in _NO_FINDING and found in {ClockState.late, ClockState.warned}:
        return ClockState.lapsed if found is ClockState.late else ClockState.running
    return found


def next_change(due: Due, at: datetime) -> datetime | None:
    """Return the next instant after `at` at which the state can change without a new event, None when it
    cannot.

    A day is over at its 24:00; an instant is still in time, so it is over one microsecond later.
    """
    moments = [due.calendar.earliest, due.calendar.latest]
    if due.working is not None:
        moments += [due.working.earliest, due.working.latest]
    changes = [over_from(moment) for moment in moments if moment]
    if due.provisional and due.last.latest is not None:
        changes.append(over_from(due.last.latest) + WHATEVER_THE_NOTICE_SAYS)
    return min((change for change in changes if change > at), default=None)


def rungs(due: Due, start: Span) -> tuple[Rung, ...]:
    """Return the warnings of a term in the order of time, none while its earliest end or start is open.

    Half and four fifths of the term, its last 24 hours, or its last 4 hours for a term in hours, and the
    end of the calendar reading of a dual row. Counted on the earliest reading, so that nobody is warned too
    late.

    Source: procedure 6.4, warnings before due.
    """
    end = due.calendar.earliest
    if end is None or start.first_day is None:
        return ()
    in_hours = isinstance(end, datetime)
    begin = start.earliest if in_hours else midnight(start.first_day + timedelta(days=1))
    if begin is None:
        return ()
    over = end if isinstance(end, datetime) else over_from(end)
    whole = over - begin
    last = (
        Rung("last_4h", over - timedelta(hours=4))
        if in_hours
        else Rung("last_24h", over - timedelta(hours=24))
    )
    steps = [Rung("50_percent", begin + whole // 2), Rung("80_percent", begin + whole * 4 // 5), last]
    if due.working is not None and due.calendar.latest is not None:
        steps.append(Rung("due_calendar", over_from(due.calendar.latest)))
    return tuple(sorted(steps, key=lambda rung: rung.at))


def _anyway(due: Due, stop: Span | None, at: datetime) -> bool:
    """Whether a provisional term is over whatever the missing notice says."""
    latest, day = due.last.latest, None if stop is None else stop.first_day
    if latest is None or (stop is not None and day is None):
        return False
    return (at if day is None else midnight(day)) >= over_from(latest) + WHATEVER_THE_NOTICE_SAYS


def _stopped(due: Due, stop: Span) -> ClockState:
    if due.calendar.surely_kept(stop):
        return ClockState.met
    if due.last.surely_missed(stop):
        return ClockState.late
    if due.working is not None and due.calendar.surely_missed(stop) and due.working.surely_kept(stop):
        return ClockState.warned
    return ClockState.unknown


def _running(due: Due, at: datetime) -> ClockState:
    if not due.calendar.maybe_passed(at):
        return ClockState.running
    if due.last.surely_passed(at):
        return ClockState.late
    if due.working is not None and due.calendar.surely_passed(at) and not due.working.maybe_passed(at):
        return ClockState.warned
    return ClockState.unknown
