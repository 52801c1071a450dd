"""Running the embedded system until somebody stops it."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path

from xianjie.chassis.clock import SystemClock

from .embedded import running
from .places import Places


def stop_on_signals() -> asyncio.Event:
    """Return an event that is set by SIGINT or SIGTERM."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


async def up(data: Path, *, port: int, say: Callable[[str], None]) -> int:
    """Run the system; say `ready <url>` when every service is ready, stop cleanly on a signal."""
    stop = stop_on_signals()
    async with running(Places(data), port=port, clock=SystemClock()) as system:
        say(f"ready {system.url}")
        await stop.wait()
    return 0
