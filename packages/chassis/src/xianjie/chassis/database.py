"""The door to one schema of one PostgreSQL database, as one role."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import asyncpg
import orjson
from asyncpg.pool import PoolConnectionProxy

from xianjie.contracts.errors import Problem, Unavailable

#: What `transaction()` and `read()` yield.
Transaction: TypeAlias = "PoolConnectionProxy[asyncpg.Record] | asyncpg.Connection[asyncpg.Record]"

CONNECT_SECONDS = 10.0
ACQUIRE_SECONDS = 30.0

# The server is there and says that it cannot do its work at present.
_AWAY = (
    asyncpg.PostgresConnectionError,  # class 08
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,  # class 53: disk full, out of memory, too many connections
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.PostgresIOError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseSettings:
    """How one service reaches its schema.

    Attributes:
        host: name, address, or directory of the unix socket.
        port: TCP port; it is also part of the socket's name.
        user: role of the service.
        password: of that role; never shown.
        database: name of the database.
        schema: the only schema on the search path.
        pool_size: most connections at once.
    """

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    database: str
    schema: str
    pool_size: int = 8


def unavailable(cause: BaseException | None = None) -> Unavailable:
    """Return the error that says that the database does not answer; `cause` only chooses the words."""
    if isinstance(cause, asyncpg.ReadOnlySQLTransactionError):
        return Unavailable(
            Problem(
                code="database.read_only",
                detail="数据库当前为只读状态, 未作任何更改。",
                detail_en="The database is read-only at the moment; nothing was changed.",
                todo="请稍后以相同内容重试; 若持续出现, 请联系平台管理员。",
                todo_en="Send the same request again later; tell the operator if it goes on.",
            )
        )
    return Unavailable(
        Problem(
            code="database.away",
            detail="数据库当前不可用, 平台未确认任何内容。",
            detail_en="The database does not answer at the moment; nothing was acknowledged.",
            todo="请稍后以相同内容重试, 重复提交无副作用。",
            todo_en="Send the same request again later; repeating it is harmless.",
        )
    )


class Database:
    """A pool of connections of one role with one schema on the search path.

    `json` and `jsonb` values are Python values in both directions; instants are aware and in UTC.
    """

    def __init__(self, settings: DatabaseSettings, pool: asyncpg.Pool[asyncpg.Record]) -> None:
        """Use `connect`."""
        self.settings = settings
        self._pool = pool

    @classmethod
    async def connect(cls, settings: DatabaseSettings) -> Database:
        """Open the pool and try one connection, more follow as they are needed.

        Raises:
            Unavailable: the server does not answer.
            asyncpg.InvalidPasswordError: role or password are wrong.
        """
        try:
            pool = await asyncpg.create_pool(
                **_arguments(settings),
                min_size=0,
                max_size=settings.pool_size,
                init=_teach_json,
                reset=_keep_session,
            )
            await pool.release(await pool.acquire())
        except (*_AWAY, OSError, TimeoutError) as cause:
            raise unavailable(cause) from cause
        return cls(settings, pool)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """Yield a connection inside one READ COMMITTED transaction; leaving the block commits it durably.

        Raises:
            Unavailable: the server is away, full or read-only. If it went away during the commit, the
                transaction may have been committed; whoever repeats it finds out by the keys of its rows.
        """
        async with self._lend() as connection, connection.transaction():
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Transaction]:
        """Yield a connection inside one read-only transaction that sees one snapshot throughout.

        Raises:
            Unavailable: the server is away.
        """
        async with (
            self._lend() as connection,
            connection.transaction(isolation="repeatable_read", readonly=True),
        ):
            yield connection

    @asynccontextmanager
    async def _lend(self) -> AsyncIterator[Transaction]:
        try:
            connection = await self._pool.acquire(timeout=ACQUIRE_SECONDS)
        except (*_AWAY, OSError, TimeoutError) as cause:
            raise unavailable(cause) from cause
        try:
            async with away_is_unavailable(connection):
                yield connection
        finally:
            await self._return(connection)

    async def _return(self, connection: PoolConnectionProxy[asyncpg.Record]) -> None:
        # The pool drops a connection that it cannot take back; what was committed on it stays committed.
        with suppress(*_AWAY, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError):
            await self._pool.release(connection)

    async def ping(self) -> bool:
        """Whether the server answers on this schema, for `health_router`."""
        try:
            async with self._lend() as connection:
                await connection.execute("select 1")
        except Unavailable:
            return False
        return True

    async def dedicated(self) -> asyncpg.Connection[asyncpg.Record]:
        """Open a connection outside the pool, for LISTEN and for locks that live as long as a session.

        The caller closes it.

        Raises:
            Unavailable: the server does not answer.
        """
        try:
            connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(
                **_arguments(self.settings)
            )
            await _teach_json(connection)
        except (*_AWAY, OSError, TimeoutError) as cause:
            raise unavailable(cause) from cause
        return connection

    async def close(self) -> None:
        """Wait for the connections in use and close them all."""
        await self._pool.close()


@asynccontextmanager
async def away_is_unavailable(connection: Transaction) -> AsyncIterator[None]:
    """Turn what `connection` raises when the server goes away into Unavailable."""
    try:
        yield
    except _AWAY as cause:
        raise unavailable(cause) from cause
    except asyncpg.InternalClientError as cause:
        # The server's farewell came between two statements and left the driver confused.
        with suppress(asyncpg.InterfaceError):
            connection.terminate()
        raise unavailable(cause) from cause
    except (asyncpg.InterfaceError, OSError) as cause:
        # Both also tell of faults that have nothing to do with the server.
        if not _is_gone(connection):
            raise
        raise unavailable(cause) from cause


def _is_gone(connection: Transaction) -> bool:
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:  # the pool has already taken the dead connection away from its borrower
        return True


async def hang_up(connection: asyncpg.Connection[asyncpg.Record]) -> None:
    """Close a dedicated connection, politely where the server still listens."""
    try:
        await connection.close(timeout=1.0)
    except (*_AWAY, asyncpg.InterfaceError, OSError, TimeoutError):
        connection.terminate()


def _arguments(settings: DatabaseSettings) -> dict[str, Any]:
    return {
        "host": settings.host,
        "port": settings.port,
        "user": settings.user,
        "password": settings.password,
        "database": settings.database,
        "timeout": CONNECT_SECONDS,
        "server_settings": {
            "search_path": settings.schema,
            "application_name": f"xianjie {settings.schema}",
            "TimeZone": "UTC",
        },
    }


async def _teach_json(connection: Transaction) -> None:
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: b"\x01" + orjson.dumps(value),
        decoder=lambda data: orjson.loads(data[1:]),
        format="binary",
    )
    await connection.set_type_codec(
        "json", schema="pg_catalog", encoder=orjson.dumps, decoder=orjson.loads, format="binary"
    )


async def _keep_session(connection: Transaction) -> None:
    """Spare the round trip of RESET ALL: nothing that borrows from the pool leaves state in a session."""
