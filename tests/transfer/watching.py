"""Looking at what a transaction sends and at what a database holds."""

from __future__ import annotations

from typing import Any

import orjson

from xianjie.chassis.database import Database, Transaction

TABLES = (
    "event",
    "organ",
    "merged_case",
    "case_file",
    "clock",
    "judgement",
    "finding",
    "decision",
    "outbox",
    "inbox",
)
# Drawn anew even where a transaction is rolled back, or the machine's time.
_DRAWN = {"seq", "position", "claimed_at"}


class PulledPlug(Exception):
    """The process ended here."""


class Watched:
    """A connection that counts its statements and ends before the one that it is told to."""

    def __init__(self, tx: Transaction, *, end_before: int | None = None) -> None:
        self._tx = tx
        self._end_before = end_before
        self.statements = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._tx, name)
        if name not in ("execute", "fetch", "fetchval", "fetchrow"):
            return method

        async def sent(*arguments: Any) -> Any:
            self.statements += 1
            if self.statements == self._end_before:
                raise PulledPlug
            return await method(*arguments)

        return sent


async def contents(database: Database) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, as values that compare, without numbers that are drawn."""
    held = {}
    async with database.read() as tx:
        for table in TABLES:
            rows = [
                {name: value for name, value in dict(row).items() if name not in _DRAWN}
                for row in await tx.fetch(f"select * from {table}")
            ]
            held[table] = sorted(rows, key=lambda row: orjson.dumps(row, default=repr))
    return held


async def published(database: Database) -> list[dict[str, Any]]:
    """Every event that waits in the outbox, in order."""
    async with database.read() as tx:
        rows = await tx.fetch("select id, key, body from outbox order by seq")
    return [{**orjson.loads(row["body"]), "message": row["id"], "key": row["key"]} for row in rows]
