"""Reaching the databases of a data directory, whether or not the system is running on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from xianjie.chassis.database import Database, DatabaseSettings
from xianjie.chassis.migrations import migrate
from xianjie.chassis.postgres import EmbeddedPostgres, PostgresRefusal, PostgresSettings

from .places import ROLES, WORKING_ROLES, Places, schemas

# Lines of postmaster.pid, from 0: PostgreSQL documents the file in its source (miscadmin.h).
_PORT_LINE, _SOCKET_LINE = 3, 4


@asynccontextmanager
async def attached(places: Places) -> AsyncIterator[Mapping[str, Database]]:
    """Yield the databases of every service, by schema.

    If the system runs, its server is used as it is; otherwise a server is started for as long as needed.

    Raises:
        PostgresRefusal: there is no data directory, or its server cannot be reached.
    """
    if not places.cluster.exists():
        raise PostgresRefusal(f"{places.data}: 这里没有数据目录 / there is no data directory")
    passwords = places.passwords(ROLES)
    async with AsyncExitStack() as stack:
        address = _address(places.cluster)
        if address is None:
            server = await stack.enter_async_context(EmbeddedPostgres(PostgresSettings(data=places.cluster)))
            await migrate(server.admin_dsn(), schemas(passwords))
            address = (str(server.socket_directory), server.port)
        databases = {}
        for schema, role in WORKING_ROLES.items():
            settings = DatabaseSettings(
                host=address[0],
                port=address[1],
                user=role,
                password=passwords[role],
                database="xianjie",
                schema=schema,
                pool_size=2,
            )
            databases[schema] = await Database.connect(settings)
            stack.push_async_callback(databases[schema].close)
        yield databases


def _address(cluster: Path) -> tuple[str, int] | None:
    """Return socket directory and port of the server that runs on the directory, None when none does."""
    try:
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        pid = int(lines[0])
    except (OSError, ValueError, IndexError):
        return None
    if not Path(f"/proc/{pid}").exists() or len(lines) <= _SOCKET_LINE:
        return None
    return lines[_SOCKET_LINE], int(lines[_PORT_LINE])
