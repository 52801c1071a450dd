"""The schemas as SQL, committed beside the migrations, so that a change of a migration shows as a change of
a schema.

`python -m xianjie.chassis.migrations dump` writes the files, `... check` compares them: exit code 1 when one
differs.
"""

from __future__ import annotations

import asyncio
import difflib
import os
import secrets
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote, urlsplit

from xianjie.chassis import telemetry
from xianjie.chassis.migrations import (
    DATABASE,
    SERVICE_ROLES,
    SERVICES,
    MigrationPaths,
    Schema,
    bus_schema,
    migrate,
    service_schema,
)
from xianjie.chassis.postgres import EmbeddedPostgres, PostgresSettings
from xianjie.chassis.postgres_data import Binaries

MESSAGING = "messaging"


class DumpFailed(Exception):
    """pg_dump could not read a schema; the text is its own."""


async def schema_dump(admin_dsn: str, schema: str, *, binaries: Binaries) -> str:
    """Return the definition of a schema as normalised SQL: without comments, settings and owners.

    Args:
        admin_dsn: superuser's URL of the database that holds the schema.
        schema: its name.
        binaries: the server's programs.

    Raises:
        DumpFailed: pg_dump said no.
    """
    run = await asyncio.create_subprocess_exec(
        str(binaries.program("pg_dump")),
        "--schema-only",
        "--no-owner",
        f"--schema={schema}",
        f"--exclude-table={schema}.schema_migrations",
        cwd="/",
        env=_login(admin_dsn),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    said, complaint = await run.communicate()
    if run.returncode != 0:
        raise DumpFailed(complaint.decode("utf-8", "replace").strip())
    return _normalised(said.decode("utf-8"))


def _login(dsn: str) -> dict[str, str]:
    # By environment: arguments of a process are visible to every user of the machine.
    parts = urlsplit(dsn)
    return {
        "PATH": os.defpath,
        "PGHOST": parts.hostname or "127.0.0.1",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": parts.path.removeprefix("/"),
    }


def _normalised(dump: str) -> str:
    """Keep what defines the schema, drop what a version or a run of pg_dump adds."""
    kept: list[str] = []
    for line in dump.splitlines():
        noise = line.startswith(("--", "SET ", "SELECT pg_catalog.set_config", "\\restrict", "\\unrestrict"))
        if noise or (not line and (not kept or not kept[-1])):
            continue
        kept.append(line.rstrip())
    return "\n".join(kept).strip() + "\n"


def dump_files(paths: MigrationPaths | None = None) -> dict[str, Path]:
    """Return by schema the file that holds its committed dump."""
    root = (paths or MigrationPaths()).root
    chassis = {name: root / "packages" / "chassis" / f"{name}.sql" for name in ("bus", MESSAGING)}
    return chassis | {name: root / "services" / name / "schema.sql" for name in SERVICES}


def all_schemas(paths: MigrationPaths | None = None) -> list[Schema]:
    """Return every schema of the product with fresh passwords, and `messaging` with the common tables
    alone."""
    paths = paths or MigrationPaths()
    services = [
        service_schema(
            name,
            password=secrets.token_urlsafe(),
            roles={role: secrets.token_urlsafe() for role in SERVICE_ROLES.get(name, ())},
            paths=paths,
        )
        for name in SERVICES
    ]
    messaging = Schema(name=MESSAGING, password=secrets.token_urlsafe(), directories=(paths.messaging,))
    return [bus_schema(password=secrets.token_urlsafe(), paths=paths), messaging, *services]


async def differences(
    admin_dsn: str, *, binaries: Binaries, paths: MigrationPaths | None = None
) -> dict[str, str]:
    """Return by schema how the migrated database differs from the committed dump; empty when none does."""
    found = {}
    for schema, file in dump_files(paths).items():
        actual = await schema_dump(admin_dsn, schema, binaries=binaries)
        committed = file.read_text(encoding="utf-8") if file.is_file() else ""
        if actual != committed:
            lines = difflib.unified_diff(
                committed.splitlines(), actual.splitlines(), str(file), "migrated", lineterm=""
            )
            found[schema] = "\n".join(lines)
    return found


@contextmanager
def _home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="xianjie-") as home:
        Path(home).chmod(0o755)  # ours, and the server's user must pass through it
        yield Path(home)


async def _run(action: str) -> int:
    with _home() as home:
        async with EmbeddedPostgres(PostgresSettings(data=home / "data")) as server:
            await migrate(server.admin_dsn(), all_schemas())
            dsn = server.admin_dsn(DATABASE)
            if action == "check":
                found = await differences(dsn, binaries=server.binaries)
                sys.stdout.writelines(f"{diff}\n" for diff in found.values())
                return 1 if found else 0
            for schema, file in dump_files().items():
                file.write_text(await schema_dump(dsn, schema, binaries=server.binaries), encoding="utf-8")
                sys.stdout.write(f"{file}\n")
            return 0


def main(arguments: Sequence[str]) -> int:
    """Run `dump` or `check`; return the exit code."""
    if list(arguments) not in (["dump"], ["check"]):
        sys.stderr.write("usage: python -m xianjie.chassis.migrations dump|check\n")
        return 2
    telemetry.configure()
    return asyncio.run(_run(arguments[0]))
