"""Each rule: when it finds something, when it stops, and what looks alike and is lawful."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.transfer.case_answers import ROOT, law
from tests.transfer.story import A
from tests.transfer.telling import BELOW, GREEN_CASE, MET, OFFENCE, POLICE, CaseFile, moment, said

from xianjie.lawbook.bundle import Lawbook, read_files
from xianjie.lawbook.procedure.rules import Level
from xianjie.lawbook.procedure.times import civil_day
from xianjie.transfer.domain.findings import PREDICATES

NT1, NT6, NT17 = "nt1_met_not_started", "nt6_closed_without_assessment", "nt17_met_not_acted"
FP1, FP2, FI3, LR1 = (
    "fp1_penalty_closes_met_case",
    "fp2_value_over_threshold",
    "fi3_dormant",
    "lr1_late_recording",
)
FINE = [{"party": A, "kinds": ["fine"], "fine_fen": 1_000_000}]
LATER = "2026-08-03 10:00"
NAMED = {"file_number": "1", "violation_type": "销售伪劣产品"}


def fined(case: CaseFile, at: str, **data: object) -> None:
    case.tell("penalty.decided", at, outcome="penalty", per_party=FINE, **data)


def closed(case: CaseFile, at: str) -> None:
    case.tell("admin_case.closed", at)


def recorded_as_met() -> CaseFile:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=MET)
    return case


# nt1


def test_a_met_assessment_without_a_team_is_found_after_the_local_target() -> None:
    case = CaseFile()
    case.assessed("2026-03-06 10:00")  # a Friday; one working day later is Monday the 9th
    assert case.found(NT1, "2026-03-09 23:59") == []
    (found,) = case.found(NT1, "2026-03-10 00:00")
    assert found.evidence == (case.events[0].ref,) and found.organ == case.agency and found.open
    assert case.snapshot("2026-03-06 11:00").next_change == moment("2026-03-10 00:00")


def test_a_region_that_set_its_own_target_is_measured_by_it() -> None:
    case = CaseFile()
    case.assessed("2026-03-06 10:00")
    own = f"""\
region: "{case.agency.split("-")[1][:4]}00"
name_zh: 某市
targets:
  - {{id: sla_team, value: 3, unit: working_day, valid_from: 2026-01-01, valid_to: null, source: 会议纪要}}
"""
    region = own.partition('"')[2][:6]
    regional = Lawbook.of({**read_files(ROOT / "law"), f"regions/{region}.yaml": own.encode()})

    def opened(at: str) -> list[str]:
        return [found.rule for found in case.snapshot(at, under=regional).findings]

    assert NT1 not in opened("2026-03-11 23:59") and NT1 in opened("2026-03-12 00:00")


@pytest.mark.parametrize("step", ["team", "reported", "approved", "transferred"])
def test_whatever_leads_to_the_police_ends_the_wait_for_a_team(step: str) -> None:
    case = CaseFile()
    case.assessed("2026-03-06 10:00")
    act: Callable[[str], object] = getattr(case, step)
    act("2026-03-12 10:00")
    assert case.found(NT1, "2026-03-12 09:59") and not case.found(NT1, "2026-03-12 10:00")


def test_reasonable_suspicion_starts_the_wait_in_intellectual_property_only() -> None:
    for offence, is_found in ((OFFENCE, False), ("counterfeit_trademark", True)):
        case = CaseFile()
        case.tell("assessment.declared", "2026-03-06 10:00", offence=offence, result="reasonable_suspicion")
        assert bool(case.found(NT1, LATER)) is is_found


def test_the_latest_assessment_counts() -> None:
    case = CaseFile()
    case.assessed("2026-03-06 10:00")
    case.assessed("2026-03-12 10:00", "not_met")
    assert case.found(NT1, "2026-03-12 09:00") and not case.found(NT1, LATER)


# nt17


def test_facts_that_meet_a_standard_are_found_only_after_the_local_target() -> None:
    case = recorded_as_met()
    passes = moment("2026-03-24 00:00")  # fifteen working days after Monday the 2nd
    assert case.found(NT17, "2026-03-23 23:59") == []
    (found,) = case.found(NT17, "2026-03-24 00:00")
    assert found.evidence == (case.events[0].ref,) and "2026-03-02" in found.detail_zh
    assert "2026-03-23" in found.detail_zh and "非法定期限" in found.detail_zh
    assert case.snapshot("2026-03-02 11:00").next_change == passes


def test_the_target_counts_from_the_record_that_first_met_the_standard() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=BELOW, unsold_goods_value={"fen": 0})
    second = case.facts("2026-03-10 10:00", sales_fen=MET)
    case.facts("2026-03-20 10:00", sales_fen=MET + 1)
    assert case.found(NT17, "2026-03-24 00:00") == []
    (found,) = case.found(NT17, "2026-04-02 10:00")
    assert found.evidence == (second.ref,) and "2026-03-10" in found.detail_en


@pytest.mark.parametrize("step", ["assessed", "team", "transferred", "filed"])
def test_any_answer_to_facts_that_meet_a_standard_ends_the_finding(step: str) -> None:
    case = recorded_as_met()
    act: Callable[[str], object] = getattr(case, step)
    act("2026-04-10 10:00")
    assert case.found(NT17, "2026-04-10 09:00") and not case.found(NT17, "2026-04-10 10:00")


def test_facts_corrected_below_the_standard_end_the_finding() -> None:
    case = recorded_as_met()
    case.facts("2026-04-10 10:00", sales_fen=BELOW, unsold_goods_value={"fen": 0})
    assert case.found(NT17, "2026-04-10 09:00") and not case.found(NT17, LATER)


# nt6


def test_a_penalty_without_an_assessment_is_found_where_the_matter_has_a_standard() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=BELOW, unsold_goods_value={"fen": 0})
    fined(case, "2026-03-05 10:00")
    (found,) = case.found(NT6, "2026-03-05 10:00")
    assert found.level is Level.suspicion and found.organ == case.agency
    assert OFFENCE in found.detail_en


def test_facts_that_only_touch_a_standard_do_not_make_the_matter_one() -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", adulterated_or_substandard={"unknown": True}, sales_fen=BELOW)
    fined(case, "2026-03-05 10:00")
    assert case.found(NT6, LATER) == []


FOOD = "未取得许可从事食品生产经营案"  # its basis was read as in force since 1 December 2025


def of_cause(cause: str, at: str, *, case: CaseFile | None = None) -> CaseFile:
    """Filed under a cause of action and fined, with not a single fact on record."""
    case = case or CaseFile()
    case.tell("admin_case.filed", at, file_number="1", violation_type=cause)
    fined(case, at)
    return case


@pytest.mark.parametrize("cause", [FOOD, FOOD.removesuffix("案"), "无证经营 食品"])
def test_a_cause_of_action_that_may_be_a_crime_makes_the_matter_one(cause: str) -> None:
    (found,) = of_cause(cause, "2026-03-05 10:00").found(NT6, LATER)
    assert found.level is Level.suspicion and "food_illegal_business" in found.detail_en


@pytest.mark.parametrize(
    ("cause", "at", "case"),
    [
        (FOOD, "2025-11-28 10:00", None),  # the text of those days is known from memory only
        ("以次充好", "2026-03-05 10:00", None),  # a cause known from memory only
        ("食品标签不规范", "2026-03-05 10:00", None),
        (FOOD, "2026-03-05 10:00", GREEN_CASE),  # not a cause of that sector
    ],
)
def test_a_cause_that_was_not_read_or_is_worded_otherwise_raises_nothing(
    cause: str, at: str, case: str | None
) -> None:
    told = CaseFile(case) if case else CaseFile()
    assert of_cause(cause, at, case=told).found(NT6, LATER) == []


@pytest.mark.parametrize(
    ("ended", "found"),
    [
        ({"precision": "day", "value": "2025-11-30"}, False),
        ({"precision": "day", "value": "2025-12-01"}, True),
        ({"precision": "year", "value": "2025"}, False),  # perhaps before the basis
    ],
)
def test_the_basis_of_a_cause_must_have_been_in_force_at_the_conduct(
    ended: dict[str, str], found: bool
) -> None:
    case = CaseFile()
    case.tell("evidence.recorded", "2026-03-01 10:00", conduct={"ended": ended})
    assert bool(of_cause(FOOD, "2026-03-05 10:00", case=case).found(NT6, LATER)) is found


def test_what_an_event_names_goes_before_the_cause() -> None:
    case = CaseFile()
    case.tell("lead.registered", "2026-03-02 10:00", lead_source="complaint", offences=[OFFENCE])
    (found,) = of_cause(FOOD, "2026-03-05 10:00", case=case).found(NT6, LATER)
    assert OFFENCE in found.detail_en and "food_illegal_business" not in found.detail_en


def test_an_offence_that_an_event_names_makes_the_matter_one() -> None:
    case = CaseFile()
    filed = {"file_number": "1", "violation_type": "虚假广告", "offences": ["false_advertising"]}
    case.tell("admin_case.filed", "2026-03-02 10:00", **filed)
    case.tell(
        "evidence.recorded",
        "2026-03-02 11:00",
        conduct={"ended": {"precision": "day", "value": "2026-03-01"}},
    )
    closed(case, "2026-03-05 10:00")
    assert [found.level for found in case.found(NT6, "2026-03-05 10:00")] == [Level.suspicion]


@pytest.mark.parametrize("step", ["assessed", "transferred"])
def test_an_assessment_or_a_transfer_answers_the_penalty(step: str) -> None:
    case = CaseFile()
    case.facts("2026-03-02 10:00", sales_fen=BELOW)
    act: Callable[[str], object] = getattr(case, step)
    act("2026-03-04 10:00")
    fined(case, "2026-03-05 10:00")
    assert case.found(NT6, LATER) == []


# fp1 and fp2


def test_a_met_case_closed_on_a_fine_is_a_breach() -> None:
    case = CaseFile()
    case.assessed("2026-03-02 10:00")
    fined(case, "2026-03-05 10:00")
    assert case.found(FP1, "2026-03-05 11:00") == []
    closed(case, "2026-03-06 10:00")
    (found,) = case.found(FP1, "2026-03-06 10:00")
    assert found.level is Level.breach and found.open
    assert found.basis == law().rules.by_id[FP1].basis
    case.transferred("2026-04-01 10:00")
    assert case.found(FP1, "2026-04-01 10:00") == []


def test_a_fine_while_a_transfer_term_has_passed_is_a_suspicion_until_the_case_is_closed() -> None:
    case = CaseFile()
    case.assessed("2026-03-02 10:00")
    case.approved("2026-03-03 10:00")
    fined(case, "2026-03-05 10:00")
    assert [found.level for found in case.found(FP1, "2026-03-05 11:00")] == [Level.suspicion]
    closed(case, "2026-03-06 10:00")
    decisions = said(case.progress(LATER).decisions, "finding.raised")
    raised = [(d.data["finding"], d.data["level"]) for d in decisions if d.data["rule"] == FP1]
    assert [level for _, level in raised] == ["suspicion", "breach"]
    assert len({key for key, _ in raised}) == 1  # the same finding, which became graver


def test_a_case_assessed_below_the_standard_before_the_fine_is_no_case_of_the_rule() -> None:
    case = CaseFile()
    case.assessed("2026-03-02 10:00")
    case.assessed("2026-03-04 10:00", "not_met")
    fined(case, "2026-03-05 10:00")
    closed(case, "2026-03-06 10:00")
    assert case.found(FP1, LATER) == []
    again = CaseFile()
    again.assessed("2026-03-02 10:00", "not_met")
    fined(again, "2026-03-05 10:00")
    closed(again, "2026-03-06 10:00")
    again.assessed("2026-03-09 10:00")  # what is assessed after the closing was not known at it
    assert again.found(FP1, LATER) == []


def test_the_figure_of_the_penalty_itself_convicts_the_fine() -> None:
    stated = [{"fact": "sales_amount", "value": {"fen": MET}, "certainty": "measured"}]
    case = CaseFile()
    case.facts("2026-03-02 10:00")
    case.assessed("2026-03-03 10:00", "not_met")
    fined(case, "2026-03-05 10:00", facts=stated)
    (found,) = case.found(FP2, "2026-03-05 10:00")
    assert found.level is Level.suspicion and "sales_amount" in found.detail_en
    case.transferred("2026-04-01 10:00")
    assert case.found(FP2, "2026-04-01 10:00") == []


def test_a_figure_below_the_threshold_or_of_another_record_convicts_no_fine() -> None:
    below = [{"fact": "sales_amount", "value": {"fen": BELOW}, "certainty": "measured"}]
    case = CaseFile()
    case.facts("2026-03-02 10:00", unsold_goods_value={"fen": 0})
    fined(case, "2026-03-05 10:00", facts=below)
    assert case.found(FP2, LATER) == []
    elsewhere = recorded_as_met()
    fined(elsewhere, "2026-03-05 10:00")
    assert elsewhere.found(FP2, LATER) == []


# fi3 and lr1


def test_a_filed_case_that_nobody_touches_for_three_months_is_found() -> None:
    case = CaseFile()
    case.transferred("2026-03-02 09:00")
    filing = case.filed("2026-03-02 10:00")
    assert case.found(FI3, "2026-06-02 23:59") == []
    (found,) = case.found(FI3, "2026-06-03 00:00")
    assert found.organ == POLICE and found.evidence[0] == filing.ref
    case.tell("investigation.recorded", "2026-06-10 10:00", organ=POLICE, act="questioning")
    assert case.found(FI3, "2026-06-10 10:00") == []
    assert case.found(FI3, "2026-09-11 00:00")


def test_a_record_within_the_local_target_is_not_late() -> None:
    case = CaseFile()
    case.tell("admin_case.filed", "2026-03-02 10:00", recorded="2026-03-09 23:59", **NAMED)
    assert case.found(LR1, LATER) == []
    late = CaseFile()
    late.tell("admin_case.filed", "2026-03-02 10:00", recorded="2026-03-10 00:00", **NAMED)
    (found,) = late.found(LR1, LATER)
    assert found.level is Level.suspicion and "1日" in found.detail_zh


def test_an_act_whose_last_possible_day_is_near_its_record_is_not_late() -> None:
    case = CaseFile()
    month = {"precision": "month", "value": "2026-02"}
    case.tell("admin_case.filed", "2026-02-01 10:00", recorded="2026-03-05 10:00", occurred=month, **NAMED)
    assert case.found(LR1, LATER) == []


# overdue terms


def test_an_approved_case_not_sent_in_twenty_four_hours_is_found_under_its_named_rule() -> None:
    case = CaseFile()
    case.assessed("2026-03-02 09:00")
    case.approved("2026-03-04 17:40")
    assert case.found("nt4_approved_not_sent", "2026-03-05 18:00") == []
    (found,) = case.found("nt4_approved_not_sent", "2026-03-05 18:01")
    assert (found.level, found.open, found.organ) == (Level.breach, True, case.agency)
    assert found.basis == law().rules.by_id["nt4_approved_not_sent"].basis
    case.transferred("2026-03-06 10:00")
    (done,) = case.found("nt4_approved_not_sent", "2026-03-06 10:00")
    assert (done.level, done.open, done.key) == (Level.breach, False, found.key)
    assert not [each for each in case.snapshot(LATER).findings if each.rule.startswith("od_")]


def test_a_term_passed_under_one_reading_only_is_a_notice_and_a_breach_later() -> None:
    case = CaseFile()
    case.reported("2026-03-05 10:00")
    levels = [
        [found.level for found in case.found("nt3_decision_overdue", at)]
        for at in ("2026-03-09 23:59", "2026-03-10 00:01", "2026-03-11 00:01")
    ]
    assert levels == [[], [Level.notice], [Level.breach]]


def test_a_term_without_a_named_rule_is_reported_under_its_row() -> None:
    case = CaseFile(GREEN_CASE)
    case.transferred("2026-03-02 10:00")
    case.received("2026-03-02 11:00", case.events[0], category="environment")
    case.filed("2026-03-03 10:00")
    (found,) = [each for each in case.snapshot(LATER).findings if each.rule == "od_decision_notice_env"]
    assert found.level is Level.breach and found.organ == POLICE and found.basis == ("ENV17 9(3)",)


def test_the_police_term_of_a_category_decides_the_breach_and_the_general_one_is_a_notice() -> None:
    case = CaseFile()
    case.transferred("2026-03-02 10:00")
    case.received("2026-03-02 11:00", case.events[0], category="economic")
    levels = {
        at: [found.level for found in case.found("bt6_decision_overdue", at)]
        for at in ("2026-03-05 23:59", "2026-03-06 00:01", "2026-03-12 23:59", "2026-03-13 00:01")
    }
    assert list(levels.values()) == [[], [Level.notice], [Level.notice], [Level.breach]]


# all of them


def test_every_enabled_predicate_of_the_law_has_its_function() -> None:
    rules = {rule.id for rule in law().rules.by_id.values() if rule.kind == "predicate" and rule.enabled}
    assert rules <= set(PREDICATES)


def test_no_finding_says_more_than_its_rule_allows() -> None:
    case = CaseFile()
    case.assessed("2026-03-02 10:00")
    case.approved("2026-03-03 10:00")
    fined(case, "2026-03-05 10:00")
    closed(case, "2026-03-06 10:00")
    for found in case.snapshot(LATER).findings:
        rule = law().rules.by_id[found.rule]
        assert found.level <= rule.level and found.basis == rule.basis
        assert found.title_zh == rule.title_zh and 0 < found.confidence <= 1
        assert civil_day(moment(LATER)).isoformat() not in found.detail_zh
