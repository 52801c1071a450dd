"""Accepted to settled: from the acknowledgement at the door to case, clocks, findings, leaf and notice.

Real cases of eight events are copied under other numbers with other people. They arrive as they would in
life, one event of many cases after the other, so that every event moves its case once.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count, groupby
from statistics import median, quantiles
from time import perf_counter

import httpx2

from xianjie.command.doors import Doors

from . import rows
from .intake import client_process, in_client
from .material import REAL, CopiedEvent, copied_case, registry
from .observation import LOOK_SECONDS, Observer
from .servers import EMBEDDED, Instance, instance
from .table import Row, show

ROUNDS = 3
ROUND_SECONDS = 6.0  # about how long one round is to take
FIRST_CASES = 40
MOST_CASES = 4_000
PACED_SECONDS = 30.0
TICK_SECONDS = 0.1
SAMPLED_TICKS = 3  # looking costs the system time; three is no divisor of the eight steps of a case
BATCH = 500
SETTLE_SECONDS = 60.0
LIMIT_EVENTS = 10_000
LEAN = json.dumps({"state": "x" * 1_000})


@dataclass(slots=True)
class Agencies:
    """The organs that speak in the copied cases, each with its key, at the doors of one system."""

    doors: Doors
    keys: dict[str, str] = field(default_factory=dict)

    async def publish(self, events: Sequence[CopiedEvent]) -> None:
        """Submit events in order, one batch for each run of one organ's.

        Raises:
            RuntimeError: an event was not accepted.
        """
        for organ, run in groupby(events, key=lambda event: event.organ):
            bodies = [event.body for event in run]
            for start in range(0, len(bodies), BATCH):
                verdicts = await self.doors.publish(bodies[start : start + BATCH], key=self.keys[organ])
                for verdict in verdicts:
                    if verdict["verdict"] != "accepted":
                        raise RuntimeError(f"not accepted: {verdict}")


@dataclass(frozen=True, slots=True)
class Round:
    """What one round took.

    Attributes:
        seconds: from the first acknowledgement until everything had settled.
        accepting: of these, until the last acknowledgement.
        server_cpu, database_cpu: processor seconds of the system's process and of its PostgreSQL.
    """

    events: int
    seconds: float
    accepting: float
    server_cpu: float = 0.0
    database_cpu: float = 0.0

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.seconds


async def ready_agencies(doors: Doors) -> Agencies:
    """Register the organs and give a key to each that speaks in the copied cases."""
    await doors.load_organs(registry())
    organs = {event.organ for wave in copies("organs", len(REAL)) for event in wave}
    return Agencies(doors, {organ: await doors.issue_key(organ, ["publish"]) for organ in sorted(organs)})


def copies(series: str, cases: int) -> Iterator[list[CopiedEvent]]:
    """Yield waves: the first event of every case, then the second of every case, and so on."""
    each = [
        [copied_case(case, f"{series}.{number}") for number in range(cases // len(REAL))] for case in REAL
    ]
    for step in range(len(each[0][0])):
        yield [case[step] for same in each for case in same]


async def run() -> None:
    """Measure and print."""
    with client_process() as pool:
        async with instance(EMBEDDED) as system:
            doors = Doors(system.url, admin_key=system.admin_key)
            try:
                await _run(system, doors, pool)
            finally:
                await doors.close()


async def _run(system: Instance, doors: Doors, pool: Executor) -> None:
    agencies = await ready_agencies(doors)
    async with httpx2.AsyncClient(base_url=system.url, timeout=60.0) as client:
        observer = Observer(client, system.admin_key)
        await _round(agencies, observer, "warm", FIRST_CASES)
        rate = (await _round(agencies, observer, "probe", FIRST_CASES * 2)).rate
        dsn = system.dsn(rows.DATABASE)
        await rows.prepare(system.dsn("postgres"), dsn)
        cases = min(MOST_CASES, max(len(REAL), int(rate * ROUND_SECONDS / 8)) // len(REAL) * len(REAL))
        body, state = await _one_case(observer)
        leaves = await observer.log_size()
        ours: list[Round] = []
        limit: list[float] = []
        lean: list[float] = []
        for number in range(ROUNDS):
            before = system.cpu_seconds()
            one = await _round(agencies, observer, f"r{number}", cases)
            used = [late - early for early, late in zip(before, system.cpu_seconds(), strict=True)]
            ours.append(replace(one, server_cpu=used[0], database_cpu=used[1]))
            with system.frozen():
                work = partial(rows.settled_rate, dsn, body, state, events=LIMIT_EVENTS)
                limit.append(await in_client(pool, work))
                work = partial(rows.settled_rate, dsn, body, LEAN, events=LIMIT_EVENTS)
                lean.append(await in_client(pool, work))
        grown = (await observer.log_size() - leaves) / (ROUNDS * cases * 8)
        expected = await _notices_by_step(agencies, observer)
        half = median(each.rate for each in ours) / 2
        waits = await _paced(agencies, observer, expected, rate=half)
    _print(ours, (limit, lean), waits, cases=cases, half=half, grown=grown, width=len(state.encode()))


def _print(
    ours: Sequence[Round],
    limits: tuple[Sequence[float], Sequence[float]],
    waits: Sequence[float],
    *,
    cases: int,
    half: float,
    grown: float,
    width: int,
) -> None:
    cuts = [cut * 1e3 for cut in quantiles(waits, n=100, method="inclusive")]
    waited = f"acknowledged to settled at {half:,.0f}/s"
    against = "bare asyncpg, 3 statements for 500 rows and commit: event, state"
    what, rates = "accepted to settled, sustained", [each.rate for each in ours]
    table = [
        Row(
            what=what,
            unit="/s",
            ours=rates,
            limit=limits[0],
            against=f"{against} of {width / 1e3:.0f} KB as ours, outbox",
            goal=">= 3,000/s",
        ),
        Row(what=what, unit="/s", ours=rates, limit=limits[1], against=f"{against} of 1 KB, outbox"),
        Row(what=f"{waited}: p50", unit="ms", ours=[cuts[49]]),
        Row(what=f"{waited}: p99", unit="ms", ours=[cuts[98]], goal="< 1,000 ms"),
    ]
    seconds, accepting = sum(each.seconds for each in ours), sum(each.accepting for each in ours)
    server, database = sum(each.server_cpu for each in ours), sum(each.database_cpu for each in ours)
    notes = [
        f"{ROUNDS} rounds of {cases:,} cases of 8 events (copies of {', '.join(REAL)}); "
        "ours and limit in turn; while the limit is measured the process of ours is frozen.",
        f"ours: {seconds:.1f} s, of which {accepting:.1f} s until the last acknowledgement; processor: "
        f"{server:.1f} s Python, {database:.1f} s PostgreSQL.",
        f"each accepted event made {grown:.1f} leaves: itself, its decisions and its notices.",
        f"latency: {len(waits)} samples in {PACED_SECONDS:g} s, longest {max(waits) * 1e3:,.0f} ms; until "
        "the case with clocks and findings, every notice expected for the step,",
        f"and the leaf were seen at the doors; a look every {LOOK_SECONDS * 1e3:.0f} ms.",
    ]
    show("settled: accepted to settled", table, notes=notes)


async def _round(agencies: Agencies, observer: Observer, series: str, cases: int) -> Round:
    """Measure from the first acknowledgement until everything has settled."""
    waves = list(copies(series, cases))
    await agencies.publish(waves[0][:1])
    began = perf_counter()
    await agencies.publish(waves[0][1:])
    for wave in waves[1:]:
        await agencies.publish(wave)
    accepted = perf_counter()
    await observer.settle(SETTLE_SECONDS)
    return Round(sum(map(len, waves)), perf_counter() - began, accepted - began)


async def _one_case(observer: Observer) -> tuple[bytes, str]:
    """Return an event and a case's state, as wide as the platform keeps them, for the limit."""
    event = copied_case(REAL[0], "warm.0")[3]
    return event.body, json.dumps(await observer.case(event.subject), ensure_ascii=False)


async def _notices_by_step(agencies: Agencies, observer: Observer) -> dict[tuple[str, int], int]:
    """Return how many notices a case has after each of its events, one case after the other."""
    expected = {}
    for case in REAL:
        for step, event in enumerate(copied_case(case, "steps")):
            await agencies.publish([event])
            await observer.settle(SETTLE_SECONDS)
            expected[case, step] = await observer.notices(event.subject)
    return expected


async def _paced(
    agencies: Agencies, observer: Observer, expected: Mapping[tuple[str, int], int], *, rate: float
) -> list[float]:
    """Send at a steady rate; return the seconds from acknowledgement to settled of sampled events."""
    at_once = max(1, round(rate * TICK_SECONDS))
    watches: list[asyncio.Task[float]] = []
    began = perf_counter()
    for tick, (case, step, events) in enumerate(_ticks(at_once)):
        due = began + tick * at_once / rate
        if due > began + PACED_SECONDS:
            break
        await asyncio.sleep(max(0.0, due - perf_counter()))
        await agencies.publish(events)
        if tick % SAMPLED_TICKS:
            continue
        sample = events[tick % len(events)]
        watch = observer.seen(sample, notices=expected[case, step], since=perf_counter())
        watches.append(asyncio.create_task(watch))
    async with asyncio.timeout(SETTLE_SECONDS):
        return await asyncio.gather(*watches)


def _ticks(at_once: int) -> Iterator[tuple[str, int, list[CopiedEvent]]]:
    """Yield what is sent together: the same step of copies of one real case."""
    for group in count():
        case = REAL[group % len(REAL)]
        members = [copied_case(case, f"p{group}.{number}") for number in range(at_once)]
        for step in range(len(members[0])):
            yield case, step, [member[step] for member in members]
