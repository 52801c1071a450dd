"""What must hold of every period, whatever its start."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.lawbook.clock_law import calendar, due_of, rows

from xianjie.lawbook.procedure.calendars import Calendar, DayOffReason, days_between
from xianjie.lawbook.procedure.clocks import ClockState, Due, Extension, Suspension, next_change, rungs, state
from xianjie.lawbook.procedure.counting import Length, count, end_of_hours, ends_of_hours_on
from xianjie.lawbook.procedure.dues import TICK
from xianjie.lawbook.procedure.times import Span, midnight

DAYS = st.dates(date(2007, 1, 1), date(2026, 11, 30))
# Every row used here has its text, and no due reaches a year without a holiday notice.
RECENT = st.dates(date(2024, 12, 1), date(2026, 9, 15))
TURN = st.dates(date(2026, 11, 1), date(2027, 12, 1))  # the next year's notice is not known
LENGTHS = st.builds(
    Length, months=st.integers(0, 3), days=st.integers(1, 40), working=st.booleans()
) | st.builds(Length, months=st.integers(1, 24))
INSTANTS = st.builds(
    lambda day, seconds: midnight(day) + timedelta(seconds=seconds), RECENT, st.integers(0, 24 * 3600 - 1)
)
NO_HOLIDAYS = Calendar(holidays={}, make_up=frozenset(), years=frozenset())
ROWS = st.sampled_from(
    [
        "head_decision",
        "filing_decision",
        "transfer_to_police",
        "seizure_term",
        "reverse_review",
        "agency_reply_opinion",
    ]
)


@st.composite
def spans(draw: st.DrawFn) -> Span:
    """A start known to the day, to some days, or to the instant."""
    if draw(st.booleans()):
        return Span.of_instant(draw(INSTANTS))
    first = draw(RECENT)
    return Span(first, first + timedelta(days=draw(st.integers(0, 31))))


@given(DAYS, LENGTHS)
def test_a_holiday_never_shortens_a_period(start: date, length: Length) -> None:
    holidays = {day for day in _ahead(start) if calendar().is_named_holiday(day)}
    more = Calendar(
        holidays={day: calendar().why_off(day) for day in holidays}, make_up=frozenset(), years=frozenset()
    )
    assert count(start, length, calendar=more).last >= count(start, length, calendar=NO_HOLIDAYS).last


def _ahead(start: date) -> list[date]:
    return [start + timedelta(days=ahead) for ahead in range(1, 120)]


@given(DAYS, LENGTHS)
def test_a_later_start_never_ends_earlier(start: date, length: Length) -> None:
    today = count(start, length, calendar=calendar()).last
    assert today <= count(start + timedelta(days=1), length, calendar=calendar()).last


@given(DAYS, st.integers(1, 60), st.booleans())
def test_one_day_more_never_ends_earlier(start: date, days: int, working: bool) -> None:
    shorter = count(start, Length(days=days, working=working), calendar=calendar()).last
    longer = count(start, Length(days=days + 1, working=working), calendar=calendar()).last
    assert shorter <= longer


@given(DAYS, LENGTHS)
def test_a_period_ends_on_a_working_day_after_its_start(start: date, length: Length) -> None:
    last = count(start, length, calendar=calendar()).last
    assert last > start
    if not (length.working and length.months):
        assert calendar().is_working_day(last)


@given(DAYS, st.integers(1, 15))
def test_working_days_never_end_before_calendar_days(start: date, days: int) -> None:
    by_calendar = count(start, Length(days=days), calendar=calendar()).last
    assert by_calendar <= count(start, Length(days=days, working=True), calendar=calendar()).last


@given(DAYS, LENGTHS, st.sets(st.integers(1, 60), max_size=20))
def test_a_day_that_stands_still_never_makes_a_period_shorter(
    start: date, length: Length, ahead: set[int]
) -> None:
    still = {start + timedelta(days=day) for day in ahead}
    paused = count(start, length, calendar=calendar(), still=still.__contains__).last
    assert paused >= count(start, length, calendar=calendar()).last


@given(INSTANTS)
def test_24_hours_end_after_24_and_within_25_hours(start: datetime) -> None:
    taken = end_of_hours(start, 24)[0] - start
    assert timedelta(hours=24) < taken <= timedelta(hours=25)


@given(INSTANTS)
def test_the_hours_of_a_day_hold_the_hours_of_every_instant_in_it(start: datetime) -> None:
    earliest, latest = ends_of_hours_on(start.date(), 24)
    assert earliest <= end_of_hours(start, 24)[0] <= latest


@given(ROWS, spans())
def test_the_earliest_due_is_never_after_the_latest(row: str, start: Span) -> None:
    found = due_of(row, start)
    for bounds in (found.calendar, found.last):
        assert bounds.earliest is not None
        assert bounds.latest is not None
        assert bounds.earliest <= bounds.latest
        assert bounds.earliest >= found.calendar.earliest


@given(RECENT, st.lists(st.tuples(st.integers(-3, 90), st.integers(0, 40)), max_size=3), st.integers(0, 60))
def test_adding_a_suspension_never_makes_a_due_earlier(
    start: date, pauses: list[tuple[int, int]], after: int
) -> None:
    def suspension(begin: int, length: int) -> Suspension:
        first = start + timedelta(days=begin)
        return Suspension(Span.of_day(first), Span.of_day(first + timedelta(days=length)))

    some = tuple(suspension(*pause) for pause in pauses)
    more = (*some, suspension(after, 5))
    for row in ("seizure_term", "reverse_review", "lead_check_agri"):
        before = due_of(row, Span.of_day(start), suspensions=some).last
        later = due_of(row, Span.of_day(start), suspensions=more).last
        assert later.earliest >= before.earliest
        assert later.latest >= before.latest


ORDER = {
    ClockState.running: 0,
    ClockState.unknown: 1,
    ClockState.warned: 1,
    ClockState.late: 2,
}


@given(ROWS, spans(), st.lists(st.integers(0, 100 * 24 * 3600), min_size=2, max_size=6))
def test_time_alone_never_leads_from_late_back_to_running(row: str, start: Span, seconds: list[int]) -> None:
    found = due_of(row, start)
    moments = [start.earliest + timedelta(seconds=each) for each in sorted(seconds)]
    states = [ORDER[state(rows()[row], found, stop=None, at=moment)] for moment in moments]
    assert states == sorted(states)


@given(ROWS, spans())
def test_between_two_changes_the_state_stays(row: str, start: Span) -> None:
    found = due_of(row, start)
    now = start.earliest
    seen = [state(rows()[row], found, stop=None, at=now)]
    while (change := next_change(found, now)) is not None:
        assert state(rows()[row], found, stop=None, at=change - TICK) is seen[-1]
        seen.append(state(rows()[row], found, stop=None, at=change))
        now = change
    assert seen[0] is ClockState.running
    assert seen[-1] is ClockState.late


@given(ROWS, spans())
def test_warnings_come_in_order_and_before_the_earliest_end(row: str, start: Span) -> None:
    found = due_of(row, start)
    warnings = rungs(found, start)
    assert [rung.at for rung in warnings] == sorted(rung.at for rung in warnings)
    end = found.calendar.earliest
    over = end if isinstance(end, datetime) else midnight(end + timedelta(days=1))
    for rung in warnings:
        assert rung.name == "due_calendar" or rung.at < over


@given(RECENT, st.integers(0, 60))
def test_the_state_of_a_done_act_does_not_depend_on_when_it_is_asked(start: date, taken: int) -> None:
    found = due_of("head_decision", Span.of_day(start))
    stop = Span.of_day(start + timedelta(days=taken))
    asked = [midnight(start + timedelta(days=ahead)) for ahead in (taken + 1, taken + 400)]
    states = {state(rows()["head_decision"], found, stop=stop, at=moment) for moment in asked}
    assert len(states) == 1
    assert states <= {ClockState.met, ClockState.warned, ClockState.late}


SUSPENDED_ROWS = ("seizure_term", "reverse_review", "lead_check_agri", "penalty_decision_market")
EXTENDED_ROWS = st.sampled_from(
    [
        "filing_decision_env",
        "filing_decision_economic",
        "seizure_term",
        "custody_investigation",
        "reverse_review",
    ]
)
PAUSES = st.lists(st.tuples(st.integers(-3, 60), st.integers(0, 30)), max_size=4)


def _pauses(start: date, pauses: list[tuple[int, int]]) -> tuple[Suspension, ...]:
    return tuple(
        Suspension(
            Span.of_day(start + timedelta(days=begin)), Span.of_day(start + timedelta(days=begin + length))
        )
        for begin, length in pauses
    )


@given(RECENT, PAUSES)
def test_overlapping_suspensions_count_once(start: date, pauses: list[tuple[int, int]]) -> None:
    days = sorted({begin + ahead for begin, length in pauses for ahead in range(length + 1)})
    one_by_one = _pauses(start, [(day, 0) for day in days])
    for row in SUSPENDED_ROWS:
        together = due_of(row, Span.of_day(start), suspensions=_pauses(start, pauses))
        assert together.as_json() == due_of(row, Span.of_day(start), suspensions=one_by_one).as_json()


@st.composite
def extensions(draw: st.DrawFn) -> Extension:
    """An extension by days, months or to a total, approved some days after the start, by anybody."""
    amounts = [
        {"by_days": draw(st.integers(1, 40))},
        {"by_months": draw(st.integers(1, 3))},
        {"to_days": draw(st.integers(1, 70))},
        {"until": draw(RECENT)},
    ]
    ranks = ["none", "agency_head", "county_police_head", "provincial_procuratorate", "chief_procurator"]
    approved = draw(RECENT)
    return Extension(
        Span(approved, approved + timedelta(days=draw(st.integers(0, 5)))),
        draw(st.sampled_from(ranks)),
        **draw(st.sampled_from(amounts)),
    )


@given(EXTENDED_ROWS, spans(), st.lists(extensions(), min_size=1, max_size=3), st.integers(0, 40))
def test_an_extension_never_makes_a_due_earlier(
    row: str, start: Span, recorded: list[Extension], after: int
) -> None:
    assert start.first_day is not None
    soon = Span.of_day(start.first_day + timedelta(days=after))
    recorded = [
        Extension(soon, e.approver_rank, e.by_days, e.by_months, e.to_days, e.until) for e in recorded
    ]
    plain = due_of(row, start).last
    longer = due_of(row, start, extensions=tuple(recorded)).last
    assert longer.earliest >= plain.earliest
    assert longer.latest >= plain.latest


@given(
    ROWS, st.dates(date(2025, 1, 1), date(2026, 9, 15)), st.sampled_from(["month", "year", "days"]), st.data()
)
def test_a_coarser_start_holds_the_due_of_every_finer_one(
    row: str, day: date, precision: str, data: st.DataObject
) -> None:
    value = {"month": f"{day:%Y-%m}", "year": f"{day:%Y}", "days": f"{day}..{day + timedelta(days=9)}"}
    coarse = Span.of_text(value[precision])
    assert coarse.first_day is not None
    assert coarse.last_day is not None
    finer = data.draw(st.dates(coarse.first_day, coarse.last_day))
    seconds = data.draw(st.integers(0, 24 * 3600 - 1))
    whole = due_of(row, coarse)
    for start in (Span.of_day(finer), Span.of_instant(midnight(finer) + timedelta(seconds=seconds))):
        found = due_of(row, start)
        for outer, inner in ((whole.calendar, found.calendar), (whole.last, found.last)):
            assert outer.earliest <= inner.earliest
            assert inner.latest <= outer.latest


@st.composite
def notices(draw: st.DrawFn) -> Calendar:
    """What the missing notices of the next years could say: any weekday off, any weekend day at work."""
    days = list(days_between(date(2026, 12, 29), date(2029, 12, 31)))
    changed = draw(st.sets(st.sampled_from(days), max_size=60))
    off = {day: DayOffReason("节", "holiday") for day in changed if day.weekday() < 5}
    known = {
        day: calendar().why_off(day)
        for day in days_between(date(2026, 1, 1), date(2026, 12, 31))
        if calendar().is_named_holiday(day)
    }
    make_up = {day for day in changed if day.weekday() >= 5}
    make_up |= {
        day for day in days_between(date(2026, 1, 1), date(2026, 12, 31)) if calendar().is_make_up(day)
    }
    return Calendar(holidays=known | off, make_up=frozenset(make_up), years=frozenset(range(2026, 2031)))


@given(ROWS, TURN, notices())
def test_a_due_that_is_not_provisional_stands_whatever_a_missing_notice_says(
    row: str, start: date, told: Calendar
) -> None:
    now = due_of(row, Span.of_day(start))
    then = due_of(row, Span.of_day(start), known=told)
    assert not then.provisional
    if not now.provisional:
        assert now.as_json() == then.as_json()
    else:
        assert now.on_or_before is not None
        assert then.calendar.earliest is not None
        assert now.on_or_before <= then.calendar.earliest


@given(ROWS, TURN)
def test_a_due_is_provisional_exactly_if_its_end_touches_days_without_a_notice(row: str, start: date) -> None:
    found = due_of(row, Span.of_day(start))
    ends = [bound for bounds in (found.calendar, found.last) for bound in (bounds.earliest, bounds.latest)]
    if isinstance(ends[0], datetime):
        assert not found.provisional  # hours never move for a holiday
        return
    touched = any(calendar().is_provisional(end) for end in ends)
    assert found.provisional == touched
    assert (found.on_or_before is not None) == found.provisional


@given(ROWS, TURN, st.integers(0, 200))
def test_a_provisional_due_is_not_late_before_its_notice_could_be_known(
    row: str, start: date, ahead: int
) -> None:
    found: Due = due_of(row, Span.of_day(start))
    at = midnight(start) + timedelta(days=ahead)
    if found.provisional:
        assert state(rows()[row], found, stop=None, at=at) not in (ClockState.late, ClockState.warned)
        assert state(rows()[row], found, stop=Span.of_instant(at), at=at) is not ClockState.late
