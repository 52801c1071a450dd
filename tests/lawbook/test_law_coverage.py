"""The shipped law is sound in all its parts, and what it covers and lacks is counted and named."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from tests.lawbook.standards_law import files
from tests.lawbook.whole_law import checked, whole

from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.lawbook.checking.coverage import coverage
from xianjie.lawbook.checking.law_checking import Findings, check_law
from xianjie.lawbook.files.exact_yaml import read_yaml


def shipped() -> Findings:
    return check_law(files(), event_types=EVENT_TYPES)


def test_the_whole_shipped_law_has_no_problem() -> None:
    assert [str(problem) for problem in shipped().problems] == []


def test_the_tiny_whole_law_has_no_problem() -> None:
    assert [str(problem) for problem in checked(whole()).problems] == []


def test_an_event_that_is_no_event_is_named() -> None:
    law = dict(files())
    name = "clocks/head_decision.yaml"
    law[name] = law[name].replace(b"transfer.reported.v1", b"transfer.dreamt.v1")
    assert law[name] != files()[name]
    problems = check_law(law, event_types=EVENT_TYPES).problems
    assert [problem.file for problem in problems] == [name]


def entries(folder: str, key: str) -> Iterator[dict[str, Any]]:
    """The entries of one list over all files of a folder, as they stand there."""
    for path, content in files().items():
        if path.startswith(f"{folder}/"):
            written: Any = read_yaml(content, file=path)
            yield from written[key]


def test_what_is_covered_and_missing_is_counted_and_named() -> None:
    found = shipped()
    assert found.law is not None and found.citing is not None and found.numbers is not None
    told = coverage(found.law, found.citing, found.numbers)
    versions, causes = list(entries("standards", "versions")), list(entries("causes", "causes"))
    texts, amounts = list(entries("clocks", "versions")), list(entries("overlays", "overlays"))
    of_folder = Counter(path.partition("/")[0] for path in files())
    assert told.totals["offences"] == of_folder["standards"] and told.totals["versions"] == len(versions)
    assert told.totals["clocks"] == of_folder["clocks"] and told.totals["causes"] == len(causes)
    assert told.grades["versions"] == Counter(version.get("grade") or "none" for version in versions)
    assert told.grades["clock_texts"] == Counter(text["grade"] for text in texts)
    graded = [each for each in (*versions, *texts, *amounts) if not each["checked_by"]]
    assert told.totals["unchecked"] >= len(graded) > 0
    kinds: dict[str, list[str]] = {}
    for missing in told.missing:
        kinds.setdefault(missing.kind, []).append(missing.id)
    unread: Any = read_yaml(files()["known_unread.yaml"], file="known_unread.yaml")
    assert len(kinds["instrument_unread"]) == len(unread["known_unread"])
    awaited = [path for path, content in files().items() if b"\nawaited: true" in content]
    assert [f"calendars/{year}.yaml" for year in kinds.get("calendar_awaited", [])] == awaited
    memory = [cause for cause in causes if all(basis["grade"] == "memory" for basis in cause["bases"])]
    assert len(kinds["cause_from_memory"]) == len(memory) > 0
    assert "drunk_driving@2023/high" in kinds["number_unattested"]
    assert "failing_to_transfer_cases" in kinds["offence_without_cause"]
    disabled = {
        row.name_of(text) for row in found.law.clocks.values() for text in row.versions if not text.enabled
    }
    assert set(kinds["clock_disabled"]) == disabled
    assert {sector.code for sector in told.sectors} == set(found.law.standards.sectors)
    codes = [province.code for province in told.provinces]
    assert codes == sorted(codes)
    numbered = sum(len(names) for province in told.provinces for names in province.amounts.values())
    assert numbered == len(amounts)
