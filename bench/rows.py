"""The limits: the same bytes written by bare asyncpg into tables as wide as the platform's.

No validation, no deduplication beyond the unique key, no reading: what is left is the database.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from itertools import cycle, islice
from time import perf_counter
from typing import Any
from uuid import uuid4

import asyncpg
import uvloop

DATABASE = "bench"
Write = Callable[["asyncpg.Connection[asyncpg.Record]", Sequence[bytes]], Awaitable[None]]
BATCH = 500

_TABLES = """
drop table if exists event, outbox, case_file;
create table event (
    position bigint generated always as identity primary key, source text not null, id text not null,
    type text not null, subject text not null, digest text not null, body bytea not null,
    released_at timestamptz not null, recorded_at timestamptz not null, submission bigint not null,
    item integer not null, original text not null, warnings jsonb not null, unique (source, id)
);
create table outbox (
    seq bigint generated always as identity primary key, topic text not null, key text not null,
    id text not null, body bytea not null, headers jsonb not null
);
create table case_file (subject text primary key, state jsonb not null, evaluated_until timestamptz not null);
"""
_EVENT_COLUMNS = (
    "source", "id", "type", "subject", "digest", "body", "released_at", "recorded_at", "submission", "item",
    "original", "warnings",
)  # fmt: skip
_OUTBOX_COLUMNS = ("topic", "key", "id", "body", "headers")

# One statement: one round trip and one commit for both tables.
GROUP = """
with kept as (
    insert into event (source, id, type, subject, digest, body, released_at, recorded_at, submission, item,
                       original, warnings)
    select $3, e.id, $4, $3 || '/' || e.id, $5, e.body, $6, $6, 1, 0, $5, '[]'
    from unnest($1::text[], $2::bytea[]) as e (id, body)
)
insert into outbox (topic, key, id, body, headers)
select 'intake.events', $3 || '/' || e.id, e.id, e.body,
       jsonb_build_object('type', $4::text, 'digest', $5::text)
from unnest($1::text[], $2::bytea[]) as e (id, body)
"""
_STATE = """
insert into case_file (subject, state, evaluated_until)
select c.subject, c.state::jsonb, $3 from unnest($1::text[], $2::text[]) as c (subject, state)
on conflict (subject) do update set state = excluded.state, evaluated_until = excluded.evaluated_until
"""
_EVENTS = """
insert into event (source, id, type, subject, digest, body, released_at, recorded_at, submission, item,
                   original, warnings)
select $3, e.id, $4, $3 || '/' || e.id, $5, e.body, $6, $6, 1, 0, $5, '[]'
from unnest($1::text[], $2::bytea[]) as e (id, body)
"""
_OUTBOX = """
insert into outbox (topic, key, id, body, headers)
select 'intake.events', $3::text, e.id, e.body, '{"type": "x"}'
from unnest($1::text[], $2::bytea[]) as e (id, body)
"""

SOURCE = "urn:xianjie:organ:ag-330784-fire_rescue"
TYPE = "cn.xianjie.evidence.recorded.v1"
DIGEST = "sha-256:" + "0" * 64


async def prepare(admin_dsn: str, dsn: str) -> None:
    """Make a database of the limits with empty tables on the server that is measured."""
    connection = await asyncpg.connect(admin_dsn)
    if not await connection.fetchval("select true from pg_database where datname = $1", DATABASE):
        await connection.execute(f"create database {DATABASE}")
    await connection.close()
    await empty(dsn)


async def empty(dsn: str) -> None:
    """Make the tables anew, so that no window pays for the one before."""
    connection = await asyncpg.connect(dsn)
    await connection.execute(_TABLES)
    await connection.execute("checkpoint")
    await connection.close()


def group_arguments(bodies: Sequence[bytes]) -> tuple[Any, ...]:
    """Return the arguments of `GROUP` for bodies, each under a new id."""
    return ([uuid4().hex for _ in bodies], bodies, SOURCE, TYPE, DIGEST, datetime.now(UTC))


def copy_rate(dsn: str, body: bytes, *, events: int) -> float:
    """Return events per second of COPY, 500 events with their outbox rows per commit, one connection."""
    return uvloop.run(_rate(dsn, body, events, _copy))


def unnest_rate(dsn: str, body: bytes, *, events: int) -> float:
    """Return events per second of one insert from arrays, 500 events per commit, one connection."""
    return uvloop.run(_rate(dsn, body, events, _unnest))


def settled_rate(dsn: str, body: bytes, state: str, *, events: int) -> float:
    """Return events per second of three statements (event, state, outbox) for each 500 events and commit.

    Each event moves a case; a case is moved eight times.
    """
    cases = cycle(f"case-{number}" for number in range(events // 8))

    async def write(connection: asyncpg.Connection[asyncpg.Record], bodies: Sequence[bytes]) -> None:
        ids, subjects = [uuid4().hex for _ in bodies], list(islice(cases, len(bodies)))
        now = datetime.now(UTC)
        async with connection.transaction():
            await connection.execute(_EVENTS, ids, bodies, SOURCE, TYPE, DIGEST, now)
            await connection.execute(_STATE, subjects, [state] * len(ids), now)
            await connection.execute(_OUTBOX, ids, bodies, SOURCE)

    return uvloop.run(_rate(dsn, body, events, write))


async def _rate(dsn: str, body: bytes, events: int, write: Write) -> float:
    await empty(dsn)
    connection = await asyncpg.connect(dsn)
    bodies = [body] * BATCH
    await write(connection, bodies)  # prepares the statements
    began = perf_counter()
    for _ in range(events // BATCH):
        await write(connection, bodies)
    seconds = perf_counter() - began
    await connection.close()
    return events // BATCH * BATCH / seconds


async def _copy(connection: asyncpg.Connection[asyncpg.Record], bodies: Sequence[bytes]) -> None:
    now = datetime.now(UTC)
    ids = [uuid4().hex for _ in bodies]
    events = [
        (SOURCE, id_, TYPE, f"{SOURCE}/{id_}", DIGEST, body, now, now, 1, 0, DIGEST, "[]")
        for id_, body in zip(ids, bodies, strict=True)
    ]
    outbox = [
        ("intake.events", f"{SOURCE}/{id_}", id_, body, '{"type": "x"}')
        for id_, body in zip(ids, bodies, strict=True)
    ]
    async with connection.transaction():
        await connection.copy_records_to_table("event", records=events, columns=_EVENT_COLUMNS)
        await connection.copy_records_to_table("outbox", records=outbox, columns=_OUTBOX_COLUMNS)


async def _unnest(connection: asyncpg.Connection[asyncpg.Record], bodies: Sequence[bytes]) -> None:
    await connection.execute(GROUP, *group_arguments(bodies))
