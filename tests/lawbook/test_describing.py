"""What an offence, a clock and a rule say, in both languages."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.lawbook.clock_law import rows
from tests.lawbook.standards_law import LAW, amount, leaf, standards, tiny_law, truth

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.files import naming
from xianjie.lawbook.standards.catalogue import Standards
from xianjie.lawbook.words.describing import Item, Section, describe_offence, outline
from xianjie.lawbook.words.describing_procedure import describe_clock, describe_rule
from xianjie.lawbook.words.law_words import in_ten_thousands
from xianjie.lawbook.words.phrases import CHINESE, ENGLISH

LANGUAGES = (CHINESE, ENGLISH)
CHINESE_LETTER = re.compile("[一-鿿]")


def lines(law: Standards, language: int = CHINESE) -> list[str]:
    return [line.strip() for line in outline(describe_offence(law, law.offences["tiny"], language))]


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "0"),
        (5000, "5000"),
        (10_000, "1万"),
        (15_000, "1.5万"),
        (12_345, "12,345"),
        (2_500_000, "250万"),
        (150_000_000, "1.5亿"),
        (Decimal("0.5"), "0.5"),
        (Decimal("500000.00"), "50万"),
        (Fraction(1, 3), "1/3"),
        (Fraction(50_000), "5万"),
    ],
)
def test_numbers_are_written_in_ten_thousands(number: int, text: str) -> None:
    assert in_ten_thousands(number) == text


@pytest.mark.parametrize(
    ("op", "text", "english"),
    [
        (">=", "5万CNY以上（含本数）", "at least 50,000"),
        (">", "超过5万CNY（不含本数）", "more than 50,000"),
        ("<=", "5万CNY以下（含本数）", "at most 50,000"),
        ("<", "不满5万CNY", "less than 50,000"),
    ],
)
def test_a_limit_says_whether_the_number_itself_counts(op: str, text: str, english: str) -> None:
    law = tiny_law({"id": "tiny@1/root", "any_of": [amount("sold", 50000, op)]})
    assert f"- sold〔事实：{text}〕" in lines(law)
    assert any(english in line for line in lines(law, ENGLISH))


def test_a_share_of_a_limit_names_the_limit_and_the_share() -> None:
    near = amount("near", 40000) | {"derived_from": {"criterion": "tiny@1/sold", "factor": 0.8}}
    law = tiny_law({"id": "tiny@1/root", "any_of": [amount("sold", 50000), near]})
    assert "- near〔事实：4万CNY以上（含本数）；为 sold 的数额的80%〕" in lines(law)


def test_an_amount_of_the_province_shows_its_range_and_what_is_on_record() -> None:
    law = tiny_law({"id": "tiny@1/root", "any_of": [amount("sold", {"param": "large"})]})
    told = "\n".join(lines(law))
    assert "本省标准以上（含本数）；全国幅度1000CNY至3000CNY，参数 large" in told
    assert "四川：2000CNY，自2021-01-01起施行；某号" in told


def test_the_standard_shares_of_a_ratio_are_the_divisors() -> None:
    terms = [{"fact": "money", "standard": 20000}, {"fact": "land", "standard": 5}]
    ratio = leaf("shares", kind="ratio_sum", terms=terms, op=">=", value=1)
    law = tiny_law({"id": "tiny@1/root", "any_of": [ratio]})
    assert "- shares〔事实÷2万CNY＋事实÷5mu：1以上（含本数）〕" in lines(law)


def test_what_a_person_decides_and_what_was_not_read_is_marked() -> None:
    parts = [
        leaf("rest", kind="discretionary"),
        leaf("gone", kind="unread_limb", known_unread="lost"),
        truth("heavy", "grave"),
        amount("tried", 5) | {"outcome": "attempt"},
    ]
    law = tiny_law({"id": "tiny@1/root", "any_of": parts}, incomplete=True)
    told = lines(law)
    assert "- 【须由人判断】rest" in told
    assert "- 【目录缺口】gone〔文本未读：lost〕" in told
    assert any(line.startswith("- 【评价性事实，只能由人记录】heavy") for line in told)
    assert any(line.startswith("- 【未遂】tried") for line in told)
    assert "- 【目录缺口】该版本有一项已知存在但未读的内容" in told


def test_a_group_says_how_its_parts_belong_together_and_does_not_repeat_them() -> None:
    both = leaf("either", all_of=[truth("one", "a"), truth("two", "b", "is_false")])
    both["description_zh"] = "one，且two"
    law = tiny_law({"id": "tiny@1/root", "any_of": [both, leaf("own_words", any_of=[truth("three", "c")])]})
    told = lines(law)
    assert "- 下列各项须全部具备" in told and "- own_words（具备下列任一项）" in told
    assert "- one〔事实：是〕" in told and "- two〔事实：否〕" in told
    assert not any("one，且two" in line for line in told)


def test_who_checked_a_version_is_shown_and_an_empty_name_says_so() -> None:
    criteria = {"id": "tiny@1/root", "any_of": [truth("one", "a")]}
    assert "- 核对：尚未核对" in lines(tiny_law(criteria))
    assert "- 核对：王某" in lines(tiny_law(criteria, checked_by="王某"))


def test_parts_stand_one_level_deeper_than_the_whole() -> None:
    section = Section("a", (Item("b", (Item("c", marks=("!",)),)),), (Section("d"),))
    assert list(outline(section)) == ["a", "  - b", "    - 【!】c", "  d"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_offence_clock_and_rule_can_be_told(language: int) -> None:
    law, rules = standards(), Lawbook.load(LAW).rules
    told = [describe_offence(law, offence, language) for offence in law.offences.values()]
    told += [describe_clock(row, language, sectors=law.sectors) for row in rows().values()]
    told += [describe_rule(rule, language, targets=rules.targets) for rule in rules.by_id.values()]
    for section in told:
        for line in outline(section):
            assert line.strip(" -") and "None" not in line and "{" not in line


def test_the_english_of_the_procedure_is_english() -> None:
    for row in rows().values():
        told = list(outline(describe_clock(row, ENGLISH, sectors=standards().sectors)))
        # Articles keep their Chinese numbers.
        words = [re.sub(r"第[^ ,]*?条", "", line) for line in told]
        assert [line for line in words if CHINESE_LETTER.search(line)] == []


def test_every_code_of_the_law_has_a_name() -> None:
    texts = [version for row in rows().values() for version in row.versions]
    used = {
        "BEARERS": {each for row in rows().values() for each in row.bearer},
        "ROW_KINDS": {row.kind for row in rows().values()},
        "REGIMES": {version.regime for version in texts},
        "RANKS": {rank for text in texts for rule in text.extensions for rank in rule.approver_ranks},
        "GRADES": {version.grade for version in texts},
    }
    for table, codes in used.items():
        assert codes <= getattr(naming, table).keys()
