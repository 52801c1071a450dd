"""Citations of both ways of writing come apart into instrument, article and item."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lawbook.clock_law import rows
from tests.lawbook.standards_law import standards

from xianjie.lawbook.checking.citing import (
    Citation,
    chinese_citations,
    listed_places,
    numeral,
    numeral_value,
    places,
    row_places,
    short_citations,
    version_places,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R310 8; PSP 180(1)", [("R310", "第八条", ""), ("PSP", "第一百八十条", "(1)")]),
        ("R310 16(1), (3)", [("R310", "第十六条", "(1)"), ("R310", "第十六条", "(3)")]),
        ("TAX 47, 47(7)", [("TAX", "第四十七条", ""), ("TAX", "第四十七条", "(7)")]),
        ("R310 18-19; JC 37", [("R310", "第十八条", ""), ("R310", "第十九条", ""), ("JC", "第三十七条", "")]),
        ("PPL 57(1)(4)", [("PPL", "第五十七条", "(1)(4)")]),
        ("ENV17 34, last sentence", [("ENV17", "第三十四条", "last sentence")]),
        ("SPP24", [("SPP24", "", "")]),
        ("CPL 105, SPCI 202", [("CPL", "第一百零五条", ""), ("SPCI", "第二百零二条", "")]),
        ("WS19 article not obtained", [("WS19", "", "article not obtained")]),
    ],
)
def test_a_short_citation_names_its_places(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert list(short_citations(text)) == [Citation(*each) for each in expected]


def test_an_instrument_counts_until_another_is_named() -> None:
    assert short_citations("PRR 559, 560; PSP 182(1)") == (
        Citation("PRR", "第五百五十九条"),
        Citation("PRR", "第五百六十条"),
        Citation("PSP", "第一百八十二条", "(1)"),
    )
    assert short_citations("8; PSP 180(1)", "R310")[0] == Citation("R310", "第八条")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第七十一条第（四）项4、第八十一条", [("", "第七十一条", "第（四）项4"), ("", "第八十一条", "")]),
        ("刑法第二百七十六条之一、第二条", [("刑法", "第二百七十六条之一", ""), ("", "第二条", "")]),
        ("第二条至第四条、第六条", [("", f"第{each}条", "") for each in "二三四六"]),
        ("第七十九条第（三）项2、4", [("", "第七十九条", "第（三）项2、4")]),
        ("第一条第一款第（一）至（三）项", [("", "第一条", "第一款第（一）至（三）项")]),
        ("立案追诉标准（二）第五十二条第（一）项", [("立案追诉标准（二）", "第五十二条", "第（一）项")]),
        ("虚开发票案", [("虚开发票案", "", "")]),
    ],
)
def test_a_chinese_citation_names_its_places(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert [(each.prefix, each.article, each.item) for each in chinese_citations(text)] == expected


def test_a_clause_is_of_the_source_that_lists_its_article_unless_it_names_another() -> None:
    (version,) = standards().offences["refusing_wages"].versions
    (statute, order) = places("刑法第二百七十六条之一、第四条", version, standards())
    assert statute == Citation("criminal_law", "第二百七十六条之一")
    assert order == Citation("wage_2013", "第四条")


def test_a_clause_of_an_unread_instrument_names_that_instrument() -> None:
    version = next(
        each for each in standards().offences["sale_counterfeit_trademark_goods"].versions if each.incomplete
    )
    assert places("法发〔2011〕3号（未读）", version, standards()) == (Citation("ip_opinion_2011", ""),)


def test_a_heading_without_a_number_is_cited_by_its_words() -> None:
    assert listed_places("std2_2011", "虚开发票案") == (Citation("std2_2011", "虚开发票案"),)


def test_every_citation_of_the_law_names_a_known_instrument() -> None:
    known = standards().instruments.keys() | standards().known_unread.keys()
    cited = {
        place.instrument for row in rows().values() for text in row.versions for place in row_places(text)
    }
    for offence in standards().offences.values():
        for version in offence.versions:
            cited |= {place.instrument for place in version_places(version)}
            for node in version.nodes:
                if node.wording.clause is not None:
                    cited |= {place.instrument for place in places(node.wording.clause, version, standards())}
    assert cited - known == set()


@given(st.integers(min_value=1, max_value=9999))
def test_numerals_say_the_number_that_they_were_made_from(number: int) -> None:
    assert numeral_value(numeral(number)) == number


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (8, "八"),
        (10, "十"),
        (12, "十二"),
        (20, "二十"),
        (110, "一百一十"),
        (205, "二百零五"),
        (1055, "一千零五十五"),
    ],
)
def test_articles_are_numbered_as_statutes_do(number: int, text: str) -> None:
    assert numeral(number) == text
