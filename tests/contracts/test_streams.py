"""Every recorded stream is accepted, by us and by a foreign validator with our published schema."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import jsonschema_rs
import orjson
import pytest

from xianjie.contracts.canonical import canonical, digest, event_digest
from xianjie.contracts.envelope import read_event
from xianjie.contracts.schemas import bundle


@pytest.fixture(scope="module")
def lines(reference: Path) -> list[tuple[str, bytes]]:
    """All lines of all streams with their place."""
    return list(_lines(reference / "cases" / "streams"))


def _lines(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.glob("*.ndjson")):
        for row, line in enumerate(path.read_bytes().splitlines(), 1):
            yield f"{path.name}:{row}", line


def test_every_line_of_the_streams_is_accepted_unchanged(lines: list[tuple[str, bytes]]) -> None:
    assert len(lines) > 1500
    for _, line in lines:
        event = read_event(line)
        assert event == orjson.loads(line)
        assert read_event(event) is event


def test_every_line_of_the_streams_fits_the_published_schema(lines: list[tuple[str, bytes]]) -> None:
    validator = jsonschema_rs.validator_for(bundle(), validate_formats=True)
    assert [
        (where, validator.evaluate(orjson.loads(line)).errors())
        for where, line in lines
        if not validator.is_valid(orjson.loads(line))
    ] == []


def test_two_lines_have_one_digest_only_when_they_are_one_delivery(lines: list[tuple[str, bytes]]) -> None:
    found: dict[str, tuple[str, str]] = {}
    for _, line in lines:
        event = orjson.loads(line)
        name = (event["source"], event["id"])
        assert found.setdefault(event_digest(event), name) == name
        assert event_digest(event) == digest(canonical(event))
