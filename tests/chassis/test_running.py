"""The supervisor: a failed loop comes back, the others never notice, and the end is complete."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from fastapi import FastAPI
from structlog.testing import capture_logs

from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.running import run_services
from xianjie.chassis.service import Service

START = datetime(2026, 1, 1, tzinfo=UTC)


async def always() -> bool:
    return True


class Loop:
    """Fails or returns a given number of times, then goes on for ever."""

    def __init__(self, *, failures: int = 0, returns: int = 0) -> None:
        self.failures, self.returns = failures, returns
        self.starts, self.cancelled = 0, False
        self.started = asyncio.Event()
        self.steady = asyncio.Event()

    async def run(self) -> None:
        self.starts += 1
        self.started.set()
        if self.starts <= self.failures:
            raise OSError("personal data")
        if self.starts <= self.failures + self.returns:
            return
        self.steady.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.cancelled = True


def service(*loops: Loop) -> Service:
    return Service("intake", FastAPI(), tuple(loop.run for loop in loops), always)


async def test_a_loop_that_fails_is_started_again_and_logged_once_each_time() -> None:
    failing, quiet = Loop(failures=2), Loop()
    stop = asyncio.Event()
    with capture_logs() as logged:
        running = asyncio.ensure_future(run_services([service(failing, quiet)], stop))
        async with asyncio.timeout(10):
            await failing.steady.wait()
        stop.set()
        await running
    assert (failing.starts, quiet.starts) == (3, 1)
    assert failing.cancelled
    assert quiet.cancelled
    assert [(line["event"], line["task"], line["error"]) for line in logged] == [
        ("task.failed", "Loop.run", "OSError")
    ] * 2
    assert "personal data" not in str(logged)


async def test_a_loop_that_returns_is_a_failed_loop() -> None:
    returning = Loop(returns=1)
    stop = asyncio.Event()
    running = asyncio.ensure_future(run_services([service(returning)], stop))
    async with asyncio.timeout(10):
        await returning.steady.wait()
    stop.set()
    await running
    assert returning.starts == 2


async def test_pauses_grow_while_a_loop_goes_on_failing() -> None:
    clock, failing, stop = DrivenClock(START), Loop(failures=3), asyncio.Event()
    running = asyncio.ensure_future(run_services([service(failing)], stop, clock=clock))
    for seconds in (0.1, 0.2, 0.4):
        await failing.started.wait()
        failing.started.clear()
        await let_everybody_run()
        starts = failing.starts
        clock.set(clock.now() + timedelta(seconds=seconds) - timedelta(milliseconds=1))
        await let_everybody_run()
        assert failing.starts == starts
        clock.set(clock.now() + timedelta(milliseconds=1))
    await failing.steady.wait()
    stop.set()
    await running


async def let_everybody_run() -> None:
    """Give every task that can go on its turn."""
    for _ in range(20):
        await asyncio.sleep(0)


async def test_cancelling_the_supervisor_ends_every_loop() -> None:
    loop = Loop()
    running = asyncio.ensure_future(run_services([service(loop)], asyncio.Event()))
    await loop.steady.wait()
    running.cancel()
    await asyncio.wait([running])
    assert running.cancelled()
    assert loop.cancelled
