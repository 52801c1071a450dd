"""Messages set aside: a key whose message cannot be handled waits, with everything that follows for it.

A key is parked while it has a row in `parked`. The consumer reads the rows of its keys FOR SHARE and
`resume` deletes them one by one, so a message that arrives while the last one is being handled waits for
that transaction and is then either parked behind or handled, never before.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import asyncpg
import structlog

from xianjie.chassis import inbox, telemetry
from xianjie.chassis.bus import Delivery, Message, Position
from xianjie.chassis.database import Database, Transaction
from xianjie.contracts.errors import Unavailable

log = structlog.get_logger("xianjie.chassis.parking")

#: Does the work for fresh deliveries inside the transaction.
Handle = Callable[[Transaction, Sequence[Delivery]], Awaitable[None]]

_PARKED_AMONG = "select key from parked where group_name = $1 and key = any($2::text[]) for share"

_PARK = """
insert into parked (group_name, key, topic, id, body, headers, reason)
select $1, m.key, m.topic, m.id, m.body, m.headers, m.reason
from unnest($2::text[], $3::text[], $4::text[], $5::bytea[], $6::jsonb[], $7::text[])
    with ordinality as m (key, topic, id, body, headers, reason, place)
order by m.place
on conflict (group_name, id) do nothing
"""

_KEYS = """
select group_name, key, count(*) as messages, min(parked_at) as since,
       (array_agg(reason order by seq) filter (where reason <> ''))[1] as reason
from parked
group by group_name, key
order by min(parked_at), group_name, key
"""

_MESSAGES = """
select seq, topic, key, id, body, headers from parked where group_name = $1 and key = $2 order by seq
"""

_NEXT = """
select seq, topic, key, id, body, headers from parked
where group_name = $1 and key = $2 order by seq limit 1 for update
"""

_DONE = "delete from parked where group_name = $1 and key = $2 and seq = $3"


@dataclass(frozen=True, slots=True)
class ParkedKey:
    """A key that waits.

    Attributes:
        group: the consumer group that could not handle it.
        key: the key, normally a case.
        messages: how many messages wait.
        since: when the first of those was set aside.
        reason: why, for the operator; may carry data of the case, so it is shown and not logged.
    """

    group: str
    key: str
    messages: int
    since: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Resumed:
    """What came of resuming a key.

    Attributes:
        handled: messages that took effect now, or had before.
        remaining: messages that still wait; 0 means that the key runs again.
        reason: why the first of them failed again, empty if none did.
    """

    handled: int
    remaining: int
    reason: str


async def divert(tx: Transaction, *, group: str, deliveries: Sequence[Delivery]) -> list[Delivery]:
    """Park the deliveries of parked keys behind what waits there, return the others."""
    rows = await tx.fetch(_PARKED_AMONG, group, sorted({delivery.message.key for delivery in deliveries}))
    if not rows:
        return list(deliveries)
    waiting = {row["key"] for row in rows}
    await _park(tx, group, [(d.message, "") for d in deliveries if d.message.key in waiting])
    return [delivery for delivery in deliveries if delivery.message.key not in waiting]


async def park(tx: Transaction, *, group: str, delivery: Delivery, reason: str) -> None:
    """Park a message, and by it its key."""
    await _park(tx, group, [(delivery.message, reason or "?")])


async def parked_keys(tx: Transaction) -> list[ParkedKey]:
    """Return the parked keys of all groups of this schema, the oldest first."""
    return [
        ParkedKey(row["group_name"], row["key"], row["messages"], row["since"], row["reason"] or "")
        for row in await tx.fetch(_KEYS)
    ]


async def parked_messages(tx: Transaction, *, group: str, key: str) -> list[Message]:
    """Return the messages that wait for a key, in order."""
    return [_message(row) for row in await tx.fetch(_MESSAGES, group, key)]


async def resume(database: Database, *, group: str, key: str, handle: Handle) -> Resumed:
    """Handle the parked messages of a key in order, each in a transaction of its own; unpark it after the
    last one.

    Stops at the first that fails again: what was handled before it stays handled.

    Raises:
        Unavailable: the database is away; the key stays parked with what remains.
    """
    handled, reason = 0, ""
    while True:
        try:
            if not await _resume_next(database, group=group, key=key, handle=handle):
                break
        except Unavailable:
            raise
        except Exception as error:
            reason = reason_of(error)
            log.error("parked.resume_failed", group=group, **telemetry.told(error))
            break
        handled += 1
    async with database.read() as tx:
        remaining = len(await parked_messages(tx, group=group, key=key))
    log.info("parked.resumed", group=group, handled=handled, remaining=remaining)
    return Resumed(handled, remaining, reason)


async def _resume_next(database: Database, *, group: str, key: str, handle: Handle) -> bool:
    async with database.transaction() as tx:
        row = await tx.fetchrow(_NEXT, group, key)
        if row is None:
            return False
        delivery = Delivery(_message(row), Position(0, 0))
        fresh = await inbox.claim(tx, group=group, deliveries=[delivery])
        if fresh:
            await handle(tx, fresh)
        await tx.execute(_DONE, group, key, row["seq"])
        return True


def reason_of(error: BaseException) -> str:
    """Return what the operator reads about a failure, at most 2000 characters."""
    return f"{type(error).__name__}: {error}"[:2000]


async def _park(tx: Transaction, group: str, messages: Sequence[tuple[Message, str]]) -> None:
    await tx.execute(
        _PARK,
        group,
        [message.key for message, _ in messages],
        [message.topic for message, _ in messages],
        [message.id for message, _ in messages],
        [message.body for message, _ in messages],
        [message.headers for message, _ in messages],
        [reason for _, reason in messages],
    )
    telemetry.PARKED.labels(group).inc(len(messages))


def _message(row: asyncpg.Record) -> Message:
    return Message(row["topic"], row["key"], row["id"], row["body"], row["headers"])
