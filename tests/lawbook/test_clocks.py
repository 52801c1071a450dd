"""Dues and states of clocks: what they are, when they change, what an extension or a suspension does."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.lawbook.clock_law import at, calendar, due_of, rows, when

from xianjie.lawbook.procedure.clocks import ClockState, due, next_change, rungs, state
from xianjie.lawbook.procedure.dues import Bounds, Due
from xianjie.lawbook.procedure.times import Span

OPENED = Span(date(2026, 6, 2), None)
APRIL = Span(date(2026, 4, 1), date(2026, 4, 30))


def test_a_dual_row_has_both_readings() -> None:
    found = due_of("head_decision", when("2026-02-13"))
    assert found.as_json() == {"calendar": "2026-02-24", "working": "2026-02-25"}
    assert found.as_event()["kind"] == "dual"
    assert found.last.latest == date(2026, 2, 25)


def test_a_start_known_by_its_month_gives_both_ends_of_both_readings() -> None:
    assert due_of("head_decision", APRIL).as_json() == {
        "calendar": {"earliest": "2026-04-07", "latest": "2026-05-06"},
        "working": {"earliest": "2026-04-07", "latest": "2026-05-08"},
    }


def test_hours_from_an_instant_have_an_instant() -> None:
    found = due_of("transfer_to_police", when("2026-11-20T17:40"))
    assert found.as_json() == {"instant": "2026-11-21T18:00:00+08:00"}
    assert found.as_event()["kind"] == "instant"


def test_hours_from_a_day_have_an_interval() -> None:
    found = due_of("transfer_to_police", when("2026-06-03"))
    assert found.as_json() == {"earliest": "2026-06-04T01:00:00+08:00", "latest": "2026-06-05T00:00:00+08:00"}
    assert found.kind == "interval"


def test_an_opened_term_has_no_latest_due_and_is_never_late() -> None:
    found = due_of("filing_decision", OPENED)
    assert found.as_json() == {"earliest": "2026-06-05", "latest": None}
    assert found.as_event() == {"kind": "interval", "earliest": "2026-06-05"} | {
        "derivation": [str(line) for line in found.lines]
    }
    row = rows()["filing_decision"]
    assert state(row, found, stop=None, at=at("2026-06-05T23:59")) is ClockState.running
    assert state(row, found, stop=None, at=at("2036-06-05T00:00")) is ClockState.unknown
    assert state(row, found, stop=when("2026-06-05"), at=at("2036-06-05T00:00")) is ClockState.met


def test_a_start_that_is_not_known_at_all_leaves_the_due_open() -> None:
    for row in ("transfer_to_police", "explain_no_filing"):
        found = due_of(row, Span(None, None))
        assert found.as_event()["kind"] == "open"
        assert found.as_json() == {"earliest": None, "latest": None}
        assert state(rows()[row], found, stop=None, at=at("2026-06-05T00:00")) is ClockState.unknown
        assert next_change(found, at("2026-06-05T00:00")) is None
        assert rungs(found, Span(None, None)) == ()


@pytest.mark.parametrize(
    ("row", "start", "stop", "now", "expected"),
    [
        ("filing_decision", "2026-11-10", None, "2026-11-13T23:59:59.999999", "running"),
        ("filing_decision", "2026-11-10", None, "2026-11-14T00:00", "late"),
        ("filing_decision", "2026-11-10", "2026-11-13T23:59", "2026-11-20T00:00", "met"),
        ("filing_decision", "2026-11-10", "2026-11-14T00:00", "2026-11-20T00:00", "late"),
        ("filing_decision", "2026-11-10", "2026-11-01", "2026-11-20T00:00", "met"),
        ("transfer_to_police", "2026-11-20T17:40", "2026-11-21T18:00", "2026-11-22T00:00", "met"),
        ("transfer_to_police", "2026-11-20T17:40", "2026-11-21T18:01", "2026-11-22T00:00", "late"),
        ("transfer_to_police", "2026-11-20T17:40", None, "2026-11-21T18:00", "running"),
        ("transfer_to_police", "2026-11-20T17:40", None, "2026-11-21T18:00:00.000001", "late"),
        ("transfer_to_police", "2026-06-03", "2026-06-04", "2026-06-09T00:00", "unknown"),
        ("transfer_to_police", "2026-06-03", "2026-06-06", "2026-06-09T00:00", "late"),
        ("transfer_to_police", "2026-06-03", "2026-06-03", "2026-06-09T00:00", "met"),
        ("head_decision", "2026-02-13", "2026-02-24", "2026-02-26T10:00", "met"),
        ("head_decision", "2026-02-13", "2026-02-25T16:00", "2026-02-26T10:00", "warned"),
        ("head_decision", "2026-02-13", "2026-02-26T09:00", "2026-02-26T10:00", "late"),
        ("head_decision", "2026-02-13", None, "2026-02-24T23:00", "running"),
        ("head_decision", "2026-02-13", None, "2026-02-25T00:00", "warned"),
        ("head_decision", "2026-02-13", None, "2026-02-26T00:00", "late"),
        ("reconsider_request", "2026-10-16", None, "2026-10-20T00:00", "running"),
        ("reconsider_request", "2026-10-16", None, "2026-10-30T00:00", "lapsed"),
        ("reconsider_request", "2026-10-16", "2026-10-30", "2026-10-30T00:00", "lapsed"),
        ("supplement_notice", "2026-11-16T09:20", "2026-11-17T11:00", "2026-11-18T00:00", "late"),
        ("supplement_notice", "2026-11-16T09:20", None, "2026-11-18T00:00", "lapsed"),
    ],
)
def test_the_state_of_a_clock(row: str, start: str, stop: str | None, now: str, expected: str) -> None:
    found = due_of(row, when(start))
    assert state(rows()[row], found, stop=when(stop) if stop else None, at=at(now)) == expected


def test_a_late_only_term_whose_ground_fell_away_is_met() -> None:
    found = due_of("supplement_notice", when("2026-11-16T09:20"))
    row = rows()["supplement_notice"]
    filed = when("2026-11-18T10:00")
    assert state(row, found, stop=filed, at=at("2026-11-19T00:00"), by_act=False) is ClockState.met
    assert state(row, found, stop=filed, at=at("2026-11-19T00:00")) is ClockState.late


def test_readings_that_disagree_are_unknown_and_never_late() -> None:
    found = due_of("head_decision", APRIL)
    row = rows()["head_decision"]
    assert state(row, found, stop=None, at=at("2026-04-08T00:00")) is ClockState.unknown
    assert state(row, found, stop=None, at=at("2026-05-09T00:00")) is ClockState.late
    assert state(row, found, stop=when("2026-04-20"), at=at("2026-05-09T00:00")) is ClockState.unknown


def test_the_next_change_is_the_end_of_the_calendar_reading_then_of_the_working_one() -> None:
    found = due_of("head_decision", when("2026-02-13"))
    first = next_change(found, at("2026-02-13T10:00"))
    assert first == at("2026-02-25T00:00")
    assert next_change(found, first) == at("2026-02-26T00:00")
    assert next_change(found, at("2026-02-26T00:00")) is None


def test_an_instant_is_over_one_microsecond_later() -> None:
    found = due_of("transfer_to_police", when("2026-11-20T17:40"))
    over = next_change(found, at("2026-11-20T17:40"))
    assert over == at("2026-11-21T18:00:00.000001")
    row = rows()["transfer_to_police"]
    assert state(row, found, stop=None, at=over) is ClockState.late


def test_warnings_of_24_hours_stand_at_half_at_four_fifths_and_four_hours_before() -> None:
    start = when("2026-11-20T17:00")
    assert [(rung.name, rung.at) for rung in rungs(due_of("transfer_to_police", start), start)] == [
        ("50_percent", at("2026-11-21T05:30")),
        ("80_percent", at("2026-11-21T13:00")),
        ("last_4h", at("2026-11-21T14:00")),
    ]


def test_warnings_of_a_dual_row_end_with_the_calendar_reading() -> None:
    start = when("2026-02-13T10:00")
    found = rungs(due_of("head_decision", start), start)
    assert [rung.name for rung in found] == ["50_percent", "80_percent", "last_24h", "due_calendar"]
    assert found[0].at == at("2026-02-19T12:00")
    assert found[2].at == at("2026-02-24T00:00")
    assert found[3].at == at("2026-02-25T00:00")


def test_a_row_with_custody_shows_the_day_before_the_roll() -> None:
    found = due_of("prosecution_review", when("2026-09-22"))
    assert found.as_json() == {"day": "2026-10-22"}
    moved = due_of("prosecution_review", when("2026-10-22"))
    assert moved.as_json() == {"day": "2026-11-23"}
    assert any("2026-11-22前办结" in line.zh for line in moved.lines)


def test_the_market_roll_is_a_parameter() -> None:
    row = rows()["penalty_decision_market"]
    version = row.version_on(date(2026, 3, 2))
    start = when("2026-03-02")
    assert version is not None
    assert due(row, version, start, calendar=calendar()).as_json() == {"day": "2026-06-01"}
    narrow = due(row, version, start, calendar=calendar(), samr_roll="named_holidays")
    assert narrow.as_json() == {"day": "2026-05-31"}


def test_a_due_is_marked_provisional_when_the_next_notice_is_missing() -> None:
    assert due_of("filing_decision", when("2026-12-30")).provisional
    assert not due_of("filing_decision", when("2026-11-10")).provisional


def test_a_provisional_due_is_late_once_no_notice_could_excuse_it() -> None:
    row, found = rows()["filing_decision"], due_of("filing_decision", when("2027-03-01"))
    assert found.provisional and found.as_json() == {"day": "2027-03-04"}
    over = at("2027-03-05T00:00") + timedelta(days=366)
    before = over - timedelta(microseconds=1)
    assert state(row, found, stop=None, at=before) is ClockState.unknown
    assert state(row, found, stop=None, at=over) is ClockState.late
    assert next_change(found, before) == over and next_change(found, over) is None
    assert state(row, found, stop=Span.of_instant(before), at=over) is ClockState.unknown
    assert state(row, found, stop=Span.of_instant(over), at=over) is ClockState.late


def test_a_row_without_a_number_has_no_due() -> None:
    with pytest.raises(ValueError, match="no number"):
        due_of("special_team", when("2026-11-10"))


def test_an_open_start_keeps_what_is_known() -> None:
    found = due_of("filing_decision", Span(None, date(2026, 11, 10)))
    assert found.as_json() == {"earliest": None, "latest": "2026-11-13"}
    row = rows()["filing_decision"]
    assert state(row, found, stop=None, at=at("2026-11-01T00:00")) is ClockState.unknown
    assert state(row, found, stop=None, at=at("2026-11-14T00:00")) is ClockState.late


def test_bounds_without_any_reading_decide_nothing() -> None:
    nothing = Due(Bounds(None, None), None, (), provisional=False)
    assert nothing.as_event() == {"kind": "open", "derivation": []}
    assert not nothing.last.surely_passed(at("2030-01-01T00:00"))
