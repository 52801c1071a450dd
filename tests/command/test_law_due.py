"""`xianjie law due`: when a term ends, line by line, and whether an act was in time."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.command.law_commands import LAW, Done, xianjie_law

from xianjie.command.law.app import Unusable
from xianjie.command.law.counting import Asked, answer_json, question_of
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.questions.due_questions import answers

WORKED = read_yaml((LAW / "cases" / "clocks.yaml").read_bytes(), file="cases/clocks.yaml")


def due(row: str, start: str, *words: str) -> Done:
    """Run the command for one row and start."""
    return xianjie_law("due", "--row", row, "--start", start, *words)


@cache
def lawbook() -> Lawbook:
    """The law of the repository, loaded once."""
    return Lawbook.load(LAW)


def told(row: str, start: str, **options: Any) -> list[dict[str, Any]]:
    """What the command would say in JSON, by a law that is loaded once."""
    question = question_of(Asked(row=row, start=start, **options), lawbook())
    return [answer_json(each, question, lawbook().digest) for each in answers(lawbook(), question)]


def test_the_answer_in_json_has_every_member() -> None:
    done = due("head_decision", "2026-02-13", "--json")
    assert done.code == 0
    (told,) = done.lines
    assert told["row"] == "head_decision"
    assert told["version"] == "head_decision@2001-07-09"
    assert told["source"] == {"instrument": "R310", "article": "5(2)"}
    assert told["grade"] == "read"
    assert told["start"] == {"first_day": "2026-02-13", "last_day": "2026-02-13"}
    assert told["due"] == {"calendar": "2026-02-24", "working": "2026-02-25"}
    assert told["provisional"] is False
    assert told["extensions"] == []
    assert told["act"] is None
    assert told["law"].startswith("sha-256:")
    assert all(line["zh"] and line["en"] for line in told["lines"])


def test_the_count_is_told_line_by_line_chinese_first() -> None:
    done = due("filing_decision", "2025-09-29")
    assert done.code == 0
    told = done.out
    for words in (
        "届满 / due: 2025-10-09",
        "期限依据：R310 8; PSP 180(1)",
        "计算依据：CPL 105",
        "2025-09-29为起算日，不计入，期限3日",
        "2025-10-02至2025-10-08（国庆节",
        "顺延至2025-10-09",
        "日历：2025年节假日安排",
        "届满日2025-10-09（当日24时前）",
        "last day 2025-10-09 (until 24:00)",
        "法律数据 / law: sha-256:",
    ):
        assert words in told, words


@pytest.mark.parametrize(
    "case", WORKED["cases"], ids=lambda case: f"{case['case']}-{case['row']}-{case['from']}"
)
def test_a_worked_example_written_as_options_comes_out(case: dict[str, Any]) -> None:
    extend = [
        f"{'to:' if 'to_days' in each else ''}{each.get('to_days') or each.get('by_days')}d"
        f":{each['approver_rank']}@{each['approved']}"
        for each in case.get("extensions", ())
    ]
    suspend = [f"{each['begin']}..{each['end']}" for each in case.get("suspensions", ())]
    found = told(case["row"], str(case["from"]), extend=extend, suspend=suspend, act=case.get("act"))[0]
    assert found["due"] == {name: str(value) for name, value in case["due"].items()}
    if "act" in case:
        assert found["act"]["state"] == case["verdict"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2024", {"earliest": "2024-01-04", "latest": "2025-01-03"}),
        ("2024-05", {"earliest": "2024-05-06", "latest": "2024-06-03"}),
        ("2024-05-03", {"day": "2024-05-06"}),
        ("2024-05-03T10:20", {"day": "2024-05-06"}),
        ("2024-05-03T23:20:00Z", {"day": "2024-05-07"}),
        ("2024-05-03..2024-05-10", {"earliest": "2024-05-06", "latest": "2024-05-13"}),
        ("2024-05-03..", {"earliest": "2024-05-06", "latest": None}),
    ],
)
def test_a_start_may_be_an_instant_a_day_a_month_a_year_or_between_two_of_them(
    start: str, expected: dict[str, Any]
) -> None:
    assert told("filing_decision", start)[0]["due"] == expected


def test_the_sector_chooses_the_row_and_both_stand_where_the_general_one_runs_on() -> None:
    both = told("head_decision", "2026-06-10", sector="emergency_management")
    assert [each["row"] for each in both] == ["head_decision_safety", "head_decision"]
    assert "同时适用" in both[0]["why"]["zh"]
    assert both[0]["grade"] == "excerpt"
    one = told("head_decision", "2026-06-10", sector="ecology_environment")
    assert [each["row"] for each in one] == ["head_decision_env"]
    assert "代替一般条目head_decision" in one[0]["why"]["zh"]


def test_a_text_known_in_part_is_marked_wherever_it_is_shown() -> None:
    assert "依据第三方资料" in due("agency_reply_opinion", "2026-08-06").out
    (found,) = told("agency_reply_opinion", "2026-08-06")
    assert found["grade"] == "secondary"
    assert any("依据第三方资料" in each["zh"] for each in found["lines"])


def test_the_next_year_is_answered_on_or_before_and_marked_provisional() -> None:
    (found,) = told("filing_decision", "2026-12-30")
    assert found["provisional"] is True
    assert found["due"] == {"day": "2027-01-04"}
    assert found["on_or_before"] == "2027-01-02"
    assert told("filing_decision", "2026-12-30", act="2027-01-02")[0]["act"]["state"] == "met"
    assert told("filing_decision", "2026-12-30", act="2027-01-06")[0]["act"]["state"] == "unknown"
    done = due("filing_decision", "2026-12-30", "--act", "2027-01-06")
    assert done.code == 1
    assert "2027-01-02或之前为按期" in done.out


def test_extensions_come_back_with_their_verdicts() -> None:
    extend = [
        "to:7d:none@2026-06-02",
        "to:30d:unit_head@2026-06-03",
        "until:2026-06-20:county_police_head@2026-06-04",
    ]
    (found,) = told("filing_decision_env", "2026-06-01", extend=extend)
    assert [each["counts"] for each in found["extensions"]] == [True, False, True]
    assert found["extensions"][1]["reason"]["zh"].startswith("批准人“部门负责人”")
    assert found["due"] == {"day": "2026-06-22"}
    words = [word for each in extend for word in ("--extend", each)]
    assert due("filing_decision_env", "2026-06-01", *words).out.count("延长 / extension") == 3


def test_months_may_be_added() -> None:
    extend = ["1m:next_higher_procuratorate@2026-09-20"]
    assert told("custody_investigation", "2026-08-06", extend=extend)[0]["due"] == {"day": "2026-11-06"}


def test_time_left_out_and_time_on_the_road_push_the_end() -> None:
    suspend = ["2026-03-06..2026-03-20", "2026-03-10..2026-03-12"]
    assert told("lead_check_market", "2026-03-02", suspend=suspend)[0]["due"] == {"day": "2026-04-08"}
    road = told("reconsider_decision", "2026-11-09", travel=["2026-11-10..2026-11-12"])
    assert road[0]["due"] == {"day": "2026-11-16"}
    (ignored,) = told("filing_decision", "2026-11-10", suspend=["2026-11-11.."])
    assert ignored["due"] == {"day": "2026-11-13"}
    assert any("不予扣除" in line["zh"] for line in ignored["lines"])


def test_an_act_posted_in_time_is_in_time() -> None:
    late = due("reconsider_request", "2026-11-10", "--act", "2026-11-20")
    assert late.code == 1
    assert "权利期限已过" in late.out
    posted = due("reconsider_request", "2026-11-10", "--act", "2026-11-20", "--posted", "2026-11-13")
    assert posted.code == 0
    assert "按期 / in time" in posted.out


def test_a_named_case_and_the_market_roll_can_be_chosen() -> None:
    (fast,) = told("prosecution_review", "2026-06-10", variant="fast_track")
    assert fast["due"] == {"day": "2026-06-22"}
    (wide,) = told("penalty_decision_market", "2026-03-02")
    (narrow,) = told("penalty_decision_market", "2026-03-02", samr_roll="named_holidays")
    assert (wide["due"], narrow["due"]) == ({"day": "2026-06-01"}, {"day": "2026-05-31"})


def test_another_day_may_choose_the_text() -> None:
    (found,) = told("explain_no_filing", "2026-11-10", on="2016-12-14")
    assert found["source"]["instrument"] == "GJH10"


def test_two_texts_over_one_start_are_both_named() -> None:
    (found,) = told("explain_no_filing", "2019-12-28..2020-01-03")
    assert found["version"] is None
    assert [each["source"]["instrument"] for each in found["versions"]] == ["GJH10", "PRR"]
    assert found["grade"] == "read"


@pytest.mark.parametrize(
    ("row", "words", "told"),
    [
        ("special_team", (), "没有规定具体期限"),
        ("platform_record_spp21", (), "已停用"),
        ("filing_decision_env", ("--on", "2016-01-01"), "没有有效的条文"),
        ("lead_check", (), "lead_check_market"),
    ],
)
def test_where_the_law_gives_no_day_the_exit_code_is_1(row: str, words: tuple[str, ...], told: str) -> None:
    done = due(row, "2026-11-10", *words, "--json")
    assert done.code == 1
    assert done.lines[0]["due"] is None
    assert told in done.lines[0]["reason"]["zh"]


def test_where_the_law_gives_no_day_people_read_why() -> None:
    done = due("special_team", "2026-11-10")
    assert done.code == 1
    assert "没有规定具体期限" in done.out


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"start": "tomorrow"}, "--start"),
        ({"start": "2026-02-30"}, "--start"),
        ({"sector": "taxes"}, "tax"),
        ({"category": "economics"}, "economic"),
        ({"extend": ["30d"]}, "30d:agency_head@2024-05-03"),
        ({"extend": ["9d:agency_hed@2026"]}, "agency_head"),
        ({"extend": ["until:2026-02-30:none@2026"]}, "--extend"),
        ({"suspend": ["2026-01-01"]}, "--suspend"),
        ({"suspend": ["2026-02-01..2026-01-01"]}, "--suspend"),
        ({"travel": ["..2026-01-01"]}, "--travel"),
        ({"posted": "2026-01-01"}, "--act"),
        ({"on": "2026"}, "--on"),
        ({"samr_roll": "weekends"}, "days_off"),
    ],
)
def test_an_option_that_cannot_be_read_is_named_in_both_languages(
    options: dict[str, Any], named: str
) -> None:
    asked = Asked(**{"row": "head_decision", "start": "2026", **options})
    with pytest.raises(Unusable) as caught:
        question_of(asked, lawbook())
    assert named in str(caught.value)
    assert " / " in str(caught.value)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--row", "head_descision", "--start", "2026"), "head_decision"),
        (("--row", "head_decision", "--start", "tomorrow"), "--start"),
        (("--row", "head_decision", "--start", "9999-12-31"), "--start"),
    ],
)
def test_what_cannot_be_read_is_named_in_both_languages_with_exit_code_2(
    words: tuple[str, ...], told: str
) -> None:
    done = xianjie_law("due", *words)
    assert done.code == 2
    assert told in done.err
    assert " / " in done.err
    assert done.out == ""


def test_a_broken_law_is_named(tmp_path: Path) -> None:
    done = xianjie_law("due", "--row", "head_decision", "--start", "2026", "--law", tmp_path)
    assert done.code == 2
    assert done.err


def test_a_due_is_recorded_and_can_be_said_again(tmp_path: Path) -> None:
    record = tmp_path / "due.ndjson"
    words = ("--suspend", "2026-03-06..2026-03-20", "--extend", "15d:agency_head@2026-03-20", "--record")
    assert due("lead_check_market", "2026-03-02", *words, str(record)).code == 0
    assert xianjie_law("replay", record).code == 0
    record.write_bytes(record.read_bytes().replace(b"2026-03-20", b"2026-03-19"))
    assert xianjie_law("replay", record).code == 1
