"""The clocks compared with the reference material, where it stands beside this checkout."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import yaml
from tests.lawbook.clock_law import calendar, due_of, extension, rows, when

EXTENSIONS = {"filing_review_extended", "seizure_extended"}
NOT_DIRECT = {"PC-059"}  # the test that stands still there is no extension and has two right counts


def _read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def test_every_due_of_the_procedure_cases_is_computed(reference: Path) -> None:
    compared = 0
    for case in _read(reference / "domain" / "procedure-cases.yaml")["cases"]:
        recorded = tuple(_extension(event) for event in case["events"] if event["type"] in EXTENSIONS)
        for clock in case["expected"].get("clocks") or ():
            if case["id"] in NOT_DIRECT:
                continue
            extends = recorded if rows()[clock["row"]].events.extends else ()
            found = due_of(clock["row"], when(str(clock["from"])), extensions=extends)
            assert found.as_json() == _due(clock["due"]), (case["id"], clock["row"])
            compared += 1
    assert compared > 150


def _extension(event: dict[str, Any]) -> Any:
    rank = event.get("approver_rank") or event.get("approver") or "none"
    return extension(event["t"], rank, by_days=event.get("days"), to_days=event.get("to_days"))


def _due(expected: Any) -> dict[str, str]:
    if isinstance(expected, dict):
        return expected
    return {"instant": f"{expected}:00+08:00"} if "T" in expected else {"day": expected}


def test_the_rows_and_their_events_are_those_of_the_catalogue(reference: Path) -> None:
    expected: dict[str, set[tuple[Any, ...]]] = {}
    for event in _read(reference / "design" / "events.yaml")["event_types"]:
        for relation, entries in (event["clocks"] or {}).items():
            for entry in entries:
                named = {"row": entry} if isinstance(entry, str) else entry
                trigger = (relation, event["type"], named.get("by"), tuple(named.get("when", ())))
                expected.setdefault(named["row"], set()).add(trigger)
    found = {
        row.id: {(relation, each.type, each.by, each.when) for relation, some in row.events for each in some}
        for row in rows().values()
    }
    assert found == expected


def test_the_sectors_and_categories_are_known_words(reference: Path) -> None:
    sectors = {agency["code"] for agency in _read(reference / "domain" / "standards.yaml")["agencies"]}
    categories = set(_read(reference / "design" / "events.yaml")["enums"]["case_category"])
    for row in rows().values():
        assert set(row.applies.sectors) <= sectors, row.id
        assert set(row.applies.categories) <= categories, row.id


def test_the_holidays_are_those_of_the_reference(reference: Path) -> None:
    for year in _read(reference / "domain" / "calendars.yaml")["years"]:
        for days in year["days_off"].values():
            assert all(calendar().is_named_holiday(date.fromisoformat(day)) for day in days)
        assert all(calendar().is_working_day(date.fromisoformat(day)) for day in year["make_up"])
