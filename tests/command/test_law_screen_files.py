"""`xianjie law screen`: files of every kind are read as they were meant, or refused."""

from __future__ import annotations

import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook
from tests.command.law_commands import written, xianjie_law
from tests.command.screened_files import HEADER, OFFENCE, REACHED, ROWS, lines, of_offence, screened, text

from xianjie.command.law.penalty_files import opened


@pytest.mark.parametrize(
    ("encoding", "separator"),
    [("utf-8", ","), ("utf-8-sig", ","), ("gb18030", ","), ("gb18030", "\t"), ("utf-8", ";")],
)
def test_csv_is_read_in_every_usual_encoding(tmp_path: Path, encoding: str, separator: str) -> None:
    path = written(tmp_path / "in.csv", text([HEADER, *ROWS], separator).encode(encoding))
    done, found = screened(path)
    assert done.code == 0
    assert of_offence(found) == REACHED
    assert next(line for line in found if line["记录编号"] == "甲1")["当事人"] == "张某"


def test_a_workbook_is_read_with_dates_numbers_and_truths_as_cells(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER)
    sheet.append(
        [
            "甲1",
            "x",
            True,
            50000.0,
            date(2025, 6, 1),
            datetime(2025, 9, 1),  # noqa: DTZ001 - a cell has no zone
            "四川省",
            None,
        ]
    )
    sheet.append(["甲2", "x", True, 49999.99, 45809, "2025年9月1日", "四川省", None])
    sheet.append([None] * 8)
    sheet.append(["甲4", "x", "是", None, None, date(2025, 9, 1), None, None])
    book.create_sheet("说明").append(["不读"])
    book.save(tmp_path / "in.xlsx")
    done, found = screened(tmp_path / "in.xlsx")
    assert done.code == 0
    assert of_offence(found) == REACHED
    assert [line["行号"] for line in found if line["罪名代码"] == OFFENCE] == ["2", "3", "5"]
    assert "只读第一张工作表" in done.err


def test_parquet_is_read_by_its_types_and_a_binary_fraction_by_its_shortest_decimal(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "record_id": ["甲1", "甲2", "甲4", "甲5"],
            "sold_counterfeit_knowing": [True, True, True, True],
            "sales_amount": [50000.0, 49999.99, None, 0.1 + 0.2],
            "违法所得数额": [Decimal("0.00"), None, None, None],
            "act_date": [date(2025, 6, 1), date(2025, 6, 1), None, None],
            "decision_date": [date(2025, 9, 1)] * 4,
        }
    )
    frame.write_parquet(tmp_path / "in.parquet")
    done, found = screened(tmp_path / "in.parquet")
    assert done.code == 1
    assert of_offence(found) == REACHED
    (refused,) = lines(tmp_path / "out.csv.errors.csv")
    assert (refused["行号"], refused["列"]) == ("5", "sales_amount")
    assert "15位" in refused["问题及处理办法"]


def test_json_lines_keep_numbers_as_they_are_written(tmp_path: Path) -> None:
    conduct = f'"{HEADER[2]}": true, "行为日期": "2025-06-01", "决定日期": "2025-09-01"'
    rows = [
        f'{{"编号": "甲1", "销售金额": 50000.00, {conduct}}}',
        f'{{"编号": "甲2", "销售金额": 49999.990, {conduct}, "多": 1}}',
        "",
        '{"编号": "甲4", "销售明知是假冒注册商标的商品": true, "决定日期": "2025-09-01"}',
        '{"编号": "坏", "销售金额": [1]}',
        "{",
        '{"编号": "甲6", "编号": "甲7"}',
    ]
    done, found = screened(written(tmp_path / "in.ndjson", "\n".join(rows)))
    assert done.code == 1
    assert of_offence(found) == REACHED
    assert [line["行号"] for line in lines(tmp_path / "out.csv.errors.csv")] == ["5", "6", "7"]
    assert next(line for line in found if line["记录编号"] == "甲2")["多"] == "1"


def test_a_json_number_is_not_rounded_on_its_way(tmp_path: Path) -> None:
    conduct = f'"{HEADER[2]}": true, "行为日期": "2025-06-01", "决定日期": "2025-09-01"'
    rows = [
        f'{{"编号": "近", "timber_m3": 19.99999999999999999999, {conduct}}}',
        f'{{"编号": "细", "销售金额": 49999.99999999999999999999, {conduct}}}',
        f'{{"编号": "大", "销售金额": 100000000000000000000000.01, {conduct}}}',
    ]
    done, found = screened(written(tmp_path / "in.ndjson", "\n".join(rows)))
    assert done.code == 1
    assert [line["行号"] for line in lines(tmp_path / "out.csv.errors.csv")] == ["2"]
    assert ("大", "已达到立案追诉标准") in of_offence(found)


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("in.doc", b"x", "不认识的文件类型"),
        ("in.csv", b"", "空的"),
        ("in.csv", "甲,乙\n1,2\n".encode(), "没有一列"),
        ("in.csv", "编号,决定日期\n1,2025-01-01\n".encode(), "没有一列是已知的事实"),
        ("in.csv", "编号,销售金额\n1,2\n".encode(), "决定日期"),
        ("in.csv", "销售金额（吨）,决定日期\n1,2\n".encode(), "单位"),
        ("in.csv", "编号,销售金额\n1,2\n".encode("utf-16"), "UTF-16"),
        ("in.xlsx", b"no workbook", "不能读取工作簿"),
        ("in.parquet", b"no parquet", "不能读取 Parquet"),
        ("in.ndjson", b"[1]\n", "JSON"),
    ],
)
def test_a_file_that_cannot_be_used_ends_with_2_and_says_why(
    tmp_path: Path, name: str, content: bytes, word: str
) -> None:
    out = tmp_path / "out.csv"
    done = xianjie_law("screen", written(tmp_path / name, content), "--out", out)
    assert done.code == 2
    assert word in done.err
    assert not out.exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == [name]


def test_quotation_marks_and_line_breaks_in_cells_do_not_shift_columns(tmp_path: Path) -> None:
    row = [*ROWS[0][:-1], '张某，"绰号"\n五寸5",丙']
    stray = ",".join([*ROWS[1][:-1], '李某5" 管'])
    content = text([HEADER, row]) + stray + "\n" + ",".join(ROWS[3]) + "\n"
    _, found = screened(written(tmp_path / "in.csv", content))
    assert of_offence(found) == REACHED
    kept = {line["记录编号"]: line["当事人"] for line in found}
    assert kept == {"甲1": row[-1], "甲2": '李某5" 管', "甲4": "赵某"}


def test_a_row_with_too_few_fields_is_refused_and_not_filled_up(tmp_path: Path) -> None:
    rows = [HEADER, ROWS[0], ROWS[1][:3], ROWS[3]]
    done, found = screened(written(tmp_path / "in.csv", text(rows)))
    assert done.code == 1
    assert of_offence(found) == [REACHED[0], REACHED[2]]
    (refused,) = lines(tmp_path / "out.csv.errors.csv")
    assert refused["行号"] == "3"
    assert "3个字段" in refused["问题及处理办法"]


def test_a_mark_inside_a_field_is_read_like_any_other_sign(tmp_path: Path) -> None:
    content = (
        text([HEADER, ROWS[0]]) + ",".join([*ROWS[1][:-1], '"绰号"李某']) + "\n" + ",".join(ROWS[3]) + "\n"
    )
    _, found = screened(written(tmp_path / "in.csv", content))
    assert of_offence(found) == REACHED
    assert {line["记录编号"]: line["当事人"] for line in found} == {
        "甲1": "张某",
        "甲2": "绰号李某",
        "甲4": "赵某",
    }


def test_one_broken_line_does_not_make_a_file_another_encoding(tmp_path: Path) -> None:
    header = "record_id,sold_counterfeit_knowing,sales_amount,decision_date,name\n"
    good = [f"N{i},true,50000,2025-09-01,张某\n".encode() for i in range(20)]
    content = header.encode() + good[0] + b"bad,true,1,2025-09-01,\xe5\xbc\n" + b"".join(good[1:])
    done, found = screened(written(tmp_path / "in.csv", content))
    assert done.code == 1
    assert {line["name"] for line in found} == {"张某"}
    assert [line["行号"] for line in lines(tmp_path / "out.csv.errors.csv")] == ["3"]


def test_a_line_in_another_encoding_is_refused_and_not_misread(tmp_path: Path) -> None:
    content = text([HEADER, ROWS[0]]).encode() + text([ROWS[1]]).encode("gb18030") + text([ROWS[3]]).encode()
    done, found = screened(written(tmp_path / "in.csv", content))
    assert done.code == 1
    assert of_offence(found) == [REACHED[0], REACHED[2]]
    (refused,) = lines(tmp_path / "out.csv.errors.csv")
    assert refused["行号"] == "3"
    assert "编码" in refused["问题及处理办法"]


def test_chunks_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    party = ['某"人"', "某\n人", "某人", 'x"y']
    rows = [
        [f"N{i}", "x", "是", str(49_000 + i * 7), "2025-06-01", "2025-09-01", "", party[i % 4]]
        for i in range(400)
    ]
    for suffix in (".csv", ".ndjson"):
        path = tmp_path / f"in{suffix}"
        if suffix == ".csv":
            path.write_text(text([HEADER, *rows]), encoding="utf-8")
        else:
            objects = [json.dumps(dict(zip(HEADER, row, strict=True))) for row in rows]
            path.write_text("\n".join(objects), encoding="utf-8")
        _, whole = screened(path)
        with monkeypatch.context() as patched:
            patched.setattr("xianjie.command.law.penalty_parts.CHUNK_BYTES", 1000)
            _, cut = screened(path)
        assert len(whole) >= 400
        assert cut == whole


def test_the_header_row_is_found_below_empty_rows_of_a_sheet(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A3"], sheet["B3"] = "销售金额", "决定日期"
    sheet["A4"], sheet["B4"] = 1, "2025-01-01"
    book.save(tmp_path / "in.xlsx")
    found = opened(tmp_path / "in.xlsx")
    assert found.headers == ("销售金额", "决定日期")
    ((raw, refused),) = [chunk.take() for chunk in found.chunks]
    assert raw.rows() == [("1", "2025-01-01", 4)]
    assert refused == ()
