"""When a term ends: one day, one instant, or everything between the ends of its earliest and latest
reading.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from xianjie.lawbook.counting import Line
from xianjie.lawbook.times import Span, midnight

Moment = date | datetime
TICK = timedelta(microseconds=1)  # finest resolution of a stored instant


@dataclass(frozen=True, slots=True)
class Bounds:
    """The end of a term under the earliest and the latest reading of its start.

    A civil day lasts until its 24:00; an instant is itself still in time. None is open.
    """

    earliest: Moment | None
    latest: Moment | None

    def as_json(self) -> Any:
        """Return one value where both readings agree, else both."""
        if self.earliest is not None and self.earliest == self.latest:
            return self.earliest.isoformat()
        return {"earliest": _text(self.earliest), "latest": _text(self.latest)}

    def surely_passed(self, at: datetime) -> bool:
        """Whether every reading is over at the instant."""
        return self.latest is not None and is_over(self.latest, at)

    def maybe_passed(self, at: datetime) -> bool:
        """Whether the earliest reading is over at the instant, or is not known at all."""
        return self.earliest is None or is_over(self.earliest, at)

    def surely_kept(self, act: Span) -> bool:
        """Whether an act is in time under every reading of the act and of the term."""
        if self.earliest is None:
            return False
        if isinstance(self.earliest, datetime):
            return act.latest is not None and act.latest <= self.earliest
        return act.last_day is not None and act.last_day <= self.earliest

    def surely_missed(self, act: Span) -> bool:
        """Whether an act is too late under every reading of the act and of the term."""
        if self.latest is None:
            return False
        if isinstance(self.latest, datetime):
            return act.earliest is not None and act.earliest > self.latest
        return act.first_day is not None and act.first_day > self.latest


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension as somebody recorded it; exactly one of by_days, by_months, to_days, until is given.

    Attributes:
        approved: when it was approved (`occurred`, not when it was recorded).
        approver_rank: word of the catalogue for the rank of the approver.
        to_days: total length counted from the start of the term.
        until: last day of a stated term.
        reference: name by which the caller finds the record again.
    """

    approved: Span
    approver_rank: str
    by_days: int | None = None
    by_months: int | None = None
    to_days: int | None = None
    until: date | None = None
    reference: str = ""


@dataclass(frozen=True, slots=True)
class JudgedExtension:
    """Whether an extension counts, and why; `counts` is None where the readings disagree.

    `grade` is the evidence grade of the text that allows it: an extension that only a text not read in full
    allows postpones a breach but does not end suspicion.
    """

    extension: Extension
    counts: bool | None
    reason: Line
    grade: str | None = None


@dataclass(frozen=True, slots=True)
class Suspension:
    """Time that is left out of a term; `end` None: it has not been resumed."""

    begin: Span
    end: Span | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a term with its derivation.

    Attributes:
        calendar: the end; for the dual rows of procedure 2.5 the reading in calendar days.
        working: the reading in working days of the dual rows, else None.
        lines: the derivation.
        provisional: whether a holiday notice that is not known yet could still move it.
        extensions: every recorded extension with its judgement.
    """

    calendar: Bounds
    working: Bounds | None
    lines: tuple[Line, ...]
    provisional: bool
    extensions: tuple[JudgedExtension, ...] = ()

    @property
    def last(self) -> Bounds:
        """The reading after which nobody is in time any more."""
        return self.working or self.calendar

    @property
    def kind(self) -> str:
        """One of day, instant, interval, open, dual."""
        if self.working is not None:
            return "dual"
        earliest, latest = self.calendar.earliest, self.calendar.latest
        if earliest is None and latest is None:
            return "open"
        if earliest != latest:
            return "interval"
        return "instant" if isinstance(earliest, datetime) else "day"

    def as_json(self) -> dict[str, Any]:
        """Return the `due` member of an answer (interface, section 3)."""
        kind = self.kind
        if self.working is not None:
            return {"calendar": self.calendar.as_json(), "working": self.working.as_json()}
        if kind in {"day", "instant"}:
            return {kind: self.calendar.as_json()}
        return {"earliest": _text(self.calendar.earliest), "latest": _text(self.calendar.latest)}

    def as_event(self) -> dict[str, Any]:
        """Return the value type `due` of the catalogue of events; open ends are left out."""
        return {"kind": self.kind, **_given(self.as_json()), "derivation": [str(line) for line in self.lines]}


def is_over(end: Moment, at: datetime) -> bool:
    """Whether a term with this last day or instant is over at the instant."""
    if isinstance(end, datetime):
        return at > end
    return at >= over_from(end)


def over_from(end: Moment) -> datetime:
    """Return the first instant at which a term with this end is over."""
    if isinstance(end, datetime):
        return end + TICK
    return midnight(end + timedelta(days=1))


def _given(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that say something, also inside the two counts of a dual term."""
    return {
        name: _given(member) if isinstance(member, Mapping) else member
        for name, member in value.items()
        if member is not None
    }


def _text(moment: Moment | None) -> str | None:
    return None if moment is None else moment.isoformat()
