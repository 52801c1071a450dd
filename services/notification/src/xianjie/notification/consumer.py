"""The door for events: decisions of the platform, and changes of the registry."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from xianjie.chassis.bus import Delivery
from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Transaction
from xianjie.chassis.parking import Handle
from xianjie.contracts.recorded import TYPE_PREFIX, RecordedEvent
from xianjie.notification import handlers
from xianjie.notification.domain.arrivals import READ
from xianjie.notification.domain.due import Words
from xianjie.notification.domain.rules import Rule

GROUP: Final = "notification"
TOPICS: Final = ("intake.events", "transfer.decisions")

# Most of what intake publishes does not matter here; a search of the bytes is far cheaper than parsing them.
# A hit inside some text of an event is harmless: the event is parsed and passed over by its real type.
_WORTH_PARSING = re.compile(
    f"{re.escape(TYPE_PREFIX)}(?:{'|'.join(map(re.escape, READ))})".encode(),
)


def handle(*, rules: Sequence[Rule], titles: Mapping[str, Words], clock: Clock) -> Handle:
    """Return the handler of a batch, for the consumer loop."""

    async def take_in(tx: Transaction, deliveries: Sequence[Delivery]) -> None:
        bodies = [each.message.body for each in deliveries if _WORTH_PARSING.search(each.message.body)]
        events = [event for body in bodies if (event := RecordedEvent.from_json(body)).name in READ]
        if events:
            await handlers.take_in(events, tx=tx, rules=rules, titles=titles, time=clock)

    return take_in
