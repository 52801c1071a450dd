"""The rule language and the modelling problems of the specification of the standards, point by point.

What another test shows is named here by its file (tests/lawbook/test_standards_*.py) and the beginning of its
name; the tests below show the rest.

    the language must have            shown by
    1  types, units, unknown, bounds  evaluating: bounds_decide_only, days_are_compared, an_enum_is_one,
                                      a_value_that_does_not_fit; checking: a wrong unit
    2  operators, no negation         evaluating: every_limit_of_the_law; here
    3  Kleene, what could change it   properties: a_tree_says_exactly, a_fact_that_is_not_named;
                                      explaining: discretion_and_gaps
    4  two results                    evaluating: a_person_decides_a_residual_clause; here
    5  node kinds, stable ids         checking: an unknown kind, two limbs of one id
    6  choice of the version          acts: an_act_between, a_version_without_text, an_act_before, a_repealed;
                                      explaining: a_later_and_lighter_law
    7  amounts of provinces           evaluating: the_amount_of_the_province, a_limit_of_a_province
    8  cumulation                     acts: an_act_is_counted; explaining: counted_acts; here
    9  history                        acts: a_window_of_years; here
    10 gate, criteria, bars apart     evaluating: gate_and_bars; explaining: an_absent_element, a_bar_is_named
    11 findings by persons            here
    12 statements of search           evaluating: what_was_searched_for; here
    13 methods of valuation           here
    14 change control                 checking; loading: the_catalogue_is_whole; here
    15 relations between entries      here

    modelling problems                shown by
    1 to 4, 11, 15 to 18              here
    5  ratio sums                     evaluating: one_third_and_two_thirds
    6  individuals and units          evaluating: an_enum_is_one_of_its_values_and_is_never_assumed
    7 to 10                           as 7, 8, 9 and 6 above
    12 to 14 unread, residual, judged evaluating: a_text_that_was_not_read, a_person_decides,
                                      what_was_searched_for
    19 measuring                      here; 20 readings chosen: notes of the versions
    21 boundary words                 evaluating: every_limit_of_the_law
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.lawbook.standards_law import amount, cases, judged, leaf, standards, tiny_law, truth, versions

from xianjie.lawbook.standards.judging import Act, Judgement, JudgementInput, Penalty, Result, judge
from xianjie.lawbook.standards.nodes import AllOf, AnyOf, AtLeast, Comparison, Discretionary, Total
from xianjie.lawbook.standards.statements import EVERYTHING, Statement
from xianjie.lawbook.standards.values import FactValue
from xianjie.lawbook.words.explaining import explain_en, explain_zh

MET, NOT_MET, INSUFFICIENT = Result.met, Result.not_met, Result.insufficient
SAID = Statement(
    author="某市市场监管局",
    at=datetime(2024, 5, 9, 16, 30, tzinfo=UTC),
    reasons="经两次现场检查",
    evidence=("检查笔录",),
)
BY_ZH = "（某市市场监管局，2024-05-10 00:30，理由：经两次现场检查，依据：检查笔录）"


def result_of(offence: str, day: str, facts: dict[str, FactValue], **more: Any) -> tuple[Result, str | None]:
    judgement = judged(offence, day, facts, closed_world=True, **more)
    return judgement.result, judgement.outcome


# The language


def test_parts_of_a_tree_are_only_joined_and_a_bar_is_the_only_negation() -> None:
    for _, version in versions():
        assert {type(node) for node in version.nodes if node.children} <= {AllOf, AnyOf, AtLeast}


def test_every_result_is_given_twice_in_full_and_on_the_listed_limbs_alone() -> None:
    pairs = {(j.result, j.enumerated) for j in (judge(standards(), case.given) for case in cases())}
    assert {(MET, MET), (INSUFFICIENT, NOT_MET), (NOT_MET, NOT_MET)} <= pairs
    assert (NOT_MET, MET) not in pairs and (INSUFFICIENT, MET) not in pairs


def test_acts_are_listed_even_where_the_version_has_no_rule_for_adding_them() -> None:
    acts = (Act(date(2024, 1, 1), {"money": 1}), Act(date(2023, 1, 1), {"money": 2}, treated=True))
    text = explain_zh(judged("tiny", "2024-01-01", {}, law=tiny_law(amount("m", 50000)), acts=acts))
    assert "数次行为（该版本没有累计规则，不自动相加）：" in text
    assert "- 计入：2024-01-01，未经处理" in text and "- 不计入：2023-01-01，已经处理" in text


def test_every_act_of_a_worked_case_is_in_its_explanation_with_a_reason() -> None:
    told = [case for case in cases() if case.given.acts]
    for case in told:
        judgement = judge(standards(), case.given)
        assert len(judgement.acts_counted) + len(judgement.acts_left_out) == len(case.given.acts)
        lines = [line for line in explain_zh(judgement).splitlines() if "计入：" in line]
        assert len(lines) >= len(case.given.acts), case.id
    assert len(told) > 10


def test_a_count_from_earlier_penalties_names_every_penalty_and_why_it_counts() -> None:
    law = tiny_law(leaf("p", fact="priors", op=">=", value=2, unit="times"))
    days = ["2024-02-01", "2021-12-31", "2025-01-01", None]
    history = [Penalty("admin_penalty", None if day is None else date.fromisoformat(day)) for day in days]
    history += [
        Penalty("criminal_penalty", date(2024, 1, 2)),
        Penalty("admin_penalty", date(2024, 1, 2), "x"),
    ]
    judgement = judged("tiny", "2024-03-01", {}, law=law, history=tuple(history))
    text = explain_zh(judgement)
    assert "由处罚记录推算（自处罚生效日至行为日2024-03-01，首尾均计入）：" in text
    for line in (
        "计入：2024-02-01，在期间以内",
        "不计入：2021-12-31，生效至行为已满2年以外",
        "不计入：2025-01-01，行为之后才生效",
        "可能计入：日期不明，生效日期不明",
        "不计入：2024-01-02，处罚种类不同",
        "不计入：2024-01-02，不是同类行为",
    ):
        assert f"  - {line}" in text.splitlines()
    assert "more than 2 years before the act" in explain_en(judgement)


def test_a_finding_is_shown_with_author_time_and_reasons() -> None:
    law = tiny_law({"id": "tiny@1/root", "any_of": [amount("m", 100), leaf("res", kind="discretionary")]})
    findings = {"findings": {"tiny@1/res": True}, "law": law}
    judgement = judged("tiny", "2024-05-10", {"money": 1}, **findings, statements={"tiny@1/res": SAID})
    assert f"- res；认定成立{BY_ZH} [tiny@1/res]" in explain_zh(judgement).splitlines()
    assert "found to be so (某市市场监管局, 2024-05-10 00:30" in explain_en(judgement)
    silent = judged("tiny", "2024-05-10", {"money": 1}, **findings)
    assert "认定成立（未记录由何人作出）" in explain_zh(silent)
    assert (silent.result, silent.enumerated) == (judgement.result, judgement.enumerated) == (MET, NOT_MET)


def test_a_finding_never_overwrites_a_fact_and_is_said_to_stand_aside() -> None:
    law = tiny_law({"id": "tiny@1/root", "any_of": [amount("m", 100), truth("a", "a")]})
    facts: dict[str, FactValue] = {"money": 99, "a": False}
    judgement = judged("tiny", "2024-05-10", facts, law=law, findings={"tiny@1/m": True, "tiny@1/root": True})
    assert judgement.result is NOT_MET and judgement.deciding == ()
    assert "认定不予采用，事实记录不变" in explain_zh(judgement)
    other = judged("tiny", "2024-05-10", facts, law=law, findings={"theft@2013/res": True})
    assert "认定" not in explain_zh(other)


def test_what_somebody_searched_for_is_shown_by_group_with_its_author() -> None:
    law = tiny_law({"id": "tiny@1/root", "any_of": [truth(name, name) for name in "abcd"]})
    searched = frozenset({"a", "b", "c"})
    judgement = judged(
        "tiny", "2024-05-10", {"c": False}, law=law, searched=searched, statements={"a": SAID, "b": SAID}
    )
    lines = explain_zh(judgement).splitlines()
    assert f"- 事实、事实{BY_ZH}" in lines and not any("未记录" in line for line in lines)
    assert judgement.missing_facts == ("d",)
    alone = judged("tiny", "2024-05-10", {}, law=law, searched=searched)
    assert "- 事实、事实、事实（未记录由何人作出）" in explain_zh(alone).splitlines()


def test_a_statement_on_the_whole_case_is_shown_and_reaches_no_choice_and_no_judgement_fact() -> None:
    limbs = [truth("a", "a"), truth("g", "grave"), leaf("s", fact="subject", op="==", value="unit")]
    law = tiny_law({"id": "tiny@1/root", "any_of": limbs})
    judgement = judged("tiny", "2024-05-10", {}, law=law, closed_world=True, statements={EVERYTHING: SAID})
    assert set(judgement.missing_facts) == {"grave", "subject"}
    assert f"（须由人判断的事实和选项除外）{BY_ZH}。" in explain_zh(judgement)


def test_an_amount_carries_its_method_and_evidence_and_they_change_no_result() -> None:
    method = Statement(author="价格认定中心", method="市场中间价", evidence=("价格认定书",))
    facts: dict[str, FactValue] = {"adulterated_or_substandard": True, "sales_amount": Decimal("50000.00")}
    bare = judged("fake_substandard_products", "2024-05-10", facts)
    told = judged("fake_substandard_products", "2024-05-10", facts, statements={"sales_amount": method})
    assert "50,000.00元（价格认定中心，认定方法：市场中间价，依据：价格认定书）" in explain_zh(told)
    assert "(价格认定中心, method: 市场中间价, evidence: 价格认定书)" in explain_en(told)
    assert (bare.result, bare.deciding) == (told.result, told.deciding)


@pytest.mark.parametrize("statement", [Statement(), SAID, Statement(method="标价")])
def test_a_statement_comes_back_from_its_plain_values(statement: Statement) -> None:
    assert Statement.of_json(statement.as_json()) == statement


def test_every_version_names_source_article_and_how_its_text_was_seen() -> None:
    for offence in standards().offences.values():
        for version in offence.versions:
            assert version.sources and version.text_seen and isinstance(version.checked_by, str)
            assert version.text_missing or version.grade in ("read", "excerpt", "secondary", "memory")
            assert all(
                source.number and (source.article or source.known_unread) for source in version.sources
            )


def test_the_next_day_on_which_a_version_begins_is_known_so_that_open_cases_are_judged_anew() -> None:
    for offence in standards().offences.values():
        for version in offence.versions:
            eve = date.fromordinal(version.effective_from.toordinal() - 1)
            assert standards().next_change(eve) == version.effective_from


# Relations between entries


def relations_told(offence: str, day: str) -> tuple[Judgement, str]:
    judgement = judged(offence, day, {})
    return judgement, explain_zh(judgement)


def test_a_special_standard_comes_before_the_general_one_and_both_say_so() -> None:
    _, special = relations_told("false_env_certificates", "2024-01-01")
    assert "本罪名的专门标准优先于提供虚假证明文件罪（一般）的一般标准" in special
    _, general = relations_told("false_certificates_general", "2024-01-01")
    assert "属于提供虚假证明文件罪（环境领域）情形的，先按其专门标准判断" in general
    assert "专门标准" not in relations_told("false_certificates_general", "2023-08-14")[1]
    assert "非法经营罪（烟草专卖品）" in relations_told("illegal_business_general", "2024-01-01")[1]


def test_texts_in_conflict_are_shown_on_the_days_of_the_conflict() -> None:
    judgement, text = relations_told("insider_trading", "2023-06-01")
    assert "规定不一致（法释〔2012〕6号第六条）" in text
    assert "Texts in conflict" in explain_en(judgement)
    for day, told in (
        ("2022-05-14", False),
        ("2022-05-15", True),
        ("2026-07-26", True),
        ("2026-07-27", False),
    ):
        assert ("规定不一致" in relations_told("insider_trading", day)[1]) is told


def test_the_general_entry_is_pointed_to_when_the_special_one_has_no_version() -> None:
    judgement, text = relations_told("drug_illegal_business", "2022-03-06")
    assert judgement.version is None
    assert "另按非法经营罪（其他）判断（中华人民共和国刑法" in text
    _, before = relations_told("drug_illegal_business", "2022-03-05")
    assert "另按" not in before
    assert "另按" in relations_told("salt_illegal_business", "2020-04-01")[1]


def test_relations_change_no_result() -> None:
    without = replace(standards(), relations={})
    for case in cases():
        with_them = judge(standards(), case.given)
        assert replace(with_them, relations=()) == judge(without, case.given)


def test_every_relation_names_texts_that_were_read_or_the_statute() -> None:
    relations = {one.id: one for many in standards().relations.values() for one in many}
    assert len(relations) == 7
    for relation in relations.values():
        assert all(source.instrument in standards().instruments for source in relation.sources)


# The modelling problems


@pytest.mark.parametrize(
    ("offence", "conduct", "sold", "unsold", "expected"),
    [
        ("fake_substandard_products", "adulterated_or_substandard", 20000, 90000, (MET, "attempt")),
        ("fake_substandard_products", "adulterated_or_substandard", 20000, 89999, (NOT_MET, None)),
        ("fake_tobacco", "fake_tobacco_products", 20000, 129999, (NOT_MET, None)),
        ("fake_tobacco", "fake_tobacco_products", 20000, 130000, (MET, "attempt")),
        ("sale_counterfeit_trademark_goods", "sold_counterfeit_knowing", 20000, 129999, (NOT_MET, None)),
        ("sale_counterfeit_trademark_goods", "sold_counterfeit_knowing", 20000, 130000, (MET, None)),
    ],
)
def test_sold_and_unsold_goods_have_three_formulas(
    offence: str, conduct: str, sold: int, unsold: int, expected: tuple[Result, str | None]
) -> None:
    facts: dict[str, FactValue] = {conduct: True, "sales_amount": sold, "unsold_goods_value": unsold}
    full, outcome = result_of(offence, "2025-06-01", facts)
    if expected[0] is NOT_MET:  # a residual clause stays with a person
        assert full is not MET and outcome is None
    else:
        assert (full, outcome) == expected


def test_two_of_four_half_reached_items_are_needed_and_enough() -> None:
    facts: dict[str, FactValue] = {"for_profit": True, "copyright_infringement_conduct": True}
    one = judged(
        "copyright_infringement", "2025-06-01", facts | {"infringing_copies": 250}, closed_world=True
    )
    both = facts | {"infringing_copies": 250, "online_works": 250}
    two = judged("copyright_infringement", "2025-06-01", both, closed_world=True)
    assert (one.enumerated, two.enumerated) == (NOT_MET, MET)
    assert "copyright_infringement@2025/half" in two.deciding


def test_eighty_percent_of_an_amount_is_used_only_where_the_filing_standard_says_so() -> None:
    for _, version in versions():
        for node in version.nodes:
            derived = node.wording.derived_from
            if derived is not None and derived[1] == Decimal("0.8"):
                assert {"std2_2022", "std2_2010"} & {source.instrument for source in version.sources}, node.id


def test_a_repealed_standard_is_told_apart_from_one_whose_text_was_not_read() -> None:
    repealed = judged("drug_illegal_business", "2022-03-06", {})
    unread = judged("insider_trading", "2026-08-01", {})
    assert (repealed.reason, unread.reason) == ("no_version_in_force", "standard_text_missing")
    assert "已废止或尚未收录" in explain_zh(repealed) and "未取得文本" in explain_zh(unread)


def test_only_what_the_text_says_is_not_pursued_is_a_bar() -> None:
    barred = {version.id for _, version in versions() if version.bars is not None}
    assert barred == {
        "fake_drug_offence@2014",
        "fake_drug_offence@2022",
        "obstructing_drug_administration@2022",
        "vat_invoice_fraud@2024",
    }


def test_an_offence_of_conduct_is_met_without_any_amount() -> None:
    offences = [offence for offence in standards().offences.values() if offence.kind == "conduct"]
    for offence in offences:
        version = offence.versions[-1]
        facts: dict[str, FactValue] = {}
        for fact in version.facts:
            if not fact.numeric:
                facts[fact.name] = fact.values[0] if fact.values else True
        for node in version.leaves["bars"]:
            facts |= {version.facts[slot].name: False for slot in node.slots}
        judgement = judge(
            standards(),
            JudgementInput(
                offence=offence.id,
                act_day=version.effective_from,
                decision_day=version.effective_from,
                facts=facts,
            ),
        )
        assert judgement.enumerated is MET, offence.id
    assert len(offences) == 12


def test_a_heavier_tier_shows_that_the_standard_is_met() -> None:
    facts: dict[str, FactValue] = {"illegal_discharge": True, "serious_injury_or_illness": 1}
    judgement = judged("pollution_of_environment", "2024-01-01", facts, closed_world=True)
    assert judgement.result is MET and "pollution_of_environment@2023/agg.inj.a" in judgement.deciding


def test_every_limit_has_a_unit_or_is_a_share_and_every_leaf_says_what_it_asks() -> None:
    for _, version in versions():
        for node in version.nodes:
            if isinstance(node, Comparison | Total):
                is_day = isinstance(node.limit.number, date)
                assert is_day or node.unit or (isinstance(node, Total) and node.kind == "ratio_sum"), node.id
            if not node.children:
                assert node.wording.zh and node.wording.en
            assert not (isinstance(node, Discretionary) and node.slots)
