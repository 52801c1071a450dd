"""`xianjie law screen`: records in, a worklist out, nothing dropped."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook
from tests.command.law_commands import LAW, written, xianjie_law
from tests.command.screened_files import HEADER, OFFENCE, REACHED, ROWS, lines, of_offence, screened, text

from xianjie.command.law.screening import Asked, screen
from xianjie.lawbook.bundle import digest_of, read_files
from xianjie.lawbook.screening.columns import WORDS
from xianjie.lawbook.screening.findings import STAGES_ZH, Stage
from xianjie.lawbook.screening.worklist import TITLES


def test_the_worklist_says_who_reaches_what_by_which_clause_and_what_is_missing(tmp_path: Path) -> None:
    done, found = screened(written(tmp_path / "in.csv", text([HEADER, *ROWS])))
    assert done.code == 0
    assert of_offence(found) == REACHED
    first = next(line for line in found if line["记录编号"] == "甲1" and line["罪名代码"] == OFFENCE)
    assert first["行号"] == "2"
    assert first["罪名"] == "销售假冒注册商标的商品罪"
    assert first["结论"] == first["列举结论"] == "达到"
    assert first["适用版本"] == f"{OFFENCE}@2025"
    assert first["条款"] == "第五条第一款第（一）项"
    assert "法释〔2025〕5号" in first["标准出处"]
    assert first["尚缺事实"] == ""
    assert first["省份代码"] == "CN-51"
    assert first["当事人"] == "张某"
    assert first["法律数据"] == digest_of(read_files(LAW))
    second = next(line for line in found if line["记录编号"] == "甲2" and line["罪名代码"] == OFFENCE)
    assert "违法所得数额" in second["尚缺事实"].split("；")
    assert second["条款"] == ""


def test_a_record_that_reaches_nothing_is_counted_and_not_listed(tmp_path: Path) -> None:
    done, found = screened(written(tmp_path / "in.csv", text([HEADER, *ROWS])))
    assert "甲3" not in {line["记录编号"] for line in found if line["罪名代码"] == OFFENCE}
    assert "记录 / records" in done.err
    assert digest_of(read_files(LAW))[:20] in done.err


def test_refused_rows_are_named_with_row_column_and_what_to_do_and_the_exit_code_is_1(tmp_path: Path) -> None:
    rows = [
        HEADER,
        ["乙1", "x", "是", "五万", "2025-06-01", "2025-09-01", "四川省", "a"],
        ["乙2", "x", "也许", "1", "2025-06", "2025-09-01", "成都", "a"],
        ["乙3", "x", "是"],
        ["乙4", "x", "是", "1", "2025-06-01", "2025-09-01", "四川省", "a", "多余"],
        ["乙5", "x", "是", "1", "2025-06-01", "", "四川省", "a"],
        ROWS[0],
    ]
    path = written(tmp_path / "in.csv", text(rows))
    done, found = screened(path)
    assert done.code == 1
    assert of_offence(found) == REACHED[:1]
    assert {line["行号"] for line in found} == {"7"}
    refused = lines(tmp_path / "out.csv.errors.csv")
    assert [(line["行号"], line["列"]) for line in refused] == [
        ("4", ""),
        ("5", ""),
        ("2", "销售金额"),
        ("3", HEADER[2]),
        ("3", "行为日期"),
        ("3", "省份"),
        ("6", "决定日期"),
    ]
    assert all(line["问题及处理办法"] and line["problem and what to do"] for line in refused)
    again = xianjie_law("screen", path)
    assert again.code == 1
    assert "第2行“销售金额”列：“五万”不是一个数" in again.err


def test_every_row_is_listed_counted_or_refused(tmp_path: Path) -> None:
    rows = [
        [f"N{i}", "x", "是", "坏" if i % 7 == 0 else str(i), "", "2025-09-01", "", "\n".join("ab")]
        for i in range(500)
    ]
    done, found = screened(written(tmp_path / "in.csv", text([HEADER, *rows])))
    refused = lines(tmp_path / "out.csv.errors.csv")
    listed = {line["记录编号"] for line in found}
    assert listed == {f"N{i}" for i in range(500) if i % 7}
    assert {line["记录编号"] for line in refused} == {f"N{i}" for i in range(0, 500, 7)}
    assert {line["行号"] for line in refused} == {str(i + 2) for i in range(0, 500, 7)}
    assert "500" in done.err


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_no_cell_of_the_worklist_begins_like_a_formula(tmp_path: Path, suffix: str) -> None:
    evil = ['=HYPERLINK("http://x")', "x", "是", "50000", "2025-06-01", "2025-09-01", "", "@SUM(1)"]
    more = ["+1+1", "-2", "是", "50000", "2025-06-01", "2025-09-01", "", "\t=1"]
    path = written(tmp_path / "in.csv", text([HEADER, evil, more]))
    out = tmp_path / f"out{suffix}"
    assert xianjie_law("screen", path, "--out", out).code == 0
    if suffix == ".csv":
        cells = [cell for line in lines(out) for cell in line.values()]
    else:
        sheet = load_workbook(out).worksheets[0]
        cells = [cell.value for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
        assert {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row if cell.value} == {"s"}
    assert cells
    assert not [cell for cell in cells if str(cell).lstrip().startswith(("=", "+", "-", "@", "\t"))]
    assert any("HYPERLINK" in str(cell) for cell in cells)


def test_refused_cells_are_defused_as_well(tmp_path: Path) -> None:
    row = ["=1+1", "x", "是", "=cmd|' /C calc'!A0", "2025-06-01", "2025-09-01", "", ""]
    screened(written(tmp_path / "in.csv", text([HEADER, row])))
    (refused,) = lines(tmp_path / "out.csv.errors.csv")
    assert refused["记录编号"] == "'=1+1"
    assert refused["内容"].startswith("'=")


def test_every_format_out_says_the_same(tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", text([HEADER, *ROWS]))
    _, as_csv = screened(path)
    said = [(line["记录编号"], line["罪名代码"], line["条款"], line["尚缺事实"]) for line in as_csv]
    for name in ("out.ndjson", "out.parquet", "out.xlsx"):
        assert xianjie_law("screen", path, "--out", tmp_path / name).code == 0
    rows = [json.loads(line) for line in (tmp_path / "out.ndjson").read_text().splitlines()]
    assert [(row["record"], row["offence"], row["clauses"], row["missing"]) for row in rows] == said
    assert {row["stage"] for row in rows} >= {"reached", "amount_open"}
    frame = pl.read_parquet(tmp_path / "out.parquet")
    assert frame.select("record", "offence", "clauses", "missing").rows() == said
    assert frame["result"][0] in {"met", "insufficient"}
    sheet = load_workbook(tmp_path / "out.xlsx", read_only=True).worksheets[0]
    titles, *body = sheet.iter_rows(values_only=True)
    assert [dict(zip(titles, row, strict=True))["罪名代码"] for row in body] == [line[1] for line in said]
    done = xianjie_law("screen", path, "--json")
    assert [(row["record"], row["offence"]) for row in done.lines] == [line[:2] for line in said]


def test_the_reasons_are_those_of_the_single_judgement(tmp_path: Path) -> None:
    _, found = screened(written(tmp_path / "in.csv", text([HEADER, ROWS[0]])), "--explain")
    (line,) = [line for line in found if line["罪名代码"] == OFFENCE]
    assert line["理由"].startswith("销售假冒注册商标的商品罪")
    assert "50,000" in line["理由"]


def test_a_text_orders_what_to_read_and_only_where_nothing_is_reached(tmp_path: Path) -> None:
    header = [*HEADER, "违法事实"]
    rows = [
        [*ROWS[0], "销售假冒商标的酒"],
        ["丙1", "x", "", "", "", "2025-09-01", "", "", "擅自开采河砂，未取得采矿许可证"],
    ]
    done, found = screened(written(tmp_path / "in.csv", text([header, *rows])), "--reading-list")
    assert done.code == 0
    (line,) = [line for line in found if line["记录编号"] == "丙1"]
    assert line["阅读顺序"].split("；")[0] == "非法采矿罪"
    assert line["罪名代码"] == line["结论"] == ""
    assert all(line["阅读顺序"] == "" for line in found if line["记录编号"] == "甲1")


def test_a_cause_of_action_is_marked_and_adds_what_nobody_recorded_the_conduct_for(tmp_path: Path) -> None:
    rows = [
        ["丁1", "未取得采矿许可证擅自采矿案", "", "", "2023-06-01", "2023-09-01", "四川省", ""],
        ["丁2", "占道经营案", "", "", "2023-06-01", "2023-09-01", "四川省", ""],
    ]
    header = [*HEADER, "mineral_value"]
    _, found = screened(written(tmp_path / "in.csv", text([header, *[[*row, "350000"] for row in rows]])))
    (line,) = [line for line in found if line["罪名代码"] == "illegal_mining"]
    assert (line["记录编号"], line["案由对应"]) == ("丁1", "是")
    assert line["情形"] == "数额或情节已达到，构成要件待查"


def test_the_name_of_an_offence_is_a_cause_and_one_that_names_nothing_is_counted(tmp_path: Path) -> None:
    rows = [
        ["戊1", "生产、销售伪劣产品案", "", "50000", "2023-06-01", "2023-09-01", "四川省", ""],
        ["戊2", "生产、销售伪劣产品案", "", "49999.99", "2023-06-01", "2023-09-01", "四川省", ""],
        ["戊3", "占道经营案", "", "50000", "2023-06-01", "2023-09-01", "四川省", ""],
    ]
    done, found = screened(written(tmp_path / "in.csv", text([HEADER, *rows])))
    (line,) = [line for line in found if line["罪名代码"] == "fake_substandard_products"]
    assert (line["记录编号"], line["案由对应"]) == ("戊1", "是")
    (told,) = [line for line in done.err.splitlines() if "案由未对应" in line]
    assert told.split("│")[2].strip() == "1"


def test_wrong_use_ends_with_2(tmp_path: Path) -> None:
    path = written(tmp_path / "in.csv", text([HEADER, *ROWS]))
    assert xianjie_law("screen", tmp_path / "none.csv").code == 2
    assert xianjie_law("screen", path, "--on", "2025-13-01").code == 2
    assert xianjie_law("screen", path, "--out", tmp_path / "out.doc").code == 2
    assert xianjie_law("screen", path, "--json", "--out", tmp_path / "out.csv").code == 2
    assert xianjie_law("screen", path, "--reading-list").code == 2
    assert xianjie_law("screen", path, "--out", path).code == 2
    assert xianjie_law("screen", path, "--out", tmp_path / "a.csv", "--errors", tmp_path / "a.csv").code == 2
    assert path.read_text(encoding="utf-8") == text([HEADER, *ROWS])


def test_the_day_of_the_question_stands_in_where_a_record_has_no_decision(tmp_path: Path) -> None:
    path = written(
        tmp_path / "in.csv", "编号,销售明知是假冒注册商标的商品,销售金额,行为日期\n甲1,是,50000,2025-06-01\n"
    )
    done, found = screened(path, "--on", "2026-05-16")
    assert done.code == 0
    assert {line["决定日期"] for line in found} == {"2026-05-16"}
    assert "2026-05-16" in done.err


def test_unknown_columns_are_kept_and_reported(tmp_path: Path) -> None:
    header = [*HEADER[:-1], "销售金额合计"]
    done, found = screened(written(tmp_path / "in.csv", text([header, *ROWS])))
    assert "“销售金额合计”未用于对照，原样保留" in done.err
    assert "是否指“销售金额”" in done.err
    assert next(line for line in found if line["记录编号"] == "甲1")["销售金额合计"] == "张某"


def test_a_file_ends_up_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "in.csv", text([HEADER, *ROWS]))

    def broken(*_: object) -> object:
        raise OSError("disk full")

    for name in ("out.csv", "out.xlsx", "out.parquet", "out.ndjson"):
        asked = Asked(
            file=path,
            out=tmp_path / name,
            errors=None,
            on=None,
            explain=False,
            reading_list=False,
            as_json=False,
            law=LAW,
        )
        with monkeypatch.context() as patched:
            patched.setattr("xianjie.command.law.screening.refusals", broken)
            with pytest.raises(OSError, match="disk full"):
                screen(asked)
        assert [each.name for each in tmp_path.iterdir()] == ["in.csv"]


def test_the_page_for_officers_names_every_stage_and_the_header_words() -> None:
    page = (LAW.parent / "docs" / "screening.md").read_text(encoding="utf-8")
    for stage in Stage:
        assert f"| {STAGES_ZH[stage]} | `{stage.name}` |" in page
    for role, words in WORDS.items():
        assert words[0] in page, role
    for title in ("情形", "条款", "尚缺事实", "须由人判断", "说明", "法律数据"):
        assert title in TITLES.values()
        assert title in page
