"""A database of notification for one test, and the service at work in it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from tests.notification.builders import NOW, deliveries

from xianjie.chassis import inbox
from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.database import Database
from xianjie.notification.consumer import GROUP, handle
from xianjie.notification.rulebook import load_rules
from xianjie.notification.settings import RULES

TakeIn = Callable[..., Awaitable[None]]


@pytest.fixture
async def database(database_for) -> Database:
    return await database_for("notification")


@pytest.fixture
def clock() -> DrivenClock:
    return DrivenClock(NOW)


@pytest.fixture
def take_in(database: Database, clock: DrivenClock) -> TakeIn:
    """Deliver events as the consumer does: claim and handle in one transaction."""
    handler = handle(rules=load_rules(RULES), titles={}, clock=clock)

    async def deliver(*events: dict[str, Any]) -> None:
        async with database.transaction() as tx:
            fresh = await inbox.claim(tx, group=GROUP, deliveries=deliveries(*events))
            if fresh:
                await handler(tx, fresh)

    return deliver


@pytest.fixture
def sent(database: Database) -> Callable[[], Awaitable[list[tuple[str, str]]]]:
    """Rule and recipient of every message, in order."""

    async def look() -> list[tuple[str, str]]:
        async with database.read() as tx:
            rows = await tx.fetch("select rule, recipient from message order by seq")
        return [(row["rule"], row["recipient"]) for row in rows]

    return look


@pytest.fixture
def published(database: Database) -> Callable[[], Awaitable[list[dict[str, Any]]]]:
    """Every event that waits in the outbox, in order."""

    async def look() -> list[dict[str, Any]]:
        async with database.read() as tx:
            rows = await tx.fetch(
                "select convert_from(body, 'UTF8')::jsonb as event from outbox order by seq"
            )
        return [row["event"] for row in rows]

    return look
