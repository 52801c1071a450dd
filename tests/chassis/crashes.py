"""A process that dies between two writes, and ways to look at what it left behind."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress

from xianjie.chassis import outbox
from xianjie.chassis.bus import Bus, Delivery, Message, Subscription
from xianjie.chassis.database import Database, Transaction


class Crash(BaseException):
    """The end of the process at this line: nothing that handles errors may handle it."""


class Recorder:
    """A bus that remembers what was published."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    async def publish(self, messages: Sequence[Message]) -> None:
        """Remember the messages."""
        self.messages += messages

    def subscribe(self, *, group: str, topics: Sequence[str]) -> Subscription:
        """Nobody reads here."""
        raise AssertionError(f"{group} must not read {topics}")


class CrashingBus(Recorder):
    """Dies once, before or after it has stored the first batch."""

    def __init__(self, behind: Bus, when: str) -> None:
        super().__init__()
        self._behind, self._when = behind, when

    async def publish(self, messages: Sequence[Message]) -> None:
        """Publish, with the crash at its place."""
        if self._when == "before":
            raise Crash
        await self._behind.publish(messages)
        if self._when == "after":
            raise Crash


class CrashingSubscription:
    """Dies at the acknowledgement, before or after it is recorded."""

    def __init__(self, behind: Subscription, when: str) -> None:
        self._behind, self._when = behind, when

    async def fetch(self, *, limit: int, wait_seconds: float) -> list[Delivery]:
        """Fetch, and die with the messages in hand if told so."""
        deliveries = await self._behind.fetch(limit=limit, wait_seconds=wait_seconds)
        if self._when == "fetched":
            raise Crash
        return deliveries

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Acknowledge, with the crash at its place."""
        if self._when == "committed":
            raise Crash
        await self._behind.acknowledge(deliveries)
        if self._when == "acknowledged":
            raise Crash

    async def lag(self) -> int:
        """Return the lag."""
        return await self._behind.lag()

    async def close(self) -> None:
        """Leave."""
        await self._behind.close()


class Ledger:
    """A service with one table: it notes each message and says so on its outbox."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.fails: Callable[[Message], Awaitable[None]] = self._never
        self.dies_at: str | None = None

    @classmethod
    async def opened(cls, database: Database) -> Ledger:
        """Create the table."""
        async with database.transaction() as tx:
            await tx.execute(
                "create table noted (place bigint generated always as identity, key text, message_id text)"
            )
        return cls(database)

    async def handle(self, tx: Transaction, deliveries: Sequence[Delivery]) -> None:
        """Note each message, in two writes with a possible end around each."""
        for delivery in deliveries:
            await self.fails(delivery.message)
        self._reach("claimed")
        await tx.execute(
            "insert into noted (key, message_id) select * from unnest($1::text[], $2::text[])",
            [d.message.key for d in deliveries],
            [d.message.id for d in deliveries],
        )
        self._reach("noted")
        await outbox.put(
            tx, [Message("noted", d.message.key, f"noted/{d.message.id}", b"{}") for d in deliveries]
        )
        self._reach("put")

    async def noted(self, key: str | None = None) -> list[str]:
        """Return the ids in the order in which they took effect."""
        async with self.database.read() as tx:
            rows = await tx.fetch(
                "select message_id from noted where $1::text is null or key = $1 order by place", key
            )
        return [row["message_id"] for row in rows]

    async def announced(self) -> list[str]:
        """Return the ids on the outbox."""
        async with self.database.read() as tx:
            return [row["id"] for row in await tx.fetch("select id from outbox order by seq")]

    def _reach(self, place: str) -> None:
        if self.dies_at == place:
            raise Crash

    async def _never(self, message: Message) -> None:
        return


@asynccontextmanager
async def running(*loops: Callable[[], Awaitable[None]]) -> AsyncIterator[list[asyncio.Task[None]]]:
    """Run endless loops for the length of a block; one that ended by itself fails the test."""
    tasks = [asyncio.ensure_future(loop()) for loop in loops]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            with suppress(asyncio.CancelledError):
                await task
