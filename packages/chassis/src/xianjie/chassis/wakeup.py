"""Wake a loop by NOTIFY; polling stands behind it, because a notification may be lost with its connection."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg


class Wakeup:
    """Listens on one channel of one connection.

    Call `expect`, look for work, and `wait` if there was none: a notification in between is not missed.
    """

    def __init__(self) -> None:
        """Use `on`."""
        self._event = asyncio.Event()

    @classmethod
    async def on(cls, connection: asyncpg.Connection[asyncpg.Record], channel: str) -> Wakeup:
        """Listen from now on. Also wakes when the connection ends, so that its loss is noticed at once."""
        wakeup = cls()
        await connection.add_listener(channel, wakeup._hear)
        connection.add_termination_listener(wakeup._hear)
        return wakeup

    def expect(self) -> None:
        """Forget what was heard so far."""
        self._event.clear()

    async def wait(self, seconds: float) -> None:
        """Return when something was heard since `expect`, or after `seconds` of the machine's time."""
        try:
            async with asyncio.timeout(seconds):
                await self._event.wait()
        except TimeoutError:
            return

    def _hear(self, *_: Any) -> None:
        self._event.set()
