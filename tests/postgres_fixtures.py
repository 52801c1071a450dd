"""A real PostgreSQL for every test that wants one, and patience without sleeping.

    async def test_something(database_for):
        database = await database_for("intake")            # xianjie.chassis.database.Database, migrated and
        empty bus = PostgresBus(await database_for("bus"))
        restricted = await database_for("audit", role="audit_writer")   # same data, another role

One embedded server runs for each test process. A schema is migrated once into a template; each test gets a
database of its own cloned from it, dropped afterwards. Only the schema that is asked for is migrated, so a
broken migration of one service leaves the tests of the others alone.
"""

from __future__ import annotations

import asyncio
import itertools
import shutil
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

import pytest

from xianjie.chassis import telemetry
from xianjie.chassis.database import Database
from xianjie.chassis.migrations import Schema, connected, migrate
from xianjie.chassis.postgres import EmbeddedPostgres, PostgresSettings
from xianjie.chassis.schema_dump import all_schemas

SMALL = {"shared_buffers": "32MB", "max_wal_size": "256MB", "max_connections": "200"}


class DatabaseFor(Protocol):
    """Makes databases for one test."""

    async def __call__(self, schema: str, *, role: str | None = None, pool_size: int = 8) -> Database:
        """Return the test's own database of a schema, as its owner or as another of its roles."""
        ...


def pytest_configure() -> None:
    """Send logs where pytest shows them with a failure."""
    telemetry.configure()


@pytest.fixture(scope="session")
def postgres_home() -> AsyncIterator[Path]:
    """A directory that the server's user may pass through, even when root runs the tests."""
    home = Path(tempfile.mkdtemp(prefix="xianjie-test-"))
    home.chmod(0o755)
    yield home
    shutil.rmtree(home)


@pytest.fixture(scope="session")
async def postgres(postgres_home: Path) -> AsyncIterator[EmbeddedPostgres]:
    """The server of this test process. Tests that stop or kill a server start one of their own."""
    async with EmbeddedPostgres(PostgresSettings(data=postgres_home / "shared", parameters=SMALL)) as server:
        yield server


class Templates:
    """Databases that are migrated once and cloned for each test."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server
        self._schemas = {schema.name: schema for schema in all_schemas()}
        self._made: dict[str, asyncio.Task[None]] = {}
        self._numbers = itertools.count(1)

    def schemas(self) -> list[Schema]:
        """Return every schema. Roles belong to the whole server: never migrate with other passwords."""
        return list(self._schemas.values())

    def schema(self, name: str) -> Schema:
        """What is migrated, with the passwords of its roles."""
        return self._schemas[name]

    async def clone(self, schema: str) -> str:
        """Return the name of a new database with this schema."""
        template = f"template_{schema}"
        if schema not in self._made:
            migrated = migrate(self.server.admin_dsn(), [self._schemas[schema]], database=template)
            self._made[schema] = asyncio.ensure_future(migrated)
        await self._made[schema]
        name = f"test_{next(self._numbers)}"
        async with connected(self.server.admin_dsn()) as admin:
            await admin.execute(f"create database {name} template {template}")
        return name

    async def drop(self, name: str) -> None:
        """Drop a test's database, whoever is still connected."""
        async with connected(self.server.admin_dsn()) as admin:
            await admin.execute(f"drop database {name} with (force)")


@pytest.fixture(scope="session")
async def templates(postgres: EmbeddedPostgres) -> Templates:
    """The migrated templates of this test process."""
    return Templates(postgres)


@pytest.fixture
async def database_for(templates: Templates) -> AsyncIterator[DatabaseFor]:
    """Make databases for this test; see the head of this file."""
    names: dict[str, str] = {}

    async with AsyncExitStack() as leaving:

        async def make(schema: str, *, role: str | None = None, pool_size: int = 8) -> Database:
            if schema not in names:
                names[schema] = await templates.clone(schema)
                leaving.push_async_callback(templates.drop, names[schema])
            described = templates.schema(schema)
            user = role or schema
            settings = templates.server.settings_for(
                user=user,
                password=described.password if role is None else described.roles[role],
                schema=schema,
                database=names[schema],
                pool_size=pool_size,
            )
            database = await Database.connect(settings)
            leaving.push_async_callback(database.close)
            return database

        yield make


Condition = Callable[[], Awaitable[bool]]


@pytest.fixture(scope="session")
def eventually() -> Callable[..., Awaitable[None]]:
    """`await eventually(condition, seconds=10)`: look until it holds, fail at the deadline."""

    async def look(condition: Condition, *, seconds: float = 10.0) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not await condition():  # noqa: ASYNC110
                    # What is looked at lies in another process, so there is no event to wait on.
                    await asyncio.sleep(0.005)
        except TimeoutError:
            pytest.fail(f"this did not become true within {seconds} s: {condition}")

    return look
