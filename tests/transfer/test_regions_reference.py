"""Every demand on regions of the expectation files, folded from what was known of the streams on that day."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from xianjie.contracts.recorded import RecordedEvent, Ref, short_name
from xianjie.lawbook.procedure.times import midnight
from xianjie.transfer.domain.history import History
from xianjie.transfer.domain.regions import fold

Sectors = Callable[[str], str | None]


def moment(text: str) -> datetime:
    """A date means the end of that day in Asia/Shanghai, still inside it."""
    if len(text) > len("2026-01-01"):
        return datetime.fromisoformat(text)
    return midnight(date.fromisoformat(text) + timedelta(days=1)) - timedelta(microseconds=1)


@cache
def stream(path: Path) -> tuple[RecordedEvent, ...]:
    """The events of a stream, recorded at the moment of their release."""
    return tuple(map(recorded, path.read_text(encoding="utf-8").splitlines()))


def recorded(line: str) -> RecordedEvent:
    event = json.loads(line)
    at = datetime.fromisoformat(event["time"]).astimezone(UTC)
    ref = Ref(event["source"], event["id"])
    return RecordedEvent(ref, short_name(event["type"]), event["subject"], at, at, event["data"])


@pytest.fixture(scope="module")
def sectors(reference: Path) -> Sectors:
    registry = yaml.safe_load((reference / "cases" / "organs.yaml").read_text(encoding="utf-8"))
    return {organ["id"]: organ.get("sector") for organ in registry["organs"]}.get


def differences(reference: Path, sectors: Sectors, prefix: str) -> Iterator[str]:
    """One line for each demand that is not met; a line too when nothing at all was demanded."""
    demands = 0
    for path in sorted((reference / "cases" / "expected").glob(f"{prefix}-*.json")):
        events = stream(reference / "cases" / "streams" / f"{path.stem}.ndjson")
        for evaluation in json.loads(path.read_text(encoding="utf-8"))["evaluations"]:
            as_of = moment(evaluation["as_of"])
            known = [event for event in events if event.recorded_at <= as_of]
            for subject, wanted in evaluation["regions"].items():
                got: dict[str, Any] = fold(History.of(subject, known, as_of=as_of), sectors=sectors).as_json()
                for region, state in wanted.items():
                    demands += 1
                    is_ = got[region]
                    if state != is_ and not (isinstance(is_, list) and state in is_):
                        yield f"{path.stem} {evaluation['as_of']} {subject} {region}: {state} != {is_}"
    if not demands:
        yield f"{prefix}: no demand found"


@pytest.mark.parametrize("prefix", ["RC", "PC", "MC"])
def test_every_demand_on_regions_is_met(reference: Path, sectors: Sectors, prefix: str) -> None:
    assert list(differences(reference, sectors, prefix)) == []


def test_no_event_of_the_streams_contradicts_the_state_it_meets(reference: Path, sectors: Sectors) -> None:
    """The scenarios hold unlawful acts, but none that cannot follow what was done before."""
    found = set()
    for path in sorted((reference / "cases" / "streams").glob("*.ndjson")):
        events = stream(path)
        for subject in {event.subject for event in events}:
            regions = fold(History.of(subject, events), sectors=sectors)
            found |= {(item.event.id, item.name, item.region, item.state) for item in regions.contradictions}
    assert found == set()
