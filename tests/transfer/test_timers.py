"""Terms fire from the database: without an event, oldest first, once each, and late ones say so."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.transfer.case_answers import law, laws
from tests.transfer.conftest import TakeIn
from tests.transfer.telling import AGENCY, CaseFile, deliveries, moment
from tests.transfer.watching import contents, published

from xianjie.chassis.bus_postgres import PostgresBus
from xianjie.chassis.clock import Clock, DrivenClock
from xianjie.chassis.database import Database, Transaction
from xianjie.chassis.timers import DueTimer
from xianjie.chassis.web import Principal
from xianjie.transfer import handlers
from xianjie.transfer.handlers import Bench
from xianjie.transfer.main import TransferSettings, build
from xianjie.transfer.store import cases

EXPIRED = "cn.xianjie.clock.expired.v1"


class PassingClock(DrivenClock):
    """A clock under which time passes while work is done, like the machine's: what fires now is dated now."""

    def fired_at(self, planned: datetime) -> datetime:
        return self.now()


def timer(database: Database, clock: Clock, *, batch: int = 200) -> DueTimer:
    bench = Bench(law=law(), clock=clock)

    async def fire(tx: Transaction, upto: datetime, limit: int) -> int:
        return await handlers.wake(tx, upto=upto, limit=limit, bench=bench)

    return DueTimer(
        database,
        name="terms",
        channel=cases.WAKE_CHANNEL,
        next_due=cases.next_wake,
        fire=fire,
        clock=clock,
        batch=batch,
    )


def approved(number: int, at: str) -> CaseFile:
    case = CaseFile(f"{AGENCY}/C{number}")
    case.approved(at)
    return case


async def expiries(database: Database) -> list[dict[str, Any]]:
    return [event for event in await published(database) if event["type"] == EXPIRED]


async def test_a_term_fires_although_nothing_happens_and_fires_once(database, take_in: TakeIn, clock) -> None:
    await take_in(approved(1, "2026-03-04 17:40").events)
    assert await expiries(database) == []
    terms = timer(database, clock)
    clock.set(moment("2026-03-05 18:00"))
    await terms.fire_due()
    assert await expiries(database) == []  # the instant itself is still in time
    clock.set(moment("2026-03-05 18:01"))
    assert await terms.fire_due() == 1
    (expired,) = await expiries(database)
    assert expired["data"]["fired_late_by_seconds"] == 0
    assert datetime.fromisoformat(expired["recordedat"]) == moment("2026-03-05 18:00").replace(microsecond=1)
    held = await contents(database)
    assert [(row["rule"], row["open"]) for row in held["finding"]] == [("nt4_approved_not_sent", True)]
    assert await terms.settled() and await terms.fire_due() == 0
    assert await contents(database) == held


async def test_the_oldest_term_fires_first(database, take_in: TakeIn, clock) -> None:
    starts = {3: "2026-03-04 10:00", 1: "2026-03-04 12:00", 2: "2026-03-04 08:00"}
    for number, at in starts.items():
        await take_in(approved(number, at).events)
    clock.set(moment("2026-03-10 10:00"))
    await timer(database, clock, batch=1).fire_due()
    fired = await expiries(database)
    assert [event["subject"][-2:] for event in fired] == ["C2", "C3", "C1"]


async def test_a_term_that_fires_late_says_by_how_many_seconds(database, take_in: TakeIn) -> None:
    await take_in(approved(1, "2026-03-04 17:40").events)
    now = moment("2026-03-06 09:00")
    await timer(database, PassingClock(now)).fire_due()
    (expired,) = await expiries(database)
    assert expired["data"]["fired_late_by_seconds"] == 15 * 3600 - 1
    assert datetime.fromisoformat(expired["recordedat"]) == now
    held = await contents(database)
    planned = {row["planned"] for row in held["decision"] if row["name"] == "clock.expired"}
    assert planned == {moment("2026-03-05 18:00").replace(microsecond=1)}
    (raised,) = [event for event in await published(database) if event["type"].endswith("finding.raised.v1")]
    assert datetime.fromisoformat(raised["data"]["occurred"]["value"]) == planned.pop()


async def test_after_forty_eight_hours_everything_fires_once_and_in_order(database, take_in: TakeIn) -> None:
    start = moment("2026-03-02 00:00")
    for number in range(12):
        begin = (start + timedelta(hours=4 * number)).strftime("%Y-%m-%d %H:%M")
        await take_in(approved(number, begin).events)
    clock = PassingClock(start + timedelta(hours=96))
    terms = timer(database, clock, batch=5)
    await terms.fire_due()
    fired = await expiries(database)
    assert [int(event["subject"].rpartition("C")[2]) for event in fired] == list(range(12))
    due = [event["data"]["due_passed"]["instant"] for event in fired]
    assert due == sorted(due)
    lateness = [event["data"]["fired_late_by_seconds"] for event in fired]
    assert lateness == sorted(lateness, reverse=True) and lateness[-1] > 24 * 3600
    warned = [event["data"] for event in await published(database) if event["type"].endswith("warned.v1")]
    assert len({(each["clock"], each["rung"]) for each in warned}) == len(warned) == 12 * 3
    assert await terms.settled() and await terms.fire_due() == 0
    assert len(await expiries(database)) == 12


async def test_a_crash_while_terms_fire_fires_them_later(database, take_in: TakeIn, clock) -> None:
    await take_in(approved(1, "2026-03-04 17:40").events)
    before = await contents(database)
    clock.set(moment("2026-03-10 10:00"))
    bench = Bench(law=law(), clock=clock)
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            assert await handlers.wake(tx, upto=clock.now(), limit=10, bench=bench) == 1
            raise RuntimeError("the process ends here")
    assert await contents(database) == before
    await timer(database, clock).fire_due()
    assert len(await expiries(database)) == 1


async def test_a_case_that_somebody_works_on_is_left_to_them(database, take_in: TakeIn, clock) -> None:
    await take_in(approved(1, "2026-03-04 17:40").events)
    await take_in(approved(2, "2026-03-04 17:40").events)
    clock.set(moment("2026-03-10 10:00"))
    bench = Bench(law=law(), clock=clock)
    async with database.transaction() as tx:
        await tx.execute("select from case_file where subject like '%C1' for update")
        async with database.transaction() as other:
            assert await handlers.wake(other, upto=clock.now(), limit=10, bench=bench) == 1
    assert [event["subject"][-2:] for event in await expiries(database)] == ["C2"]


async def test_a_waiting_timer_hears_of_an_earlier_term(database, take_in: TakeIn, clock, eventually) -> None:
    running = asyncio.create_task(timer(database, clock).run())
    await take_in(approved(1, "2026-03-04 17:40").events)
    clock.set(moment("2026-03-10 10:00"))

    async def fired() -> bool:
        return len(await expiries(database)) == 1

    await eventually(fired)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def test_no_term_ends_before_the_act_that_met_it_is_read(database, take_in: TakeIn, clock) -> None:
    await take_in(approved(1, "2026-03-04 17:40").events)
    clock.set(moment("2026-03-10 10:00"))
    read: list[datetime | None] = [None, moment("2026-03-05 18:00"), clock.now()]
    terms = timer(database, clock)
    terms._read_until = lambda _: answer(read[0])
    assert await terms.fire_due() == 0 and not await terms.settled()
    read.pop(0)
    await terms.fire_due()  # warned, no more
    assert await expiries(database) == []
    read.pop(0)
    await terms.fire_due()
    assert len(await expiries(database)) == 1


async def answer(instant: datetime | None) -> datetime | None:
    return instant


async def test_the_service_takes_events_from_the_bus_and_publishes_its_decisions(
    database_for, clock, eventually: Callable[..., Any]
) -> None:
    database, bus = await database_for("transfer"), PostgresBus(await database_for("bus"))

    async def nobody(_: str) -> Principal | None:
        return None

    service = await build(
        settings=TransferSettings(timer_grace_seconds=0),
        database=database,
        bus=bus,
        clock=clock,
        laws=laws(),
        verify=nobody,
    )
    await bus.publish([each.message for each in deliveries(approved(1, "2026-03-04 17:40").events)])
    reader = bus.subscribe(group="test", topics=("transfer.decisions",))
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(task()) for task in service.tasks]
        await eventually(service.settled)
        clock.set(moment("2026-03-10 10:00").astimezone(UTC))
        await eventually(service.settled)
        got = await reader.fetch(limit=100, wait_seconds=5)
        for task in tasks:
            task.cancel()
    await reader.close()
    names = [delivery.message.headers["type"] for delivery in got]
    assert names[:2] == ["cn.xianjie.lawbook.activated.v1", "cn.xianjie.clock.started.v1"]
    assert names.count(EXPIRED) == names.count("cn.xianjie.finding.raised.v1") == 1
