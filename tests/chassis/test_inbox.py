"""Each message takes effect once for each group."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.chassis.bus_contract import ids, message
from tests.chassis.crashes import Crash

from xianjie.chassis import inbox
from xianjie.chassis.bus import Delivery, Position
from xianjie.chassis.database import Database


@pytest.fixture
async def database(database_for) -> Database:
    return await database_for("messaging")


def deliveries(*numbers: int) -> list[Delivery]:
    return [Delivery(message(number), Position(0, place)) for place, number in enumerate(numbers)]


async def test_a_message_is_fresh_once_for_each_group(database) -> None:
    async with database.transaction() as tx:
        assert len(await inbox.claim(tx, group="a", deliveries=deliveries(1, 2))) == 2
    async with database.transaction() as tx:
        assert ids(await inbox.claim(tx, group="a", deliveries=deliveries(2, 3, 1))) == ["intake.events/3"]
        assert len(await inbox.claim(tx, group="b", deliveries=deliveries(1, 2))) == 2
        assert await inbox.claim(tx, group="a", deliveries=[]) == []


async def test_a_claim_that_does_not_commit_claims_nothing(database) -> None:
    with pytest.raises(Crash):
        async with database.transaction() as tx:
            await inbox.claim(tx, group="a", deliveries=deliveries(1))
            raise Crash
    async with database.transaction() as tx:
        assert len(await inbox.claim(tx, group="a", deliveries=deliveries(1))) == 1


@given(batches=st.lists(st.lists(st.integers(0, 9), max_size=8), max_size=6))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_every_message_is_fresh_exactly_once_in_order_of_its_first_delivery(database, batches) -> None:
    async with database.transaction() as tx:
        await tx.execute("truncate inbox")
    fresh: list[str] = []
    for batch in batches:
        async with database.transaction() as tx:
            fresh += ids(await inbox.claim(tx, group="a", deliveries=deliveries(*batch)))
    delivered = [f"intake.events/{number}" for batch in batches for number in batch]
    assert fresh == list(dict.fromkeys(delivered))


async def test_two_claims_of_the_same_messages_in_opposite_order_do_not_deadlock(database) -> None:
    async def claim(numbers: range) -> int:
        async with database.transaction() as tx:
            return len(await inbox.claim(tx, group="a", deliveries=deliveries(*numbers)))

    counts = await asyncio.gather(
        *(claim(range(200)) if n % 2 else claim(range(199, -1, -1)) for n in range(6))
    )
    assert sorted(counts) == [0, 0, 0, 0, 0, 200]


async def test_pruning_forgets_only_what_is_older(database) -> None:
    async with database.transaction() as tx:
        await inbox.claim(tx, group="a", deliveries=deliveries(1, 2))
    now = datetime.now(UTC)
    async with database.transaction() as tx:
        assert await inbox.prune(tx, group="a", before=now - timedelta(hours=1)) == 0
        assert await inbox.prune(tx, group="b", before=now + timedelta(hours=1)) == 0
        assert await inbox.prune(tx, group="a", before=now + timedelta(hours=1)) == 2
