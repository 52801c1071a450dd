"""What a cell of a file of penalty records says, exactly, and what it is when it cannot be read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.lawbook.standards_law import standards

from xianjie.lawbook.screening import cells
from xianjie.lawbook.screening.batches import ROW, Batch, BatchReader
from xianjie.lawbook.screening.cells import CellFault
from xianjie.lawbook.screening.columns import HeaderFault, Role, read_header
from xianjie.lawbook.screening.provinces import PROVINCES, province
from xianjie.lawbook.screening.scales import safe_bounds, weighed
from xianjie.lawbook.standards.catalogue import Fact


def fact(name: str) -> Fact:
    return standards().facts[name]


def number(text: str, name: str = "sales_amount", unit: str | None = None, power: int = 0) -> Decimal:
    return cells.number(text, fact(name), unit=unit, power=power)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("51234.50", "51234.50"),
        ("51234", "51234"),
        ("51,234.5", "51234.5"),
        ("￥51,234.50元", "51234.50"),
        ("５１２３４．５", "51234.5"),
        ("5.12345万元", "51234.5"),
        ("5万", "50000"),
        ("1.2亿元", "120000000"),
        (" 0 ", "0"),
    ],
)
def test_amounts_are_read_as_officers_write_them(text: str, yuan: str) -> None:
    assert number(text) == Decimal(yuan)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("五万元", "不是一个数"),
        ("约5万元", "不是一个数"),
        ("5万元以上", "单位"),
        ("1,23", "不是一个数"),
        ("1.2.3", "不是一个数"),
        ("-5", "负数"),
        ("1E+05", "科学计数法"),
        ("0.005", "不足一分"),
        ("0.30000000000000004", "不足一分"),
        ("≈123456789012345.67", "15位"),
        ("5吨", "单位"),
        ("无", "不是一个数"),
    ],
)
def test_an_amount_that_would_have_to_be_guessed_is_refused_with_what_to_do(text: str, word: str) -> None:
    with pytest.raises(CellFault) as refused:
        number(text)
    assert word in refused.value.zh
    assert "；" in refused.value.zh
    assert refused.value.en


def test_the_unit_of_the_header_counts_and_a_cell_must_not_contradict_it() -> None:
    assert number("5.12345", unit="万元", power=4) == Decimal("51234.5")
    assert number("5万元", unit="万元", power=4) == Decimal(50000)
    with pytest.raises(CellFault, match="不一致"):
        number("50000元", unit="万元", power=4)


def test_a_count_is_whole() -> None:
    assert number("3.0", "deaths") == 3
    assert number("3人", "deaths") == 3
    with pytest.raises(CellFault, match="整数"):
        number("1.5", "deaths")


@given(st.decimals(0, 10**12, places=2))
def test_an_amount_written_out_is_read_back(amount: Decimal) -> None:
    assert number(f"{amount:,.2f}") == amount
    assert number(f"{amount}元") == amount


@pytest.mark.parametrize(
    "text",
    ["2024-03-01", "2024/3/1", "2024.3.1", "2024年3月1日", "20240301", "45352", "2024-03-01 00:00:00",
     "２０２４年３月１日", "2024-03-01T10:20:00+08:00"],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_form(text: str) -> None:
    assert cells.day(text) == date(2024, 3, 1)


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2024年3月", "2024", "3月1日", "20241301", "昨天", "1912-01-01"]
)
def test_what_is_no_full_day_is_refused(text: str) -> None:
    with pytest.raises(CellFault):
        cells.day(text)


@pytest.mark.parametrize("text", ["是", "有", "TRUE", "√", "1", " 是 "])
def test_yes_has_several_words(text: str) -> None:
    assert cells.truth(text) is True


@pytest.mark.parametrize("text", ["否", "无", "no", "0", "×", "没有"])
def test_no_has_several_words(text: str) -> None:
    assert cells.truth(text) is False


@pytest.mark.parametrize("text", ["可能", "部分", "2", "是否"])
def test_a_word_that_is_neither_yes_nor_no_is_refused(text: str) -> None:
    with pytest.raises(CellFault):
        cells.truth(text)


@pytest.mark.parametrize("text", ["", " ", "-", "——", "不详", "未查明", "N/A"])
def test_words_for_the_unknown_are_unknown_and_nothing_else_is(text: str) -> None:
    assert cells.is_unknown(text)
    assert not cells.is_unknown("0")
    assert not cells.is_unknown("无")


def test_enums_are_read_in_chinese_and_by_code() -> None:
    assert cells.one_of("单位", fact("subject_type")) == "unit"
    assert cells.one_of("individual", fact("subject_type")) == "individual"
    assert cells.one_of("主要责任", fact("accident_liability")) == "main"
    with pytest.raises(CellFault, match="自然人、单位"):
        cells.one_of("合伙", fact("subject_type"))


def test_every_value_of_every_enum_has_chinese_words() -> None:
    for each in standards().facts.values():
        assert set(each.values) <= set(cells.ENUM_WORDS)


@pytest.mark.parametrize("text", ["四川", "四川省", "四川省成都市", "CN-51", "51", "510000", "510104"])
def test_a_province_is_read_by_name_and_code(text: str) -> None:
    assert province(text) == "CN-51"


def test_every_province_that_has_set_an_amount_is_known_by_its_name() -> None:
    overlays = [each for parameter in standards().parameters.values() for each in parameter.overlays]
    assert overlays
    for overlay in overlays:
        assert province(overlay.province_zh) == overlay.province
    assert len(PROVINCES) == 31


@pytest.mark.parametrize("text", ["成都", "CN-99", "99", "中国"])
def test_a_place_that_is_no_province_is_refused(text: str) -> None:
    with pytest.raises(CellFault):
        province(text)


HEADERS = ["决定书文号", "案由", "销售金额（万元）", "timber_m3", "死亡人数(人)", "决定日期", "备注", "序号"]


def test_a_header_names_facts_by_label_or_name_with_its_unit() -> None:
    layout = read_header(HEADERS, standards().facts)
    named = [(column.fact.name, column.power) for column in layout.facts if column.fact]
    assert named == [("sales_amount", 4), ("timber_m3", 0), ("deaths", 0)]
    assert layout.of(Role.record) == layout.columns[0]
    assert [column.header for column in layout.kept] == ["备注", "序号"]


def test_every_label_of_the_law_is_a_header() -> None:
    facts = standards().facts
    layout = read_header([each.label_zh for each in facts.values()], facts)
    assert [column.fact for column in layout.columns] == list(facts.values())


@pytest.mark.parametrize(
    ("headers", "word"),
    [
        (["销售金额", "sales_amount", "决定日期"], "含义相同"),
        (["决定日期", "处罚决定日期", "销售金额"], "含义相同"),
        (["销售金额（吨）", "决定日期"], "单位"),
        (["立木蓄积（千克）", "决定日期"], "单位"),
        (["甲", "乙"], "没有一列"),
    ],
)
def test_a_header_that_would_shift_amounts_makes_the_file_unusable(headers: list[str], word: str) -> None:
    with pytest.raises(HeaderFault, match=word):
        read_header(headers, standards().facts)


def test_an_unknown_header_near_a_fact_is_kept_and_the_fact_is_named() -> None:
    layout = read_header(["销售金额合计", "决定日期"], standards().facts)
    assert layout.close == {"销售金额合计": "销售金额"}
    assert [column.header for column in layout.kept] == ["销售金额合计"]


def read(headers: list[str], *rows: list[str | None], on: date | None = date(2024, 5, 1)) -> Batch:
    layout = read_header(headers, standards().facts)
    columns = [
        pl.Series(str(place), cells, dtype=pl.String) for place, cells in enumerate(zip(*rows, strict=True))
    ]
    raw = pl.DataFrame([*columns, pl.Series(ROW, range(2, 2 + len(rows)))])
    return BatchReader(layout, {}, on).read(raw)


def test_a_row_with_a_fault_is_refused_as_a_whole_and_every_fault_is_named() -> None:
    batch = read(["编号", "销售金额", "死亡人数"], ["A", "1", "2"], ["B", "x", "1.5"], ["C", None, "0"])
    assert batch.refused == 1
    assert [(each.row, each.record, each.column, each.cell) for each in batch.refusals] == [
        (3, "B", "销售金额", "x"),
        (3, "B", "死亡人数", "1.5"),
    ]
    (group,) = batch.groups
    assert group.carried[Role.record].to_list() == ["A", "C"]
    assert group.records.facts["sales_amount"].to_list() == [100, None]


def test_numbers_that_do_not_fit_columns_are_set_apart_with_their_exact_value() -> None:
    batch = read(["timber_m3", "销售金额"], ["1.1234567", "2"], ["1.123456", "3"], ["1", "9" * 20])
    assert [each.facts for each in batch.apart] == [
        {"timber_m3": Decimal("1.1234567"), "sales_amount": Decimal(2)},
        {"timber_m3": Decimal(1), "sales_amount": Decimal("9" * 20)},
    ]
    (group,) = batch.groups
    assert group.records.facts["timber_m3"].to_list() == [1_123_456]
    assert batch.refused == 0


def test_a_missing_day_of_decision_is_that_of_the_question_or_refuses_the_row() -> None:
    headers, row = ["销售金额", "决定日期"], ["1", None]
    assert read(headers, row).groups[0].records.decision.to_list() == [date(2024, 5, 1)]
    batch = read(headers, row, ["1", "2024-01-01"], on=None)
    assert [(each.row, each.column) for each in batch.refusals] == [(2, "决定日期")]
    assert batch.refused == 1


@given(st.lists(st.decimals(0, 10**10, places=2), min_size=1, max_size=30), st.sampled_from([0, 4]))
def test_columns_of_amounts_are_exact_in_every_form(amounts: list[Decimal], power: int) -> None:
    header = "销售金额（万元）" if power else "销售金额"
    rows = [[format(amount.scaleb(-power), "f")] for amount in amounts]
    (group,) = read([header, "案由"], *[[*row, None] for row in rows]).groups
    assert group.records.facts["sales_amount"].to_list() == [int(amount * 100) for amount in amounts]


def test_no_sum_of_bounded_values_leaves_64_bits() -> None:
    sums = [
        weighed(
            (fact(name), weight) for name, weight in zip(node.facts, (w for _, w in node.terms), strict=True)
        )[0]
        for offence in standards().offences.values()
        for version in offence.versions
        for node in version.nodes
        if hasattr(node, "terms")
    ]
    bounds = safe_bounds(sums)
    assert sums
    for terms in sums:
        assert sum(weight * bounds[name] for name, weight in terms) < 2**63
