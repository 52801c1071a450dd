"""What an extension or a suspension does to a term."""

from __future__ import annotations

from datetime import date

import pytest
from tests.lawbook.clock_law import at, due_of, extension, rows, when

from xianjie.lawbook.procedure.clocks import ClockState, Extension, Suspension, state, suspension_ledger
from xianjie.lawbook.procedure.times import Span


@pytest.mark.parametrize(
    ("row", "start", "recorded", "counts", "last"),
    [
        ("filing_decision_env", "2026-06-04", extension("2026-06-05", "none", to_days=7), True, "2026-06-11"),
        (
            "filing_decision_env",
            "2026-06-01",
            extension("2026-06-08", "county_police_head", to_days=30),
            False,
            "2026-06-04",
        ),
        (
            "filing_decision_env",
            "2026-06-01",
            extension("2026-06-03", "unit_head", to_days=30),
            False,
            "2026-06-04",
        ),
        (
            "filing_decision_env",
            "2026-06-01",
            extension("2026-06-04", "county_police_head", to_days=30),
            True,
            "2026-07-01",
        ),
        (
            "filing_decision_env",
            "2026-06-01",
            extension("2026-06-03", "county_police_head", to_days=60),
            False,
            "2026-06-04",
        ),
        (
            "filing_decision_env",
            "2026-06-01",
            extension("2026-06-03", "county_police_head", until=date(2026, 6, 20)),
            True,
            "2026-06-22",
        ),
        (
            "ordered_filing",
            "2026-10-19",
            extension("2026-10-20", "county_police_head", by_days=5),
            False,
            "2026-11-03",
        ),
        (
            "lead_check_market",
            "2026-03-02",
            extension("2026-03-20", "agency_head", by_days=15),
            True,
            "2026-04-14",
        ),
        (
            "penalty_decision_market",
            "2026-03-02",
            extension("2026-05-20", "collective", until=date(2026, 12, 1)),
            True,
            "2026-12-01",
        ),
        (
            "custody_investigation",
            "2026-08-06",
            extension("2026-09-20", "next_higher_procuratorate", by_months=1),
            True,
            "2026-11-06",
        ),
        (
            "trial_summary",
            "2026-03-02",
            extension("2026-03-10", "none", until=date(2026, 4, 17)),
            True,
            "2026-04-17",
        ),
        (
            "trial_summary",
            "2026-03-02",
            extension("2026-03-10", "none", until=date(2026, 5, 17)),
            False,
            "2026-03-23",
        ),
    ],
)
def test_an_extension_counts_only_if_the_row_the_time_the_rank_and_the_cap_allow_it(
    row: str, start: str, recorded: Extension, counts: bool, last: str
) -> None:
    found = due_of(row, when(start), extensions=(recorded,))
    assert found.extensions[0].counts is counts
    assert found.extensions[0].reason.zh
    assert found.as_json() == {"day": last}


def test_an_extension_is_used_once_and_a_second_one_needs_its_own_rule() -> None:
    first = extension("2026-06-01", "agency_head", by_days=30)
    second = extension("2026-07-01", "agency_head", by_days=30)
    found = due_of("seizure_term", when("2026-05-11"), extensions=(second, first))
    assert [each.counts for each in found.extensions] == [False, True]
    assert found.as_json() == {"day": "2026-07-10"}


def test_an_extension_whose_day_is_not_sure_is_left_undecided() -> None:
    recorded = extension("2026-06-03", "county_police_head", to_days=30)
    vague = type(recorded)(Span(date(2026, 6, 3), date(2026, 6, 9)), "county_police_head", to_days=30)
    found = due_of("filing_decision_env", when("2026-06-01"), extensions=(vague,))
    assert found.extensions[0].counts is None
    assert found.as_json() == {"earliest": "2026-06-04", "latest": "2026-07-01"}
    opened = due_of("filing_decision_env", Span(None, None), extensions=(vague,))
    assert opened.extensions[0].counts is None


def test_an_extension_under_a_text_that_was_not_read_carries_its_grade() -> None:
    found = due_of(
        "filing_decision",
        when("2026-11-10"),
        extensions=(extension("2026-11-12", "county_police_head", to_days=30),),
    )
    assert (found.extensions[0].counts, found.extensions[0].grade) == (True, "secondary")


def test_an_extension_cannot_rest_on_a_text_that_came_later() -> None:
    recorded = extension("2010-03-03", "county_police_head", to_days=30)
    found = due_of("filing_decision", when("2010-03-02"), extensions=(recorded,))
    assert found.as_json() == {"day": "2010-03-05"}
    assert found.extensions[0].counts is False
    assert "尚未施行" in found.extensions[0].reason.zh
    vague = Extension(Span(date(2014, 12, 30), date(2015, 1, 5)), "county_police_head", to_days=30)
    turn = due_of("filing_decision", when("2014-12-30"), extensions=(vague,))
    assert turn.extensions[0].counts is None


def test_the_wrong_rank_is_named_in_words() -> None:
    recorded = extension("2026-06-03", "unit_head", to_days=30)
    told = due_of("filing_decision_env", when("2026-06-01"), extensions=(recorded,)).extensions[0].reason
    assert "部门负责人" in told.zh
    assert "县级以上公安机关负责人" in told.zh
    assert "_" not in told.en


def test_the_count_names_the_records_of_what_is_left_out() -> None:
    pause = Suspension(when("2026-03-06"), when("2026-03-20"), reference="检测通知书第7号")
    found = due_of("lead_check_market", when("2026-03-02"), suspensions=(pause,))
    assert any("检测通知书第7号" in line.zh for line in found.lines)


def test_suspended_days_push_the_due_and_overlapping_ones_count_once() -> None:
    once = Suspension(when("2026-03-06"), when("2026-03-20"))
    inside = Suspension(when("2026-03-10"), when("2026-03-12"))
    alone = due_of("lead_check_market", when("2026-03-02"), suspensions=(once,))
    both = due_of("lead_check_market", when("2026-03-02"), suspensions=(once, inside))
    assert alone.as_json() == both.as_json() == {"day": "2026-04-08"}
    assert suspension_ledger((inside, once)) == ((date(2026, 3, 6), date(2026, 3, 20)),)


def test_an_open_suspension_leaves_the_latest_due_open() -> None:
    found = due_of("reverse_review", when("2026-07-10"), suspensions=(Suspension(when("2026-07-15")),))
    assert found.as_json() == {"earliest": "2026-07-27", "latest": None}
    row = rows()["reverse_review"]
    assert state(row, found, stop=None, at=at("2026-09-01T00:00"), suspended=True) is ClockState.suspended
    assert (
        state(row, found, stop=when("2026-07-20"), at=at("2026-09-01T00:00"), suspended=True)
        is ClockState.met
    )


def test_a_suspension_after_the_end_changes_nothing() -> None:
    late = Suspension(when("2026-08-15"))
    found = due_of("reverse_review", when("2026-07-10"), suspensions=(late,))
    assert found.as_json() == {"day": "2026-07-24"}
    row = rows()["reverse_review"]
    assert state(row, found, stop=None, at=at("2026-09-01T00:00"), suspended=True) is ClockState.late


def test_a_row_that_nothing_suspends_ignores_suspensions() -> None:
    pause = Suspension(when("2026-11-11"), when("2026-11-12"))
    assert due_of("filing_decision", when("2026-11-10"), suspensions=(pause,)).as_json() == {
        "day": "2026-11-13"
    }
