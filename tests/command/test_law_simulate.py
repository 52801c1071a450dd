"""`xianjie law simulate`: which cases a change of the law turns over, and why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.command.law_commands import CASE, CASES, LAW, Done, written, xianjie_law
from tests.lawbook.recorded_answers import lines, whole_law

from xianjie.command.law.changed_law import place_of
from xianjie.lawbook.bundle import digest_of, read_files
from xianjie.lawbook.files.archive import packed
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.questions.due_questions import DueQuestion
from xianjie.lawbook.replay.recording import answered, line_of

FAKE = "standards/fake_substandard_products.yaml"
BELOW = (
    CASE.replace("50000.00", "45000")
    .replace("恰为5万元", "4.5万元")
    .replace("result: met, enumerated: met", "")
)


def content(path: str) -> str:
    return (LAW / path).read_text(encoding="utf-8")


def lower(path: Path, amount: int = 40000) -> Path:
    """The standard of the repository with another limit, under a name of somebody's own."""
    return written(path, content(FAKE).replace("value: 50000\n", f"value: {amount}\n"))


def cases_file(tmp_path: Path) -> Path:
    return written(tmp_path / "cases.yaml", BELOW)


def simulated(change: Path, cases: Path, *more: object) -> Done:
    return xianjie_law("simulate", "--change", change, "--cases", cases, *more)


def flips(done: Done) -> dict[str, Any]:
    return {line["id"]: line for line in done.lines[:-1] if line["flipped"]}


def test_a_lower_limit_turns_a_case_and_the_limb_and_the_lines_say_why(tmp_path: Path) -> None:
    done = simulated(lower(tmp_path / "draft.yaml"), cases_file(tmp_path), "--json")
    assert done.code == 0, done.err
    line = flips(done)["X-1"]
    assert line["before"]["result"] == "not_met"
    assert line["after"]["result"] == "met"
    (limb,) = [limb for limb in line["limbs"] if "销售金额达到5万元" in limb["condition_zh"]]
    assert (limb["before"]["result"], limb["after"]["result"]) == ("not_met", "met")
    assert (limb["before"]["limit"], limb["after"]["limit"]) == ([50000, 50000], [40000, 40000])
    assert any("未达到" in gone for gone in line["explanation_zh"]["gone"])
    assert any("已达到" in new for new in line["explanation_zh"]["new"])
    summary = done.lines[-1]["summary"]
    assert (summary["cases"], summary["flipped"], summary["unchanged"]) == (1, 1, 0)
    assert summary["moves"] == {"not_met → met": 1}
    assert summary["replaced"] == [FAKE]
    assert summary["law_before"] == digest_of(read_files(LAW)) != summary["law_after"]


def test_people_are_told_in_chinese_what_turns(tmp_path: Path) -> None:
    done = simulated(lower(tmp_path / "draft.yaml"), cases_file(tmp_path))
    assert done.code == 0
    for told in ("X-1", "未达到 → 达到", "标准 50000", "标准 40000", "1 件：结论改变 1"):
        assert told in done.out, told
    assert f"替换 / replaced: {FAKE}" in done.err


def test_a_flip_fails_only_where_that_is_asked(tmp_path: Path) -> None:
    cases = cases_file(tmp_path)
    draft = lower(tmp_path / "draft.yaml")
    assert simulated(draft, cases, "--fail-on-flip").code == 1
    assert simulated(lower(tmp_path / "same.yaml", 50000), cases, "--fail-on-flip").code == 0


def test_a_change_that_changes_nothing_turns_nothing(tmp_path: Path) -> None:
    same = written(tmp_path / "draft.yaml", content(FAKE))
    done = xianjie_law("simulate", "--change", same, *_all_cases(), "--json")
    assert done.code == 0
    assert len(done.lines) == 1
    assert done.lines[0]["summary"]["unchanged"] >= 306
    assert "与现有法律数据相同" in done.err


def _all_cases() -> list[object]:
    return ["--cases", *CASES]


def test_only_the_cases_of_the_changed_offence_turn(tmp_path: Path) -> None:
    done = xianjie_law("simulate", "--change", lower(tmp_path / "x.yaml", 10**9), *_all_cases(), "--json")
    assert {line["about"] for line in done.lines[:-1]} == {"fake_substandard_products"}
    assert "SC-001" in {line["id"] for line in done.lines[:-1]}


def test_a_directory_with_the_paths_of_the_law_and_one_of_loose_files_are_taken(tmp_path: Path) -> None:
    cases = cases_file(tmp_path)
    lower(tmp_path / "tree" / FAKE)
    lower(tmp_path / "loose" / "any name.yaml")
    for place in ("tree", "loose"):
        done = simulated(tmp_path / place, cases, "--json")
        assert list(flips(done)) == ["X-1"], place
        assert done.lines[-1]["summary"]["replaced"] == [FAKE]


def test_a_bundle_is_a_whole_other_law(tmp_path: Path) -> None:
    files = dict(read_files(LAW))
    files[FAKE] = files[FAKE].replace(b"value: 50000\n", b"value: 40000\n")
    removed = "cases/standards/transport.yaml"
    del files[removed]
    done = simulated(written(tmp_path / "law.zip", packed(files)), cases_file(tmp_path), "--json")
    assert list(flips(done)) == ["X-1"]
    assert done.lines[-1]["summary"]["removed"] == [removed]
    assert done.lines[-1]["summary"]["law_after"] == digest_of(files)


def test_an_amount_of_a_province_turns_only_cases_of_that_province(tmp_path: Path) -> None:
    path = "overlays/CN-51.yaml" if (LAW / "overlays").is_dir() else "parameters.yaml"
    before = content(path)
    assert before.count("value: 1600\n") == 1
    draft = written(tmp_path / "change" / path, before.replace("value: 1600\n", "value: 2000\n"))
    cases = written(
        tmp_path / "cases.yaml",
        "cases:\n"
        + "".join(
            f"  - {{id: {place}, province: {place}, offence: theft, act_date: 2024-05-10,\n"
            "     closed_world: true, facts: {theft_conduct: true, stolen_value: 1700}}\n"
            for place in ("CN-51", "CN-41")
        ),
    )
    done = simulated(tmp_path / "change", cases, "--json")
    assert done.code == 0, done.err
    assert list(flips(done)) == ["CN-51"]
    assert flips(done)["CN-51"]["limbs"][0]["after"]["limit"] == [2000, 2000]
    assert draft.is_file()


def recorded_terms(tmp_path: Path, *terms: tuple[str, str]) -> Path:
    asked = [DueQuestion(row=row, start=Span.of_text(start)) for row, start in terms]
    return written(
        tmp_path / "terms.ndjson", b"".join(line_of(answered(each, whole_law())) for each in asked)
    )


def test_a_calendar_moves_due_days_of_records(tmp_path: Path) -> None:
    path = "calendars/2026.yaml"
    assert "2026-06-21]" in content(path)
    draft = written(tmp_path / "notice.yaml", content(path).replace("2026-06-21]", "2026-06-21, 2026-06-22]"))
    records = recorded_terms(tmp_path, ("filing_decision", "2026-06-17"), ("filing_decision", "2026-03-02"))
    done = simulated(draft, records, "--json")
    assert done.code == 0, done.err
    (line,) = flips(done).values()
    assert line["id"] == "terms.ndjson:1"
    assert line["before"]["due"] == {"day": "2026-06-22"}
    assert line["after"]["due"] == {"day": "2026-06-23"}
    assert any("2026-06-23" in new for new in line["explanation_zh"]["new"])
    assert done.lines[-1]["summary"]["replaced"] == [path]


def test_a_clock_row_moves_due_days_and_a_row_that_ends_gives_no_answer(tmp_path: Path) -> None:
    path = "clocks/filing_decision.yaml"
    limit = "limit: {value: 3, unit: day}"
    assert limit in content(path)
    records = recorded_terms(tmp_path, ("filing_decision", "2026-06-01"))
    longer = written(tmp_path / "row.yaml", content(path).replace(limit, "limit: {value: 8, unit: day}"))
    (line,) = flips(simulated(longer, records, "--json")).values()
    assert line["after"]["due"] == {"day": "2026-06-09"}
    off = written(tmp_path / "off.yaml", content(path).replace("enabled: true", "enabled: false"))
    told = simulated(off, records).out
    assert "无答案 / no answer：无 → filing_decision" in told
    assert "1 件：结论改变 1" in told


def test_worked_terms_are_counted_anew(tmp_path: Path) -> None:
    path = "calendars/2026.yaml"
    draft = written(tmp_path / "notice.yaml", content(path).replace("2026-10-07]", "2026-10-07, 2026-10-08]"))
    done = simulated(draft, LAW / "cases" / "clocks.yaml", "--json")
    assert done.code == 0, done.err
    assert flips(done)["PC-062"]["after"]["due"] == {"day": "2026-10-09"}
    assert all(line["about"] != "filing_decision" for line in flips(done).values())


def test_every_file_of_the_law_is_placed_by_what_it_says_whatever_its_name() -> None:
    files = read_files(LAW)
    law_files = {path: text for path, text in files.items() if not path.startswith("cases/")}
    assert {path: place_of(Path("some name.yaml"), text, files) for path, text in law_files.items()} == {
        path: path for path in law_files
    }


def test_records_of_a_running_system_of_any_law_are_taken(tmp_path: Path) -> None:
    records = written(tmp_path / "export.ndjson", b"".join(lines(LAW)))
    done = simulated(lower(tmp_path / "draft.yaml", 60000), records, "--json")
    assert done.code == 0, done.err
    assert done.lines[-1]["summary"]["cases"] > 600
    assert {line["about"] for line in done.lines[:-1]} == {"fake_substandard_products"}


def test_cases_that_name_what_only_the_changed_law_has_are_read(tmp_path: Path) -> None:
    new = content(FAKE).replace("fake_substandard_products", "fake_goods_of_tomorrow")
    draft = written(tmp_path / "new.yaml", new)
    cases = written(
        tmp_path / "cases.yaml", BELOW.replace("fake_substandard_products", "fake_goods_of_tomorrow")
    )
    done = simulated(draft, cases, "--json")
    assert done.code == 0, done.err
    assert done.lines[-1]["summary"]["added"] == ["standards/fake_goods_of_tomorrow.yaml"]
    line = flips(done)["X-1"]
    assert "fake_goods_of_tomorrow" in line["before"]["no_answer"]
    assert line["after"]["result"] == "not_met"


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (lambda text: text.replace("op: '>='", "op: '=>'"), "standards/fake_substandard_products.yaml"),
        (lambda text: text.replace("unit: CNY", "unit: USD"), "standards/fake_substandard_products.yaml"),
        (lambda text: text.replace("effective_from: 2008-06-25", "effective_from: 2000-06-25"), "@2008"),
    ],
)
def test_a_broken_change_is_refused_before_anything_is_judged(tmp_path: Path, wrong: Any, told: str) -> None:
    text = wrong(content(FAKE))
    assert text != content(FAKE)
    done = simulated(written(tmp_path / "draft.yaml", text), cases_file(tmp_path), "--json")
    assert done.code == 2
    assert done.out == ""
    assert told in done.err


def test_a_file_of_which_nothing_says_what_it_is_is_refused(tmp_path: Path) -> None:
    done = simulated(written(tmp_path / "odd.yaml", "a: 1"), cases_file(tmp_path))
    assert done.code == 2
    assert "odd.yaml" in done.err and "看不出属于法律数据的哪个文件" in done.err
    assert simulated(written(tmp_path / "x.zip", "no archive"), cases_file(tmp_path)).code == 2
    assert simulated(tmp_path / "missing.yaml", cases_file(tmp_path)).code == 2
    assert xianjie_law("simulate", "--change", lower(tmp_path / "y.yaml")).code == 2  # no cases at all


def test_files_that_no_judgement_reads_are_said_to_be_such(tmp_path: Path) -> None:
    path = "rules/nt17_met_not_acted.yaml"
    draft = written(tmp_path / "rule.yaml", content(path).replace("level: suspicion", "level: notice"))
    done = simulated(draft, cases_file(tmp_path))
    assert done.code == 0
    assert f"replaced: {path}" in done.err
    assert "不影响判断和期限" in done.err
