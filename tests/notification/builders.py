"""Events of the platform as notification receives them, with only what a test wants to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from xianjie.chassis.bus import Delivery, Message, Position
from xianjie.contracts.recorded import RecordedEvent
from xianjie.notification.domain.registry import Organ

NOW = datetime(2026, 9, 10, 1, 0, tzinfo=UTC)
CASE = "ag-130999-tax/X-1"
AGENCY, POLICE = "ag-130999-tax", "ps-130999-ps"
PROCURATORATE, MEETING = "pr-130999-pr", "jm-130999-jm"
NAMES = {
    AGENCY: "示范县税务局稽查局",
    POLICE: "示范县公安局",
    PROCURATORATE: "示范县人民检察院",
    MEETING: "示范县行刑衔接联席会议办公室",
}


def event(
    name: str,
    data: dict[str, Any],
    *,
    id: str,
    subject: str = CASE,
    source: str = "transfer",
    at: datetime = NOW,
) -> dict[str, Any]:
    """One event; `source` is a service of the platform."""
    instant = at.isoformat().replace("+00:00", "Z")
    return {
        "specversion": "1.0",
        "id": id,
        "source": f"urn:xianjie:platform:{source}",
        "type": f"cn.xianjie.{name}.v1",
        "subject": subject,
        "time": instant,
        "datacontenttype": "application/json",
        "dataschema": f"urn:xianjie:schema:cn.xianjie.{name}.v1",
        "recordedat": instant,
        "partitionkey": subject,
        "data": {"occurred": {"precision": "instant", "value": instant}, **data},
    }


def finding(
    *,
    id: str = "f-1",
    level: str = "breach",
    responsible: str = AGENCY,
    at: datetime = NOW,
    subject: str = CASE,
) -> dict[str, Any]:
    return event(
        "finding.raised",
        {
            "finding": f"nt4_approved_not_sent|{subject}|e-1",
            "rule": "nt4_approved_not_sent",
            "level": level,
            "responsible": responsible,
            "evidence": [{"source": f"urn:xianjie:organ:{AGENCY}", "id": "e-1"}],
            "confidence": "0.95",
        },
        id=id,
        at=at,
        subject=subject,
    )


def clock_started(
    *,
    id: str = "c-1",
    clock: str = "filing_decision|X-1|e-2",
    row: str = "filing_decision",
    bearer: str = POLICE,
    opener: str = AGENCY,
    revision: int = 0,
    due: dict[str, Any] | None = None,
) -> dict[str, Any]:
    return event(
        "clock.started",
        {
            "clock": clock,
            "row": row,
            "bearer": bearer,
            "started_by": {"source": f"urn:xianjie:organ:{opener}", "id": "e-2"},
            "due": due or {"kind": "day", "day": "2026-09-14", "derivation": ["start excluded"]},
            "revision": revision,
            "provisional": False,
        },
        id=id,
    )


def clock_warned(
    *, id: str = "c-2", clock: str = "filing_decision|X-1|e-2", rung: str = "80_percent"
) -> dict[str, Any]:
    return event("clock.warned", {"clock": clock, "rung": rung}, id=id)


def clock_expired(*, id: str = "c-3", clock: str = "filing_decision|X-1|e-2") -> dict[str, Any]:
    due = {"kind": "day", "day": "2026-09-14", "derivation": ["start excluded"]}
    return event("clock.expired", {"clock": clock, "due_passed": due, "fired_late_by_seconds": 0}, id=id)


def organ_changed(
    id: str,
    *,
    level: str = "county",
    parent: str | None = None,
    change: str = "created",
    successors: Sequence[str] = (),
    valid_from: str = "2020-01-01",
    region: str | None = None,
    name: str | None = None,
    event_id: str | None = None,
) -> dict[str, Any]:
    organ = {
        "id": id,
        "name": name or NAMES.get(id, id),
        "kind": id.partition("-")[0].upper(),
        "level": level,
        "region": region or id.split("-")[1],
    }
    data = {
        "change": change,
        "organ": organ | ({"parent": parent} if parent else {}),
        "valid_from": valid_from,
    }
    return event(
        "organ.changed",
        data | ({"successors": list(successors)} if successors else {}),
        id=event_id or f"o-{id}-{change}-{valid_from}",
        subject=id,
        source="intake",
    )


def registry() -> list[dict[str, Any]]:
    """A county with an agency, its police, its procuratorate and its joint-meeting office."""
    return [organ_changed(each) for each in (AGENCY, POLICE, PROCURATORATE, MEETING)]


def recorded(*events: dict[str, Any]) -> list[RecordedEvent]:
    return [RecordedEvent.from_json(orjson.dumps(each)) for each in events]


def message(event: dict[str, Any]) -> Message:
    topic = "intake.events" if event["type"].startswith("cn.xianjie.organ.") else "transfer.decisions"
    return Message(
        topic=topic, key=event["subject"], id=f"{event['source']}#{event['id']}", body=orjson.dumps(event)
    )


def deliveries(*events: dict[str, Any]) -> list[Delivery]:
    return [Delivery(message(each), Position(0, place)) for place, each in enumerate(events)]


def organ(id: str, **changes: Any) -> Organ:
    """An organ as the domain knows it, by the words of `organ_changed`."""
    data = organ_changed(id, **changes)["data"]
    told = data["organ"]
    return Organ(
        id=id,
        name=told["name"],
        kind=told["kind"],
        level=told["level"],
        region=told["region"],
        parent=told.get("parent"),
        change=data["change"],
        successors=tuple(data.get("successors", ())),
        valid_from=datetime.fromisoformat(data["valid_from"]).date(),
    )
