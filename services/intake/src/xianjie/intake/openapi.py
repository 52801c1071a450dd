"""The OpenAPI document of the service; `python -m xianjie.command.documents write` writes it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import asyncpg

from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.database import Database, DatabaseSettings
from xianjie.intake.handlers.registries import Registries
from xianjie.intake.main import application
from xianjie.intake.rest.collector import Collector
from xianjie.intake.settings import IntakeSettings

_NOWHERE = DatabaseSettings(host="", port=0, user="", password="", database="", schema="intake")


async def document() -> dict[str, Any]:
    """Return the document; the app is put together with a database that is never opened."""
    database = Database(_NOWHERE, asyncpg.create_pool(min_size=0))

    async def accept(*_: object) -> list[Any]:
        raise AssertionError("nothing arrives here")

    collector = Collector(database, accept, items=1, size=1, waiting_limit=0)
    clock = DrivenClock(datetime(2026, 1, 1, tzinfo=UTC))
    return application(IntakeSettings(), database, clock, collector, Registries()).openapi()
