"""Batch intake: arrays and streams through the door against COPY and group commit of the same rows."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from . import client, rows
from .client import Window
from .intake import client_process, in_client, senders_of
from .material import Sender, event_template, events_of
from .servers import DOOR_ALONE, EMBEDDED, Instance, instance
from .table import Row, show

ROUNDS, EMBEDDED_ROUNDS = 3, 2
ARRAY = 500
ARRAY_SECONDS = 2.0
CONNECTIONS = 4
STREAM_EVENTS = 20_000
WARM_EVENTS = 2_000
LIMIT_EVENTS = 20_000
SAMPLE_SECONDS = 0.05
GOAL = ">= 20,000/s, flat memory"


def post_arrays(url: str, senders: Sequence[Sender], series: str) -> Window:
    """Post arrays for one window; runs in the client's process."""
    requests = [_arrays(senders[place], f"{series}.{place}") for place in range(CONNECTIONS)]
    return client.window(url, requests, client.accepted_many, seconds=ARRAY_SECONDS)


def _arrays(sender: Sender, series: str) -> Iterator[bytes]:
    events = events_of(sender.organ, series)
    while True:
        body = b"[" + b",".join(islice(events, ARRAY)) + b"]"
        yield client.request(sender.key, "application/cloudevents-batch+json", body)


def post_stream(url: str, sender: Sender, series: str, events: int) -> Window:
    """Post one NDJSON stream; runs in the client's process."""
    lines = (body + b"\n" for body in events_of(sender.organ, series, most=events))
    one = len(next(events_of(sender.organ, series))) + 1
    return client.stream(url, sender.key, lines, length=one * events)


@dataclass(slots=True)
class Figures:
    """Events per second and MB of each round."""

    arrays: list[float] = field(default_factory=list)
    streams: list[float] = field(default_factory=list)
    copies: list[float] = field(default_factory=list)
    groups: list[float] = field(default_factory=list)
    before_mb: list[float] = field(default_factory=list)
    highest_mb: list[float] = field(default_factory=list)
    after_mb: list[float] = field(default_factory=list)


async def run() -> None:
    """Measure and print."""
    with client_process() as pool:
        alone = await _measure(DOOR_ALONE, pool, streams=True)
        whole = await _measure(EMBEDDED, pool, streams=False)
    copy, group = "bare asyncpg COPY, 500 rows a commit", "bare asyncpg, one insert from arrays of 500"
    name, own = f"arrays of {ARRAY}, intake in its own process", "intake in its own process"
    stream = f"NDJSON stream of {STREAM_EVENTS:,}, {own}"
    table = [
        Row(what=name, unit="/s", ours=alone.arrays, limit=alone.copies, against=copy, goal=GOAL),
        Row(what=name, unit="/s", ours=alone.arrays, limit=alone.groups, against=group),
        Row(what=stream, unit="/s", ours=alone.streams, limit=alone.copies, against=copy, goal=GOAL),
        Row(what=stream, unit="/s", ours=alone.streams, limit=alone.groups, against=group),
        Row(
            what=f"arrays of {ARRAY}, whole embedded system at work",
            unit="/s",
            ours=whole.arrays,
            limit=whole.copies,
            against=copy,
            goal=GOAL,
        ),
        Row(
            what="server's highest resident memory during a stream",
            unit="MB",
            ours=alone.highest_mb,
            limit=alone.before_mb,
            against="the same process before the stream",
            goal="flat",
        ),
        Row(
            what="server's resident memory after a stream",
            unit="MB",
            ours=alone.after_mb,
            limit=alone.before_mb,
            against="the same process before the stream",
            goal="flat",
        ),
    ]
    size = sum(map(len, event_template("ag-000000-x"))) + 40
    notes = [
        f"events of about {size} bytes; arrays over {CONNECTIONS} connections, the stream over one; "
        f"{ROUNDS} rounds, ours, COPY and insert in turn.",
        f"memory before a stream is read when the process has taken {WARM_EVENTS:,} events and the arrays.",
    ]
    show("batch: arrays and streams", table, notes=notes)


async def _measure(command: Sequence[str], pool: Executor, *, streams: bool) -> Figures:
    found = Figures()
    async with instance(command) as system:
        senders = await senders_of(system)
        dsn = system.dsn(rows.DATABASE)
        await rows.prepare(system.dsn("postgres"), dsn)
        await in_client(pool, partial(post_stream, system.url, senders[0], "warm", WARM_EVENTS))
        body = next(events_of(senders[0].organ, "limit"))
        for number in range(ROUNDS if streams else EMBEDDED_ROUNDS):
            arrays = partial(post_arrays, system.url, senders, f"a{number}")
            found.arrays.append((await in_client(pool, arrays)).rate)
            if streams:
                await _stream(system, senders[0], number, pool, found)
            with system.frozen():
                copy = partial(rows.copy_rate, dsn, body, events=LIMIT_EVENTS)
                found.copies.append(await in_client(pool, copy))
                group = partial(rows.unnest_rate, dsn, body, events=LIMIT_EVENTS)
                found.groups.append(await in_client(pool, group))
    return found


async def _stream(system: Instance, sender: Sender, number: int, pool: Executor, found: Figures) -> None:
    found.before_mb.append(system.resident_mb())
    work = partial(post_stream, system.url, sender, f"n{number}", STREAM_EVENTS)
    window, highest = await _watched(in_client(pool, work), system.resident_mb)
    found.streams.append(window.rate)
    found.highest_mb.append(highest)
    found.after_mb.append(system.resident_mb())


async def _watched(work: Coroutine[Any, Any, Window], read: Callable[[], float]) -> tuple[Window, float]:
    """Return the window and the highest reading while it ran."""
    task = asyncio.ensure_future(work)
    highest = read()
    while not task.done():
        await asyncio.wait([task], timeout=SAMPLE_SECONDS)
        highest = max(highest, read())
    return task.result(), highest
