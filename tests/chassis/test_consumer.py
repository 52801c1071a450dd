"""The consumer's loop: one effect for each message whatever dies, and a key that cannot go on stops alone."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tests.chassis.bus_contract import message
from tests.chassis.crashes import Crash, CrashingSubscription, Ledger, running

from xianjie.chassis import parking
from xianjie.chassis.bus import Message
from xianjie.chassis.bus_postgres import PostgresBus
from xianjie.chassis.consumer import Consumer, Patience
from xianjie.contracts.errors import Problem, Unavailable

QUICK = Patience(max_attempts=3, first_pause_seconds=0.001, longest_pause_seconds=0.002)
AWAY = Unavailable(Problem("database.away", "不可用", "away", "重试", "again"))


@pytest.fixture
async def ledger(database_for) -> Ledger:
    return await Ledger.opened(await database_for("messaging"))


@pytest.fixture
async def bus(database_for) -> PostgresBus:
    return PostgresBus(await database_for("bus"))


def consumer(ledger: Ledger, bus: PostgresBus, *, dies: str = "", wait_seconds: float = 0.0) -> Consumer:
    subscription = bus.subscribe(group="g", topics=["intake.events"])
    return Consumer(
        ledger.database,
        CrashingSubscription(subscription, dies) if dies else subscription,
        group="g",
        handle=ledger.handle,
        patience=QUICK,
        wait_seconds=wait_seconds,
    )


async def consume(ledger: Ledger, bus: PostgresBus) -> None:
    """Take everything through, then leave."""
    one = consumer(ledger, bus)
    while await one.step():
        pass
    assert await one.settled()
    await one._subscription.close()


def numbered(*numbers: int) -> list[str]:
    return [f"intake.events/{n}" for n in numbers]


async def parked(ledger: Ledger) -> list[parking.ParkedKey]:
    async with ledger.database.read() as tx:
        return await parking.parked_keys(tx)


@pytest.mark.parametrize("place", ["fetched", "claimed", "noted", "put", "committed", "acknowledged"])
async def test_a_crash_between_any_two_writes_leaves_one_effect_for_each_message(place, ledger, bus) -> None:
    sent = [message(n, key=f"case-{n % 2}") for n in range(6)]
    await bus.publish(sent[:4])
    ledger.dies_at = place
    with pytest.raises(Crash):
        await consumer(ledger, bus, dies=place).run()
    ledger.dies_at = None
    await bus.publish(sent[4:])
    await consume(ledger, bus)
    assert await ledger.noted() == [m.id for m in sent]
    assert await ledger.announced() == [f"noted/{m.id}" for m in sent]


async def test_a_message_that_is_published_twice_takes_effect_once(ledger, bus) -> None:
    await bus.publish([message(1), message(2), message(1)])
    await bus.publish([message(2), message(3)])
    await consume(ledger, bus)
    assert await ledger.noted() == numbered(1, 2, 3)


class Fault(Exception):
    """What a handler raises that cannot go on."""


def fails_on(*ids: str):
    async def fail(message: Message) -> None:
        if message.id in ids:
            raise Fault(f"{message.id} cannot be handled")

    return fail


async def test_a_failing_message_parks_its_key_and_all_others_go_on_in_order(ledger, bus) -> None:
    await bus.publish([message(n, key=f"case-{n % 3}") for n in range(9)])
    ledger.fails = fails_on("intake.events/1")
    await consume(ledger, bus)
    await bus.publish([message(10, key="case-1"), message(11, key="case-2")])
    await consume(ledger, bus)
    assert await ledger.noted() == numbered(0, 2, 3, 5, 6, 8, 11)
    (stopped,) = await parked(ledger)
    assert (stopped.group, stopped.key, stopped.messages) == ("g", "case-1", 4)
    assert stopped.reason == "Fault: intake.events/1 cannot be handled"
    async with ledger.database.read() as tx:
        waiting = await parking.parked_messages(tx, group="g", key="case-1")
    assert waiting == [message(n, key="case-1") for n in (1, 4, 7, 10)]


async def test_a_message_that_fails_for_a_while_is_handled_in_its_place(ledger, bus) -> None:
    attempts: list[str] = []

    async def fail_twice(message: Message) -> None:
        attempts.append(message.id)
        if attempts.count("intake.events/0") <= 2 and message.id == "intake.events/0":
            raise Fault

    ledger.fails = fail_twice
    await bus.publish([message(n) for n in range(3)])
    await consume(ledger, bus)
    assert await ledger.noted() == numbered(0, 1, 2)
    assert await parked(ledger) == []


async def test_resuming_a_key_handles_what_waited_in_order_and_then_it_runs_again(ledger, bus) -> None:
    await bus.publish([message(n) for n in range(4)])
    ledger.fails = fails_on("intake.events/1")
    await consume(ledger, bus)
    ledger.fails = fails_on()
    assert await consumer(ledger, bus).resume("case-1") == parking.Resumed(handled=3, remaining=0, reason="")
    await bus.publish([message(4)])
    await consume(ledger, bus)
    assert await ledger.noted() == numbered(0, 1, 2, 3, 4)
    assert await parked(ledger) == []


async def test_resuming_stops_where_it_fails_again_and_keeps_what_was_done(ledger, bus) -> None:
    await bus.publish([message(n) for n in range(4)])
    ledger.fails = fails_on("intake.events/1")
    await consume(ledger, bus)
    ledger.fails = fails_on("intake.events/2")
    outcome = await consumer(ledger, bus).resume("case-1")
    assert (outcome.handled, outcome.remaining) == (1, 2)
    assert outcome.reason.startswith("Fault")
    assert await ledger.noted() == numbered(0, 1)
    assert [key.messages for key in await parked(ledger)] == [2]


@pytest.mark.parametrize("place", ["claimed", "noted", "put"])
async def test_a_crash_while_resuming_leaves_the_message_parked_and_without_effect(
    place, ledger, bus
) -> None:
    await bus.publish([message(1), message(2)])
    ledger.fails = fails_on("intake.events/1")
    await consume(ledger, bus)
    ledger.fails, ledger.dies_at = fails_on(), place
    with pytest.raises(Crash):
        await consumer(ledger, bus).resume("case-1")
    ledger.dies_at = None
    assert await ledger.noted() == []
    await consumer(ledger, bus).resume("case-1")
    assert await ledger.noted() == numbered(1, 2)
    assert await ledger.announced() == [f"noted/{one}" for one in numbered(1, 2)]


async def test_a_message_that_arrives_while_its_key_is_resumed_takes_effect_behind(
    ledger, bus, eventually
) -> None:
    await bus.publish([message(1)])
    ledger.fails = fails_on("intake.events/1")
    await consume(ledger, bus)
    inside, go_on = asyncio.Event(), asyncio.Event()

    async def wait_inside(message: Message) -> None:
        if message.id == "intake.events/1":
            inside.set()
            await go_on.wait()

    ledger.fails = wait_inside
    resuming = asyncio.ensure_future(consumer(ledger, bus).resume("case-1"))
    await inside.wait()
    await resuming_holds_the_row(ledger)
    await bus.publish([message(2)])
    consuming = asyncio.ensure_future(consume(ledger, bus))
    await eventually(lambda: somebody_waits(ledger))
    go_on.set()
    await asyncio.gather(resuming, consuming)
    assert await ledger.noted() == numbered(1, 2)
    assert await parked(ledger) == []


async def resuming_holds_the_row(ledger: Ledger) -> None:
    async with ledger.database.read() as tx:
        assert await tx.fetchval("select count(*) from parked") == 1


async def somebody_waits(ledger: Ledger) -> bool:
    async with ledger.database.read() as tx:
        waiting: int = await tx.fetchval(
            "select count(*) from pg_stat_activity where datname = current_database() "
            "and wait_event_type = 'Lock'"
        )
    return waiting == 1


async def test_a_parked_message_that_is_delivered_again_is_kept_once(ledger, bus) -> None:
    await bus.publish([message(1), message(2), message(1), message(2)])
    ledger.fails = fails_on("intake.events/1")
    await consume(ledger, bus)
    assert [key.messages for key in await parked(ledger)] == [2]


async def test_a_crash_after_parking_parks_nothing_twice_and_skips_nothing(ledger, bus) -> None:
    await bus.publish([message(1), message(2), message(3, key="case-2")])
    ledger.fails = fails_on("intake.events/1")
    with pytest.raises(Crash):
        await consumer(ledger, bus, dies="committed").run()
    await consume(ledger, bus)
    assert [(key.key, key.messages) for key in await parked(ledger)] == [("case-1", 2)]
    assert await ledger.noted() == numbered(3)


async def test_what_is_unavailable_is_waited_for_and_never_parked(
    ledger, bus, monkeypatch, eventually
) -> None:
    monkeypatch.setattr("xianjie.chassis.consumer.AWAY_SECONDS", 0.001)
    refusals = [AWAY] * 20

    async def refuse(_: Message) -> None:
        if refusals:
            raise refusals.pop()

    ledger.fails = refuse
    await bus.publish([message(n) for n in range(3)])
    await consume(ledger, bus)
    assert await ledger.noted() == numbered(0, 1, 2)
    assert await parked(ledger) == []


async def test_the_loop_survives_the_loss_of_every_connection(ledger, bus, monkeypatch, eventually) -> None:
    monkeypatch.setattr("xianjie.chassis.consumer.AWAY_SECONDS", 0.01)
    async with running(consumer(ledger, bus, wait_seconds=5.0).run):
        for round_ in range(5):
            await bus.publish([message(round_ * 10 + n) for n in range(10)])
            await cut_all_connections(bus)
        await eventually(lambda: all_noted(ledger, 50))
    assert await ledger.noted() == numbered(*range(50))


async def cut_all_connections(bus: PostgresBus) -> None:
    """End every session on the bus and on the ledger except those of superusers."""
    async with bus._database.transaction() as tx:
        await tx.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
            "where pid <> pg_backend_pid() and usename = current_user"
        )


async def all_noted(ledger: Ledger, count: int) -> bool:
    return len(await ledger.noted()) == count


async def test_what_arrived_by_an_instant_counts_as_read_when_its_backlog_is_done(ledger, bus) -> None:
    noon = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)
    minute = timedelta(minutes=1)
    await bus.publish([message(n) for n in range(4)])
    one = Consumer(
        ledger.database,
        bus.subscribe(group="g", topics=["intake.events"]),
        group="g",
        handle=ledger.handle,
        limit=2,
        wait_seconds=0.0,
    )
    assert await one.read_until(noon) is None
    await one.step()
    assert await one.read_until(noon + minute) is None
    await bus.publish([message(n) for n in range(4, 7)])
    await one.step()
    assert await one.read_until(noon + 2 * minute) == noon  # three more have come since, and more may
    await one.step()
    await bus.publish([message(7), message(8)])
    await one.step()
    assert await one.read_until(noon + 3 * minute) == noon + 2 * minute
    await one.step()
    assert await one.read_until(noon + 4 * minute) == noon + 4 * minute
    await one._subscription.close()


def test_pauses_double_up_to_the_longest() -> None:
    patience = Patience(first_pause_seconds=0.1, longest_pause_seconds=1.0)
    assert [patience.pause_after(attempt) for attempt in (1, 2, 3, 4, 5, 50)] == [
        0.1,
        0.2,
        0.4,
        0.8,
        1.0,
        1.0,
    ]
