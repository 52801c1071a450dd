"""The rows as data: which of them apply, under which text, and what is wrong with a broken file."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.lawbook.clock_law import LAW, at, due_of, extension, rows, when

from xianjie.lawbook.checking.clocks_checking import problems_of_clocks
from xianjie.lawbook.files.exact_yaml import read_yaml
from xianjie.lawbook.files.problems import LawError
from xianjie.lawbook.procedure.clocks import (
    Suspension,
    Version,
    applicable,
    load_rows,
    moved_by,
    reconsideration_rows,
    state,
    which_row,
    which_rows,
)

CASES = read_yaml((LAW / "cases" / "clocks.yaml").read_bytes(), file="cases/clocks.yaml")["cases"]
TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "case", CASES, ids=[f"{case['case']}-{case['row']}-{case['from']}" for case in CASES]
)
def test_the_term_of_a_worked_example_is_the_one_worked_out_by_hand(case: dict[str, Any]) -> None:
    found = due_of(
        case["row"],
        when(case["from"]),
        extensions=tuple(
            extension(
                each["approved"],
                each["approver_rank"],
                to_days=each.get("to_days"),
                by_days=each.get("by_days"),
            )
            for each in case.get("extensions", ())
        ),
        suspensions=tuple(
            Suspension(when(each["begin"]), when(each["end"])) for each in case.get("suspensions", ())
        ),
    )
    expected = {
        key: value.isoformat() if isinstance(value, date) else value for key, value in case["due"].items()
    }
    assert found.as_json() == expected
    if "verdict" in case:
        stop = when(case["act"]) if "act" in case else None
        asked = at(case.get("as_of") or case["act"])
        assert state(rows()[case["row"]], found, stop=stop, at=asked) == case["verdict"]


def test_the_worked_examples_show_every_verdict() -> None:
    assert {case["verdict"] for case in CASES if "verdict" in case} == {
        "met",
        "late",
        "running",
        "warned",
        "lapsed",
    }


def test_all_135_rows_are_there_and_nothing_is_wrong_with_them() -> None:
    files = {path.name: path.read_bytes() for path in (LAW / "clocks").glob("*.yaml")}
    assert len(files) == len(rows()) >= 135
    assert problems_of_clocks(files) == []


@pytest.mark.parametrize(
    ("stem", "sector", "category", "on", "expected"),
    [
        ("head_decision", "market_regulation", None, TODAY, ["head_decision"]),
        ("head_decision", "ecology_environment", None, TODAY, ["head_decision_env"]),
        ("head_decision", "ecology_environment", None, date(2016, 1, 1), ["head_decision"]),
        ("head_decision", "emergency_management", None, TODAY, ["head_decision_safety", "head_decision"]),
        ("filing_decision", "ecology_environment", "environment", TODAY, ["filing_decision_env"]),
        ("filing_decision", "ecology_environment", None, TODAY, ["filing_decision_env"]),
        ("filing_decision", "ecology_environment", "general", TODAY, ["filing_decision"]),
        ("filing_decision", None, "environment", TODAY, ["filing_decision_env"]),
        ("filing_decision", "finance", "economic", TODAY, ["filing_decision_economic"]),
        ("filing_decision", "finance", "economic", date(2017, 1, 1), ["filing_decision"]),
        (
            "filing_decision",
            "emergency_management",
            "work_safety",
            TODAY,
            ["filing_decision_safety", "filing_decision"],
        ),
        ("filing_decision", "drug_regulation", "drug", TODAY, ["filing_decision"]),
        ("filing_decision", None, None, TODAY, ["filing_decision"]),
        ("penalty_decision_general", "market_regulation", None, TODAY, ["penalty_decision_market"]),
        ("penalty_decision_general", "tobacco", None, TODAY, ["penalty_decision_general"]),
        ("lead_check", "agriculture_rural", None, TODAY, ["lead_check_agri"]),
        ("lead_check", "tobacco", None, TODAY, []),
        ("transfer_to_police", "tax", None, TODAY, ["transfer_to_police_tax"]),
        ("handover_after_filing", "cyberspace", "cyber", TODAY, ["handover_after_filing"]),
        ("reconsider_request", "ecology_environment", None, TODAY, ["reconsider_request_env"]),
    ],
)
def test_a_sector_row_replaces_the_general_one(
    stem: str, sector: str | None, category: str | None, on: date, expected: list[str]
) -> None:
    found = which_rows(rows(), stem, sector=sector, category=category, on=on)
    assert [row.id for row in found] == expected
    assert which_row(rows(), stem, sector=sector, category=category, on=on) is (found[0] if found else None)


def test_an_event_starts_the_rows_that_it_fits() -> None:
    served = moved_by(
        rows().values(), "starts", event_type="cn.xianjie.notice.served.v1", data={"kind": "no_filing_notice"}
    )
    found = applicable((row for row, _ in served), sector="ecology_environment", category=None, on=TODAY)
    assert {row.id for row in found} == {"reconsider_request_env", "reconsider_complainant"}


def test_an_extension_moves_the_row_that_it_names() -> None:
    data = {"row": "filing_decision_env", "to_days": 7}
    found = moved_by(rows().values(), "extends", event_type="cn.xianjie.period.extended.v1", data=data)
    assert [row.id for row, _ in found] == ["filing_decision_env"]


@pytest.mark.parametrize(
    ("challenged", "emitter", "expected"),
    [
        ("case.declined", "AG", {"reconsider_decision", "reconsider_decision_env"}),
        ("case.declined", "PS", set()),
        ("prosecution.declined", "PS", {"non_prosecution_challenge_decide"}),
        ("supervision.ordered", "PS", {"withdrawal_notice_review"}),
    ],
)
def test_what_is_challenged_and_who_asks_choose_the_reconsideration_row(
    challenged: str, emitter: str, expected: set[str]
) -> None:
    opened = moved_by(rows().values(), "opens", event_type="cn.xianjie.reconsideration.requested.v1", data={})
    found = reconsideration_rows(
        (row for row, _ in opened), challenged_type=f"cn.xianjie.{challenged}.v1", emitter=emitter
    )
    assert {row.id for row in found} == expected


@pytest.mark.parametrize(
    ("row", "day", "instrument"),
    [
        ("explain_no_filing", date(2010, 9, 30), None),
        ("explain_no_filing", date(2016, 12, 14), "GJH10"),
        ("explain_no_filing", date(2019, 12, 29), "GJH10"),
        ("explain_no_filing", date(2019, 12, 30), "PRR"),
        ("filing_decision", date(2015, 8, 12), "R310"),
        ("filing_decision_env", date(2017, 1, 24), None),
    ],
)
def test_the_text_is_the_one_in_force_on_the_day_of_the_start(
    row: str, day: date, instrument: str | None
) -> None:
    version = rows()[row].version_on(day)
    assert (version.source.instrument if version else None) == instrument


def test_a_text_from_memory_never_runs() -> None:
    for row in rows().values():
        for version in row.versions:
            assert not (version.grade == "memory" and version.enabled), row.id
    assert not rows()["platform_record_spp21"].runs_on(TODAY)
    assert not rows()["special_team"].runs_on(TODAY)
    assert rows()["filing_decision"].runs_on(TODAY)


def test_a_text_that_was_not_read_gives_suspicion_at_most() -> None:
    row = rows()["head_decision_safety"]
    version = row.version_on(TODAY)
    assert isinstance(version, Version)
    assert row.level_under(version) == "suspicion"


def test_a_condition_lowers_the_level() -> None:
    row = rows()["seizure_term"]
    assert row.level_under(row.versions[0]) == "breach"
    assert row.level_under(row.versions[0], "transfer_pending") == "suspicion"


def test_a_covered_row_is_reported_under_its_named_rule() -> None:
    assert rows()["filing_decision_env"].rule == "bt6_decision_overdue"
    assert rows()["seizure_term"].rule == "od_seizure_term"


def test_a_named_case_has_its_own_length() -> None:
    version = rows()["prosecution_review"].versions[0].in_case_of("fast_track")
    assert version.limit is not None
    assert (version.limit.value, version.limit.unit) == (10, "day")
    with pytest.raises(KeyError):
        version.in_case_of("nothing")


GOOD = (LAW / "clocks" / "filing_decision_env.yaml").read_text(encoding="utf-8")
GENERAL = (LAW / "clocks" / "filing_decision.yaml").read_bytes()


@pytest.mark.parametrize(
    ("right", "wrong", "path"),
    [
        ("custody: never", "custody: sometimes", "custody"),
        ("custody: never", "custody: never\nsurplus: 1", "surplus"),
        ("id: filing_decision_env", "id: other", "id"),
        ("replaces: filing_decision", "replaces: nothing", "replaces"),
        ("  sectors: [ecology_environment]\n  categories: [environment]", "  written_only: true", "applies"),
        ("replaces: filing_decision", "beside_general: true", "beside_general"),
        ("valid_from: 2017-01-25", "valid_from: null", "versions[0].valid_from"),
        (
            "valid_from: 2017-01-25",
            "valid_from: 2017-01-25\n    valid_to: 2016-01-01",
            "versions[0].valid_to",
        ),
        ("grade: read\n    enabled", "grade: memory\n    enabled", "versions[0].enabled"),
        ("regime: ENV", "regime: MOON", "versions[0].regime"),
        ("regime: ENV", "regime: NONE", "versions[0].regime"),
        ("unit: day", "unit: hour", "versions[0].limit.unit"),
        ("unit: day", "unit: working_day", "versions[0].limit.unit"),
        ("unit: day", "unit: month", "versions[0].limit.unit"),
        ("unit: day", "unit: week", "versions[0].limit.unit"),
        ("value: 3", "value: 0", "versions[0].limit.value"),
        ("to_days: 7", "to_days: 7\n        by_days: 2", "versions[0].extensions[0]"),
        ("kind: duty", "kind: no_number", "versions[0].limit"),
        ("cn.xianjie.case.filed.v1", "cn.xianjie.case.invented.v1", "events.stops[2].type"),
        ("cn.xianjie.transfer.received.v1", "cn.xianjie.transfer.received.v1, by: kind", "events.starts[0]"),
        (
            "cn.xianjie.case.transferred.v1",
            "cn.xianjie.case.transferred.v1, falls_away: true",
            "events.opens[0].falls_away",
        ),
        ("id: filing_decision_env", "id: filing_decision_env\nid: again", "id"),
    ],
)
def test_a_wrong_member_is_named_with_its_path(right: str, wrong: str, path: str) -> None:
    assert right in GOOD
    files = {
        "filing_decision_env.yaml": GOOD.replace(right, wrong, 1).encode(),
        "filing_decision.yaml": GENERAL,
    }
    types = {trigger.type for row in rows().values() for _, each in row.events for trigger in each}
    found = problems_of_clocks(files, event_types=types)
    assert path in [problem.path for problem in found if problem.file == "clocks/filing_decision_env.yaml"]


def test_the_same_file_without_a_change_has_no_problem() -> None:
    assert (
        problems_of_clocks({"filing_decision_env.yaml": GOOD.encode(), "filing_decision.yaml": GENERAL}) == []
    )


@pytest.mark.parametrize("second", ["2017-01-25", "2016-01-01", "2018-01-01"])
def test_versions_that_overlap_or_stand_out_of_order_are_named(second: str) -> None:
    head, version = GOOD.split("versions:\n")
    doubled = f"{head}versions:\n{version}{version.replace('2017-01-25', second)}"
    found = problems_of_clocks(
        {"filing_decision_env.yaml": doubled.encode(), "filing_decision.yaml": GENERAL}
    )
    assert [problem.path for problem in found] == ["versions[1].valid_from"]


def test_loading_a_directory_names_every_broken_file(tmp_path: object) -> None:
    for name in ("first", "second"):
        (tmp_path / f"{name}.yaml").write_text("id: first\n", encoding="utf-8")
    with pytest.raises(LawError) as caught:
        load_rows(tmp_path)
    assert {problem.file for problem in caught.value.problems} == {"clocks/first.yaml", "clocks/second.yaml"}
