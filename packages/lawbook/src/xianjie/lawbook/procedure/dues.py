"""When a term ends: one day, one instant, or everything between the ends of its earliest and latest
reading.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from xianjie.lawbook.procedure.counting import Line
from xianjie.lawbook.procedure.regimes import Regime
from xianjie.lawbook.procedure.times import Span, midnight

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

    def as_json(self) -> dict[str, Any]:
        """Return the extension in plain values, every member written out."""
        return {
            "approved": self.approved.as_json(),
            "approver_rank": self.approver_rank,
            "by_days": self.by_days,
            "by_months": self.by_months,
            "to_days": self.to_days,
            "until": None if self.until is None else self.until.isoformat(),
            "reference": self.reference,
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Extension:
        """Return what `as_json` wrote down; raises KeyError, TypeError or ValueError for anything else."""
        until = value["until"]
        return cls(
            approved=Span.of_json(value["approved"]),
            approver_rank=value["approver_rank"],
            by_days=value["by_days"],
            by_months=value["by_months"],
            to_days=value["to_days"],
            until=None if until is None else date.fromisoformat(until),
            reference=value["reference"],
        )


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
    """Time that is left out of a term.

    Attributes:
        begin, end: its readings; `end` None: it has not ended yet.
        travel: time on the road, which only some counting clauses leave out (CPL 105, SAMR 80); any other
            time is left out of the rows whose own text says so.
        reference: name by which the caller finds the record again.
    """

    begin: Span
    end: Span | None = None
    travel: bool = False
    reference: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the suspension in plain values, every member written out."""
        return {
            "begin": self.begin.as_json(),
            "end": None if self.end is None else self.end.as_json(),
            "travel": self.travel,
            "reference": self.reference,
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Suspension:
        """Return what `as_json` wrote down; raises KeyError, TypeError or ValueError for anything else."""
        return cls(
            begin=Span.of_json(value["begin"]),
            end=None if value["end"] is None else Span.of_json(value["end"]),
            travel=value["travel"],
            reference=value["reference"],
        )


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a term with its derivation.

    Attributes:
        calendar: the end; for the dual rows of procedure 2.5 the reading in calendar days.
        working: the reading in working days of the dual rows, else None.
        lines: the derivation.
        provisional: whether a holiday notice that is not known yet could still move it.
        extensions: every recorded extension with its judgement.
        on_or_before: of a provisional due the day that is safe whatever the missing notice says, else None.
    """

    calendar: Bounds
    working: Bounds | None
    lines: tuple[Line, ...]
    provisional: bool
    extensions: tuple[JudgedExtension, ...] = ()
    on_or_before: date | None = None

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

    @classmethod
    def of_event(cls, value: Mapping[str, Any], *, provisional: bool) -> Due:
        """Return the due that an event announced, as far as `as_event` writes it: without its extensions.

        Raises:
            ValueError: not a value of the type `due`.
        """
        lines = tuple(
            Line(zh, en) for zh, _, en in (line.partition(" / ") for line in value.get("derivation", ()))
        )
        if value["kind"] == "dual":
            return cls(_bounds(value["calendar"]), _bounds(value["working"]), lines, provisional)
        return cls(_bounds(value.get("day") or value.get("instant") or value), None, lines, provisional)


def time_of_act(rule: Regime, *, arrived: Span, posted: Span | None) -> Span:
    """Return the readings of the time that decides whether an act was in time.

    Posting decides where the counting clause says so; where it says nothing, posting and arrival are both
    readings, and a posting in time is never a breach.

    Source: CPL 105(3), SAMR 80, AGRI 89(4); procedure 2.2 to 2.4.
    """
    if posted is None:
        return arrived
    return posted if rule.road != "silent" else Span(posted.first_day, arrived.last_day)


def joined_due(pieces: Sequence[tuple[Span, Due | None]]) -> Due:
    """Return the due of a start that lies on several sides of a change of the law.

    Args:
        pieces: the parts of the start in order, each with the due under its text; None: there is no such term
            for a start in that part, and then the latest due is open.

    Raises:
        ValueError: no part has a due.
    """
    dues = [found for _, found in pieces if found is not None]
    if not dues:
        raise ValueError("no part of the start has a due")
    if len(pieces) == 1:
        return dues[0]
    whole = len(dues) == len(pieces)
    working = [found.working for found in dues if found.working is not None]
    lines = [
        line
        for span, found in pieces
        for line in (_piece_line(span, found is not None), *(found.lines if found is not None else ()))
    ]
    safe = [found.on_or_before for found in dues if found.on_or_before is not None]
    return Due(
        calendar=_hull([found.calendar for found in dues], closed=whole),
        working=_hull([found.last for found in dues], closed=whole) if working else None,
        lines=tuple(lines),
        provisional=any(found.provisional for found in dues),
        extensions=_same_verdicts([found.extensions for found in dues]),
        on_or_before=min(safe, default=None),
    )


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


def _bounds(value: str | Mapping[str, Any]) -> Bounds:
    if isinstance(value, str):
        return Bounds(_moment(value), _moment(value))
    return Bounds(_moment(value.get("earliest")), _moment(value.get("latest")))


def _moment(text: str | None) -> Moment | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def _hull(bounds: Sequence[Bounds], *, closed: bool) -> Bounds:
    """Return the bounds of all parts; the earliest is the least, an open one makes the whole open."""
    firsts = [each.earliest for each in bounds if each.earliest is not None]
    lasts = [each.latest for each in bounds if each.latest is not None]
    return Bounds(
        min(firsts, key=over_from) if len(firsts) == len(bounds) else None,
        max(lasts, key=over_from) if closed and len(lasts) == len(bounds) else None,
    )


def _piece_line(span: Span, applies: bool) -> Line:
    if applies:
        return Line(
            f"起算在{span.first_day}至{span.last_day}的：", f"start {span.first_day} to {span.last_day}:"
        )
    return Line(
        f"起算在{span.first_day}至{span.last_day}的，本条没有有效条文，不适用",
        f"start {span.first_day} to {span.last_day}: the row had no text in force and does not apply",
    )


def _same_verdicts(of_pieces: Sequence[tuple[JudgedExtension, ...]]) -> tuple[JudgedExtension, ...]:
    """Return the verdicts on which all parts agree; the others are left undecided."""
    return tuple(
        same[-1]
        if len({each.counts for each in same}) == 1
        else JudgedExtension(same[-1].extension, None, _PIECES_DIFFER, same[-1].grade)
        for same in zip(*of_pieces, strict=True)
    )


_PIECES_DIFFER = Line("延长是否有效取决于适用哪一条文", "whether it counts depends on the text that governs")


def _given(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that say something, also inside the two counts of a dual term."""
    return {
        name: _given(member) if isinstance(member, Mapping) else member
        for name, member in value.items()
        if member is not None
    }


def _text(moment: Moment | None) -> str | None:
    return None if moment is None else moment.isoformat()
