"""Outgoing messages: none lost, none before its commit, order for each key, doubles only where a crash
was."""

from __future__ import annotations

import asyncio

import pytest
from tests.chassis.bus_contract import ids, message, take
from tests.chassis.crashes import Crash, CrashingBus, Recorder, running

from xianjie.chassis import inbox, outbox
from xianjie.chassis.bus import Message
from xianjie.chassis.bus_postgres import PostgresBus
from xianjie.chassis.database import Database
from xianjie.chassis.outbox import Relay


@pytest.fixture
async def database(database_for) -> Database:
    return await database_for("messaging", pool_size=12)


async def put(database: Database, *numbers: int, key: str = "case-1") -> None:
    async with database.transaction() as tx:
        await outbox.put(tx, [message(number, key=key) for number in numbers])


async def test_a_message_arrives_whole_and_the_outbox_is_empty_afterwards(database, eventually) -> None:
    bus = Recorder()
    sent = Message("intake.events", "案件", "urn:a#1", b"\x00\xff", {"traceparent": "00-1"})
    async with running(Relay(database, bus).run):
        async with database.transaction() as tx:
            await outbox.put(tx, [])
            await outbox.put(tx, [sent])
        await eventually(lambda: outbox.drained(database))
    assert bus.messages == [sent]


async def test_nothing_goes_out_of_a_transaction_that_did_not_commit(database, eventually) -> None:
    bus = Recorder()
    with pytest.raises(Crash):
        async with database.transaction() as tx:
            await outbox.put(tx, [message(1)])
            raise Crash
    await put(database, 2)
    async with running(Relay(database, bus).run):
        await eventually(lambda: outbox.drained(database))
    assert [m.id for m in bus.messages] == ["intake.events/2"]


async def test_the_relay_is_woken_by_the_commit_and_does_not_wait_for_its_poll(database, eventually) -> None:
    bus = Recorder()
    async with running(Relay(database, bus, poll_seconds=3600).run):
        await put(database, 1)
        await eventually(lambda: outbox.drained(database))
        await put(database, 2)
        await eventually(lambda: outbox.drained(database))
    assert len(bus.messages) == 2


async def test_a_message_that_commits_late_with_a_low_number_is_not_skipped(database, eventually) -> None:
    bus = Recorder()
    async with running(Relay(database, bus).run):
        async with database.transaction() as late:
            await outbox.put(late, [message(1)])
            await put(database, 2)
            await eventually(lambda: outbox.drained(database))
            assert [m.id for m in bus.messages] == ["intake.events/2"]
        await eventually(lambda: outbox.drained(database))
    assert [m.id for m in bus.messages] == ["intake.events/2", "intake.events/1"]


async def test_an_older_transaction_that_waited_for_the_case_is_published_behind_the_younger(
    database, eventually
) -> None:
    """The order of transaction numbers would be wrong here: the older transaction writes the case second."""
    async with database.transaction() as tx:
        await tx.execute(
            "create table cases (id text primary key, n int); insert into cases values ('case-1', 0)"
        )
    lock = "update cases set n = n + 1 where id = 'case-1'"
    bus = Recorder()
    async with database.transaction() as older:
        await older.execute("select pg_current_xact_id()")
        async with database.transaction() as younger:
            await younger.execute(lock)
            waiting = asyncio.ensure_future(older.execute(lock))
            await outbox.put(younger, [message(1)])
        await waiting
        await outbox.put(older, [message(2)])
    async with running(Relay(database, bus).run):
        await eventually(lambda: outbox.drained(database))
    assert [m.id for m in bus.messages] == ["intake.events/1", "intake.events/2"]


async def test_writers_that_take_turns_on_a_case_are_published_in_their_order(database, eventually) -> None:
    async with database.transaction() as tx:
        await tx.execute(
            "create table cases (id text primary key, n int);"
            "insert into cases select 'case-' || i, 0 from generate_series(0, 2) i"
        )
    bus = Recorder()

    async def write(writer: int) -> None:
        for turn in range(25):
            key = f"case-{(writer + turn) % 3}"
            async with database.transaction() as tx:
                n = await tx.fetchval("update cases set n = n + 1 where id = $1 returning n", key)
                await outbox.put(tx, [Message("t", key, f"{key}/{n}", b"")])

    async with running(Relay(database, bus, window_messages=5).run):
        await asyncio.gather(*(write(writer) for writer in range(6)))
        await eventually(lambda: outbox.drained(database))
    assert len(bus.messages) == 150
    for key in ("case-0", "case-1", "case-2"):
        assert [m.id for m in bus.messages if m.key == key] == [f"{key}/{n}" for n in range(1, 51)]


async def test_a_window_is_bounded_in_bytes_and_a_long_message_passes_alone(
    database, monkeypatch, eventually
) -> None:
    monkeypatch.setattr("xianjie.chassis.outbox.WINDOW_BYTES", 10)
    sizes: list[int] = []

    class Measure(Recorder):
        async def publish(self, messages) -> None:
            sizes.append(len(messages))

    async with database.transaction() as tx:
        await outbox.put(tx, [Message("t", "k", str(n), b"x" * 30 if n == 2 else b"xxxx") for n in range(5)])
    async with running(Relay(database, Measure()).run):
        await eventually(lambda: outbox.drained(database))
    assert sizes == [3, 2]


@pytest.mark.parametrize("crash", ["before", "after"])
async def test_a_relay_that_dies_around_the_publication_loses_nothing_and_doubles_vanish(
    crash, database, database_for, eventually
) -> None:
    bus = PostgresBus(await database_for("bus"))
    await put(database, 1, 2, 3)
    with pytest.raises(Crash):
        await Relay(database, CrashingBus(bus, crash)).run()
    assert not await outbox.drained(database)
    async with running(Relay(database, bus).run):
        await eventually(lambda: outbox.drained(database))
    subscription = bus.subscribe(group="g", topics=["intake.events"])
    expected = [f"intake.events/{n}" for n in (1, 2, 3)]
    deliveries = await take(subscription, 6 if crash == "after" else 3)
    assert ids(deliveries) == expected * (2 if crash == "after" else 1)
    async with database.transaction() as tx:
        assert ids(await inbox.claim(tx, group="g", deliveries=deliveries)) == expected
    await subscription.close()


async def test_a_second_relay_takes_over_when_the_connection_of_the_first_dies(database, eventually) -> None:
    active, standby = Recorder(), Recorder()
    async with running(Relay(database, active).run):
        await put(database, 1)
        await eventually(lambda: outbox.drained(database))
        async with running(Relay(database, standby, poll_seconds=0.05).run) as (standing_by,):
            await put(database, 2)
            await eventually(lambda: outbox.drained(database))
            assert standby.messages == []
            await cut_off_the_relay(database)
            await eventually(lambda: is_served_by_another(database, standing_by))
            await put(database, 3)
            await eventually(lambda: outbox.drained(database))
    assert [m.id for m in active.messages + standby.messages] == [f"intake.events/{n}" for n in (1, 2, 3)]
    assert standby.messages


async def cut_off_the_relay(database: Database) -> None:
    async with database.transaction() as tx:
        ended = await tx.fetch(
            "select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' and granted "
            "and database = (select oid from pg_database where datname = current_database())"
        )
    assert len(ended) == 1


async def is_served_by_another(database: Database, task: asyncio.Task[None]) -> bool:
    assert not task.done()
    async with database.read() as tx:
        held: int = await tx.fetchval(
            "select count(*) from pg_locks where locktype = 'advisory' and granted "
            "and database = (select oid from pg_database where datname = current_database())"
        )
    return held == 1
