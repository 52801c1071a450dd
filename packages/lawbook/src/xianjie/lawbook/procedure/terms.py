"""From the start of a term to its due: the one place where rows, counting, extensions and suspensions
meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar

from xianjie.lawbook.procedure import term_lines as say
from xianjie.lawbook.procedure.calendars import Calendar
from xianjie.lawbook.procedure.counting import (
    Counted,
    Length,
    Line,
    Still,
    count,
    end_of_hours,
    ends_of_hours_on,
)
from xianjie.lawbook.procedure.dues import Bounds, Due, Extension, JudgedExtension, Suspension
from xianjie.lawbook.procedure.extending import Term, Verdict, judge
from xianjie.lawbook.procedure.regimes import Roll
from xianjie.lawbook.procedure.rows import Limit, Row, Version
from xianjie.lawbook.procedure.times import CHINA, Span

DayRange = tuple[date, date]
Moment = TypeVar("Moment", date, datetime)


def due(
    row: Row,
    version: Version,
    start: Span,
    *,
    calendar: Calendar,
    extensions: Sequence[Extension] = (),
    suspensions: Sequence[Suspension] = (),
    samr_roll: Roll = "days_off",
) -> Due:
    """Return when the term of a row ends.

    Args:
        version: the text that governs the start.
        start: all readings of the start; a term that is only opened passes a span whose last day is None.
        extensions: what was recorded, in any order.
        suspensions: time left out; overlapping ones count once. The days on which a suspension begins and
            ends are left out too, because only the later day is late under every reading. What neither the
            row nor its counting clause leaves out is named and ignored.
        samr_roll: over which days a last day under the market rules gives way (SAMR 80, a parameter).

    Raises:
        ValueError: the text has no number.

    Source: procedure section 2; catalogue of events, section 3.1 items 1 and 4.
    """
    limit = version.limit
    if limit is None:
        raise ValueError(f"{row.id}: the text of {version.source.instrument} has no number")
    left_out = tuple(each for each in suspensions if _is_left_out(each, row, version))
    ignored = [
        say.IGNORED_ROAD if each.travel else say.IGNORED for each in suspensions if each not in left_out
    ]
    told = (*say.basis(row, version), *dict.fromkeys(ignored))
    if limit.unit == "hour":
        return _due_in_hours(version, start, limit, left_out, told)
    ledger = say.ledger(suspension_ledger(left_out), (each.reference for each in left_out))
    roll = _roll_of(row, version, samr_roll)
    readings = [
        _Reckoning(length, name, version, calendar, roll, tuple(extensions), left_out)
        for name, length in _readings(version.regime, limit)
    ]
    return _due_in_days(row, start, readings, (*told, *ledger))


def _due_in_days(row: Row, start: Span, readings: Sequence[_Reckoning], told: tuple[Line, ...]) -> Due:
    version = readings[0].version
    results = [reading.reckon(start) for reading in readings]
    lines = [*told, *(line for result in results for line in result.lines)]
    if version.aim is not None:
        aimed = replace(readings[0], length=version.aim.length(), extensions=()).reckon(start)
        lines += say.aim(version.aim.length(), aimed.bounds)
    provisional = any(result.provisional for result in results)
    return Due(
        calendar=results[0].bounds,
        working=results[1].bounds if len(results) > 1 else None,
        lines=(*lines, *say.custody(row, results[0].moved), *say.road(version)),
        provisional=provisional,
        extensions=results[-1].extensions,
        on_or_before=results[0].safe if provisional else None,
    )


def _is_left_out(suspension: Suspension, row: Row, version: Version) -> bool:
    if suspension.travel:
        return version.counting_rule().road == "left_out"
    return bool(row.events.suspends or version.leaves_out)


def suspension_ledger(suspensions: Iterable[Suspension]) -> tuple[DayRange, ...]:
    """Return the days left out of a term as ranges that do not overlap; suspensions still open are not
    among them.
    """
    return _merged(days for days in (_widest(suspension) for suspension in suspensions) if days)


@dataclass(frozen=True, slots=True)
class _Result:
    bounds: Bounds
    lines: tuple[Line, ...]
    provisional: bool
    safe: date | None
    moved: Counted | None
    extensions: tuple[JudgedExtension, ...]


@dataclass(frozen=True, slots=True)
class _Reckoning:
    """One reading of the limit (calendar or working days), counted from both ends of the start."""

    length: Length
    name: str
    version: Version
    calendar: Calendar
    roll: Roll
    extensions: tuple[Extension, ...]
    suspensions: tuple[Suspension, ...]

    def reckon(self, start: Span) -> _Result:
        first = self._end(start.first_day, generous=False) if start.first_day else None
        last = self._end(start.last_day, generous=True) if start.last_day else None
        earliest = first[0] if first else None
        latest = last[0] if last else None
        open_end = start.last_day is not None and latest is not None and self._stands_still_from(latest.last)
        bounds = Bounds(earliest.last if earliest else None, latest.last if latest and not open_end else None)
        return _Result(
            bounds=bounds,
            lines=self._lines(earliest, latest, open_end=open_end),
            provisional=any(counted.provisional for counted in (earliest, latest) if counted),
            safe=earliest.safe if earliest else None,
            moved=latest or earliest,
            extensions=_joined(self.extensions, first[1] if first else None, last[1] if last else None),
        )

    def _end(self, start: date, *, generous: bool) -> tuple[Counted, dict[int, Verdict]]:
        ranges = _merged(
            days for each in self.suspensions if (days := _widest(each) if generous else _narrowest(each))
        )
        still = _inside(ranges)

        def counted(length: Length) -> Counted:
            return count(
                start, length, calendar=self.calendar, roll=self.roll, still=still if ranges else None
            )

        term = Term(start, self.length, counted, still, self.version.extensions)
        verdicts: dict[int, Verdict] = {}
        for index, extension in sorted(enumerate(self.extensions), key=_by_approval):
            verdict = judge(extension, term, generous=generous)
            verdicts[index] = verdict
            term = verdict.term
        return counted(term.length), verdicts

    def _stands_still_from(self, last: date) -> bool:
        """Whether a suspension that nobody has ended begins before the term is over."""
        return any(
            each.begin.first_day is None or each.begin.first_day <= last
            for each in self.suspensions
            if each.end is None or each.end.last_day is None
        )

    def _lines(self, earliest: Counted | None, latest: Counted | None, *, open_end: bool) -> tuple[Line, ...]:
        lines = list(say.READING.get(self.name, ()))
        if earliest and latest and earliest.lines == latest.lines and not open_end:
            return (*lines, *latest.lines)
        if earliest:
            lines += [say.EARLIEST, *earliest.lines]
        if open_end:
            lines.append(say.SUSPENDED)
        elif latest:
            lines += [say.LATEST, *latest.lines]
        else:
            lines.append(say.OPEN)
        return tuple(lines)


def _by_approval(item: tuple[int, Extension]) -> tuple[date, date, int]:
    index, extension = item
    return extension.approved.last_day or date.max, extension.approved.first_day or date.min, index


def _due_in_hours(
    version: Version, start: Span, limit: Limit, travels: tuple[Suspension, ...], told: tuple[Line, ...]
) -> Due:
    """Return the due of a term in hours; of the time left out only what lies inside the term counts."""
    hours, road = limit.value, say.road(version)
    if start.instant is not None and not travels:
        end, lines = end_of_hours(start.instant, hours)
        return Due(Bounds(end, end), None, (*told, *lines, *road), provisional=False)
    surely = _merged(each for each in map(_narrowest_moments, travels) if each)
    maybe = _merged(each for each in map(_widest_moments, travels) if each)
    never_ending = [each for each in travels if each.end is None or each.end.latest is None]
    earliest, latest = None, None
    early_lines: tuple[Line, ...] = ()
    late_lines: tuple[Line, ...] = ()
    if start.first_day is not None:
        first = start.instant or ends_of_hours_on(start.first_day, 0)[0] - _HOUR
        earliest, early_lines = end_of_hours(first, hours, road=surely)
    if start.last_day is not None:
        last = start.instant or ends_of_hours_on(start.last_day, 0)[1] - _HOUR
        latest, late_lines = end_of_hours(last, hours, road=maybe)
        if any(each.begin.earliest is None or each.begin.earliest < latest for each in never_ending):
            latest = None
    if start.instant is None:
        lines = (say.hour_unknown(hours, earliest, latest),)
    elif earliest == latest:
        lines = early_lines
    elif latest is None:
        lines = (*early_lines, say.SUSPENDED)
    else:
        lines = (say.EARLIEST, *early_lines, say.LATEST, *late_lines)
    return Due(Bounds(earliest, latest), None, (*told, *lines, *road), provisional=False)


def _readings(regime: str, limit: Limit) -> tuple[tuple[str, Length], ...]:
    """Return the lengths that are counted side by side: two for the dual rows of procedure 2.5, else one."""
    length = limit.length()
    if regime == "R310":
        return ("calendar", length), ("working", replace(length, working=True))
    if regime in {"WD", "PPLWD"} and not length.working:
        length = replace(length, working=True)
    return (("", length),)


def _roll_of(row: Row, version: Version, samr_roll: Roll) -> Roll:
    if row.custody == "always":
        return "never"
    return samr_roll if version.regime == "SAMR" else version.counting_rule().roll


def _narrowest(suspension: Suspension) -> DayRange | None:
    """Return the days that are surely left out; of an open suspension only its first day is certain."""
    begin = suspension.begin.last_day
    end = suspension.end.first_day if suspension.end else begin
    return (begin, end) if begin and end and begin <= end else None


def _widest(suspension: Suspension) -> DayRange | None:
    """Return the days that may be left out; None where the end is open."""
    end = suspension.end.last_day if suspension.end else None
    begin = suspension.begin.first_day or date.min
    return (begin, end) if end and begin <= end else None


def _narrowest_moments(suspension: Suspension) -> tuple[datetime, datetime] | None:
    begin, end = suspension.begin.latest, suspension.end.earliest if suspension.end else None
    return (begin, end) if begin and end and begin < end else None


def _widest_moments(suspension: Suspension) -> tuple[datetime, datetime] | None:
    begin, end = suspension.begin.earliest, suspension.end.latest if suspension.end else None
    return (begin or _LONG_AGO, end) if end and (begin is None or begin < end) else None


def _merged(ranges: Iterable[tuple[Moment, Moment]]) -> tuple[tuple[Moment, Moment], ...]:
    merged: list[tuple[Moment, Moment]] = []
    for begin, end in sorted(ranges):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((begin, end))
    return tuple(merged)


def _inside(ranges: tuple[DayRange, ...]) -> Still:
    return lambda day: any(begin <= day <= end for begin, end in ranges)


def _joined(
    extensions: tuple[Extension, ...], first: dict[int, Verdict] | None, last: dict[int, Verdict] | None
) -> tuple[JudgedExtension, ...]:
    """Join the verdicts of both readings; a reading that is open says nothing."""
    joined = []
    for index, extension in enumerate(extensions):
        verdicts = [side[index] for side in (first, last) if side is not None]
        if not verdicts:
            joined.append(JudgedExtension(extension, None, say.START_UNKNOWN))
            continue
        agree = len({verdict.counts for verdict in verdicts}) == 1
        told = verdicts[-1]
        joined.append(
            JudgedExtension(extension, told.counts, told.reason, told.grade)
            if agree
            else JudgedExtension(extension, None, say.READINGS_DIFFER, told.grade)
        )
    return tuple(joined)


_HOUR = timedelta(hours=1)
_LONG_AGO = datetime(1, 1, 2, tzinfo=CHINA)
