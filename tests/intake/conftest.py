"""The service under test."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest
from tests.intake.builders import NOW, ORGANS, Intake, ListBus

from xianjie.chassis.clock import DrivenClock
from xianjie.intake.main import build
from xianjie.intake.settings import IntakeSettings

IntakeFor = Callable[..., Awaitable[Intake]]


@pytest.fixture
async def intake_for(database_for: Any) -> AsyncIterator[IntakeFor]:
    """Build the service with settings of the test's choice and an empty registry."""
    async with AsyncExitStack() as leaving:

        async def make(**settings: Any) -> Intake:
            database = await database_for("intake")
            clock, bus = DrivenClock(NOW), ListBus()
            service = await build(
                settings=IntakeSettings(**settings), database=database, bus=bus, clock=clock
            )
            # A fault of the service must not reach the test as an exception of the client.
            transport = httpx2.ASGITransport(app=service.app, raise_app_exceptions=False)
            client = httpx2.AsyncClient(transport=transport, base_url="http://intake")
            await leaving.enter_async_context(client)
            return Intake(service, database, clock, bus, client)

        yield make


@pytest.fixture
async def intake(intake_for: IntakeFor) -> Intake:
    """The service with default settings and the organs of the builders."""
    made = await intake_for()
    await made.register(ORGANS)
    return made
