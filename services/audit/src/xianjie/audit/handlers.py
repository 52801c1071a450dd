"""What the service does: it appends."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from xianjie.audit import domain, store
from xianjie.chassis.database import Transaction
from xianjie.tlog.notes import SigningKey


async def append(tx: Transaction, bodies: Sequence[bytes], *, key: SigningKey, signed_at: datetime) -> int:
    """Make each event one leaf, in order, and sign the new state; return how many leaves were added.

    Nothing is visible before the caller's transaction commits, and then all of it is: leaves, the hashes
    above them and the checkpoint. A crash before leaves the log as it was.

    Args:
        tx: the transaction that also claims the deliveries.
        bodies: events as they stand on the bus, in the order of delivery.
        key: signs; its name is the origin of the log.
        signed_at: the present instant.

    Raises:
        Conflicting: an event repeats source and id of another content.
        Unavailable: what is stored does not lead to the root that was signed last.
        KeyError, ValueError: a body is not an event of the platform.
    """
    leaves = [domain.leaf_of(body) for body in bodies]
    await store.take_turn(tx)
    new = domain.fresh(leaves, await store.logged(tx, leaves))
    if new:
        growth = domain.grow(await store.head(tx, key.name), new, key=key)
        await store.append(tx, growth, signed_at=signed_at)
    return len(new)
