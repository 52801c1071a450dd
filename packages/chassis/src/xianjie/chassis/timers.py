"""The one loop of every timer: wait for the earliest moment in the database, fire what is due, oldest first.

A term is a row, not a task in memory: it fires whether or not anybody opens a page, after a crash as
before, and each batch is one transaction. Whoever writes an earlier moment says so on a channel.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import asyncpg
import structlog

from xianjie.chassis import telemetry
from xianjie.chassis.clock import Clock, SystemClock, pause
from xianjie.chassis.database import Database, Transaction, away_is_unavailable, hang_up, unavailable
from xianjie.contracts.errors import Unavailable

log = structlog.get_logger("xianjie.chassis.timers")

# A notification may be lost with its connection, so a timer also looks by itself.
LOOK_EVERY = timedelta(minutes=1)
AWAY_SECONDS = 0.5
HELD_SECONDS = 0.1

NextDue = Callable[[Transaction], Awaitable[datetime | None]]
Fire = Callable[[Transaction, datetime, int], Awaitable[int]]
ReadUntil = Callable[[datetime], Awaitable[datetime | None]]


class DueTimer:
    """Fires rows of one service when their moment has come."""

    def __init__(
        self,
        database: Database,
        *,
        name: str,
        channel: str,
        next_due: NextDue,
        fire: Fire,
        clock: Clock,
        batch: int = 200,
        grace: timedelta = timedelta(0),
        read_until: ReadUntil | None = None,
    ) -> None:
        """Describe the timer.

        Args:
            name: in logs and figures.
            channel: notified (below the schema's name) when an earlier moment may have been written.
            next_due: the earliest moment that waits, None when nothing does.
            fire: fires at most so many rows that were due at an instant; returns how many it fired.
            clock: when it is.
            batch: most rows in one transaction.
            grace: how long after a moment it fires, so that acts recorded just before it arrive first.
            read_until: up to which instant everything that was sent is handled (`Consumer.read_until`); a
                moment after it waits, so that after an outage no term ends before the act that met it is
                read.
        """
        self._database = database
        self._name = name
        self._channel = channel
        self._next_due = next_due
        self._fire = fire
        self._clock = clock
        self._batch = batch
        self._grace = grace
        self._read_until = read_until

    async def run(self) -> None:
        """Fire for ever; ends only by cancellation. Waits where the database is away."""
        while True:
            try:
                await self._serve()
            except Unavailable as error:
                telemetry.AWAY.labels(self._name).inc()
                log.warning("timer.waits", timer=self._name, **telemetry.told(error))
                # The machine's time, also where legal time is driven: a driven clock may never move again.
                await pause(SystemClock(), AWAY_SECONDS)

    async def fire_due(self) -> int:
        """Fire everything that is due now, one batch in each transaction; return how many rows that were.

        Raises:
            Unavailable: the database is away; batches that were committed stay so.
        """
        fired = 0
        while (upto := await self._upto()) is not None:
            async with self._database.transaction() as tx:
                batch = await self._fire(tx, upto, self._batch)
            fired += batch
            if batch < self._batch:
                break
        return fired

    async def settled(self) -> bool:
        """Whether nothing is due."""
        due = await self._due()
        return due is None or due > self._clock.now() - self._grace

    async def _serve(self) -> None:
        connection = await self._database.dedicated()
        try:
            async with away_is_unavailable(connection):
                earlier = await self._listen(connection)
                while not connection.is_closed():
                    earlier.clear()
                    await self.fire_due()
                    if await self.settled():
                        await self._clock.wait_until(await self._next_look(), earlier)
                    else:
                        await pause(SystemClock(), HELD_SECONDS)
        finally:
            await hang_up(connection)
        raise unavailable()

    async def _listen(self, connection: asyncpg.Connection[asyncpg.Record]) -> asyncio.Event:
        """Return an event that is set when an earlier moment was committed, or the connection ends."""
        earlier = asyncio.Event()

        def hear(*_: object) -> None:
            earlier.set()

        await connection.add_listener(f"{self._database.settings.schema}.{self._channel}", hear)
        connection.add_termination_listener(hear)
        return earlier

    async def _upto(self) -> datetime | None:
        """Return the latest moment that may fire, None if none may."""
        now = self._clock.now()
        if self._read_until is None:
            return now - self._grace
        read = await self._read_until(now)
        return None if read is None else min(now, read) - self._grace

    async def _next_look(self) -> datetime:
        due = await self._due()
        look_again = self._clock.now() + LOOK_EVERY
        return look_again if due is None else min(due + self._grace, look_again)

    async def _due(self) -> datetime | None:
        async with self._database.read() as tx:
            return await self._next_due(tx)
