"""The comparison itself: each demand can be met, and each can fail under its own name."""

from __future__ import annotations

from typing import Any

import pytest
from tests.system.comparison import differences, rule_name

CASE, OTHER = "ag-130999-tax/1", "ag-130999-tax/2"
JUDGEMENT = {
    "subject": CASE,
    "party": None,
    "offence": "tax_evasion",
    "version": "tax_evasion@2022",
    "result": "met",
    "enumerated": "met",
}
CLOCK = {
    "subject": CASE,
    "row": "filing_decision",
    "party": None,
    "started_by": "E-1",
    "state": "late",
    "due": {"instant": "2026-09-02T10:00:00+08:00"},
}
FINDING = {"subject": CASE, "rule": "bt6_decision_overdue", "level": "breach", "open": True, "evidence": []}


def answer(**members: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {"judgements": [], "clocks": [], "findings": [], "regions": {}, "receipts": 3}
    return nothing | members


def kinds(evaluation: dict[str, Any], given: dict[str, Any] | None) -> list[tuple[str, str]]:
    found = differences("T-1", {"as_of": "2026-09-10", **evaluation}, given)
    assert all(each.stream == "T-1" and each.moment == "2026-09-10" for each in found)
    return [(each.kind, each.name) for each in found]


def test_an_evaluation_that_demands_nothing_is_met_by_any_answer() -> None:
    assert kinds({}, answer(findings=[FINDING], clocks=[CLOCK])) == []


def test_a_question_without_an_answer_is_a_difference() -> None:
    assert kinds({}, None) == [("unanswered", "T-1")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"result": "not_met"},
        {"version": None},
        {"enumerated": "not_met"},
        {"party": "pty_a"},
        {"subject": OTHER},
    ],
)
def test_a_judgement_must_agree_in_every_member_that_is_named(wrong: dict[str, Any]) -> None:
    assert kinds({"judgements": [JUDGEMENT]}, answer(judgements=[JUDGEMENT])) == []
    assert kinds({"judgements": [JUDGEMENT]}, answer(judgements=[JUDGEMENT | wrong])) == [
        ("judgement", "tax_evasion")
    ]


def test_what_a_demand_leaves_out_may_be_anything() -> None:
    wanted = {"offence": "tax_evasion", "result": "met"}
    assert kinds({"judgements": [wanted]}, answer(judgements=[JUDGEMENT])) == []


def test_no_version_means_that_none_governs() -> None:
    wanted = JUDGEMENT | {"version": None}
    assert kinds({"judgements": [wanted]}, answer(judgements=[JUDGEMENT])) == [("judgement", "tax_evasion")]


@pytest.mark.parametrize(
    "wrong",
    [
        {"state": "running"},
        {"started_by": "E-2"},
        {"due": {"instant": "2026-09-02T10:00:01+08:00"}},
        {"due": {"day": "2026-09-02"}},
    ],
)
def test_a_clock_must_have_its_state_its_start_and_its_due(wrong: dict[str, Any]) -> None:
    assert kinds({"clocks": [CLOCK]}, answer(clocks=[CLOCK])) == []
    assert kinds({"clocks": [CLOCK]}, answer(clocks=[CLOCK | wrong])) == [("clock", "filing_decision")]


def test_an_instant_is_the_same_in_every_offset() -> None:
    given = CLOCK | {"due": {"instant": "2026-09-02T02:00:00Z"}}
    assert kinds({"clocks": [CLOCK]}, answer(clocks=[given])) == []


def test_instants_inside_an_interval_are_compared_too() -> None:
    wanted = CLOCK | {"due": {"calendar": {"earliest": "2026-09-02T10:00:00+08:00", "latest": None}}}
    given = CLOCK | {"due": {"calendar": {"earliest": "2026-09-02T02:00:00+00:00", "latest": None}}}
    assert kinds({"clocks": [wanted]}, answer(clocks=[given])) == []
    given["due"]["calendar"]["latest"] = "2026-09-03"
    assert kinds({"clocks": [wanted]}, answer(clocks=[given])) == [("clock", "filing_decision")]


def test_a_clock_in_an_absent_state_is_a_difference_and_a_missing_clock_is_none() -> None:
    wanted = {"subject": CASE, "row": "filing_decision", "absent_states": ["late", "warned"]}
    assert kinds({"clocks": [wanted]}, answer()) == []
    assert kinds({"clocks": [wanted]}, answer(clocks=[CLOCK | {"state": "met"}])) == []
    assert kinds({"clocks": [wanted]}, answer(clocks=[CLOCK])) == [("clock", "filing_decision")]


@pytest.mark.parametrize(
    "wrong", [{"level": "suspicion"}, {"open": False}, {"subject": OTHER}, {"rule": "x"}]
)
def test_a_finding_must_have_its_level_and_be_open_as_stated(wrong: dict[str, Any]) -> None:
    wanted = {name: FINDING[name] for name in ("subject", "rule", "level", "open")}
    assert kinds({"findings": [wanted]}, answer(findings=[FINDING])) == []
    assert kinds({"findings": [wanted]}, answer(findings=[FINDING | wrong])) == [
        ("finding", "bt6_decision_overdue")
    ]


def test_a_finding_may_be_reported_under_its_other_name() -> None:
    wanted = {"rule": "bt1_refused", "level": "breach", "or_rule": "bt6_decision_overdue"}
    assert kinds({"findings": [wanted]}, answer(findings=[FINDING])) == []


def test_an_overdue_row_and_the_rule_that_covers_it_are_one_name() -> None:
    assert rule_name("od_filing_decision_hard") == "bt6_decision_overdue"
    assert rule_name("od_something_else") == "od_something_else"
    overdue = FINDING | {"rule": "od_filing_decision"}
    assert kinds({"findings": [FINDING]}, answer(findings=[overdue])) == []
    forbidden = {"rule": "bt6_decision_overdue"}
    assert kinds({"forbidden_findings": [forbidden]}, answer(findings=[overdue])) == [
        ("forbidden", "bt6_decision_overdue")
    ]


@pytest.mark.parametrize(
    ("forbidden", "hits"),
    [
        ({}, 1),
        ({"level": "breach"}, 1),
        ({"level": "suspicion"}, 1),
        ({"open": True}, 1),
        ({"open": False}, 0),
        ({"subject": OTHER}, 0),
    ],
)
def test_a_forbidden_finding_counts_from_its_level_upwards(forbidden: dict[str, Any], hits: int) -> None:
    demand = {"rule": "bt6_decision_overdue", **forbidden}
    assert len(kinds({"forbidden_findings": [demand]}, answer(findings=[FINDING]))) == hits


def test_a_finding_below_the_forbidden_level_is_allowed() -> None:
    demand = {"rule": "bt6_decision_overdue", "level": "breach"}
    assert kinds({"forbidden_findings": [demand]}, answer(findings=[FINDING | {"level": "suspicion"}])) == []


@pytest.mark.parametrize(("where", "hits"), [(True, 1), (False, 0), ([CASE], 1), ([OTHER], 0)])
def test_no_breach_holds_for_the_stream_or_for_named_cases(where: Any, hits: int) -> None:
    closed = FINDING | {"open": False}
    given = answer(findings=[closed, FINDING | {"level": "suspicion"}])
    assert len(kinds({"no_breach": where}, given)) == hits
    assert len(kinds({"no_other_breach": where}, given)) == hits


def test_no_other_breach_allows_those_that_are_demanded() -> None:
    wanted = {"rule": "bt6_decision_overdue", "level": "breach"}
    evaluation = {"findings": [wanted], "no_other_breach": True}
    assert kinds(evaluation, answer(findings=[FINDING])) == []
    assert kinds(evaluation, answer(findings=[FINDING, FINDING | {"rule": "od_x"}])) == [("breach", "od_x")]


def test_regions_are_compared_one_by_one_and_supervision_names_one_of_its_states() -> None:
    wanted = {CASE: {"transfer": "accepted", "criminal": None, "supervision": "s_opened"}}
    right = {"transfer": "accepted", "criminal": None, "supervision": ["s_closed", "s_opened"]}
    assert kinds({"regions": wanted}, answer(regions={CASE: right})) == []
    wrong = {"transfer": "filed", "criminal": "filed", "supervision": []}
    assert kinds({"regions": wanted}, answer(regions={CASE: wrong})) == [
        ("region", "transfer"),
        ("region", "criminal"),
        ("region", "supervision"),
    ]
    assert ("region", "transfer") in kinds({"regions": wanted}, answer())


def test_receipts_are_compared_where_they_are_stated() -> None:
    assert kinds({"receipts": 3}, answer()) == []
    assert kinds({"receipts": 4}, answer()) == [("receipts", "receipts")]


def test_a_difference_says_where_what_was_wanted_and_what_was_there() -> None:
    [one] = differences("T-1", {"as_of": "2026-09-10", "clocks": [CLOCK]}, answer())
    assert str(one).startswith(f"T-1 at 2026-09-10: clock filing_decision of {CASE}: wanted {{")
    assert str(one).endswith("found nothing")
