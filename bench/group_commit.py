"""The limit of the single POST: `python -m bench.group_commit DSN`.

A raw ASGI app under uvicorn with its defaults. A request waits until the statement that holds its bytes has
committed; whoever comes meanwhile shares the next one. Nothing is checked.
"""

from __future__ import annotations

import asyncio
import sys
from collections import deque
from typing import Any

import asyncpg
import uvicorn

from .rows import BATCH, DIGEST, GROUP, SOURCE, TYPE, group_arguments

# As long as a receipt of the platform.
_ANSWER = b'{"receipt":"' + f"{SOURCE}{TYPE}{DIGEST}{DIGEST}".encode().ljust(480, b".") + b'"}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", str(len(_ANSWER)).encode())]


class GroupCommit:
    """Answers each request after the commit of its bytes."""

    def __init__(self, dsn: str) -> None:
        """Name the database; the connection is opened by the first request."""
        self._dsn = dsn
        self._connection: asyncpg.Connection[asyncpg.Record] | None = None
        self._waiting: deque[tuple[bytes, asyncio.Future[None]]] = deque()
        self._writer: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Take one request."""
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((body, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write())
        await done
        await send({"type": "http.response.start", "status": 201, "headers": _HEADERS})
        await send({"type": "http.response.body", "body": _ANSWER})

    async def _write(self) -> None:
        if self._connection is None:
            self._connection = await asyncpg.connect(self._dsn)
        while self._waiting:
            group = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
            await self._connection.execute(GROUP, *group_arguments([body for body, _ in group]))
            for _, done in group:
                if not done.done():
                    done.set_result(None)


class _Announced(uvicorn.Server):
    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"ready http://127.0.0.1:{self.servers[0].sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    app = GroupCommit(sys.argv[1])
    _Announced(uvicorn.Config(app, port=0, lifespan="off", log_config=None, access_log=False)).run()
