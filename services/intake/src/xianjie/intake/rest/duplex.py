"""An answer that is written while the request is still being read.

Many clients read nothing before they have sent everything. To stop reading until they read would leave both
sides waiting for ever, so what they do not fetch goes to a temporary file and the reading goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from tempfile import SpooledTemporaryFile
from typing import Final

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_IN_MEMORY_BYTES: Final = 256 << 10
_PIECE_BYTES: Final = 64 << 10


class DuplexResponse(Response):
    """Sends what a generator yields; the generator itself reads the request."""

    def __init__(self, *, first: bytes, rest: AsyncGenerator[bytes, None], media_type: str) -> None:
        """Describe the answer; `first` was taken from the generator before, to let it fail early."""
        super().__init__(status_code=200, media_type=media_type)
        del self.headers["content-length"]
        self._first = first
        self._rest = rest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer; `receive` belongs to the generator."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        with _Spool() as spool:
            spool.put(self._first)
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._fill(spool))
                tasks.create_task(_empty(spool, send))

    async def _fill(self, spool: _Spool) -> None:
        try:
            async for piece in self._rest:
                spool.put(piece)
        finally:
            spool.end()
            await self._rest.aclose()


async def _empty(spool: _Spool, send: Send) -> None:
    while piece := await spool.take():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


class _Spool:
    """A queue of bytes, in memory while it is short."""

    def __init__(self) -> None:
        self._file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115  (closed by __exit__)
        self._written = 0
        self._taken = 0
        self._ended = False
        self._news = asyncio.Event()

    def __enter__(self) -> _Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def put(self, data: bytes) -> None:
        self._file.seek(self._written)
        self._written += self._file.write(data)
        self._news.set()

    def end(self) -> None:
        self._ended = True
        self._news.set()

    async def take(self) -> bytes:
        """Return the next bytes, none after the end."""
        while self._taken == self._written and not self._ended:
            self._news.clear()
            await self._news.wait()
        self._file.seek(self._taken)
        piece = self._file.read(_PIECE_BYTES)
        self._taken += len(piece)
        if self._taken == self._written:
            self._file.seek(0)
            self._file.truncate()
            self._taken = self._written = 0
        return piece
