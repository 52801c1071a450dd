"""The door for events: everything that was accepted and everything that was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xianjie.audit import handlers
from xianjie.chassis.bus import Delivery
from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Transaction
from xianjie.chassis.parking import Handle
from xianjie.tlog.notes import SigningKey

GROUP: Final = "audit"
TOPICS: Final = ("intake.events", "transfer.decisions", "notification.events")


def handle(*, key: SigningKey, clock: Clock) -> Handle:
    """Return the handler of a batch, for the consumer loop."""

    async def append(tx: Transaction, deliveries: Sequence[Delivery]) -> None:
        bodies = [each.message.body for each in deliveries]
        await handlers.append(tx, bodies, key=key, signed_at=clock.now())

    return append
