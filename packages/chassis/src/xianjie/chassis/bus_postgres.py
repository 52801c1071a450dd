"""The bus as a log in PostgreSQL, for the embedded shape.

Order. Publishers to one topic take turns: each holds an advisory lock of the topic until it has committed.
So the positions of a topic become visible in ascending order, and a cursor that holds one number never
passes over a message that commits later. The lock is held for one insert and one commit of a whole batch.

Groups. One member of a group reads at a time: it holds an advisory lock, and it reads and moves the cursor
on the connection that holds the lock. When it dies, the server frees the lock and the next member starts at
the cursor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from time import monotonic

import asyncpg

from xianjie.chassis.bus import Delivery, Message, Position
from xianjie.chassis.database import Database, Transaction, away_is_unavailable, hang_up
from xianjie.chassis.wakeup import Wakeup

POLL_SECONDS = 1.0
FETCH_BYTES = 16 * 1024 * 1024
CHANNEL = "bus.log"

_TURN = """
select pg_advisory_xact_lock(hashtextextended('xianjie topic ' || t.topic, 0))
from (select distinct topic from unnest($1::text[]) as topics (topic) order by topic) as t
"""

_APPEND = """
with appended as (
    insert into log (topic, key, id, body, headers)
    select m.topic, m.key, m.id, m.body, m.headers
    from unnest($1::text[], $2::text[], $3::text[], $4::bytea[], $5::jsonb[])
        with ordinality as m (topic, key, id, body, headers, place)
    order by m.place
)
select pg_notify('bus.log', '')
"""

_JOIN = """
insert into cursors (group_name, topic) select $1::text, unnest($2::text[]) on conflict do nothing
"""

_LOCK = "select pg_try_advisory_lock(hashtextextended('xianjie group ' || $1::text, 0))"

# Each topic by its own index range, merged by position; the first message counts however long it is.
_FETCH = """
select topic, position, key, id, body, headers
from (
    select *, sum(octet_length(body)) over (order by position) - octet_length(body) as bytes_before
    from (
        select m.*
        from unnest($1::text[], $2::bigint[]) as c (topic, position)
        cross join lateral (
            select l.topic, l.position, l.key, l.id, l.body, l.headers
            from log as l
            where l.topic = c.topic and l.position > c.position
            order by l.position
            limit $3
        ) as m
        order by m.position
        limit $3
    ) as next
) as measured
where bytes_before < $4
order by position
"""

_ACKNOWLEDGE = """
update cursors as c set position = a.position
from unnest($2::text[], $3::bigint[]) as a (topic, position)
where c.group_name = $1 and c.topic = a.topic and c.position < a.position
"""

# A topic that the group has not joined yet counts from its beginning.
_LAG = """
select count(*)
from unnest($2::text[]) as t (topic)
left join cursors as c on c.group_name = $1 and c.topic = t.topic
join log as l on l.topic = t.topic and l.position > coalesce(c.position, 0)
"""

_PRUNE = """
delete from log as l
using (select topic, min(position) as position from cursors group by topic) as read
where l.topic = read.topic and l.position <= read.position and l.appended_at < $1
"""


class PostgresBus:
    """The bus over the schema `bus`."""

    def __init__(self, database: Database, *, poll_seconds: float = POLL_SECONDS) -> None:
        """Use the schema that `database` stands for.

        Args:
            database: connected as the role that owns the schema of the bus.
            poll_seconds: how long a waiting reader trusts that a notification would have come.
        """
        self._database = database
        self._poll_seconds = poll_seconds

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append the messages in one transaction; they are durable when this returns.

        Raises:
            Unavailable: they may or may not have been stored, publish them again.
        """
        if messages:
            async with self._database.transaction() as tx:
                await self.append(tx, messages)

    async def append(self, tx: Transaction, messages: Sequence[Message]) -> None:
        """Append the messages in a transaction of the bus's database; publishers to their topics wait for
        its end."""
        topics = [message.topic for message in messages]
        await tx.execute(_TURN, topics)
        await tx.execute(
            _APPEND,
            topics,
            [message.key for message in messages],
            [message.id for message in messages],
            [message.body for message in messages],
            [message.headers for message in messages],
        )

    def subscribe(self, *, group: str, topics: Sequence[str]) -> PostgresSubscription:
        """Return a new member of `group`; a new group starts at the oldest message kept."""
        return PostgresSubscription(
            self._database, group=group, topics=sorted(set(topics)), poll_seconds=self._poll_seconds
        )

    async def prune(self, *, before: datetime) -> int:
        """Remove what was appended before an instant and what every group of its topic has acknowledged.

        A topic that no group has joined keeps everything. Positions are never used again.

        Returns:
            How many messages were removed.
        """
        async with self._database.transaction() as tx:
            status: str = await tx.execute(_PRUNE, before)
        return int(status.rpartition(" ")[2])


class PostgresSubscription:
    """One member of a group; it works on a connection of its own, which holds the lock of the group."""

    def __init__(self, database: Database, *, group: str, topics: Sequence[str], poll_seconds: float) -> None:
        """Use `PostgresBus.subscribe`."""
        self._database = database
        self._group = group
        self._topics = list(topics)
        self._poll_seconds = poll_seconds
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._wakeup: Wakeup | None = None
        self._active = False
        self._read: dict[str, int] = {}  # how far this member has fetched, ahead of what it has acknowledged

    async def fetch(self, *, limit: int, wait_seconds: float) -> list[Delivery]:
        """Return at most `limit` further messages in order, an empty list if none came in time.

        Raises:
            Unavailable: the bus does not answer; the next call starts after what was acknowledged.
        """
        until = monotonic() + wait_seconds
        while True:
            connection, wakeup = await self._connected()
            try:
                async with away_is_unavailable(connection):
                    wakeup.expect()
                    rows = await self._look(connection, limit)
            except BaseException:
                # Also when cancelled in the middle: the state of the connection is not known any more.
                self._leave()
                raise
            remaining = until - monotonic()
            if rows or remaining <= 0:
                return [_delivery(row) for row in rows]
            await wakeup.wait(min(remaining, self._poll_seconds))

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Record durably that these messages and all before them in their topics are done.

        Raises:
            Unavailable: it may not have been recorded; the messages come again.
        """
        done: dict[str, int] = {}
        for delivery in deliveries:
            topic = delivery.message.topic
            done[topic] = max(done.get(topic, 0), delivery.position.offset)
        if not done:
            return
        connection, _ = await self._connected()
        try:
            async with away_is_unavailable(connection):
                await connection.execute(_ACKNOWLEDGE, self._group, list(done), list(done.values()))
        except BaseException:
            self._leave()
            raise

    async def lag(self) -> int:
        """Return how many messages of the topics this group has not acknowledged."""
        async with self._database.read() as tx:
            count: int = await tx.fetchval(_LAG, self._group, self._topics)
        return count

    async def close(self) -> None:
        """Leave the group; the server frees its lock."""
        connection, self._connection = self._connection, None
        self._leave()
        if connection is not None:
            await hang_up(connection)

    async def _connected(self) -> tuple[asyncpg.Connection[asyncpg.Record], Wakeup]:
        if self._connection is not None and self._wakeup is not None and not self._connection.is_closed():
            return self._connection, self._wakeup
        self._leave()
        connection = await self._database.dedicated()
        try:
            async with away_is_unavailable(connection):
                self._wakeup = await Wakeup.on(connection, CHANNEL)
        except BaseException:
            connection.terminate()
            raise
        self._connection = connection
        return connection, self._wakeup

    async def _look(self, connection: asyncpg.Connection[asyncpg.Record], limit: int) -> list[asyncpg.Record]:
        if not self._active:
            self._active = await connection.fetchval(_LOCK, self._group)
            if not self._active:
                return []
            await connection.execute(_JOIN, self._group, self._topics)
            rows = await connection.fetch(
                "select topic, position from cursors where group_name = $1 and topic = any($2)",
                self._group,
                self._topics,
            )
            self._read = {row["topic"]: row["position"] for row in rows}
        found = await connection.fetch(
            _FETCH, list(self._read), list(self._read.values()), limit, FETCH_BYTES
        )
        for row in found:
            self._read[row["topic"]] = row["position"]
        return found

    def _leave(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
        self._connection, self._wakeup, self._active, self._read = None, None, False, {}


def _delivery(row: asyncpg.Record) -> Delivery:
    message = Message(row["topic"], row["key"], row["id"], row["body"], row["headers"])
    return Delivery(message, Position(0, row["position"]))
