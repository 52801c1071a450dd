"""The service at work on a database of one test."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path

import pytest
from tests.transfer.case_answers import law
from tests.transfer.installation import Installation
from tests.transfer.telling import deliveries, moment

from xianjie.chassis import inbox
from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.database import Database
from xianjie.contracts.recorded import RecordedEvent
from xianjie.transfer import handlers
from xianjie.transfer.handlers import Bench
from xianjie.transfer.main import GROUP

TakeIn = Callable[..., Awaitable[int]]


@pytest.fixture
async def database(database_for) -> Database:
    return await database_for("transfer")


@pytest.fixture
def clock() -> DrivenClock:
    return DrivenClock(moment("2026-03-01 00:00"))


@pytest.fixture
def bench(clock: DrivenClock) -> Bench:
    return Bench(law=law(), clock=clock)


@pytest.fixture
def take_in(database: Database, bench: Bench) -> TakeIn:
    """Deliver events as the consumer does, claim and handle in one transaction; return how many were new."""

    async def deliver(events: Iterable[RecordedEvent]) -> int:
        async with database.transaction() as tx:
            fresh = await inbox.claim(tx, group=GROUP, deliveries=deliveries(events))
            if fresh:
                await handlers.handle(bench)(tx, fresh)
        return len(fresh)

    return deliver


@pytest.fixture
def place(tmp_path: Path, database: Database, clock: DrivenClock) -> Installation:
    clock.set(moment("2026-03-01 12:00"))
    return Installation(tmp_path, database, clock)
