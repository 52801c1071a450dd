"""The OpenAPI document of the service; `python -m xianjie.command.documents write` writes it."""

from __future__ import annotations

from typing import Any

import asyncpg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xianjie.audit.main import application
from xianjie.chassis.database import Database, DatabaseSettings
from xianjie.tlog.notes import SigningKey

_NOWHERE = DatabaseSettings(host="", port=0, user="", password="", database="", schema="audit")


async def document() -> dict[str, Any]:
    """Return the document; the app is put together with a database and a key that are never used."""
    database = Database(_NOWHERE, asyncpg.create_pool(min_size=0))
    key = SigningKey("example.invalid", Ed25519PrivateKey.generate())
    return application(database=database, key=key, digests_limit=0).openapi()
