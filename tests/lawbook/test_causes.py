"""Administrative causes lead to candidates, on the days of their bases, and raise nothing from memory."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
import yaml
from tests.lawbook.standards_law import files, standards
from tests.lawbook.whole_law import checked, whole

from xianjie.lawbook.procedure.causes import Causes, load_causes, offences_of, reading_of


@cache
def causes() -> Causes:
    return load_causes(files(), standards())


def test_the_table_is_whole() -> None:
    assert len(causes().by_id) >= 382
    assert {cause.sector for cause in causes().by_id.values()} == set(standards().sectors)
    grades = [cause.grade for cause in causes().by_id.values()]
    assert (grades.count("read"), grades.count("mixed"), grades.count("memory")) == (39, 82, 261)


def test_the_table_says_what_the_reference_says(reference: Path) -> None:
    theirs = yaml.safe_load((reference / "domain" / "causes.yaml").read_bytes())
    codes = {text.id: text.short_zh for text in standards().instruments.values()}
    for entry in theirs["causes"]:
        cause = causes().by_id[entry["id"]]
        ours = {
            "id": cause.id,
            "sector": cause.sector,
            "name_zh": cause.name_zh,
            "aliases_zh": list(cause.aliases_zh),
            "basis": [
                {
                    "statute": codes[basis.instrument],
                    "article": basis.article,
                    "effective_from": str(basis.valid_from),
                    "effective_to": basis.valid_to and str(basis.valid_to),
                    "grade": basis.grade,
                }
                for basis in cause.bases
            ],
            "offences": list(cause.offences),
            "grade": cause.grade,
        }
        assert ours | ({"note": cause.note} if cause.note else {}) == entry
    assert list(causes().unreached) == theirs["causes_table"]["not_mapped_offences"]


def test_a_cause_speaks_on_the_days_of_what_was_read_alone() -> None:
    cause = causes().by_id["CA-012"]  # one basis from memory until 2025-11-30, one that was read from then on
    first = date(2025, 12, 1)
    assert cause.grade == "mixed"
    assert offences_of(cause, first) == cause.offences
    assert offences_of(cause, first - timedelta(days=1)) == ()
    assert reading_of(cause, first - timedelta(days=1)) == cause.offences
    assert reading_of(cause, date(2015, 9, 30)) == ()


def test_a_cause_falls_silent_when_its_basis_ends() -> None:
    law = whole()
    law["instruments/act.yaml"]["effective_to"] = "2026-06-30"
    law["standards/tiny.yaml"]["versions"][0]["effective_to"] = "2026-06-30"
    found = checked(law).law
    assert found is not None
    cause = found.causes.by_id["CA-001"]
    assert offences_of(cause, date(2026, 6, 30)) == ("tiny",)
    assert offences_of(cause, date(2026, 7, 1)) == ()


def test_what_is_from_memory_supports_no_finding_on_any_day() -> None:
    days = {
        day + timedelta(days=shift)
        for text in standards().instruments.values()
        for day in (text.effective_from, text.effective_to)
        if day is not None
        for shift in (-1, 0, 1)
    }
    for cause in causes().by_id.values():
        assert all(basis.enabled == (basis.grade == "read") for basis in cause.bases)
        if cause.grade == "memory":
            assert not cause.enabled
            assert not any(offences_of(cause, day) for day in days)
        for day in (date(2026, 6, 1), date(2026, 11, 22)):
            assert set(offences_of(cause, day)) <= set(reading_of(cause, day))


def test_every_offence_is_reached_or_listed_as_reached_by_none() -> None:
    assert set(causes().by_offence) | set(causes().unreached) == set(standards().offences)
    assert not set(causes().by_offence) & set(causes().unreached)
    for sector, entries in causes().by_sector.items():
        assert all(entry.sector == sector for entry in entries)


def test_nobody_changes_a_cause() -> None:
    cause = causes().by_id["CA-001"]
    with pytest.raises(FrozenInstanceError):
        cause.offences = ()  # type: ignore[misc]
    with pytest.raises(TypeError):
        causes().by_id["CA-001"] = cause  # type: ignore[index]
