"""What a group has handled: each message takes effect once, however often it is delivered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xianjie.chassis.bus import Delivery
from xianjie.chassis.database import Transaction

# Sorted, so that two claims of the same messages wait for each other instead of meeting in a deadlock.
_CLAIM = """
insert into inbox (group_name, message_id)
select $1, m.id from (select distinct id from unnest($2::text[]) as ids (id) order by id) as m
on conflict do nothing
returning message_id
"""

_PRUNE = "delete from inbox where group_name = $1 and claimed_at < $2"


async def claim(tx: Transaction, *, group: str, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Return the deliveries that this group has not handled yet, in their order, each message once.

    The claim commits with the caller's transaction: if that does not commit, nothing was claimed. A second
    transaction that claims the same message waits for the first one.
    """
    if not deliveries:
        return []
    rows = await tx.fetch(_CLAIM, group, [delivery.message.id for delivery in deliveries])
    fresh = {row["message_id"] for row in rows}
    claimed = []
    for delivery in deliveries:
        if delivery.message.id in fresh:
            fresh.discard(delivery.message.id)
            claimed.append(delivery)
    return claimed


async def prune(tx: Transaction, *, group: str, before: datetime) -> int:
    """Forget messages claimed before an instant, return how many.

    The instant must lie before the oldest message that can still be delivered again: older than the time for
    which the bus keeps messages, and older than any parked message.
    """
    status: str = await tx.execute(_PRUNE, group, before)
    return int(status.rpartition(" ")[2])
