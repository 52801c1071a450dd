"""Accept what arrived: verdicts, receipts, events, outgoing messages, all in the caller's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from xianjie.chassis import outbox
from xianjie.chassis.bus import Message
from xianjie.chassis.database import Transaction
from xianjie.contracts.recorded import Ref
from xianjie.intake.domain.arrivals import Arrival
from xianjie.intake.domain.doubts import Tolerance
from xianjie.intake.domain.judging import AcceptedEvent, Judge, Outcome
from xianjie.intake.domain.registry import Organ
from xianjie.intake.domain.verdicts import Verdict
from xianjie.intake.handlers.registries import Registries
from xianjie.intake.store import events, organs

TOPIC: Final = "intake.events"
ORGAN_CHANGED: Final = "cn.xianjie.organ.changed.v1"
_ENDINGS: Final = frozenset({"merged", "split", "abolished"})


async def accept_batch(
    tx: Transaction,
    arrivals: Sequence[Arrival],
    *,
    now: datetime,
    registries: Registries,
    tolerance: Tolerance,
) -> list[list[Verdict]]:
    """Judge and keep everything that arrived together.

    The number of round trips does not depend on the number of events: lock, known events, the registry when
    it changed, one write, refusals and conflicts where there are any, outbox.

    Args:
        arrivals: requests or chunks of streams, of any keys, in the order in which they arrived.
        now: reading of the clock; becomes `recordedat` unless the head is already further.

    Returns:
        For each arrival the verdicts of its items in order. They hold once the transaction is committed.
    """
    head = await events.lock_head(tx)
    registry = await registries.of(tx, head.registry_revision)
    known = await events.known_receipts(tx, _asked_for(arrivals))
    judge = Judge(known=known, registry=registry, head=head, now=now, tolerance=tolerance)
    outcome = judge.judge(arrivals)
    await keep(tx, arrivals=arrivals, first_submission=head.submission + 1, outcome=outcome)
    announced = [_announced_organ(data) for data in _announcements(arrivals, outcome)]
    if announced:
        # The last word counts where one transaction speaks twice of an organ and a day.
        versions = {(organ.id, organ.valid_from): organ for organ in announced}
        await organs.add(
            tx,
            organs=list(versions.values()),
            revision=head.registry_revision + 1,
            recorded_at=outcome.recorded_at,
        )
    return outcome.verdicts


async def keep(
    tx: Transaction, *, arrivals: Sequence[Arrival], first_submission: int, outcome: Outcome
) -> None:
    """Write the outcome and its messages."""
    await events.write(tx, arrivals=arrivals, first_submission=first_submission, outcome=outcome)
    if outcome.events:
        await outbox.put(tx, [_message(event) for event in outcome.events])


def _asked_for(arrivals: Sequence[Arrival]) -> set[Ref]:
    """Return every event that the verdicts depend on: those that arrived and those that they refer to."""
    items = [item for arrival in arrivals for item in arrival.items if item.event is not None]
    wanted = {item.ref for item in items if item.ref is not None}
    wanted.update(ref for item in items for ref in item.references())
    return wanted


def _message(event: AcceptedEvent) -> Message:
    receipt = event.receipt
    return Message(
        topic=TOPIC,
        key=receipt.subject,
        id=receipt.ref.text,
        body=event.body,
        headers={"type": receipt.type, "digest": receipt.digest, "position": str(receipt.position)},
    )


def _announcements(arrivals: Sequence[Arrival], outcome: Outcome) -> list[dict[str, Any]]:
    """Return the data of accepted events by which a joint-meeting coordinator changes the registry."""
    first = outcome.submission - len(arrivals) + 1
    places = [
        (event.submission - first, event.place)
        for event in outcome.events
        if event.receipt.type == ORGAN_CHANGED
    ]
    found = [arrivals[arrival].items[place].event for arrival, place in places]
    return [event["data"] for event in found if event is not None]


def _announced_organ(data: dict[str, Any]) -> Organ:
    said = data["organ"]
    connected = said.get("connected_from")
    begins = date.fromisoformat(data["valid_from"])
    organ = Organ(
        id=said["id"],
        valid_from=begins,
        name=said["name"],
        kind=said["kind"],
        level=said["level"],
        region=said["region"],
        sector=said.get("sector"),
        parent=said.get("parent"),
        connected_from=None if connected is None else date.fromisoformat(connected),
        successors=tuple(data.get("successors", ())),
    )
    return replace(organ, valid_to=begins) if data["change"] in _ENDINGS else organ
