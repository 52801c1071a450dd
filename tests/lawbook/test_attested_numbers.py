"""Every number of the law stands in a cited article; what a text says in numbers is read exactly."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lawbook.standards_law import files

from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.checking.attested import OPENING, WHOLE, articles_of, digest_of_text, numbers_in
from xianjie.lawbook.checking.cited import Citing, cited_places
from xianjie.lawbook.checking.citing import numeral
from xianjie.lawbook.checking.derivations import How, read_derivations
from xianjie.lawbook.checking.law_checking import check_law
from xianjie.lawbook.checking.numbers_checking import check_numbers
from xianjie.lawbook.standards.nodes import Comparison


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("数额在五万元以上，或者违法所得三万元以上的", [30000, 50000]),
        (
            "二百五十万元、一亿二千万元、两千元、10万元、1.5亿元、5千元",
            [2000, 5000, 10**5, 2500000, 12 * 10**7, 15 * 10**7],
        ),
        ("百分之八十以上，80％，百分之五点五", [Decimal("5.5"), 80]),
        ("24 小时内；２４小时；二十四小时", [24]),
        ("一点五倍，一个半月，半年", [Decimal("0.5"), 1, Decimal("1.5")]),
        ("饵料2千克、五千克以上", [2, 5, 2000, 5000]),
        ("三分之二以上", [2, 3]),
        ("第三条第二款第（四）项至第（六）项，第二百二十五条之一", []),
        ("（一）轻伤的；（二）其他情形", []),
        ("2014年9月10日，法释〔2016〕9号，二〇〇六年七月", []),
        ("一般、统一、下列情形之一、两高、一律、十分严重", []),
        ("二年内受过两次以上行政处罚", [2]),
        ("3 个工作日，1，500元", [3, 1500]),
        ("一千人以上不满一万人", [1000, 10000]),
    ],
)
def test_every_number_of_a_text_is_read_and_none_that_only_counts_places(
    text: str, numbers: list[Any]
) -> None:
    assert list(numbers_in(text)) == sorted(numbers)


def chinese(number: int) -> str:
    """A number in Chinese numerals, as texts of law write amounts."""
    if number >= 10**8:
        high, low = divmod(number, 10**8)
        return f"{chinese(high)}亿" + (_after(low, 10**7) if low else "")
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        return f"{numeral(high)}万" + (_after(low, 10**3) if low else "")
    return numeral(number)


def _after(low: int, full: int) -> str:
    return ("零" if low < full else "") + chinese(low)


@given(st.integers(min_value=1, max_value=10**11))
def test_whatever_is_written_in_chinese_numerals_comes_back(number: int) -> None:
    assert numbers_in(f"数额在{chinese(number)}元以上的") == (number,)


@given(st.integers(min_value=1, max_value=10**9), st.sampled_from(["", "万", "亿"]))
def test_whatever_is_written_in_figures_comes_back(number: int, size: str) -> None:
    times = {"": 1, "万": 10**4, "亿": 10**8}[size]
    assert numbers_in(f"数额在{number}{size}元以上的") == (number * times,)
    assert numbers_in(f"数额在 {number:,}{size} 元以上的") == (number * times,)


TEXT = """# 标题

序言，共二十条。

目录
第一条
第二条

## 第一章

- **第一条**　　数额在五万元以上的：

  - （一）三次以上的；

第二条 期限为３日。
第二条之一 期限为五日。

## 第二章

第三条 自2020年1月1日起施行。
"""


def test_a_text_is_taken_apart_into_its_articles_without_layout() -> None:
    articles = articles_of(TEXT)
    assert [name for name in articles if name.startswith("第")] == [
        "第一条",
        "第二条",
        "第二条之一",
        "第三条",
    ]
    assert articles["第一条"] == "第一条数额在五万元以上的:（一）三次以上的;"
    assert numbers_in(articles["第二条"]) == (3,) and numbers_in(articles["第二条之一"]) == (5,)
    assert articles["第三条"] == "第三条自2020年1月1日起施行。"
    assert "二十条" in articles[OPENING] and "第三条" in articles[WHOLE]


def test_the_digest_of_an_article_is_that_of_its_words_alone() -> None:
    plain = articles_of("第一条 期限为三日（含）。\n")["第一条"]
    dressed = articles_of("\n> **第一条**　\n\n期限为三日(含)。\n")["第一条"]
    assert digest_of_text(plain) == digest_of_text(dressed)
    assert digest_of_text(plain) != digest_of_text(plain.replace("三", "五"))


def test_of_several_texts_in_one_file_the_named_one_is_read() -> None:
    both = "# 集\n\n## 甲（1号）\n\n第一条 三日。\n\n## 乙（2号）\n\n第一条 五日。\n"
    assert articles_of(both, "2号")["第一条"] == "第一条五日。"
    with pytest.raises(ValueError, match="no heading"):
        articles_of(both, "3号")


def test_older_texts_number_their_parts_otherwise() -> None:
    old = articles_of("一、甲。\n（一）子。\n二、乙，七日。\n")
    assert old["二、"] == "二、乙,七日。" and "（一）" in old


@cache
def citing() -> Citing:
    law = Lawbook.of(files())
    declared, problems = read_derivations(files())
    assert not problems
    return Citing(
        standards=law.standards,
        clocks=law.clocks,
        rules=law.rules,
        causes=law.causes,
        derivations=declared,
    )


def test_every_number_of_the_law_is_stated_derived_or_listed_as_unattested() -> None:
    found = check_numbers(citing())
    assert found.problems == ()
    assert found.stated > 1200 and found.derived > 150
    assert len(found.unattested) < 40


def test_a_number_is_unattested_only_where_a_text_is_not_at_hand() -> None:
    law = citing()
    without = {text.id for text in law.standards.instruments.values() if text.text_digest is None}
    without |= law.standards.known_unread.keys()
    for at, _ in check_numbers(law).unattested:
        name = at.partition("@")[0]
        cited = {
            each.place.instrument
            for each in cited_places(law)
            if name in (each.path.partition("@")[0], each.file[7:-5])
        }
        extended = name in law.clocks and any(
            rule.grade != text.grade for text in law.clocks[name].versions for rule in text.extensions
        )
        assert cited & without or extended, at


def test_declared_numbers_say_why_in_both_languages() -> None:
    for each in citing().derivations.values():
        assert each.reason_zh and each.reason_en
        assert each.how is not How.at_all or each.number in (0, 1)


def moved() -> list[tuple[str, str, str, int]]:
    """One limit of every tenth offence, moved to a number that no text states."""
    found = []
    for place, offence in enumerate(citing().standards.offences.values()):
        if place % 10:
            continue
        for version in offence.versions[-1:]:
            for node in version.nodes:
                number = node.limit.number if isinstance(node, Comparison) else None
                if type(number) is int and number > 1 and not version.text_missing:
                    found.append((f"standards/{offence.id}.yaml", node.id, str(number), number * 7 + 13))
                    break
    return found


@pytest.mark.parametrize(("file", "node", "old", "new"), moved(), ids=[entry[1] for entry in moved()])
def test_a_limit_that_no_text_states_does_not_pass(file: str, node: str, old: str, new: int) -> None:
    text = files()[file].decode()
    begin = text.index(f"id: {node}\n")
    changed = text[:begin] + text[begin:].replace(f"value: {old}\n", f"value: {new}\n", 1)
    assert changed != text
    problems = check_law({**files(), file: changed.encode()}).problems
    assert any(problem.file == file and str(new) in problem.zh for problem in problems)


def test_every_article_on_record_is_cited_and_every_cited_article_that_was_read_is_on_record() -> None:
    law = citing()
    cited = {(each.place.instrument, each.place.article) for each in cited_places(law)}
    recorded = {(text.id, name) for text in law.standards.instruments.values() for name in text.articles}
    assert recorded <= cited and len(recorded) > 700
    for text in law.standards.instruments.values():
        for article in text.articles.values():
            assert list(map(Fraction, article.numbers)) == sorted(set(map(Fraction, article.numbers)))
