"""A day of the act that is not certain."""

from __future__ import annotations

from datetime import date

import pytest
from tests.lawbook.standards_law import standards

from xianjie.lawbook.standards.judging import (
    ACT_DATE,
    Judgement,
    JudgementInput,
    Result,
    judge,
    judge_over_days,
)
from xianjie.lawbook.standards.values import FactValue
from xianjie.lawbook.words.explaining import explain_en, explain_zh

MADE = {"false_advertising_conduct": True, "illegal_income": 150000}
SALE: dict[str, FactValue] = {
    "sold_counterfeit_knowing": True,
    "illegal_income": 30000,
    "sales_amount": 45000,
}


def over(offence: str, facts: dict[str, FactValue], first: str | None, last: str, decided: str) -> Judgement:
    given = JudgementInput(
        offence=offence,
        act_day=None,
        decision_day=date.fromisoformat(decided),
        facts=facts,
        closed_world=True,
    )
    begins = None if first is None else date.fromisoformat(first)
    return judge_over_days(standards(), given, begins, date.fromisoformat(last))


def test_days_under_one_version_keep_it() -> None:
    judgement = over("sale_counterfeit_trademark_goods", SALE, "2025-04-26", "2025-05-31", "2025-05-31")
    assert (judgement.version, judgement.result) == ("sale_counterfeit_trademark_goods@2025", Result.met)
    assert judgement.deciding and judgement.act_day is None and ACT_DATE not in judgement.missing_facts
    assert "2025-04-26至2025-05-31" in explain_zh(judgement) and "达到的条款" in explain_zh(judgement)


def test_days_that_disagree_leave_the_day_of_the_act_missing() -> None:
    judgement = over("sale_counterfeit_trademark_goods", SALE, "2025-04-01", "2025-05-31", "2025-05-31")
    assert (judgement.version, judgement.result) == (None, Result.insufficient)
    assert ACT_DATE in judgement.missing_facts and judgement.deciding == ()
    assert [(r.first_day, r.last_day) for r in judgement.readings] == [
        (date(2025, 4, 1), date(2025, 4, 25)),
        (date(2025, 4, 26), date(2025, 5, 31)),
    ]
    for text in (explain_zh(judgement), explain_en(judgement)):
        assert "2025-04-25" in text and "sale_counterfeit_trademark_goods@2021" in text


def test_days_that_agree_under_two_versions_give_the_result_without_a_version() -> None:
    facts: dict[str, FactValue] = {"false_advertising_conduct": True, "illegal_income": 150000}
    judgement = over("false_advertising", facts, "2022-05-01", "2022-06-01", "2022-06-01")
    assert (judgement.version, judgement.result, judgement.enumerated) == (None, Result.met, Result.met)
    assert set(judgement.deciding) >= {"false_advertising@2010/inc", "false_advertising@2022/inc"}
    assert judgement.missing_facts == ()


def test_an_open_beginning_is_the_first_version() -> None:
    judgement = over("dangerous_operation", {}, None, "2024-01-01", "2024-01-01")
    assert judgement.readings[0].first_day == date(2021, 3, 1)


def test_an_end_before_the_first_version_follows_its_rule() -> None:
    judgement = over("dangerous_operation", {"work_safety_violation": True}, None, "2020-01-01", "2024-01-01")
    assert judgement.version is None or judgement.result is Result.not_met
    given = JudgementInput(
        offence="dangerous_operation",
        act_day=None,
        decision_day=date(2024, 1, 1),
        facts={"work_safety_violation": True, "real_danger_of_major_accident": True},
    )
    early = judge_over_days(standards(), given, None, date(2020, 1, 1))
    assert (early.version, early.result, early.reason) == (None, Result.insufficient, "before_first_version")


def test_without_a_day_every_day_up_to_the_decision_is_possible() -> None:
    given = JudgementInput(
        offence="false_advertising",
        act_day=None,
        decision_day=date(2023, 1, 1),
        facts=MADE,
        closed_world=True,
    )
    judgement = judge(standards(), given)
    assert (judgement.version, judgement.result) == (None, Result.met)
    assert judgement.readings[0].first_day == date(2010, 5, 7)
    assert judgement.readings[-1].last_day == date(2023, 1, 1)


def test_a_beginning_after_the_end_is_an_error() -> None:
    with pytest.raises(ValueError, match="after the last"):
        over("theft", {}, "2024-01-02", "2024-01-01", "2024-02-01")
