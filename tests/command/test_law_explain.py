"""`xianjie law explain`: what a person is shown of an offence, a time limit and a detection rule."""

from __future__ import annotations

import json

import pytest
from tests.command.law_commands import xianjie_law
from tests.lawbook.recorded_answers import whole_law

from xianjie.command.law.explaining import Asked, subjects
from xianjie.lawbook.words.describing import outline
from xianjie.lawbook.words.phrases import CHINESE, ENGLISH

FAKE = "fake_substandard_products"


def test_an_offence_is_told_in_chinese_first_with_versions_sources_grade_and_conditions() -> None:
    done = xianjie_law("explain", FAKE)
    assert done.code == 0
    assert done.out.index("生产、销售伪劣产品罪") < done.out.index("Producing or selling")
    for told in (
        f"{FAKE}@2008",
        f"{FAKE}@2001",
        "公通字〔2008〕36号",
        "第十六条第（一）项",
        "5万元以上（含本数）",
        "已读原文",
    ):
        assert told in done.out, told
    conditions = [line for line in done.out.splitlines() if "销售金额达到5万元" in line]
    assert conditions and all(line.startswith("      ") for line in conditions)  # parts stand below groups


def test_every_offence_row_and_rule_can_be_explained_in_both_languages() -> None:
    asked = Asked(whole_law(), on=None, province=None)
    known = list(subjects(whole_law()))
    assert {each.kind for each in known} == {"offence", "clock", "rule"}
    for subject in known:
        chinese, english = (asked.told(subject, language) for language in (CHINESE, ENGLISH))
        assert (chinese.title, english.title) == (subject.zh, subject.en)
        assert len(list(outline(chinese))) == len(list(outline(english))) > 3


def test_a_day_shows_only_what_is_in_force_on_it() -> None:
    then = xianjie_law("explain", FAKE, "--on", "2005-03-01").out
    assert f"{FAKE}@2001" in then
    assert f"{FAKE}@2008" not in then
    before = xianjie_law("explain", FAKE, "--on", "1990-01-01")
    assert before.code == 0
    assert "1990-01-01没有施行中的版本" in before.out
    assert "2001-04-10" in before.out  # the days of the versions that there are
    row = xianjie_law("explain", "filing_decision", "--on", "1990-01-01").out
    assert "1990-01-01没有施行中的版本" in row


def test_a_province_adds_its_amounts_and_what_each_clause_then_asks_for() -> None:
    (overlay,) = (
        each for each in whole_law().standards.parameters["theft_large"].overlays if each.province == "CN-51"
    )
    done = xianjie_law("explain", "theft", "--province", "CN-51", "--on", "2024-01-01").out
    local = done[done.index("本地数额 CN-51") :]
    assert f"四川：{overlay.value}元" in local
    assert overlay.source in local
    assert "第一条第一款 盗窃数额 1600元" in local
    assert "第二条 盗窃数额 800元" in local
    unset = xianjie_law("explain", "theft", "--province", "CN-11", "--on", "2024-01-01").out
    assert "【目录缺口】本省数额未收录，按全国幅度1000元至3000元判断" in unset
    assert "第一条第一款 盗窃数额 1000元–3000元" in unset
    none = xianjie_law("explain", FAKE, "--province", "CN-51").out
    assert "没有由省级确定的数额" in none


def test_what_only_a_person_decides_and_gaps_are_marked() -> None:
    assert "【须由人判断】" in xianjie_law("explain", "bid_rigging").out
    offence = next(
        each.id
        for each in whole_law().standards.offences.values()
        if any(v.text_missing for v in each.versions)
    )
    assert "【目录缺口】" in xianjie_law("explain", offence).out


def test_a_time_limit_is_told_with_bearer_limit_counting_extensions_and_grade() -> None:
    done = xianjie_law("explain", "filing_decision").out
    for told in ("公安机关", "3日", "R310", "延长", "移送涉嫌犯罪案件", "已读原文"):
        assert told in done, told


def test_a_rule_is_told_with_its_level_and_why_it_may_be_wrong() -> None:
    done = xianjie_law("explain", "nt17_met_not_acted").out
    rule = whole_law().rules.by_id["nt17_met_not_acted"]
    assert rule.counter_zh in done
    assert rule.condition_zh in done


def test_a_chinese_name_finds_what_it_names() -> None:
    assert xianjie_law("explain", "盗窃罪").out.startswith("[theft]")
    assert xianjie_law("explain", "生产、销售伪劣产品").out.startswith(f"[{FAKE}]")
    row = whole_law().clocks["filing_decision"]
    assert xianjie_law("explain", row.title_zh).out.startswith("[filing_decision]")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("tobaco_ilegal_business", "tobacco_illegal_business"),
        ("filing_decison", "filing_decision"),
        ("nt17_met_not_actde", "nt17_met_not_acted"),
        ("非法经营", "非法经营罪（烟草专卖品）"),
    ],
)
def test_an_unknown_name_is_said_to_be_unknown_and_near_ones_are_proposed(name: str, near: str) -> None:
    done = xianjie_law("explain", name)
    assert done.code == 2
    assert done.out == ""
    assert f"没有名为“{name}”" in done.err
    assert near in done.err


def test_what_is_near_to_nothing_is_only_refused() -> None:
    done = xianjie_law("explain", "zzzzzzzzzzzz")
    assert done.code == 2
    assert "do you mean" not in done.err
    assert xianjie_law("explain", "").code == 2


def test_a_day_or_a_province_that_is_none_is_wrong_use() -> None:
    assert "--on" in xianjie_law("explain", FAKE, "--on", "2024-02-30").err
    assert "--province" in xianjie_law("explain", FAKE, "--province", "四川").err


def test_the_json_of_an_explanation_carries_marks_and_node_ids() -> None:
    (line,) = xianjie_law("explain", "bid_rigging", "--json").lines
    text = json.dumps(line, ensure_ascii=False)
    assert line["kind"] == "offence"
    assert '"marks": ["须由人判断"]' in text
    assert all(node.id in text for node in whole_law().standards.offences["bid_rigging"].versions[-1].nodes)
