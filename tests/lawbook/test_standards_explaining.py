"""The explanation says in plain words what the judgement rests on."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.lawbook.standards_law import cases, judged, standards

from xianjie.lawbook.standards.judging import Act, judge
from xianjie.lawbook.standards.values import Interval
from xianjie.lawbook.words.explaining import explain_en, explain_zh
from xianjie.lawbook.words.phrases import PHRASES, figure


def explained(case_id: str) -> str:
    case = next(case for case in cases() if case.id == case_id)
    return explain_zh(judge(standards(), case.given))


def test_a_met_standard_is_explained_by_clause_value_and_limit() -> None:
    facts = {"adulterated_or_substandard": True, "sales_amount": Decimal("50000.00")}
    text = explain_zh(judged("fake_substandard_products", "2024-05-10", facts))
    assert text.splitlines() == [
        "生产、销售伪劣产品罪（第一百四十条）：已达到立案追诉标准。",
        "适用版本：fake_substandard_products@2008（自2008-06-25起施行），行为日2024-05-10时施行的版本。",
        "依据：中华人民共和国刑法（修正至刑法修正案十二）第一百四十条；法释〔2001〕10号第二条；公通字〔2008〕36号第十六条",
        "构成要件：",
        "- 刑法第一百四十条：产品掺杂掺假、以假充真、以次充好或以不合格冒充合格；查明：是",
        "达到的条款：",
        "- 立案追诉标准（一）第十六条第（一）项：销售金额达到5万元；"
        "查明销售金额 50,000.00元，标准50,000元以上（含本数）",
    ]


def test_an_attempt_is_named() -> None:
    assert "以犯罪未遂追究" in explained("SC-003")


def test_counted_acts_and_those_left_out_are_listed_with_reasons() -> None:
    text = explained("SC-007")
    assert "- 销售金额 36,000元" in text
    assert "- 计入：2024-05-10，未经处理" in text and "- 不计入：2023-01-05，已经处理" in text


def test_what_is_missing_or_imprecise_is_listed() -> None:
    text = explained("SC-008")
    assert "尚未销售货值金额 [unsold_goods_value]" in text
    assert "销售金额（仅知40,000元以上（含本数）、60,000元以下（含本数）） [sales_amount]" in text


def test_discretion_and_gaps_of_the_catalogue_look_different() -> None:
    text = explained("SC-100")
    human, gap = text.index("须由人判断："), text.index("目录缺口（文本未读）：")
    assert human < text.index("[sale_counterfeit_trademark_goods@2021/res]") < gap
    assert gap < text.index("[sale_counterfeit_trademark_goods@2021/unsold.t]")


def test_a_later_and_lighter_law_is_named_with_both_days() -> None:
    assert "行为日2022-05-14之后的版本，在决定日2022-08-01施行，对行为人更有利" in explained("SC-057")


def test_an_absent_element_of_the_conduct_is_said_instead_of_the_limbs() -> None:
    facts = {"adulterated_or_substandard": False, "sales_amount": 10**6}
    text = explain_zh(judged("fake_substandard_products", "2024-05-10", facts))
    assert "不成立的构成要件：" in text and "未达到的条款" not in text


def test_an_alternative_element_that_is_absent_is_no_failure_of_the_conduct() -> None:
    facts = {"mining_without_permit": True, "mineral_value": 1}
    text = explain_zh(judged("illegal_mining", "2023-01-01", facts, closed_world=True))
    assert "不成立的构成要件" not in text and "未达到的条款：" in text


def test_a_bar_is_named() -> None:
    facts = {"vat_fake_issue": True, "fake_issue_tax": 10**6} | {
        "purpose_not_to_defraud_tax": True,
        "no_tax_loss_from_deduction": True,
    }
    assert "依规定不予追究的情形成立：" in explain_zh(judged("vat_invoice_fraud", "2024-06-01", facts))


def test_a_version_from_an_excerpt_carries_its_warning() -> None:
    assert "依据摘录写成" in explained("SC-038") and "本省数额标准未收录" in explained("SC-038")


def test_an_amount_of_a_province_carries_its_source_and_warning() -> None:
    assert "云南的数额标准（云高法〔2013〕145号）依据摘录或报道写成" in explained("SC-111")
    assert "的数额标准（" not in explained("SC-038")


def test_an_act_of_unknown_day_is_said_to_be_so() -> None:
    acts = (Act(None, {"timber_m3": 3}), Act(date(2015, 6, 1), {"timber_m3": 1}))
    judgement = judged("illegal_logging", "2015-06-01", {"timber_theft_conduct": True}, acts=acts)
    assert "- 可能计入：日期不明，行为日期不明" in explain_zh(judgement)
    assert "perhaps counted: day not known" in explain_en(judgement)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (50000, "50,000"),
        (Decimal("49999.99"), "49,999.99"),
        (Fraction(1, 2), "0.5"),
        (Fraction(4, 2), "2"),
        (Fraction(1, 3), "1/3"),
    ],
)
def test_numbers_are_written_exactly(value: int | Decimal | Fraction, written: str) -> None:
    assert figure(value) == written


def test_every_phrase_has_both_languages_with_the_same_words_to_fill_in() -> None:
    for key, (zh, en) in PHRASES.items():
        assert zh and en, key
        assert {w.split("}")[0] for w in zh.split("{")[1:]} == {w.split("}")[0] for w in en.split("{")[1:]}, (
            key
        )


def test_open_bounds_are_told_apart_from_closed_ones() -> None:
    facts = {"adulterated_or_substandard": True, "sales_amount": Interval(40000, None, min_open=True)}
    text = explain_zh(judged("fake_substandard_products", "2024-05-10", facts))
    assert "仅知超过40,000元（不含本数）" in text
