"""Outgoing messages commit together with the change that caused them, and reach the bus afterwards, in order.

Order. `seq` is drawn when a row is inserted. Whoever writes for one key in turn (holding the row of its
case, or after the first commit) inserts the second message when the first is already visible, with a higher
`seq`. The relay reads one snapshot by `seq` and deletes what it has published; so whenever it sees the
second message, the first one stands before it in the same window or has been published. A message that
commits late with a low `seq` is only unordered against messages that nobody could know it before, and it is
found by the next look, because the relay keeps no position that could have passed it. This gives the same
guarantee as the transaction horizon (`pg_snapshot_xmin`) and does not wait for unrelated long transactions.

Crash. After publishing and before deleting: the window is published again and the inbox drops the doubles.
One relay for each schema works at a time: it holds an advisory lock and works on the connection that holds
it, so a relay that lost its lock cannot delete.
"""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg
import structlog

from xianjie.chassis import telemetry
from xianjie.chassis.bus import Bus, Message
from xianjie.chassis.clock import Clock, SystemClock, pause
from xianjie.chassis.database import Database, Transaction, away_is_unavailable, hang_up
from xianjie.chassis.wakeup import Wakeup
from xianjie.contracts.errors import Unavailable

log = structlog.get_logger("xianjie.chassis.outbox")

WINDOW_MESSAGES = 1000
WINDOW_BYTES = 16 * 1024 * 1024
POLL_SECONDS = 1.0
AWAY_SECONDS = 0.5

# The order of the insert is the order of the messages: identity values are drawn in the order of the sorted
# rows. The notification goes out once at commit, however often it is asked for in a transaction.
_PUT = """
with stored as (
    insert into outbox (topic, key, id, body, headers)
    select m.topic, m.key, m.id, m.body, m.headers
    from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[])
        with ordinality as m (topic, key, id, body, headers, place)
    order by m.place
)
select pg_notify(current_schema() || '.outbox', '')
"""

# The first message of a window always counts, however long it is.
_WINDOW = """
select seq, topic, key, id, body, headers
from (
    select *, sum(octet_length(body)) over (order by seq) - octet_length(body) as bytes_before
    from (select seq, topic, key, id, body, headers from outbox order by seq limit $1) as next
) as measured
where bytes_before < $2
order by seq
"""

_PUBLISHED = "delete from outbox where seq = any($1::bigint[])"
_LOCK = "select pg_try_advisory_lock(hashtextextended('xianjie outbox ' || current_schema(), 0))"


async def put(tx: Transaction, messages: Sequence[Message]) -> None:
    """Store outgoing messages in the caller's transaction; they go out in this order after it has
    committed."""
    if not messages:
        return
    await tx.execute(
        _PUT,
        [message.topic for message in messages],
        [message.key for message in messages],
        [message.id for message in messages],
        [message.body for message in messages],
        [message.headers for message in messages],
    )


async def is_empty(tx: Transaction) -> bool:
    """Whether everything committed so far is on the bus."""
    waiting = await tx.fetchval("select exists (select from outbox)")
    return not waiting


class Relay:
    """Carries the messages of one schema's outbox to the bus, in order, for ever."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        *,
        window_messages: int = WINDOW_MESSAGES,
        poll_seconds: float = POLL_SECONDS,
        clock: Clock | None = None,
    ) -> None:
        """Describe the relay.

        Args:
            database: of the service whose outbox is read.
            bus: where the messages go.
            window_messages: most messages at once.
            poll_seconds: how long it trusts that a notification would have come.
            clock: measures pauses; the machine's by default, also where legal time is driven.
        """
        self._database = database
        self._bus = bus
        self._window_messages = window_messages
        self._poll_seconds = poll_seconds
        self._clock = clock or SystemClock()

    async def run(self) -> None:
        """Publish for ever; ends only by cancellation. Waits where the database or the bus is away."""
        while True:
            try:
                await self._serve()
            except Unavailable as error:
                telemetry.AWAY.labels("relay").inc()
                log.warning("relay.waits", schema=self._database.settings.schema, **telemetry.told(error))
                await pause(self._clock, AWAY_SECONDS)

    async def _serve(self) -> None:
        connection = await self._database.dedicated()
        try:
            async with away_is_unavailable(connection):
                wakeup = await Wakeup.on(connection, f"{self._database.settings.schema}.outbox")
                await self._become_the_relay(connection)
                while True:
                    wakeup.expect()
                    if not await self._publish_window(connection):
                        await wakeup.wait(self._poll_seconds)
        finally:
            await hang_up(connection)

    async def _become_the_relay(self, connection: asyncpg.Connection[asyncpg.Record]) -> None:
        while not await connection.fetchval(_LOCK):
            await pause(self._clock, self._poll_seconds)

    async def _publish_window(self, connection: asyncpg.Connection[asyncpg.Record]) -> int:
        """Publish what waits, return how many messages that were."""
        rows = await connection.fetch(_WINDOW, self._window_messages, WINDOW_BYTES)
        if rows:
            await self._bus.publish(
                [Message(row["topic"], row["key"], row["id"], row["body"], row["headers"]) for row in rows]
            )
            await connection.execute(_PUBLISHED, [row["seq"] for row in rows])
            telemetry.PUBLISHED.labels(self._database.settings.schema).inc(len(rows))
        return len(rows)


async def drained(database: Database) -> bool:
    """Whether the outbox of a service is empty, for its `settled`."""
    async with database.read() as tx:
        return await is_empty(tx)
