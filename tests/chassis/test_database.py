"""The door to a schema: whole transactions, one snapshot for a reader, one error when the server is away."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import asyncpg
import pytest
from tests.postgres_fixtures import SMALL

from xianjie.chassis.database import Database
from xianjie.chassis.postgres import EmbeddedPostgres, PostgresSettings
from xianjie.contracts.errors import Unavailable


@pytest.fixture
async def database(database_for) -> Database:
    database = await database_for("messaging")
    async with database.transaction() as tx:
        await tx.execute("create table things (id int primary key, said jsonb, at timestamptz default now())")
    return database


async def count(database: Database) -> int:
    async with database.read() as tx:
        return await tx.fetchval("select count(*) from things")


async def test_a_transaction_commits_whole_or_not_at_all(database) -> None:
    async with database.transaction() as tx:
        await tx.execute("insert into things (id) values (1)")
    with pytest.raises(asyncpg.UniqueViolationError):
        async with database.transaction() as tx:
            await tx.execute("insert into things (id) values (2)")
            await tx.execute("insert into things (id) values (1)")
    assert await count(database) == 1


async def test_a_reader_sees_one_snapshot_and_cannot_write(database) -> None:
    async with database.read() as reader:
        assert await reader.fetchval("select count(*) from things") == 0
        async with database.transaction() as tx:
            await tx.execute("insert into things (id) values (1)")
        assert await reader.fetchval("select count(*) from things") == 0
    assert await count(database) == 1


async def test_json_and_instants_are_python_values(database) -> None:
    said = {"金额": 5000, "list": [1, None, True], "text": "é"}
    async with database.transaction() as tx:
        await tx.execute("insert into things (id, said) select 1, u from unnest($1::jsonb[]) u", [said])
        row = await tx.fetchrow("select said, said::json as plain, at from things")
    assert row["said"] == row["plain"] == said
    assert isinstance(row["at"], datetime)
    assert row["at"].tzinfo is UTC


async def test_a_fault_of_the_caller_is_not_hidden_behind_the_database(database) -> None:
    with pytest.raises(asyncpg.UndefinedTableError):
        async with database.transaction() as tx:
            await tx.execute("select * from nothing")
    with pytest.raises(FileNotFoundError):
        async with database.transaction():
            raise FileNotFoundError("a file of the caller")


@pytest.mark.parametrize("moment", ["within", "commit"])
async def test_a_lost_connection_is_unavailable_and_the_next_transaction_gets_another(
    moment, database
) -> None:
    with pytest.raises(Unavailable):
        async with database.transaction() as tx:
            pid = await tx.fetchval("select pg_backend_pid()")
            await tx.execute("insert into things (id) values (1)")
            await end(database, pid)
            if moment == "within":
                await tx.execute("insert into things (id) values (2)")
    assert await count(database) == 0
    assert await database.ping()


async def end(database: Database, pid: int) -> None:
    async with database.transaction() as tx:
        assert await tx.fetchval("select pg_terminate_backend($1, 5000)", pid)


async def test_nobody_at_the_address_is_unavailable_and_a_wrong_password_is_not(database) -> None:
    with pytest.raises(Unavailable) as refused:
        await Database.connect(replace(database.settings, host="127.0.0.1", port=1))
    assert refused.value.problem.code == "database.away"
    with pytest.raises(asyncpg.InvalidPasswordError):
        await Database.connect(replace(database.settings, password="wrong"))


async def test_a_read_only_server_is_unavailable_and_says_so(database) -> None:
    with pytest.raises(Unavailable) as refused:
        async with database.transaction() as tx:
            await tx.execute("set transaction read only")
            await tx.execute("insert into things (id) values (1)")
    assert refused.value.problem.code == "database.read_only"


async def test_the_pool_recovers_by_itself_when_the_server_comes_back(postgres_home, eventually) -> None:
    settings = PostgresSettings(data=postgres_home / "comes-back", parameters=SMALL)
    async with EmbeddedPostgres(settings) as server:
        port = server.port
        password = (postgres_home / "comes-back.password").read_text().strip()
        where = server.settings_for(user="postgres", password=password, schema="public", database="postgres")
        database = await Database.connect(where)
        assert await database.ping()
    assert not await database.ping()
    with pytest.raises(Unavailable):
        async with database.transaction():
            pass
    async with EmbeddedPostgres(replace(settings, port=port)):
        await eventually(database.ping)
        await database.close()


async def test_a_cancelled_transaction_leaves_nothing(database) -> None:
    inside = asyncio.Event()

    async def work() -> None:
        async with database.transaction() as tx:
            await tx.execute("insert into things (id) values (1)")
            inside.set()
            await asyncio.Event().wait()

    working = asyncio.ensure_future(work())
    await inside.wait()
    working.cancel()
    await asyncio.wait([working])
    assert working.cancelled()
    assert await count(database) == 0
