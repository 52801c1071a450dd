"""The article-to-test matrix holds: every article used has content, tests that are there, and a page."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from xianjie.command.law.matrix import Entry, gaps, matrix
from xianjie.command.law.pages import FOLDER, MATRIX, pages
from xianjie.command.law.tested import exercises, worked_terms
from xianjie.lawbook.bundle import Lawbook, read_files

PLACES = ("tests/lawbook", "tests/transfer")


@pytest.fixture(scope="module")
def law(root: Path) -> Lawbook:
    return Lawbook.load(root / "law")


@pytest.fixture(scope="module")
def entries(law: Lawbook, root: Path) -> Sequence[Entry]:
    files = read_files(root / "law")
    return matrix(law, exercises(law.standards, files), worked_terms(files), root)


@pytest.fixture(scope="module")
def collected(root: Path) -> set[str]:
    """The ids of all tests that pytest finds, with and without what they are generated from."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *PLACES]
    found = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    tests = {line for line in found.splitlines() if "::" in line}
    return tests | {test.partition("[")[0] for test in tests}


def test_every_article_has_content_a_test_and_a_page(
    entries: Sequence[Entry], law: Lawbook, root: Path
) -> None:
    shown = pages(law, read_files(root / "law"), root)
    assert list(gaps(entries, law, shown)) == []
    assert len({(entry.place.instrument, entry.place.article) for entry in entries}) > 600


def test_every_test_that_the_matrix_names_is_there(entries: Sequence[Entry], collected: set[str]) -> None:
    named = {test: rest.id for entry in entries for rest in entry.rests for test in rest.tests}
    assert len(named) > 3000
    missing = sorted(f"{owner}: {test}" for test, owner in named.items() if test not in collected)
    assert missing == []


def test_the_matrix_for_programs_says_the_same(entries: Sequence[Entry]) -> None:
    lines = [json.loads(line) for line in (FOLDER / MATRIX).read_text(encoding="utf-8").splitlines()]
    assert [(line["instrument"], line["article"], line["item"]) for line in lines] == [
        (entry.place.instrument, entry.place.article, entry.place.item) for entry in entries
    ]
    assert [[rest["id"] for rest in line["rests"]] for line in lines] == [
        [rest.id for rest in entry.rests] for entry in entries
    ]


def test_a_gap_is_named(entries: Sequence[Entry], law: Lawbook) -> None:
    shown = {rest.page for entry in entries for rest in entry.rests}
    first, rest = entries[0], entries[0].rests[0]
    untested = Entry(first.place, (replace(rest, tests=()), *first.rests[1:]))
    unknown = Entry(replace(first.place, instrument="NO1"), first.rests)
    assert any("no test" in gap for gap in gaps([untested, *entries[1:]], law, shown))
    assert any("no page" in gap for gap in gaps(entries, law, shown - {rest.page}))
    assert any("NO1" in gap for gap in gaps([*entries, unknown], law, shown))
    without = [Entry(each.place, tuple(r for r in each.rests if r.id != rest.id)) for each in entries]
    assert any(rest.id in gap and "rests on no article" in gap for gap in gaps(without, law, shown))
