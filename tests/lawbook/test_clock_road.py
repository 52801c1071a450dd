"""Time on the road and posting: only some counting clauses speak of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lawbook.clock_law import at, due_of, rows, when

from xianjie.lawbook.procedure.clocks import ClockState, Suspension, state
from xianjie.lawbook.procedure.dues import time_of_act
from xianjie.lawbook.procedure.times import Span


def _road(begin: str, end: str | None) -> Suspension:
    return Suspension(when(begin), None if end is None else when(end), travel=True)


@pytest.mark.parametrize(
    ("row", "posting"),
    [
        ("filing_decision", "left_out"),  # CPL 105
        ("reconsider_request", "left_out"),  # R310: the reading of CPL 105
        ("transfer_to_police", "left_out"),
        ("agency_reply_opinion", "left_out"),
        ("penalty_decision_market", "left_out"),  # SAMR 80
        ("lead_check_market", "left_out"),  # working days of SAMR 18, the rest of SAMR 80
        ("penalty_decision_agri", "documents"),  # AGRI 89 speaks of served documents
        ("lead_check_agri", "documents"),
        ("penalty_decision_transport", "silent"),
        ("handover_after_filing_env", "silent"),
        ("reconsider_request_env", "silent"),
        ("evidence_hold_decide", "silent"),
        ("duty_crime_lead_forward", "silent"),
        ("seizure_term", "silent"),
    ],
)
def test_each_source_says_for_itself_what_the_road_does(row: str, posting: str) -> None:
    assert rows()[row].versions[-1].counting_rule().road == posting


def test_days_on_the_road_are_left_out_where_the_clause_says_so() -> None:
    found = due_of(
        "reconsider_decision", when("2026-11-09"), suspensions=(_road("2026-11-10", "2026-11-12"),)
    )
    assert found.as_json() == {"day": "2026-11-16"}  # 13, 14, 15 November; the last is a Sunday
    assert any("2026-11-10至2026-11-12" in line.zh for line in found.lines)


def test_days_on_the_road_stay_in_where_the_clause_is_silent_and_the_count_says_so() -> None:
    found = due_of(
        "handover_after_filing_env", when("2026-11-09"), suspensions=(_road("2026-11-10", "2026-11-12"),)
    )
    assert found.as_json() == {"day": "2026-11-12"}
    assert any("没有扣除路途时间的规定" in line.zh for line in found.lines)


def test_another_suspension_of_a_row_that_knows_none_is_named_and_ignored() -> None:
    pause = Suspension(when("2026-11-11"), when("2026-11-12"))
    found = due_of("filing_decision", when("2026-11-10"), suspensions=(pause,))
    assert found.as_json() == {"day": "2026-11-13"}
    assert any("没有中止、扣除的规定" in line.zh for line in found.lines)


def test_a_suspended_trial_is_left_out_of_the_term_of_the_trial() -> None:
    pause = Suspension(when("2026-03-10"), when("2026-04-08"))  # 30 days
    plain = due_of("trial_second", when("2026-03-02")).as_json()
    paused = due_of("trial_second", when("2026-03-02"), suspensions=(pause,)).as_json()
    assert (plain, paused) == ({"day": "2026-05-06"}, {"day": "2026-06-01"})


@pytest.mark.parametrize(
    ("begin", "end", "due"),
    [
        ("2026-11-21T08:00", "2026-11-21T12:30", "2026-11-21T22:30:00+08:00"),
        ("2026-11-20T17:00", "2026-11-20T20:00", "2026-11-21T20:00:00+08:00"),  # two of the three hours count
        ("2026-11-20T08:00", "2026-11-20T12:00", "2026-11-21T18:00:00+08:00"),  # before the term
        ("2026-11-21T19:00", "2026-11-21T23:00", "2026-11-21T18:00:00+08:00"),  # after it
    ],
)
def test_of_the_road_only_what_lies_inside_the_hours_is_left_out(begin: str, end: str, due: str) -> None:
    found = due_of("transfer_to_police", when("2026-11-20T17:40"), suspensions=(_road(begin, end),))
    assert found.as_json() == {"instant": due}


def test_overlapping_roads_count_once_and_push_each_other() -> None:
    roads = (
        _road("2026-11-21T12:00", "2026-11-21T16:00"),
        _road("2026-11-21T14:00", "2026-11-21T17:00"),
        _road("2026-11-21T20:00", "2026-11-21T21:00"),  # inside the term only because of the others
    )
    found = due_of("transfer_to_police", when("2026-11-20T17:40"), suspensions=roads)
    assert found.as_json() == {"instant": "2026-11-22T00:00:00+08:00"}


def test_a_road_known_by_its_days_leaves_an_interval_of_instants() -> None:
    found = due_of(
        "transfer_to_police", when("2026-11-20T17:40"), suspensions=(_road("2026-11-21", "2026-11-21"),)
    )
    assert found.as_json() == {
        "earliest": "2026-11-21T18:00:00+08:00",
        "latest": "2026-11-22T18:00:00+08:00",
    }
    open_road = due_of(
        "transfer_to_police", when("2026-11-20T17:40"), suspensions=(_road("2026-11-21T08:00", None),)
    )
    assert open_road.as_json() == {"earliest": "2026-11-21T18:00:00+08:00", "latest": None}
    late_road = due_of(
        "transfer_to_police", when("2026-11-20T17:40"), suspensions=(_road("2026-11-25", None),)
    )
    assert late_road.as_json() == {"instant": "2026-11-21T18:00:00+08:00"}


def test_a_start_known_by_its_day_with_a_road_holds_every_instant_of_the_day() -> None:
    road = (_road("2026-11-21T08:00", "2026-11-21T12:30"),)
    whole = due_of("transfer_to_police", when("2026-11-20"), suspensions=road)
    for hour in range(24):
        found = due_of("transfer_to_police", when(f"2026-11-20T{hour:02}:59"), suspensions=road)
        assert whole.calendar.earliest <= found.calendar.earliest <= whole.calendar.latest


@pytest.mark.parametrize(
    ("row", "start", "arrived", "posted", "expected"),
    [
        ("reconsider_request", "2026-11-10", "2026-11-20", "2026-11-13", ClockState.met),
        ("reconsider_decision", "2026-11-10", "2026-11-20", "2026-11-13", ClockState.met),
        ("reconsider_decision", "2026-11-10", "2026-11-20", "2026-11-14", ClockState.late),
        ("penalty_decision_market", "2026-03-02", "2026-06-05", "2026-06-01", ClockState.met),
        ("handover_after_filing_env", "2026-11-09", "2026-11-14", "2026-11-12", ClockState.unknown),
        ("handover_after_filing_env", "2026-11-09", "2026-11-14", "2026-11-13", ClockState.late),
        ("handover_after_filing_env", "2026-11-09", "2026-11-12", "2026-11-11", ClockState.met),
    ],
)
def test_posting_in_time_suffices_where_the_clause_says_so_and_is_never_late_where_it_is_silent(
    row: str, start: str, arrived: str, posted: str, expected: ClockState
) -> None:
    found = due_of(row, when(start))
    rule = rows()[row].versions[-1].counting_rule()
    stop = time_of_act(rule, arrived=when(arrived), posted=when(posted))
    assert state(rows()[row], found, stop=stop, at=at("2027-01-01T00:00")) is expected


def test_without_posting_the_arrival_decides() -> None:
    rule = rows()["reconsider_decision"].versions[-1].counting_rule()
    arrived = Span.of_day(date(2026, 11, 14))
    assert time_of_act(rule, arrived=arrived, posted=None) is arrived


@given(st.integers(0, 48 * 60), st.lists(st.tuples(st.integers(-600, 4000), st.integers(0, 900)), max_size=4))
def test_a_road_never_makes_hours_shorter_and_order_never_matters(
    begun: int, roads: list[tuple[int, int]]
) -> None:
    start = at("2026-03-02T00:00") + timedelta(minutes=begun)

    def road(begin: int, length: int) -> Suspension:
        first = start + timedelta(minutes=begin)
        return Suspension(
            Span.of_instant(first), Span.of_instant(first + timedelta(minutes=length)), travel=True
        )

    recorded = tuple(road(*each) for each in roads)
    plain = due_of("transfer_to_police", Span.of_instant(start)).calendar
    ends = {
        due_of("transfer_to_police", Span.of_instant(start), suspensions=some).calendar
        for some in (recorded, recorded[::-1])
    }
    (end,) = ends
    assert plain.latest <= end.latest <= plain.latest + timedelta(minutes=sum(length for _, length in roads))
