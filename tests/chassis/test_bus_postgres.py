"""The bus in PostgreSQL: the contract, and what only this adapter promises."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from tests.chassis.bus_contract import BusContract, ids, message, take

from xianjie.chassis.bus_postgres import PostgresBus
from xianjie.chassis.database import Database

FAR = datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
async def database(database_for) -> Database:
    return await database_for("bus")


@pytest.fixture
async def bus(database: Database) -> PostgresBus:
    return PostgresBus(database)


class TestThePostgresBus(BusContract):
    @pytest.fixture
    async def bus(self, database: Database) -> PostgresBus:
        return PostgresBus(database)


async def open_publication(database: Database, number: int, *, topic: str, done: asyncio.Event) -> None:
    """Publish in a transaction that stays open until `done`."""
    bus = PostgresBus(database)
    async with database.transaction() as tx:
        await bus.append(tx, [message(number, topic=topic)])
        await done.wait()


async def test_a_lower_position_that_commits_later_is_never_skipped(database, bus, eventually) -> None:
    first_may_commit, second_may_commit = asyncio.Event(), asyncio.Event()
    second_may_commit.set()
    subscription = bus.subscribe(group="transfer", topics=["t"])
    first = asyncio.ensure_future(open_publication(database, 1, topic="t", done=first_may_commit))
    await eventually(lambda: waits_or_holds(database, holding=1))
    # It wants to commit at once and must not become visible before the first one, which has the lower
    # position.
    second = asyncio.ensure_future(open_publication(database, 2, topic="t", done=second_may_commit))
    await eventually(lambda: waits_or_holds(database, waiting=1))
    assert await subscription.fetch(limit=10, wait_seconds=0.0) == []
    assert not second.done()
    first_may_commit.set()
    await asyncio.gather(first, second)
    taken = await take(subscription, 2)
    assert ids(taken) == ["t/1", "t/2"]
    assert taken[0].position < taken[1].position
    await subscription.close()


async def waits_or_holds(database: Database, *, holding: int = 0, waiting: int = 0) -> bool:
    """Whether at least so many publishers hold their turn and wait for it."""
    async with database.read() as tx:
        row = await tx.fetchrow(
            "select count(*) filter (where granted) as held, count(*) filter (where not granted) as waited "
            "from pg_locks where locktype = 'advisory' "
            "and database = (select oid from pg_database where datname = current_database())"
        )
    return row["held"] >= holding and row["waited"] >= waiting


async def test_publishers_of_different_topics_do_not_wait_for_each_other(database, bus, eventually) -> None:
    done = asyncio.Event()
    slow = asyncio.ensure_future(open_publication(database, 1, topic="slow", done=done))
    await eventually(lambda: waits_or_holds(database, holding=1))
    subscription = bus.subscribe(group="g", topics=["quick", "slow"])
    async with asyncio.timeout(5):
        await bus.publish([message(2, topic="quick")])
    assert ids(await take(subscription, 1)) == ["quick/2"]
    done.set()
    await slow
    # The slow message has the lower position, and the cursor of its own topic has not passed it.
    assert ids(await take(subscription, 1)) == ["slow/1"]
    await subscription.close()


async def test_a_group_has_one_active_member_and_the_next_takes_over_when_its_connection_dies(
    database, bus, templates, eventually
) -> None:
    active = bus.subscribe(group="g", topics=["t"])
    standby = bus.subscribe(group="g", topics=["t"])
    await bus.publish([message(n, topic="t") for n in range(4)])
    taken = await take(active, 2)
    await active.acknowledge(taken)
    assert await standby.fetch(limit=10, wait_seconds=0.0) == []
    async with database.transaction() as tx:
        await tx.execute(
            "select pg_terminate_backend(pid, 5000) from pg_locks where locktype = 'advisory' "
            "and database = (select oid from pg_database where datname = current_database())"
        )
    assert ids(await take(standby, 2)) == ["t/2", "t/3"]
    await active.close()
    await standby.close()


async def test_a_fetch_is_bounded_in_bytes_and_a_single_long_message_passes(
    database, bus, monkeypatch
) -> None:
    monkeypatch.setattr("xianjie.chassis.bus_postgres.FETCH_BYTES", 10)
    await bus.publish([message(n, topic="t") for n in range(3)])
    subscription = bus.subscribe(group="g", topics=["t"])
    first = await subscription.fetch(limit=10, wait_seconds=0.0)
    assert ids(first) == ["t/0", "t/1"]
    assert ids(await subscription.fetch(limit=10, wait_seconds=0.0)) == ["t/2"]
    await subscription.close()


async def test_pruning_removes_only_what_every_group_has_read(database, bus) -> None:
    await bus.publish([message(n, topic="t") for n in range(6)])
    assert await bus.prune(before=FAR) == 0, "no group has joined, so nobody has read anything"
    quick, slow = (bus.subscribe(group=name, topics=["t"]) for name in ("quick", "slow"))
    await quick.acknowledge(await take(quick, 6))
    await slow.acknowledge((await take(slow, 6))[:2])
    assert await bus.prune(before=datetime.now(UTC) - timedelta(days=1)) == 0
    assert await bus.prune(before=FAR) == 2
    late = bus.subscribe(group="late", topics=["t"])
    left = await take(late, 4)
    await slow.acknowledge(left)
    assert await bus.prune(before=FAR) == 0, "the last group has acknowledged nothing"
    await late.acknowledge(left)
    assert await bus.prune(before=FAR) == 4
    for subscription in (quick, slow, late):
        await subscription.close()
    await bus.publish([message(7, topic="t")])
    again = bus.subscribe(group="quick", topics=["t"])
    (delivery,) = await take(again, 1)
    assert delivery.position > left[-1].position, "a position is never used again"
    await again.close()


async def test_the_bus_is_closed_to_the_roles_of_services(templates, database_for) -> None:
    await database_for("intake")
    bus = await database_for("bus")
    async with bus.read() as tx:
        for table in ("log", "cursors"):
            assert not await tx.fetchval("select has_table_privilege('intake', $1, 'select')", f"bus.{table}")
