"""Local targets of a region: its own, else those of its city, of its province, and last those of the law."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.lawbook.standards_law import files

from xianjie.lawbook.bundle import Lawbook, read_files
from xianjie.lawbook.files.problems import LawError
from xianjie.lawbook.procedure.regions import Regions, load_regions, read_regions, upwards
from xianjie.lawbook.procedure.rules import load_rules

NATIONAL = load_rules(files()).targets
DAY = date(2026, 6, 1)


def target(value: int, first: str = "2026-01-01", **members: Any) -> dict[str, Any]:
    plain = {"id": "sla_team", "value": value, "unit": "day", "valid_from": first, "source": "某文"}
    return {**plain, **members}


def region(code: str, *targets: dict[str, Any]) -> dict[str, Any]:
    return {"region": code, "name_zh": "某地", "targets": list(targets)}


def regions(*told: dict[str, Any]) -> Regions:
    return load_regions(
        {f"regions/{each['region']}.yaml": json.dumps(each).encode() for each in told}, NATIONAL
    )


def test_none_ships_because_no_source_gives_one() -> None:
    law = Lawbook.of(files())
    assert not law.regions.by_code
    assert law.regions.targets_for("510104", DAY) == NATIONAL


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("510104", 7),
        ("510105", 6),
        ("510100", 6),
        ("510200", 5),
        ("510000", 5),
        ("110000", 1),
        (None, 1),
        ("x", 1),
    ],
)
def test_a_county_walks_up_to_its_city_its_province_and_the_law(code: str | None, value: int) -> None:
    told = regions(region("510000", target(5)), region("510100", target(6)), region("510104", target(7)))
    found = told.targets_for(code, DAY)
    assert found["sla_team"].value == value
    assert {name: each for name, each in found.items() if name != "sla_team"} == {
        name: each for name, each in NATIONAL.items() if name != "sla_team"
    }


def test_a_target_keeps_its_title_and_reaches_only_its_days() -> None:
    told = regions(
        region("510000", target(5, valid_to="2026-06-30"), target(9, first="2026-07-01", unit="working_day"))
    )
    before, last, after = (
        told.targets_for("510104", day)["sla_team"]
        for day in (date(2025, 12, 31), date(2026, 6, 30), date(2026, 7, 1))
    )
    assert (before, last.value, after.value, after.unit) == (NATIONAL["sla_team"], 5, 9, "working_day")
    assert last.title_zh == NATIONAL["sla_team"].title_zh


def test_a_code_walks_up_once_for_each_level() -> None:
    assert list(upwards("510104")) == ["510104", "510100", "510000"]
    assert list(upwards("510000")) == ["510000"]
    assert list(upwards("5101")) == list(upwards(None)) == []


@pytest.mark.parametrize(
    ("told", "path", "said"),
    [
        (region("51", target(1)), "region", "six digits"),
        (region("510000"), "targets", "at least 1"),
        (region("510000", target(0)), "targets[0].value", "at least 1"),
        (region("510000", target(1, unit="hour")), "targets[0].unit", "one of"),
        (region("510000", target(1, id="sla_none")), "targets[0].id", "no such local target"),
        (region("510000", target(1, source="")), "targets[0].source", "not empty"),
        (region("510000", target(1, valid_to="2025-01-01")), "targets[0].valid_to", "before"),
        (region("510000", target(1), target(2)), "targets[1].valid_from", "same days"),
        (region("510000", target(1, statutory=True)), "targets[0].statutory", "unknown key"),
    ],
)
def test_a_wrong_file_of_a_region_is_named(told: dict[str, Any], path: str, said: str) -> None:
    _, problems = read_regions({f"regions/{told['region']}.yaml": json.dumps(told).encode()}, NATIONAL)
    assert any(problem.path == path and said in problem.en for problem in problems), problems


def test_a_region_is_read_from_the_directory_of_the_law(tmp_path: Path) -> None:
    for path, content in files().items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    place = tmp_path / "regions" / "510100.yaml"
    place.parent.mkdir()
    place.write_text(json.dumps(region("510100", target(4))), encoding="utf-8")
    law = Lawbook.load(tmp_path)
    assert law.regions.targets_for("510104", DAY)["sla_team"].value == 4
    assert law.digest == Lawbook.of(read_files(tmp_path)).digest
    place.write_text(json.dumps(region("510200", target(4))), encoding="utf-8")
    with pytest.raises(LawError, match="must equal the name of the file"):
        Lawbook.load(tmp_path)
