"""Decisions of the platform as events: how they are named, dated and put on the bus."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from xianjie.chassis.bus import Message
from xianjie.contracts.canonical import canonical
from xianjie.contracts.recorded import PLATFORM_PREFIX, TYPE_PREFIX, Ref
from xianjie.lawbook.procedure.times import civil_day

from .domain.standing import Decision
from .store.answers import DecisionRow

SOURCE = f"{PLATFORM_PREFIX}transfer"
TOPIC = "transfer.decisions"


@dataclass(frozen=True, slots=True)
class DecisionEvent:
    """A decision ready to be kept and published."""

    row: DecisionRow
    message: Message

    @property
    def ref(self) -> Ref:
        """Source and id of the event."""
        return Ref(SOURCE, self.row.id)


def as_event(decision: Decision, *, recorded_at: datetime) -> DecisionEvent:
    """Return the decision as an event of the catalogue.

    Its id follows from what was decided, about what, for which moment and in which words, so that taking the
    same decision again after a crash gives the same event, and another decision about the same moment (an
    event that a timer overtook changes what was said of it) gives another one.

    Args:
        recorded_at: the instant at which the platform decided; later than the planned moment if a timer
            fired late, which `clock.expired` states in seconds.
    """
    planned, recorded = (at.astimezone(UTC).isoformat() for at in (decision.planned, recorded_at))
    seed = canonical([decision.name, decision.subject, decision.about, planned, decision.data])
    event_id = f"{decision.name.replace('_', '-')}-{hashlib.sha256(seed).hexdigest()[:32]}"
    data: dict[str, Any] = {"occurred": {"precision": "instant", "value": planned}, **decision.data}
    if decision.name == "clock.expired":
        data["fired_late_by_seconds"] = max(0, int((recorded_at - decision.planned).total_seconds()))
    event_type = f"{TYPE_PREFIX}{decision.name}.v1"
    event: dict[str, Any] = {
        "specversion": "1.0",
        "id": event_id,
        "source": SOURCE,
        "type": event_type,
        "subject": decision.subject,
        "time": recorded,
        "datacontenttype": "application/json",
        "dataschema": f"urn:xianjie:schema:{event_type}",
        "recordedat": recorded,
        "partitionkey": decision.subject,
        "data": data,
    }
    if decision.cause is not None:
        event["causationid"] = decision.cause.text
    return DecisionEvent(
        row=DecisionRow(event_id, decision.subject, decision.name, decision.planned, recorded_at, data),
        message=Message(
            topic=TOPIC,
            key=decision.subject,
            id=f"{SOURCE}#{event_id}",
            body=canonical(event),
            headers={"type": event_type},
        ),
    )


def activation(digest: str, since: datetime) -> DecisionEvent:
    """Return the event that puts a law into use, the same whenever it is made again.

    Args:
        digest: of the whole law.
        since: from when on the platform judges and counts by it.
    """
    data = {
        "bundle_digest": digest,
        "valid_from": civil_day(since).isoformat(),
        "activated_by": {"role": "平台启动时载入 / loaded when the platform started"},
    }
    decision = Decision("lawbook.activated", about=digest, subject=digest, planned=since, data=data)
    return as_event(decision, recorded_at=since)


def as_events(
    decisions: Sequence[Decision], *, fired_at: Callable[[datetime], datetime]
) -> list[DecisionEvent]:
    """Return the decisions as events, dated by the clock of the platform."""
    return [as_event(decision, recorded_at=fired_at(decision.planned)) for decision in decisions]
