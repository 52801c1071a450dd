"""Rules that no stream of a case shows at work: when each finds something, and what is close and lawful."""

from __future__ import annotations

from typing import Any

import pytest
from tests.transfer.case_answers import law
from tests.transfer.telling import PROCURATORATE, CaseFile

from xianjie.transfer.domain.findings import PREDICATES

FI9, NT12, NT14 = "fi9_third_supplement", "nt12_refusal_without_reason", "nt14_team_too_small"
LATER = "2026-08-03 10:00"


def returned(case: CaseFile, at: str, *, time: int) -> Any:
    return case.tell("prosecution.returned", at, organ=PROCURATORATE, round=time)


def test_the_third_return_for_supplementary_investigation_is_found_and_two_are_lawful() -> None:
    case = CaseFile()
    case.filed("2026-03-02 10:00")
    first = returned(case, "2026-04-01 10:00", time=1)
    second = returned(case, "2026-05-11 10:00", time=2)
    assert case.found(FI9, LATER) == []
    third = returned(case, "2026-06-15 10:00", time=3)
    assert case.found(FI9, "2026-06-15 09:59") == []
    (found,) = case.found(FI9, "2026-06-15 10:00")
    assert found.evidence == (first.ref, second.ref, third.ref)
    assert found.organ == PROCURATORATE and found.open


def test_a_return_recorded_by_mistake_counts_no_more() -> None:
    case = CaseFile()
    case.filed("2026-03-02 10:00")
    returned(case, "2026-04-01 10:00", time=1)
    returned(case, "2026-05-11 10:00", time=2)
    third = returned(case, "2026-06-15 10:00", time=3)
    case.withdrawn(third, "2026-06-16 10:00")
    assert case.found(FI9, "2026-06-15 10:00") and case.found(FI9, LATER) == []


def refused(case: CaseFile, at: str, **reasons: str) -> Any:
    return case.tell("transfer.refused", at, approver_role="principal", **reasons)


def test_a_refusal_without_reasons_is_found_at_once() -> None:
    case = CaseFile()
    case.reported("2026-03-02 10:00")
    refusal = refused(case, "2026-03-04 10:00")
    assert case.found(NT12, "2026-03-04 09:59") == []
    (found,) = case.found(NT12, "2026-03-04 10:00")
    assert found.evidence == (refusal.ref,) and found.organ == case.agency and found.open


@pytest.mark.parametrize("step", ["refused_with_reasons", "approved"])
def test_a_decision_that_says_why_or_approves_is_no_refusal_without_reasons(step: str) -> None:
    case = CaseFile()
    case.reported("2026-03-02 10:00")
    if step == "approved":
        case.approved("2026-03-04 10:00")
    else:
        refused(case, "2026-03-04 10:00", reasons="尚不构成犯罪")
    assert case.found(NT12, LATER) == []


@pytest.mark.parametrize(("size", "is_found"), [(1, True), (2, False), (3, False)])
def test_a_team_of_one_is_too_small_and_of_two_is_enough(size: int, is_found: bool) -> None:
    case = CaseFile()
    case.assessed("2026-03-02 10:00")
    team = case.tell("team.designated", "2026-03-03 10:00", team=[{"role": "甲"}] * size)
    found = case.found(NT14, LATER)
    assert [each.evidence for each in found] == ([(team.ref,)] if is_found else [])


def test_a_rule_that_has_no_function_yet_ships_switched_off() -> None:
    unwritten = {
        "fi10_items_missing",
        "fi4_long_stop_economic",
        "nt7_downgrade",
        "nt8_split",
        "rv9_limitation_risk",
    }
    rules = law().rules.by_id
    assert {rule.id for rule in rules.values() if rule.kind == "predicate"} - set(PREDICATES) == unwritten
    assert not any(rules[rule].enabled for rule in unwritten)
