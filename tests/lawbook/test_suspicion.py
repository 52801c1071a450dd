"""Reasonable suspicion is pointed to where the law asks for less than a standard met, and never found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from tests.lawbook.standards_law import cases, judged, leaf, standards, tiny, truth, written

from xianjie.lawbook.standards.judging import JudgementInput, Result, judge, judge_over_days
from xianjie.lawbook.standards.loading import load_standards, read_standards
from xianjie.lawbook.standards.values import FactValue
from xianjie.lawbook.standards.worked_cases import answer
from xianjie.lawbook.words.explaining import explain_en, explain_zh

NOTICE = "提示：可以考虑依国务院令第310号第三条第二款按合理嫌疑移送"
SALE: dict[str, FactValue] = {"sold_counterfeit_knowing": True}
INTELLECTUAL_PROPERTY = {
    "counterfeit_trademark": "第二百一十三条",
    "sale_counterfeit_trademark_goods": "第二百一十四条",
    "illegal_trademark_labels": "第二百一十五条",
    "counterfeit_patent": "第二百一十六条",
    "copyright_infringement": "第二百一十七条",
    "sale_infringing_copies": "第二百一十八条",
    "trade_secret": "第二百一十九条",
}


def sale(day: str = "2025-06-01", facts: dict[str, FactValue] = SALE, **more: Any) -> Any:
    return judged("sale_counterfeit_trademark_goods", day, facts, **more)


def test_the_lower_bar_reaches_the_seven_offences_against_intellectual_property() -> None:
    assert {
        name: standards().offences[name].criminal_law_article for name in standards().suspicion_bars
    } == INTELLECTUAL_PROPERTY


def test_conduct_on_record_and_amounts_open_give_the_notice_with_its_article() -> None:
    judgement = sale()
    assert judgement.result is Result.insufficient and judgement.suspicion is not None
    assert judgement.suspicion.open_facts == judgement.missing_facts
    assert "sales_amount" in judgement.suspicion.open_facts
    assert NOTICE in explain_zh(judgement) and "由行政执法机关认定，平台不作认定" in explain_zh(judgement)
    assert "the platform does not find it" in explain_en(judgement)


@pytest.mark.parametrize(
    ("facts", "more"),
    [
        ({}, {}),  # nothing of the conduct is on record
        ({"sales_amount": 49999}, {}),
        ({"sold_counterfeit_knowing": False}, {}),  # excluded
        ({"sold_counterfeit_knowing": True, "sales_amount": 50000}, {}),  # met
        ({"sold_counterfeit_knowing": True}, {"closed_world": True}),  # no fact is open
    ],
)
def test_without_conduct_on_record_or_an_open_fact_there_is_no_notice(
    facts: dict[str, FactValue], more: dict[str, Any]
) -> None:
    judgement = sale(facts=facts, **more)
    assert judgement.suspicion is None and "合理嫌疑" not in explain_zh(judgement)


def test_other_offences_have_no_lower_bar() -> None:
    facts: dict[str, FactValue] = {"adulterated_or_substandard": True}
    judgement = judged("fake_substandard_products", "2025-06-01", facts)
    assert judgement.result is Result.insufficient and judgement.suspicion is None


@pytest.mark.parametrize(("decided", "expected"), [("2020-08-06", False), ("2020-08-07", True)])
def test_the_rule_is_one_of_procedure_and_goes_by_the_day_of_the_decision(
    decided: str, expected: bool
) -> None:
    judgement = sale(day="2020-01-01", decided=decided)
    assert judgement.version == "sale_counterfeit_trademark_goods@2010"
    assert (judgement.suspicion is not None) is expected


def over_days(facts: dict[str, FactValue], first: date, last: date) -> Any:
    given = JudgementInput(
        offence="sale_counterfeit_trademark_goods", act_day=None, decision_day=last, facts=facts
    )
    return judge_over_days(standards(), given, first, last)


def test_with_an_uncertain_day_it_must_hold_on_every_possible_one() -> None:
    first, last = date(2025, 4, 1), date(2025, 5, 31)
    everywhere = over_days(SALE, first, last)
    assert len(everywhere.readings) > 1 and everywhere.suspicion is not None
    assert NOTICE in explain_zh(everywhere)
    partly = over_days(SALE | {"illegal_income": 30000}, first, last)
    assert {reading.judgement.result for reading in partly.readings} == {Result.insufficient, Result.met}
    assert partly.suspicion is not None
    excluded = over_days({"sold_counterfeit_knowing": False}, first, last)
    assert excluded.suspicion is None


def test_the_notice_changes_no_answer() -> None:
    without = replace(standards(), suspicion_bars={})
    seen = 0
    for case in cases():
        for given in (case.given, replace(case.given, closed_world=False)):
            judgement = judge(standards(), given)
            seen += judgement.suspicion is not None
            assert answer(judgement) == answer(judge(without, given))
    assert seen > 0


def bar(**members: Any) -> dict[str, Any]:
    return {
        "bars": [
            {
                "id": "tiny",
                "title_zh": "小案",
                "title_en": "tiny cases",
                "instrument": "act",
                "number": "1号",
                "article": "第二条",
                "valid_from": "2020-01-01",
                "valid_to": None,
                "grade": "excerpt",
                "checked_by": "",
                "offences": ["tiny"],
                **members,
            }
        ]
    }


def relation(**members: Any) -> dict[str, Any]:
    return {
        "relations": [
            {
                "id": "r",
                "kind": "conflicts_with",
                "offences": ["tiny"],
                "valid_from": "2020-01-01",
                "valid_to": None,
                "sources": [{"instrument": "act", "number": "1号", "article": "第二条"}],
                "note_zh": "两处不一致",
                "note_en": "they differ",
                **members,
            }
        ]
    }


def test_what_only_a_person_can_decide_needs_no_police() -> None:
    law = tiny()
    law["standards/tiny.yaml"]["versions"][0] |= {
        "gate": {"all_of": [truth("g", "a")]},
        "criteria": leaf("res", kind="discretionary"),
    }
    told = load_standards(written(law | {"reasonable_suspicion.yaml": bar()}))
    judgement = judged("tiny", "2024-01-01", {"a": True}, law=told)
    assert (judgement.result, judgement.pending_human) == (Result.insufficient, ("tiny@1/res",))
    assert judgement.suspicion is None


def test_a_law_may_go_without_both_files_and_a_weak_source_carries_its_warning() -> None:
    law = tiny()
    assert load_standards(written(law)).suspicion_bars == {}
    law["standards/tiny.yaml"]["versions"][0]["gate"] = {"all_of": [truth("g", "a")]}
    told = load_standards(written(law | {"reasonable_suspicion.yaml": bar(), "relations.yaml": relation()}))
    text = explain_zh(judged("tiny", "2024-01-01", {"a": True}, law=told))
    assert "可以考虑依1号第二条按合理嫌疑移送" in text and "依据摘录写成" in text
    assert "规定不一致（1号第二条）：两处不一致。" in text


@pytest.mark.parametrize(
    ("file", "make", "members", "path", "said"),
    [
        ("reasonable_suspicion.yaml", bar, {"offences": ["x"]}, "bars[0].offences", "no such offence: x"),
        ("reasonable_suspicion.yaml", bar, {"number": "2号"}, "bars[0].number", "the number is 1号"),
        ("reasonable_suspicion.yaml", bar, {"grade": "sure"}, "bars[0].grade", "must be one of"),
        ("reasonable_suspicion.yaml", bar, {"decides": True}, "bars[0].decides", "unknown key"),
        ("relations.yaml", relation, {"kind": "is_like"}, "relations[0].kind", "must be one of"),
        ("relations.yaml", relation, {"offences": ["x"]}, "relations[0].offences", "no such offence: x"),
        ("relations.yaml", relation, {"kind": "prevails_over"}, "relations[0].other", "must be a text"),
        (
            "relations.yaml",
            relation,
            {"valid_to": "2019-01-01"},
            "relations[0].valid_to",
            "before valid_from",
        ),
        ("relations.yaml", relation, {"sources": []}, "relations[0].sources", "at least 1"),
        (
            "relations.yaml",
            relation,
            {"sources": [{"instrument": "none", "number": "1号", "article": "一"}]},
            "relations[0].sources[0].instrument",
            "no such instrument",
        ),
    ],
)
def test_what_breaks_these_files_is_named(
    file: str, make: Callable[..., dict[str, Any]], members: dict[str, Any], path: str, said: str
) -> None:
    _, problems = read_standards(written(tiny() | {file: make(**members)}))
    assert [(problem.file, problem.path) for problem in problems if said in problem.en] == [(file, path)]
