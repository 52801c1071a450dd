"""The only place that asks what time it is."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Protocol

# A wall clock may be set while somebody waits, so no wait trusts one reading for longer than this.
RECHECK_SECONDS = 30.0


class Clock(Protocol):
    """Where instants come from. Everything inside the platform takes them as values."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...

    def fired_at(self, planned: datetime) -> datetime:
        """Return the instant at which a timer that was planned for `planned` fires when it fires now."""
        ...

    async def wait_until(self, when: datetime | None, wake: asyncio.Event) -> None:
        """Return when `now() >= when` or `wake` is set; None waits for `wake` only."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)

    def fired_at(self, planned: datetime) -> datetime:
        """Return the present instant: a timer that fires late is recorded as late."""
        return self.now()

    async def wait_until(self, when: datetime | None, wake: asyncio.Event) -> None:
        """Return when `now() >= when` or `wake` is set; None waits for `wake` only."""
        while not wake.is_set():
            if when is None:
                await wake.wait()
                return
            remaining = (when - self.now()).total_seconds()
            if remaining <= 0:
                return
            try:
                async with asyncio.timeout(min(remaining, RECHECK_SECONDS)):
                    await wake.wait()
            except TimeoutError:
                continue


class DrivenClock:
    """A clock that somebody sets, for `xianjie play` and for tests; it never runs by itself."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, an aware instant."""
        self._now = _utc(start)
        self._moved = asyncio.Event()

    def now(self) -> datetime:
        """Return the instant that was set last, aware, in UTC."""
        return self._now

    def fired_at(self, planned: datetime) -> datetime:
        """Return the planned moment: between two settings of this clock no time passes."""
        return planned

    def set(self, to: datetime) -> None:
        """Move to `to` and wake everybody whose moment has come.

        Raises:
            ValueError: `to` lies before the present instant; time never runs backwards.
        """
        to = _utc(to)
        if to < self._now:
            raise ValueError(f"the clock stands at {self._now.isoformat()}, {to.isoformat()} lies before it")
        self._now = to
        self._moved.set()
        self._moved = asyncio.Event()

    async def wait_until(self, when: datetime | None, wake: asyncio.Event) -> None:
        """Return when `now() >= when` or `wake` is set; None waits for `wake` only."""
        while not wake.is_set() and (when is None or self._now < when):
            await first_of(wake, self._moved)


class ReplayClock(DrivenClock):
    """A clock that is driven through recorded cases and then released to run as the machine's."""

    def __init__(self, start: datetime) -> None:
        """Start at `start`, an aware instant that lies in the past."""
        super().__init__(start)
        self._running: SystemClock | None = None

    def release(self) -> None:
        """From now on be the clock of the machine; whoever waits on this clock goes on waiting there."""
        self._running = SystemClock()
        self._moved.set()

    def now(self) -> datetime:
        """Return the instant that was set last, after the release the present one."""
        return super().now() if self._running is None else self._running.now()

    def fired_at(self, planned: datetime) -> datetime:
        """Return the planned moment, after the release the present instant."""
        return planned if self._running is None else self._running.fired_at(planned)

    async def wait_until(self, when: datetime | None, wake: asyncio.Event) -> None:
        """Return when `now() >= when` or `wake` is set; None waits for `wake` only."""
        while self._running is None and not wake.is_set() and (when is None or self.now() < when):
            await first_of(wake, self._moved)
        if self._running is not None:
            await self._running.wait_until(when, wake)


async def first_of(*events: asyncio.Event) -> None:
    """Return as soon as one of the events is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()


async def pause(clock: Clock, seconds: float) -> None:
    """Wait `seconds` on `clock`, for the backoff of loops that meet a failure."""
    await clock.wait_until(clock.now() + timedelta(seconds=seconds), asyncio.Event())


def _utc(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(UTC)
