"""Every row and version with a number: the day before the end, the last day, the day after.

The end falls on an ordinary day, a weekend, a holiday and a make-up working day in turn.

The expected days come from `plain_counter`, which knows nothing of the product.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from tests.lawbook.clock_law import calendar, rows
from tests.lawbook.plain_counter import DAY, kind_of_day, last_days, last_instant, natural_end

from xianjie.lawbook.procedure.clocks import ClockState, Due, Extension, Row, Version, due, state
from xianjie.lawbook.procedure.rows import ExtensionRule, Limit
from xianjie.lawbook.procedure.times import CHINA, Span, midnight

KINDS = ("ordinary", "weekend", "holiday", "make_up")
FIRST, LAST = date(2008, 1, 1), date(2026, 9, 30)  # starts whose terms end in years that the library knows
LATEST_END = date(2026, 12, 28)
TICK = timedelta(microseconds=1)
NEVER_LATE = {"right", "permission", "off", "bar"}
RANKS = {"none", "unit_head", "agency_head", "collective", "county_police_head", "next_higher_court"}

NUMBERED = [
    pytest.param(row, version, id=row.name_of(version))
    for row in rows().values()
    for version in row.versions
    if version.limit is not None or version.variants
]
EXTENDED = [
    pytest.param(row, version, rule, id=f"{row.name_of(version)}-{index}")
    for row in rows().values()
    for version in row.versions
    if version.limit is not None
    for index, rule in enumerate(version.extensions)
]


@pytest.mark.parametrize(("row", "version"), NUMBERED)
def test_every_clock_ends_on_its_day(row: Row, version: Version) -> None:
    own = () if version.limit is None else (version,)
    for text in (*own, *(version.in_case_of(each.name) for each in version.variants)):
        assert text.limit is not None
        seen = set()
        for kind, start in _starts(text):
            seen.add(kind)
            if text.limit.unit == "hour":
                _check_hours(row, text, start)
            else:
                _check_days(row, text, start)
        assert seen == set(KINDS), (row.id, text.limit)


def _starts(text: Version) -> Iterator[tuple[str, date]]:
    """Yield for each kind of day the latest start whose end falls on such a day, before it moves."""
    limit = text.limit
    assert limit is not None
    first, day = max(FIRST, text.valid_from or FIRST), min(LAST, text.valid_to or LAST)
    if day - first < timedelta(
        days=400
    ):  # a text too young or too old to show every kind: counted all the same
        first, day = FIRST, LAST
    wanted = set(KINDS)
    while wanted and day >= first:
        end = day + DAY if limit.unit == "hour" else natural_end(day, limit.value, limit.unit)
        if end <= LATEST_END - timedelta(days=40):
            kind = kind_of_day(end)
            if kind in wanted:
                wanted.remove(kind)
                yield kind, day
        day -= DAY


def _check_days(row: Row, text: Version, start: date) -> None:
    limit = text.limit
    assert limit is not None
    expected = last_days(start, limit.value, limit.unit, regime=text.regime, custody=row.custody)
    found = due(row, text, Span.of_day(start), calendar=calendar())
    days = [each.isoformat() for each in expected]
    named = {"day": days[0]} if len(days) == 1 else {"calendar": days[0], "working": days[1]}
    assert found.as_json() == named, (row.id, start)
    assert not found.provisional
    first, last = expected[0], expected[-1]
    after = ClockState.lapsed if row.kind in NEVER_LATE else ClockState.late
    for act in (first - DAY, first):
        assert _act(row, found, act) is ClockState.met, (row.id, start, act)
    assert _act(row, found, last + DAY) is after, (row.id, start)
    if first < last:
        warned = ClockState.running if row.kind in NEVER_LATE else ClockState.warned
        assert _act(row, found, first + DAY) is warned
        assert _act(row, found, last) is warned
    assert _idle(row, found, midnight(first + DAY) - TICK) is ClockState.running
    over = ClockState.lapsed if row.kind == "late_only" else after
    assert _idle(row, found, midnight(last + DAY)) is over, (row.id, start)


def _check_hours(row: Row, text: Version, day: date) -> None:
    limit = text.limit
    assert limit is not None
    for start in (datetime(*day.timetuple()[:3], 17, 40, tzinfo=CHINA), midnight(day)):
        end = last_instant(start, limit.value)
        found = due(row, text, Span.of_instant(start), calendar=calendar())
        assert found.as_json() == {"instant": end.isoformat()}, (row.id, start)
        for moment in (end - timedelta(days=1), end - TICK, end):
            assert state(row, found, stop=Span.of_instant(moment), at=moment) is ClockState.met
        late = end + TICK
        assert state(row, found, stop=Span.of_instant(late), at=late) is ClockState.late
        assert _idle(row, found, end) is ClockState.running
        over = ClockState.lapsed if row.kind == "late_only" else ClockState.late
        assert _idle(row, found, late) is over


def _act(row: Row, found: Due, day: date) -> ClockState:
    return state(row, found, stop=Span.of_day(day), at=midnight(day + DAY))


def _idle(row: Row, found: Due, at: datetime) -> ClockState:
    return state(row, found, stop=None, at=at)


@pytest.mark.parametrize(("row", "version", "rule"), EXTENDED)
def test_every_extension_counts_until_the_last_day_and_no_further(
    row: Row, version: Version, rule: ExtensionRule
) -> None:
    assert version.limit is not None
    # A text that begins later than the library knows is counted on days that it does know.
    start = min(max(date(2023, 3, 2), version.valid_from or FIRST), date(2025, 3, 3))
    own = last_days(
        start, version.limit.value, version.limit.unit, regime=version.regime, custody=row.custody
    )
    last, rank = own[-1], rule.approver_ranks[0]
    expected = _extended_end(row, version, rule, start)
    amount = _amount(rule, start)

    def end_of(approved: date, by: str, **asked: object) -> tuple[date, bool | None]:
        extension = Extension(Span.of_day(approved), by, **asked)  # type: ignore[arg-type]
        found = due(row, version, Span.of_day(start), calendar=calendar(), extensions=(extension,))
        end = found.last.latest
        assert end is not None
        return end, found.extensions[0].counts

    assert end_of(last, rank, **amount) == (expected, True)
    assert end_of(last + DAY, rank, **amount) == (last, False)
    if "none" not in rule.approver_ranks:
        allowed = {each for other in version.extensions for each in other.approver_ranks}
        for wrong in RANKS - allowed:
            assert end_of(last, wrong, **amount) == (last, False), wrong
    if not rule.stated_term and not any(other.stated_term for other in version.extensions):
        further = {name: value + 1 for name, value in amount.items() if isinstance(value, int)}
        reach = [_extended_end(row, version, other, start) for other in version.extensions]
        if expected == max(reach):
            assert end_of(last, rank, **further) == (last, False)


def _amount(rule: ExtensionRule, start: date) -> dict[str, object]:
    if rule.stated_term:
        return {"until": _stated(start)}
    amounts = {"by_days": rule.by_days, "by_months": rule.by_months, "to_days": rule.to_days}
    return {name: value for name, value in amounts.items() if value is not None}


def _extended_end(row: Row, version: Version, rule: ExtensionRule, start: date) -> date:
    limit = version.limit
    assert limit is not None
    if rule.stated_term:
        return _stated(start)
    if rule.to_days is not None:
        longer = Limit(value=rule.to_days, unit="day")
    elif rule.by_months is not None:
        assert limit.unit == "month"
        longer = Limit(value=limit.value + rule.by_months, unit="month")
    elif limit.unit == "month":
        end = natural_end(start, limit.value, "month") + (rule.by_days or 0) * DAY
        days = (end - start).days
        return last_days(start, days, "day", regime="CAL", custody=row.custody)[-1]
    else:
        longer = Limit(value=limit.value + (rule.by_days or 0), unit=limit.unit)
    return last_days(start, longer.value, longer.unit, regime=version.regime, custody=row.custody)[-1]


def _stated(start: date) -> date:
    """An ordinary working day far beyond every other end."""
    return next(day for ahead in range(300, 330) if kind_of_day(day := start + ahead * DAY) == "ordinary")
