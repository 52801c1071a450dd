"""Read a stream of events, one on each line, and answer each chunk once it is durable.

While one chunk is being committed the next one is read and checked; no more than these two are in memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine
from itertools import count
from typing import Any
from uuid import uuid4

import orjson
from starlette.types import Message, Receive

from xianjie.contracts.errors import Problem, XianjieError
from xianjie.intake.domain.arrivals import Arrival, Item, examine, unreadable
from xianjie.intake.domain.problems import problem_json
from xianjie.intake.domain.verdicts import Verdict
from xianjie.intake.rest.lines import Chunk, Lines

#: Makes an arrival of the bytes and items of one chunk: stream and number of the chunk stand in it.
Arrive = Callable[..., Arrival]


class EventStream:
    """One request whose body is a stream of events."""

    def __init__(
        self,
        receive: Receive,
        lines: Lines,
        *,
        arrive: Arrive,
        submit: Callable[[Arrival], Coroutine[Any, Any, list[Verdict]]],
        render: Callable[[Verdict], bytes],
        too_large: Problem,
        idle_seconds: float,
    ) -> None:
        """Describe the stream.

        Args:
            receive: gives the pieces of the body.
            lines: cuts them.
            arrive: makes an arrival of a chunk.
            submit: makes it durable.
            render: writes one verdict as one line.
            too_large: why a line beyond the limit is refused.
            idle_seconds: silence after which what is there is committed.
        """
        self._receive = receive
        self._lines = lines
        self._arrive = arrive
        self._submit = submit
        self._render = render
        self._too_large = too_large
        self._idle_seconds = idle_seconds
        self._stream = uuid4()
        self._chunks = count()
        self._next: asyncio.Future[Message] | None = None
        self._answered_row = 0
        self._ended = False
        self._gone = False

    async def verdicts(self) -> AsyncGenerator[bytes, None]:
        """Yield the verdicts, those of a chunk together.

        Raises:
            Unavailable: the first chunk could not be made durable. A later failure is the last line instead:
                lines after the last verdict were not acknowledged.
        """
        committing: asyncio.Task[list[Verdict]] | None = None
        try:
            while True:
                await self._wait(committing)
                chunk = self._chunk(idle=False)
                if chunk is None and committing is None:
                    chunk = self._chunk(idle=True)
                arrival = self._examined(chunk) if chunk else None
                if committing is not None and (committing.done() or arrival is not None):
                    yield self._lines_of(await committing)
                    committing = None
                if arrival is not None:
                    committing = asyncio.create_task(self._submit(arrival))
                elif self._ended and self._lines.empty and committing is None:
                    return
        except XianjieError as failure:
            if not self._answered_row:
                raise
            yield self._failure(failure)
        finally:
            if self._next is not None:
                self._next.cancel()

    async def _wait(self, committing: asyncio.Task[list[Verdict]] | None) -> None:
        """Wait for bytes, for silence, or for the commit; take the bytes in."""
        waits: set[asyncio.Future[Message] | asyncio.Task[list[Verdict]]] = set()
        if not self._ended and not self._lines.full:
            self._next = self._next or asyncio.ensure_future(self._receive())
            waits.add(self._next)
        if committing is not None:
            waits.add(committing)
        if waits:
            silence = self._idle_seconds if self._lines.some and committing is None else None
            await asyncio.wait(waits, timeout=silence, return_when=asyncio.FIRST_COMPLETED)
        if self._next is not None and self._next.done():
            message, self._next = self._next.result(), None
            self._gone = message["type"] == "http.disconnect"
            self._lines.feed(message.get("body", b""))
            self._ended = self._gone or not message.get("more_body", False)

    def _chunk(self, *, idle: bool) -> Chunk | None:
        """Return the next chunk if there is one to make durable now.

        With `idle` whole lines are enough, once a wait for more bytes has ended without any.
        What a sender that went away has left unfinished is no submission and is dropped.
        """
        if self._gone:
            self._lines.cut(ended=True)
            return None
        due = self._lines.full or (idle and self._lines.some and self._next is not None)
        if due or (self._ended and not self._lines.empty):
            return self._lines.cut(ended=self._ended)
        return None

    def _examined(self, chunk: Chunk) -> Arrival:
        items: list[Item] = [
            unreadable(b"", self._too_large, row=line.row)
            if line.text is None
            else examine(line.text, row=line.row)
            for line in chunk.lines
        ]
        return self._arrive(original=chunk.raw, items=items, stream=self._stream, chunk=next(self._chunks))

    def _lines_of(self, verdicts: list[Verdict]) -> bytes:
        if verdicts:
            self._answered_row = verdicts[-1].row or self._answered_row
        return b"".join(self._render(verdict) + b"\n" for verdict in verdicts)

    def _failure(self, failure: XianjieError) -> bytes:
        problems = [problem_json(problem) for problem in failure.problems]
        line = {"verdict": "unavailable", "row": self._answered_row + 1, "problems": problems}
        return orjson.dumps(line) + b"\n"
