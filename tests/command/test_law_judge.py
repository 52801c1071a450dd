"""`xianjie law judge`: worked cases in, one line for each out, and what is not as expected."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from tests.command.law_commands import CASE, CASES, written, xianjie_law

MEMBERS = [
    "id",
    "version",
    "result",
    "enumerated",
    "deciding",
    "outcome",
    "aggregated",
    "missing_facts",
    "pending_human",
    "reason",
    "explanation_zh",
]


def test_every_worked_case_of_the_law_is_judged_as_it_expects() -> None:
    done = xianjie_law("judge", *CASES, "--json")
    assert done.code == 0, done.err
    assert len(done.lines) >= 306
    assert all(line["differs"] == [] for line in done.lines)
    assert "不符 0 件" in done.err


def test_a_line_has_the_members_of_the_interface_in_their_order() -> None:
    for line in xianjie_law("judge", *CASES, "--json").lines:
        assert list(line)[: len(MEMBERS)] == MEMBERS
        assert line["result"] in ("met", "not_met", "insufficient")
        assert line["explanation_zh"] and line["explanation_en"] and line["law"].startswith("sha-256:")


def test_the_cases_of_the_reference_come_out_right(reference: Path) -> None:
    done = xianjie_law("judge", reference / "domain" / "standards-cases.yaml", "--json")
    assert done.code == 0, [line["differs"] for line in done.lines if line["differs"]]
    assert len(done.lines) == 306


def test_a_case_that_expects_something_else_is_named_with_what_differs(tmp_path: Path) -> None:
    wrong = CASE.replace("result: met,", "result: not_met, deciding: [nothing], missing_facts: [x],")
    file = written(tmp_path / "wrong.yaml", wrong)
    done = xianjie_law("judge", file, "--json")
    assert done.code == 1
    (line,) = done.lines
    assert line["result"] == "met"
    assert [difference.split(":")[0] for difference in line["differs"]] == [
        "result",
        "deciding",
        "missing_facts",
    ]
    shown = xianjie_law("judge", file)
    assert shown.code == 1
    assert "X-1: result: expected 'not_met', got 'met'" in shown.out
    assert "不符 1 件" in shown.err


def test_a_case_without_expectation_is_only_judged(tmp_path: Path) -> None:
    text = "\n".join(line for line in CASE.splitlines() if "expected" not in line)
    done = xianjie_law("judge", written(tmp_path / "open.yaml", text), "--json")
    assert done.code == 0
    assert "differs" not in done.lines[0]


def test_sums_are_exact_numbers(tmp_path: Path) -> None:
    acts = "acts: [{date: 2024-01-01, sales_amount: 0.1}, {date: 2024-02-01, sales_amount: 0.2}]"
    text = CASE.replace("    expected", f"    {acts}\n    expected").replace(", sales_amount: 50000.00", "")
    text = text.replace("result: met, enumerated: met", "result: not_met")
    done = xianjie_law("judge", written(tmp_path / "acts.yaml", text), "--json")
    assert done.lines[0]["aggregated"] == {"sales_amount": Decimal("0.3")}
    assert '"aggregated": {"sales_amount": 0.3}' in done.out


def test_people_get_a_table_in_chinese_and_the_reasons_when_they_ask(tmp_path: Path) -> None:
    file = written(tmp_path / "case.yaml", CASE)
    done = xianjie_law("judge", file)
    assert done.code == 0
    for word in ("编号", "结论", "适用版本", "X-1", "销售金额恰为5万元", "达到", "相符"):
        assert word in done.out
    assert "Producing or selling" not in done.out
    reasons = xianjie_law("judge", file, "--explain").out
    assert "【X-1】" in reasons
    assert reasons.index("已达到立案追诉标准") < reasons.index("the filing standard is met")


def test_the_records_that_are_asked_for_replay(tmp_path: Path) -> None:
    records = tmp_path / "records.ndjson"
    assert xianjie_law("judge", *CASES, "--record", records).code == 0
    assert len(records.read_bytes().splitlines()) >= 306
    assert xianjie_law("replay", records).code == 0


def test_several_files_and_a_law_in_a_bundle_are_taken(tmp_path: Path) -> None:
    bundle = tmp_path / "law.zip"
    assert xianjie_law("bundle", "-o", bundle).code == 0
    once = xianjie_law("judge", *CASES[:2], "--json")
    again = xianjie_law("judge", *CASES[:2], "--law", bundle, "--json")
    assert once.out == again.out
    assert len(once.lines) > 2


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("cases: [", "不是有效的 YAML"),
        ("cases: [{id: A, offence: nonsense, act_date: 2024-01-01}]", "没有这一罪名：nonsense"),
        (CASE.replace("sales_amount:", "sales:"), "cases[0].facts.sales"),
        (CASE.replace("50000.00", "-1"), "cases[0].facts.sales_amount"),
        (CASE.replace("result: met", "outcum: met"), "cases[0].expected.outcum"),
        (CASE.replace("act_date: 2024-05-10", "act_date: null"), "cases[0].decision_date"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    file = written(tmp_path / "broken.yaml", text)
    done = xianjie_law("judge", file, "--json")
    assert done.code == 2
    assert done.out == ""
    assert str(file) in done.err
    assert told in done.err


def test_a_missing_file_or_law_is_wrong_use(tmp_path: Path) -> None:
    assert xianjie_law("judge", tmp_path / "none.yaml").code == 2
    assert xianjie_law("judge", *CASES[:1], "--law", tmp_path).code == 2
    no_law = written(tmp_path / "law.zip", "no archive")
    done = xianjie_law("judge", *CASES[:1], "--law", no_law)
    assert done.code == 2
    assert "不是法律数据包" in done.err


def test_the_command_stands_on_its_own_in_a_process() -> None:
    words = [Path(sys.executable).with_name("xianjie"), "law", "judge", CASES[0], "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout == xianjie_law("judge", CASES[0], "--json").out
