"""Clocks: one that runs, and one that is set."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta, timezone

import pytest

from xianjie.chassis.clock import DrivenClock, SystemClock, pause

START = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


async def test_the_system_clock_waits_until_the_moment_and_no_shorter() -> None:
    clock = SystemClock()
    when = clock.now() + timedelta(milliseconds=30)
    await clock.wait_until(when, asyncio.Event())
    assert clock.now() >= when
    assert clock.now().tzinfo is UTC


@pytest.mark.parametrize("clock", [SystemClock(), DrivenClock(START)], ids=["system", "driven"])
@pytest.mark.parametrize("moment", ["never", "far"])
async def test_a_wake_ends_a_wait_early(clock, moment) -> None:
    wake = asyncio.Event()
    when = None if moment == "never" else clock.now() + 1000 * HOUR
    waiting = asyncio.ensure_future(clock.wait_until(when, wake))
    wake.set()
    async with asyncio.timeout(5):
        await waiting


@pytest.mark.parametrize("clock", [SystemClock(), DrivenClock(START)], ids=["system", "driven"])
async def test_a_moment_that_has_passed_is_not_waited_for(clock) -> None:
    async with asyncio.timeout(5):
        await clock.wait_until(clock.now() - HOUR, asyncio.Event())
        await clock.wait_until(clock.now(), asyncio.Event())


async def test_a_driven_clock_wakes_those_whose_moment_has_come_and_no_others() -> None:
    clock = DrivenClock(START)
    soon = asyncio.ensure_future(clock.wait_until(START + HOUR, asyncio.Event()))
    late = asyncio.ensure_future(clock.wait_until(START + 3 * HOUR, asyncio.Event()))
    clock.set(START + HOUR)
    async with asyncio.timeout(5):
        await soon
    assert not late.done()
    clock.set(START + 3 * HOUR)
    async with asyncio.timeout(5):
        await late


async def test_a_pause_on_a_driven_clock_lasts_until_it_is_set() -> None:
    clock = DrivenClock(START)
    pausing = asyncio.ensure_future(pause(clock, 60))
    await asyncio.sleep(0)  # let it look at the clock
    clock.set(START + timedelta(seconds=60))
    async with asyncio.timeout(5):
        await pausing


def test_a_driven_clock_never_runs_backwards_and_knows_its_zone() -> None:
    clock = DrivenClock(datetime(2026, 1, 1, 8, tzinfo=timezone(timedelta(hours=8))))
    assert clock.now() == START
    clock.set(START)
    with pytest.raises(ValueError, match="lies before"):
        clock.set(START - timedelta(microseconds=1))
    with pytest.raises(ValueError, match="time zone"):
        clock.set(datetime(2027, 1, 1))  # noqa: DTZ001  the missing zone is the point


def test_a_timer_that_fires_late_is_recorded_late_only_where_time_passes() -> None:
    planned = datetime(2020, 1, 1, tzinfo=UTC)
    assert DrivenClock(START).fired_at(planned) == planned
    assert SystemClock().fired_at(planned) > planned
