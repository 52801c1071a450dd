"""Migrations: once, whoever asks and however often; each role in its own schema and nowhere else."""

from __future__ import annotations

import asyncio
import itertools
import secrets
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from xianjie.chassis.migrations import (
    MigrationFailed,
    Schema,
    bus_schema,
    connected,
    migrate,
    service_schema,
    with_database,
    with_login,
)
from xianjie.chassis.postgres import EmbeddedPostgres
from xianjie.chassis.schema_dump import differences, main, schema_dump

_numbers = itertools.count()

FIRST = "-- migrate:up\ncreate table first (id int primary key);\n-- migrate:down\ndrop table first;\n"
SECOND = "-- migrate:up\nalter table first add column note text;\n-- migrate:down\n"
BROKEN = "-- migrate:up\ncreate table half (id int);\nselect nonsense;\n-- migrate:down\n"


@pytest.fixture
async def dsn(postgres: EmbeddedPostgres) -> AsyncIterator[str]:
    """The superuser's URL of a database that does not exist yet; roles are new for each test too."""
    database = f"migrated_{next(_numbers)}"
    yield with_database(postgres.admin_dsn(), database)
    async with connected(postgres.admin_dsn()) as admin:
        await admin.execute(f"drop database if exists {database} with (force)")


def name_of(dsn: str) -> str:
    return dsn.rpartition("/")[2]


def described(tmp_path: Path, **files: str) -> Schema:
    for name, text in files.items():
        (tmp_path / f"{name[1:]}.sql").write_text(text)
    return Schema(name=f"s{secrets.token_hex(4)}", password='it\'s "odd" %20?&', directories=(tmp_path,))


async def apply(dsn: str, *schemas: Schema) -> None:
    await migrate(with_database(dsn, "postgres"), schemas, database=name_of(dsn))


def as_role(dsn: str, schema: Schema) -> str:
    return with_login(dsn, schema.name, schema.password)


async def test_the_committed_dumps_are_what_the_migrations_make(postgres, templates, dsn) -> None:
    await migrate(postgres.admin_dsn(), templates.schemas(), database=name_of(dsn))
    assert await differences(dsn, binaries=postgres.binaries) == {}


async def test_a_second_run_changes_nothing_and_is_quick(postgres, templates, dsn) -> None:
    schemas = templates.schemas()
    await migrate(postgres.admin_dsn(), schemas, database=name_of(dsn))
    before = [await schema_dump(dsn, schema.name, binaries=postgres.binaries) for schema in schemas]
    times = []
    for _ in range(3):
        began = time.perf_counter()
        await migrate(postgres.admin_dsn(), schemas, database=name_of(dsn))
        times.append(time.perf_counter() - began)
    assert min(times) < 0.3
    assert before == [await schema_dump(dsn, schema.name, binaries=postgres.binaries) for schema in schemas]


async def test_concurrent_runs_take_turns_and_all_succeed(dsn, tmp_path) -> None:
    schema = described(tmp_path, _0001_first=FIRST, _0002_second=SECOND)
    await asyncio.gather(*(apply(dsn, schema) for _ in range(4)))
    async with connected(as_role(dsn, schema), search_path=schema.name) as owner:
        assert [
            r["version"] for r in await owner.fetch("select version from schema_migrations order by 1")
        ] == [
            "0001",
            "0002",
        ]


async def test_a_later_file_is_applied_by_a_later_run(dsn, tmp_path) -> None:
    schema = described(tmp_path, _0001_first=FIRST)
    await apply(dsn, schema)
    (tmp_path / "0002_second.sql").write_text(SECOND)
    await apply(dsn, schema)
    async with connected(as_role(dsn, schema), search_path=schema.name) as owner:
        await owner.execute("insert into first (id, note) values (1, '移送')")


async def test_a_file_that_fails_leaves_nothing_of_itself_and_is_tried_again(dsn, tmp_path) -> None:
    schema = described(tmp_path, _0001_first=FIRST, _0002_broken=BROKEN)
    with pytest.raises(MigrationFailed, match="nonsense"):
        await apply(dsn, schema)
    async with connected(as_role(dsn, schema), search_path=schema.name) as owner:
        assert await owner.fetchval("select to_regclass('half')") is None
        assert await owner.fetchval("select to_regclass('first')") is not None
    (tmp_path / "0002_broken.sql").write_text(BROKEN.replace("select nonsense;", ""))
    await apply(dsn, schema)


async def test_two_files_with_one_version_are_refused(tmp_path) -> None:
    schema = described(tmp_path, _0001_first=FIRST, _0001_second=SECOND)
    with pytest.raises(MigrationFailed, match="same version 0001"):
        schema.files()


async def test_a_role_owns_its_tables_and_sees_no_other_schema_and_no_other_password_opens_it(dsn) -> None:
    suffix = secrets.token_hex(4)
    ours = [bus_schema(password="b"), service_schema("intake", password="i")]
    roles = [Schema(name=f"{s.name}_{suffix}", password=s.password, directories=s.directories) for s in ours]
    await apply(dsn, *roles)
    bus, intake = roles
    async with connected(as_role(dsn, intake), search_path=intake.name) as session:
        assert (
            await session.fetchval("select tableowner from pg_tables where tablename = 'outbox'")
            == intake.name
        )
        for forbidden in (
            f"select * from {bus.name}.log",
            "create table public.mine (id int)",
            "create schema mine",
            f"create table {bus.name}.mine (id int)",
            "create temporary table mine (id int)",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await session.execute(forbidden)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(with_login(dsn, intake.name, "b"))


async def test_a_new_password_replaces_the_old_one(dsn, tmp_path) -> None:
    old = described(tmp_path, _0001_first=FIRST)
    await apply(dsn, old)
    new = Schema(name=old.name, password="another", directories=old.directories)
    await apply(dsn, new)
    async with connected(as_role(dsn, new)):
        pass
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(as_role(dsn, old))


async def test_a_role_outside_cannot_enter_the_database(dsn, tmp_path, postgres) -> None:
    schema = described(tmp_path, _0001_first=FIRST)
    await apply(dsn, schema)
    stranger = Schema(name=f"s{secrets.token_hex(4)}", password="x", directories=())
    async with connected(postgres.admin_dsn()) as admin:
        await admin.execute(f"create role {stranger.name} login password 'x'")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(as_role(dsn, stranger))


async def test_grants_give_a_further_role_what_they_say_and_nothing_else(dsn, tmp_path) -> None:
    plain = described(tmp_path, _0001_first=FIRST)
    writer = f"{plain.name}_writer"
    grants = tmp_path / "grants"
    grants.write_text(
        f"grant usage on schema {plain.name} to {writer}; grant select, insert on first to {writer};"
    )
    schema = Schema(
        name=plain.name,
        password=plain.password,
        directories=plain.directories,
        roles={writer: "w"},
        grants=grants,
    )
    for _ in range(2):
        await apply(dsn, schema)
    async with connected(with_login(dsn, writer, "w"), search_path=plain.name) as session:
        await session.execute("insert into first values (1)")
        for forbidden in (
            "update first set id = 2",
            "delete from first",
            "truncate first",
            "drop table first",
        ):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await session.execute(forbidden)


async def test_the_audit_writer_cannot_change_or_remove_a_leaf(database_for) -> None:
    database = await database_for("audit", role="audit_writer")
    for forbidden in ("update leaf set place = 0", "delete from leaf", "truncate leaf"):
        with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.UndefinedColumnError)):
            async with database.transaction() as tx:
                await tx.execute(forbidden)
    async with database.read() as tx:
        for privilege, allowed in (("insert", True), ("select", True), ("update", False), ("delete", False)):
            assert await tx.fetchval("select has_table_privilege('leaf', $1)", privilege) is allowed


def test_the_command_explains_its_use(capsys) -> None:
    assert main(["nonsense"]) == 2
    assert "dump|check" in capsys.readouterr().err
