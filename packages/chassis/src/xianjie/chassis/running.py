"""Keep the endless loops of the services running: one that fails is logged once and started again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic

import structlog

from xianjie.chassis import telemetry
from xianjie.chassis.clock import Clock, SystemClock, pause
from xianjie.chassis.service import Service

log = structlog.get_logger("xianjie.chassis.running")

FIRST_PAUSE_SECONDS = 0.1
LONGEST_PAUSE_SECONDS = 30.0
# A loop that ran this long before it failed has recovered from what it failed of before.
STEADY_SECONDS = 60.0

Loop = Callable[[], Awaitable[None]]


class LoopEnded(Exception):
    """A loop that must be endless returned."""


async def run_services(
    services: Sequence[Service], stop: asyncio.Event, *, clock: Clock | None = None
) -> None:
    """Run every task of every service until `stop` is set, then cancel them and wait until they are gone.

    A failure of one task never touches the others: it is started again after a pause that doubles up to half
    a minute, and it finds its work where the database says.

    Args:
        services: what to run; their HTTP doors are not opened here.
        stop: ends everything.
        clock: measures pauses; the machine's by default.
    """
    clock = clock or SystemClock()
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_keep(service.name, loop, clock), name=f"{service.name} {name_of(loop)}")
            for service in services
            for loop in service.tasks
        ]
        try:
            await stop.wait()
        finally:
            for task in tasks:
                task.cancel()


def name_of(loop: Loop) -> str:
    """Return the name of a loop for logs, for example `Relay.run`."""
    return getattr(loop, "__qualname__", type(loop).__name__)


async def _keep(service: str, loop: Loop, clock: Clock) -> None:
    seconds = FIRST_PAUSE_SECONDS
    while True:
        began = monotonic()
        try:
            await loop()
            raise LoopEnded
        except Exception as error:
            if monotonic() - began > STEADY_SECONDS:
                seconds = FIRST_PAUSE_SECONDS
            telemetry.RESTARTED.labels(service, name_of(loop)).inc()
            log.error(
                "task.failed",
                service=service,
                task=name_of(loop),
                restart_in_seconds=seconds,
                **telemetry.told(error),
            )
        await pause(clock, seconds)
        seconds = min(seconds * 2, LONGEST_PAUSE_SECONDS)
