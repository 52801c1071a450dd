"""The one loop of every consumer: fetch, claim, handle, commit, then acknowledge.

What a crash leaves behind, line by line: before the commit nothing happened and the batch comes again; after
the commit and before the acknowledgement the batch comes again and the inbox drops it. A message that cannot
be handled is tried alone, then its key is parked with everything that follows for it, and the rest goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from xianjie.chassis import inbox, parking, telemetry
from xianjie.chassis.bus import Delivery, Subscription
from xianjie.chassis.clock import Clock, SystemClock, pause
from xianjie.chassis.database import Database
from xianjie.chassis.parking import Handle
from xianjie.contracts.errors import Unavailable

log = structlog.get_logger("xianjie.chassis.consumer")

AWAY_SECONDS = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How a consumer meets failure.

    Attributes:
        max_attempts: how often a message is tried alone before its key is parked.
        first_pause_seconds: pause after the first failed attempt; doubles with each further one.
        longest_pause_seconds: no pause is longer.
    """

    max_attempts: int = 5
    first_pause_seconds: float = 0.1
    longest_pause_seconds: float = 5.0

    def pause_after(self, attempt: int) -> float:
        """Return the seconds to wait after the given attempt, counted from 1."""
        return float(min(self.first_pause_seconds * 2.0 ** (attempt - 1), self.longest_pause_seconds))


class Consumer:
    """Hands the messages of a subscription to a handler, each with exactly one effect, in order for each
    key."""

    def __init__(
        self,
        database: Database,
        subscription: Subscription,
        *,
        group: str,
        handle: Handle,
        limit: int = 500,
        wait_seconds: float = 5.0,
        patience: Patience | None = None,
        clock: Clock | None = None,
    ) -> None:
        """Describe the consumer.

        Args:
            database: of the service; the handler writes there.
            subscription: membership in the group.
            group: name under which the inbox and the parked messages are kept.
            handle: called inside the transaction with the fresh deliveries of a batch, in order.
            limit: most messages in a batch.
            wait_seconds: how long one fetch waits for messages.
            patience: how it meets failure.
            clock: measures pauses; the machine's by default, also where legal time is driven.
        """
        self._database = database
        self._subscription = subscription
        self._group = group
        self._handle = handle
        self._limit = limit
        self._wait_seconds = wait_seconds
        self._patience = patience or Patience()
        self._clock = clock or SystemClock()
        self._acknowledged = 0
        self._read_until: datetime | None = None
        self._mark: tuple[datetime, int] | None = None

    async def run(self) -> None:
        """Consume for ever; ends only by cancellation. Waits where the database or the bus is away."""
        try:
            while True:
                try:
                    await self.step()
                except Unavailable as error:
                    await self._wait_out(error)
        finally:
            await self._subscription.close()

    async def step(self) -> int:
        """Take one batch through, return how many messages it had.

        Raises:
            Unavailable: the bus is away; nothing is lost, the messages come again.
        """
        deliveries = await self._subscription.fetch(limit=self._limit, wait_seconds=self._wait_seconds)
        if deliveries:
            await self._take(deliveries)
            await self._subscription.acknowledge(deliveries)
            self._acknowledged += len(deliveries)
        return len(deliveries)

    async def read_until(self, now: datetime) -> datetime | None:
        """Return an instant such that everything that was on the bus by then is handled, None if none is
        known yet.

        While a backlog is read this is the last time somebody asked and the backlog of then is done, so it
        follows even if there is always something new.

        Raises:
            Unavailable: the bus is away.
        """
        lag = await self._subscription.lag()
        # Counted after the lag was asked for: at worst the mark is too far, never too near.
        acknowledged = self._acknowledged
        if lag == 0:
            self._read_until, self._mark = now, None
        elif self._mark is None:
            self._mark = (now, acknowledged + lag)
        elif acknowledged >= self._mark[1]:
            self._read_until, self._mark = self._mark[0], (now, acknowledged + lag)
        return self._read_until

    async def settled(self) -> bool:
        """Whether every message on the bus is handled and acknowledged.

        Raises:
            Unavailable: the bus is away.
        """
        lag = await self._subscription.lag()
        telemetry.LAG.labels(self._group).set(lag)
        return lag == 0

    async def resume(self, key: str) -> parking.Resumed:
        """Handle the parked messages of a key again; see `parking.resume`."""
        return await parking.resume(self._database, group=self._group, key=key, handle=self._handle)

    async def _take(self, deliveries: Sequence[Delivery]) -> None:
        """Return when every delivery is handled or parked, durably."""
        try:
            await self._until_available(deliveries)
        except Exception as error:
            if len(deliveries) > 1:
                log.warning(
                    "consumer.batch_failed", group=self._group, size=len(deliveries), **telemetry.told(error)
                )
            for delivery in deliveries:
                await self._take_alone(delivery)

    async def _take_alone(self, delivery: Delivery) -> None:
        attempt = 0
        while True:
            attempt += 1
            try:
                await self._until_available([delivery])
                return
            except Exception as error:
                telemetry.FAILED.labels(self._group).inc()
                said = {"group": self._group, "topic": delivery.message.topic, "position": delivery.position}
                if attempt >= self._patience.max_attempts:
                    await self._park(delivery, parking.reason_of(error))
                    log.error("consumer.key_parked", attempts=attempt, **said, **telemetry.told(error))
                    return
                log.warning("consumer.message_failed", attempt=attempt, **said, **telemetry.told(error))
            await pause(self._clock, self._patience.pause_after(attempt))

    async def _until_available(self, deliveries: Sequence[Delivery]) -> None:
        """Handle and commit; wait as long as the database is away, which is no fault of a message."""
        while True:
            try:
                await self._commit(deliveries)
                return
            except Unavailable as error:
                await self._wait_out(error)

    async def _commit(self, deliveries: Sequence[Delivery]) -> None:
        async with self._database.transaction() as tx:
            running = await parking.divert(tx, group=self._group, deliveries=deliveries)
            fresh = await inbox.claim(tx, group=self._group, deliveries=running)
            if fresh:
                await self._handle(tx, fresh)
        telemetry.HANDLED.labels(self._group).inc(len(fresh))
        telemetry.REPEATED.labels(self._group).inc(len(running) - len(fresh))

    async def _park(self, delivery: Delivery, reason: str) -> None:
        while True:
            try:
                async with self._database.transaction() as tx:
                    await parking.park(tx, group=self._group, delivery=delivery, reason=reason)
                return
            except Unavailable as error:
                await self._wait_out(error)

    async def _wait_out(self, error: Unavailable) -> None:
        telemetry.AWAY.labels(self._group).inc()
        log.warning("consumer.waits", group=self._group, **telemetry.told(error))
        await pause(self._clock, AWAY_SECONDS)
