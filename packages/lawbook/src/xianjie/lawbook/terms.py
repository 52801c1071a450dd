"""From the start of a term to its due: the one place where rows, counting, extensions and suspensions
meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from xianjie.lawbook.calendars import Calendar
from xianjie.lawbook.counting import Counted, Length, Line, Roll, Still, count, end_of_hours, ends_of_hours_on
from xianjie.lawbook.dues import Bounds, Due, Extension, JudgedExtension, Suspension
from xianjie.lawbook.extending import Term, Verdict, judge
from xianjie.lawbook.rows import Limit, Row, Version
from xianjie.lawbook.times import Span

DayRange = tuple[date, date]


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
            ends are left out too, because only the later day is late under every reading.
        samr_roll: over which days a last day under the market rules gives way (SAMR 80, a parameter).

    Raises:
        ValueError: the text has no number.

    Source: procedure section 2; catalogue of events, section 3.1 items 1 and 4.
    """
    limit = version.limit
    if limit is None:
        raise ValueError(f"{row.id}: the text of {version.source.instrument} has no number")
    if limit.unit == "hour":
        return _due_in_hours(version, start, limit)
    roll = _roll_of(row, version, samr_roll)
    if not row.events.suspends:
        suspensions = ()
    results = [
        _Reckoning(length, name, version, calendar, roll, tuple(extensions), tuple(suspensions)).reckon(start)
        for name, length in _readings(version.regime, limit).items()
    ]
    counted = (line for result in results for line in result.lines)
    return Due(
        calendar=results[0].bounds,
        working=results[1].bounds if len(results) > 1 else None,
        lines=(_basis(version), *counted, *_remarks(row, version, results)),
        provisional=any(result.provisional for result in results),
        extensions=results[-1].extensions,
    )


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
        lines = list(_READING.get(self.name, ()))
        if earliest and latest and earliest.lines == latest.lines and not open_end:
            return (*lines, *latest.lines)
        if earliest:
            lines += [_EARLIEST, *earliest.lines]
        if open_end:
            lines.append(_SUSPENDED)
        elif latest:
            lines += [_LATEST, *latest.lines]
        else:
            lines.append(_OPEN)
        return tuple(lines)


def _by_approval(item: tuple[int, Extension]) -> tuple[date, date, int]:
    index, extension = item
    return extension.approved.last_day or date.max, extension.approved.first_day or date.min, index


def _due_in_hours(version: Version, start: Span, limit: Limit) -> Due:
    if start.instant is not None:
        end, lines = end_of_hours(start.instant, limit.value)
        return Due(Bounds(end, end), None, (_basis(version), *lines), provisional=False)
    earliest: datetime | None = None
    latest: datetime | None = None
    if start.first_day:
        earliest = ends_of_hours_on(start.first_day, limit.value)[0]
    if start.last_day:
        latest = ends_of_hours_on(start.last_day, limit.value)[1]
    return Due(Bounds(earliest, latest), None, (_basis(version), _HOUR_UNKNOWN), provisional=False)


def _readings(regime: str, limit: Limit) -> dict[str, Length]:
    """Return the lengths that are counted side by side: two for the dual rows of procedure 2.5, else one."""
    length = limit.length()
    if regime == "R310":
        return {"calendar": length, "working": replace(length, working=True)}
    return {"": replace(length, working=length.working or regime in {"WD", "PPLWD"})}


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


def _merged(ranges: Iterable[DayRange]) -> tuple[DayRange, ...]:
    merged: list[DayRange] = []
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
            joined.append(JudgedExtension(extension, None, _START_UNKNOWN))
            continue
        agree = len({verdict.counts for verdict in verdicts}) == 1
        told = verdicts[-1]
        joined.append(
            JudgedExtension(extension, told.counts, told.reason, told.grade)
            if agree
            else JudgedExtension(extension, None, _READINGS_DIFFER, told.grade)
        )
    return tuple(joined)


def _basis(version: Version) -> Line:
    where = f"{version.source.instrument} {version.source.article}".strip()
    rule = version.counting_rule().source
    return Line(f"期限依据：{where}；计算依据：{rule}", f"term by {where}; counted by {rule}")


def _remarks(row: Row, version: Version, results: Sequence[_Result]) -> tuple[Line, ...]:
    remarks = []
    moved = results[0].moved
    if row.custody == "always":
        remarks.append(Line("羁押期限，届满日不顺延", "a term of custody: the last day never moves"))
    if row.custody == "if_in_custody" and moved and moved.last != moved.unrolled:
        remarks.append(
            Line(
                f"当事人在押的，应当在{moved.unrolled}前办结；按顺延日计算逾期",
                f"with the person in custody it is due on {moved.unrolled}; late only after the later day",
            )
        )
    if version.counting_rule().travel:
        remarks.append(
            Line(
                "路途时间不计入；期满前交邮的不算过期", "travel time is not counted; posting in time suffices"
            )
        )
    return tuple(remarks)


_READING = {
    "calendar": (Line("按自然日计算：", "in calendar days:"),),
    "working": (Line("按工作日计算：", "in working days:"),),
}
_EARLIEST = Line("起算时间的最早可能：", "earliest reading of the start:")
_LATEST = Line("起算时间的最晚可能：", "latest reading of the start:")
_OPEN = Line("起算时间没有记录，最晚届满日不定", "the start is not recorded: the latest due is open")
_SUSPENDED = Line(
    "期限中止，恢复后重新计算", "the term is suspended and will be counted on when it is resumed"
)
_HOUR_UNKNOWN = Line(
    "起算的钟点没有记录：开始的小时不计入，24小时的期限于次日1时至24时之间届满",
    "the hour of the start is not known: 24 hours end between 01:00 and 24:00 of the next day",
)
_START_UNKNOWN = Line(
    "起算时间不明，无法判断延长是否有效", "the start is not known: cannot tell whether it counts"
)
_READINGS_DIFFER = Line(
    "起算或者批准时间不确定，延长是否有效取决于读法", "readings of the start or approval disagree"
)
