"""Durable single POST: the platform's door against bare asyncpg with group commit behind uvicorn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import AsyncExitStack
from functools import partial
from multiprocessing import get_context
from statistics import median
from typing import TypeVar

from xianjie.command.doors import Doors

from . import client, rows
from .client import Window
from .material import Sender, enforcement_agencies, event_template, events_of, registry
from .servers import DOOR_ALONE, EMBEDDED, Instance, group_commit, instance
from .table import Row, show

ROUNDS = 5
WINDOW_SECONDS = 2.0
CLIENTS = 32
SENDERS = 8  # agencies that share the connections: one key may send 5,000 requests a second
T = TypeVar("T")
GOAL = ">= 0.9 of the limit"


def client_process() -> ProcessPoolExecutor:
    """Return a process for the client's side."""
    return ProcessPoolExecutor(1, mp_context=get_context("spawn"))


async def in_client(pool: Executor, work: Callable[[], T]) -> T:
    """Run one window in the client's process."""
    return await asyncio.get_running_loop().run_in_executor(pool, work)


async def senders_of(system: Instance) -> list[Sender]:
    """Register the organs and return agencies with keys."""
    doors = Doors(system.url, admin_key=system.admin_key)
    try:
        await doors.load_organs(registry())
        return [
            Sender(organ, await doors.issue_key(organ, ["publish"]))
            for organ in enforcement_agencies(SENDERS)
        ]
    finally:
        await doors.close()


def post_singles(url: str, senders: Sequence[Sender], series: str) -> Window:
    """Post single events for one window; runs in the client's process."""
    requests = [_singles(senders[place % len(senders)], f"{series}.{place}") for place in range(CLIENTS)]
    return client.window(url, requests, client.accepted_one, seconds=WINDOW_SECONDS)


def _singles(sender: Sender, series: str) -> Iterator[bytes]:
    for body in events_of(sender.organ, series):
        yield client.request(sender.key, "application/cloudevents+json", body)


async def run() -> None:
    """Measure and print."""
    table: list[Row] = []
    notes: list[str] = []
    with client_process() as pool:
        for what, command in (
            ("POST of one event, intake in its own process", DOOR_ALONE),
            ("POST of one event, whole embedded system at work", EMBEDDED),
        ):
            ours, limit = await _compare(command, pool)
            table.append(_row(what, ours, limit))
            notes.append(f"{what}: {_latencies('ours', ours)}; {_latencies('limit', limit)}")
    size = sum(map(len, event_template(enforcement_agencies(1)[0]))) + 40
    notes.append(
        f"{CLIENTS} connections, events of about {size} bytes, {ROUNDS} rounds of {WINDOW_SECONDS:g} s each, "
        "ours and limit in turn; while the limit is measured the process of ours is frozen."
    )
    show("intake: durable single POST", table, notes=notes)


async def _compare(command: Sequence[str], pool: Executor) -> tuple[list[Window], list[Window]]:
    """Measure both in turn; the first round warms up and is thrown away."""
    ours: list[Window] = []
    limit: list[Window] = []
    async with AsyncExitStack() as stack:
        system = await stack.enter_async_context(instance(command))
        senders = await senders_of(system)
        dsn = system.dsn(rows.DATABASE)
        await rows.prepare(system.dsn("postgres"), dsn)
        bare = await stack.enter_async_context(group_commit(dsn))
        for number in range(ROUNDS + 1):
            ours.append(await in_client(pool, partial(post_singles, system.url, senders, f"s{number}")))
            with system.frozen():
                limit.append(await in_client(pool, partial(post_singles, bare.url, senders, "s")))
            await rows.empty(dsn)
    return ours[1:], limit[1:]


def _row(what: str, ours: Sequence[Window], limit: Sequence[Window]) -> Row:
    return Row(
        what=what,
        unit="/s",
        ours=[each.rate for each in ours],
        limit=[each.rate for each in limit],
        against="bare asyncpg, group commit, raw ASGI under uvicorn",
        goal=GOAL,
    )


def _latencies(name: str, windows: Sequence[Window]) -> str:
    p50 = median(each.p50_ms for each in windows)
    p99 = median(each.p99_ms for each in windows)
    return f"{name} p50 {p50:.1f} ms, p99 {p99:.1f} ms"
