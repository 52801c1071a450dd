"""Answers about the streams of `cases/`, computed by the domain alone: no database, no door, no bus."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from xianjie.contracts.recorded import RecordedEvent
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.times import midnight
from xianjie.transfer.domain.organs import Organ, Organs
from xianjie.transfer.domain.progress import Progress, advance
from xianjie.transfer.domain.snapshot import take
from xianjie.transfer.domain.standing import Standing, finding_id
from xianjie.transfer.store.bundles import KeptLaws

ROOT = Path(__file__).resolve().parents[2]
CASES = ROOT / "cases"
LEVELS = ["notice", "suspicion", "breach"]


@cache
def law() -> Lawbook:
    return Lawbook.load(ROOT / "law")


@cache
def laws() -> KeptLaws:
    """The law, with none before it."""
    return KeptLaws(law(), Path())


@cache
def organs() -> Organs:
    registry = yaml.safe_load((CASES / "organs.yaml").read_text(encoding="utf-8"))["organs"]
    return Organs({organ["id"]: Organ.from_event(organ) for organ in registry})


def stream(name: str) -> list[RecordedEvent]:
    """The events of a stream, each once, recorded at the moment that `time` states."""
    events: dict[tuple[str, str], RecordedEvent] = {}
    for line in (CASES / "streams" / f"{name}.ndjson").read_text(encoding="utf-8").splitlines():
        event = json.loads(line)
        event["recordedat"] = event["time"]
        body = json.dumps(event).encode()
        events.setdefault((event["source"], event["id"]), RecordedEvent.from_json(body))
    return list(events.values())


def moment_of(as_of: str) -> datetime:
    if len(as_of) == len("2026-01-01"):
        return midnight(date.fromisoformat(as_of) + timedelta(days=1)) - timedelta(microseconds=1)
    return datetime.fromisoformat(as_of)


def questions(name: str) -> list[dict[str, Any]]:
    held = json.loads((CASES / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    return list(held["evaluations"])


def answers(name: str) -> Iterator[dict[str, Any]]:
    """One answer for each question about a stream, in the published form."""
    everything = stream(name)
    events = [event for event in everything if "/" in event.subject]
    asked = [question["as_of"] for question in questions(name)]
    end = max([moment_of(as_of) for as_of in asked] + [event.recorded_at for event in events])
    subjects = list(dict.fromkeys(event.subject for event in events))
    moved = {subject: _advanced(subject, events, end) for subject in subjects}
    for as_of in asked:
        receipts = sum(1 for event in everything if event.recorded_at <= moment_of(as_of))
        yield _answer(name, as_of, events, moved) | {"receipts": receipts, "leaves": receipts}


def _advanced(subject: str, events: list[RecordedEvent], upto: datetime) -> Progress:
    into = {event.subject: event.data["into"] for event in events if event.name == "case.merged"}
    own = [event for event in events if subject in (event.subject, into.get(event.subject))]
    progress = advance(
        subject, own, standing=Standing(), after=None, wake_at=None, upto=upto, law=law(), organs=organs()
    )
    assert progress is not None
    return progress


def _answer(name: str, as_of: str, events: list[RecordedEvent], moved: dict[str, Progress]) -> dict[str, Any]:
    at = moment_of(as_of)
    known = [event for event in events if event.recorded_at <= at]
    answer: dict[str, Any] = {"case_id": name, "as_of": as_of, "regions": {}}
    answer |= {"judgements": [], "clocks": [], "findings": []}
    into = {event.subject: event.data["into"] for event in known if event.name == "case.merged"}
    for subject in dict.fromkeys(event.subject for event in known):
        own = [event for event in known if subject in (event.subject, into.get(event.subject))]
        snapshot = take(subject, own, at=at, law=law(), organs=organs())
        answer["regions"][subject] = snapshot.regions.as_json()
        answer["judgements"] += [{"subject": subject, **each.as_json()} for each in snapshot.judgements]
        answer["clocks"] += [clock.as_json() for clock in snapshot.clocks]
        late = {finding_id(subject, found) for found in snapshot.findings}
        answer["findings"] += _findings(moved[subject], at, late)
    return answer


def _findings(progress: Progress, at: datetime, late: set[str]) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for decision in progress.decisions:
        if decision.planned > at or not decision.name.startswith("finding."):
            continue
        key = decision.data["finding"]
        if decision.name == "finding.closed":
            found[key]["open"] = False
            continue
        levels = [LEVELS.index(decision.data["level"])]
        levels += [LEVELS.index(found[key]["level"])] if key in found else []
        found[key] = {
            "subject": decision.subject,
            "rule": decision.data["rule"],
            "level": LEVELS[max(levels)],
            "open": True,
            "evidence": [reference["id"] for reference in decision.data["evidence"]],
            "organ": decision.data["responsible"],
            "basis": ["R310"],
        }
    return [item for key, item in found.items() if key in late or not _is_of_a_clock(item["rule"])]


def _is_of_a_clock(rule: str) -> bool:
    definition = law().rules.by_id.get(rule)
    return definition is None or definition.kind == "clock"
