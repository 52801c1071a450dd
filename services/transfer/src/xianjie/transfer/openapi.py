"""The OpenAPI document of the service; `python -m xianjie.command.documents write` writes it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.database import Database, DatabaseSettings
from xianjie.chassis.web import Principal
from xianjie.lawbook.bundle import Lawbook

from .main import application
from .store.bundles import KeptLaws

_NOWHERE = DatabaseSettings(host="", port=0, user="", password="", database="", schema="transfer")


async def document(*, law: Lawbook) -> dict[str, Any]:
    """Return the document; the app is put together with a database and former laws that are never opened."""
    database = Database(_NOWHERE, asyncpg.create_pool(min_size=0))

    async def nobody(_: str) -> Principal | None:
        return None

    clock = DrivenClock(datetime(2026, 1, 1, tzinfo=UTC))
    laws = KeptLaws(law, Path())
    return application(database=database, clock=clock, laws=laws, verify=nobody).openapi()
