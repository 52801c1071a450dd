"""The timer that sees silence: it fires from the database, whether or not anybody opens a page."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

import asyncpg
import structlog

from xianjie.chassis import telemetry
from xianjie.chassis.clock import Clock, SystemClock, pause
from xianjie.chassis.database import Database, away_is_unavailable, hang_up, unavailable
from xianjie.contracts.errors import Unavailable
from xianjie.notification import handlers
from xianjie.notification.domain.rules import Rule
from xianjie.notification.store import messages as store

log = structlog.get_logger("xianjie.notification.timer")

LOOK_EVERY: Final = timedelta(minutes=1)
AWAY_SECONDS: Final = 0.5


class AnswerTimer:
    """Expires messages whose answer is overdue, oldest first, each once."""

    def __init__(self, database: Database, *, rules: Sequence[Rule], clock: Clock, batch: int) -> None:
        """Describe the timer.

        Args:
            database: of the service.
            rules: all rules; those about message.unanswered escalate.
            clock: when it is.
            batch: most messages that expire in one transaction.
        """
        self._database = database
        self._rules = rules
        self._clock = clock
        self._batch = batch

    async def run(self) -> None:
        """Fire for ever; ends only by cancellation. Waits where the database is away."""
        while True:
            try:
                await self._serve()
            except Unavailable as error:
                telemetry.AWAY.labels("answer_timer").inc()
                log.warning("timer.waits", **telemetry.told(error))
                # The machine's time, also where legal time is driven: a driven clock may never move again.
                await pause(SystemClock(), AWAY_SECONDS)

    async def fire_due(self) -> int:
        """Expire everything that is due now, one batch in each transaction; return how many that were.

        Raises:
            Unavailable: the database is away; batches that were committed stay so.
        """
        fired = 0
        while True:
            async with self._database.transaction() as tx:
                batch = await handlers.expire(tx=tx, rules=self._rules, time=self._clock, limit=self._batch)
            fired += batch
            if batch < self._batch:
                return fired

    async def _serve(self) -> None:
        connection = await self._database.dedicated()
        try:
            async with away_is_unavailable(connection):
                awaited = await self._listen(connection)
                while not connection.is_closed():
                    awaited.clear()
                    await self.fire_due()
                    await self._clock.wait_until(await self._next_look(), awaited)
        finally:
            await hang_up(connection)
        raise unavailable()

    async def _listen(self, connection: asyncpg.Connection[asyncpg.Record]) -> asyncio.Event:
        """Return an event that is set when an earlier moment was committed, or the connection ends."""
        awaited = asyncio.Event()

        def hear(*_: object) -> None:
            awaited.set()

        await connection.add_listener(f"{self._database.settings.schema}.{store.AWAITED}", hear)
        connection.add_termination_listener(hear)
        return awaited

    async def _next_look(self) -> datetime:
        async with self._database.read() as tx:
            due = await store.next_answer_due(tx)
        # A notification may be lost with its connection, so the timer also looks by itself.
        look_again = self._clock.now() + LOOK_EVERY
        return min(due, look_again) if due else look_again
