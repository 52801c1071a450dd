"""A client of the doors that costs little: HTTP/1.1 with keep-alive over bare connections.

The functions are called in a process of their own, so that the client does not share the interpreter of
what it measures or of whoever watches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from statistics import quantiles
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

import httptools
import uvloop

PATH = "/intake/v1/events"
ANSWER_SECONDS = 20.0
_PIECE = 1 << 16


class Refused(Exception):
    """The door did not accept everything; a rate over refusals would be no rate."""


@dataclass(frozen=True, slots=True)
class Window:
    """What was reached in one window.

    Attributes:
        events: accepted and acknowledged as durable.
        seconds: from the first request to the last answer.
        p50_ms, p99_ms: from request to answer.
    """

    events: int
    seconds: float
    p50_ms: float
    p99_ms: float

    @property
    def rate(self) -> float:
        """Events per second."""
        return self.events / self.seconds


def request(key: str, content_type: str, body: bytes) -> bytes:
    """Return a whole request to the intake door."""
    return _head(key, content_type, len(body)) + body


def _head(key: str, content_type: str, length: int) -> bytes:
    return (
        f"POST {PATH} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\n"
        f"content-type: {content_type}\r\ncontent-length: {length}\r\n\r\n"
    ).encode()


def accepted_one(status: int, body: bytes) -> int:
    """Count the answer to one event.

    Raises:
        Refused: it is not accepted.
    """
    if status != 201:
        raise Refused(f"{status} {body[:2000]!r}")
    return 1


def accepted_many(status: int, body: bytes) -> int:
    """Count the accepted of an array or stream.

    Raises:
        Refused: not all are accepted.
    """
    accepted = body.count(b'"verdict":"accepted"')
    if status != 200 or accepted != body.count(b'"verdict":'):
        raise Refused(f"{status} {body[:2000]!r}")
    return accepted


def window(
    url: str, senders: Sequence[Iterator[bytes]], count: Callable[[int, bytes], int], *, seconds: float
) -> Window:
    """Send for a time, each sender on its own connection, the next request when the last is answered.

    Args:
        url: of the server.
        senders: whole requests; one that ends leaves early.
        count: accepted events of an answer, by status and body.
        seconds: after which no request is begun.
    """
    return uvloop.run(_window(url, senders, count, seconds))


async def _window(
    url: str, senders: Sequence[Iterator[bytes]], count: Callable[[int, bytes], int], seconds: float
) -> Window:
    loop = asyncio.get_running_loop()
    host, port = _address(url)
    began = perf_counter()
    connections = [_Connection(requests, count, until=began + seconds) for requests in senders]
    for connection in connections:
        await loop.create_connection(partial(_same, connection), host, port)
    async with asyncio.timeout(seconds + ANSWER_SECONDS):
        await asyncio.gather(*(connection.done for connection in connections))
    took = perf_counter() - began
    waited = sorted(each for connection in connections for each in connection.waited)
    cuts = quantiles(waited, n=100)
    return Window(sum(each.accepted for each in connections), took, cuts[49] * 1e3, cuts[98] * 1e3)


def _same(connection: _Connection) -> _Connection:
    return connection


def _address(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "127.0.0.1", parts.port or 80


class _Connection(asyncio.Protocol):
    """One sender."""

    def __init__(
        self, requests: Iterator[bytes], count: Callable[[int, bytes], int], *, until: float
    ) -> None:
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.accepted = 0
        self.waited: list[float] = []
        self._requests = requests
        self._count = count
        self._until = until
        self._parser = httptools.HttpResponseParser(self)
        self._body: list[bytes] = []
        self._sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's does not say that it is one
        self._send()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except Refused as refused:
            self._end(refused)
        except httptools.HttpParserCallbackError as wrapped:
            self._end(wrapped.__context__ or wrapped)

    def connection_lost(self, exc: Exception | None) -> None:
        self._end(exc or Refused("the server closed the connection"))

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        self.waited.append(perf_counter() - self._sent_at)
        self.accepted += self._count(self._parser.get_status_code(), b"".join(self._body))
        self._body = []
        self._send()

    def _send(self) -> None:
        following = next(self._requests, None) if perf_counter() < self._until else None
        if following is None:
            self._end(None)
        else:
            self._sent_at = perf_counter()
            self._transport.write(following)

    def _end(self, failure: BaseException | None) -> None:
        if not self.done.done():
            if failure is None:
                self.done.set_result(None)
            else:
                self.done.set_exception(failure)
            self._transport.close()


@dataclass(slots=True)
class _Answer:
    """A streamed answer, counted while it is read."""

    accepted: int = 0
    lines: int = 0
    ended: bool = False
    parts: list[bytes] = field(default_factory=list)

    def on_body(self, body: bytes) -> None:
        whole, feed, rest = (b"".join(self.parts) + body).rpartition(b"\n")
        self.parts = [rest]
        if feed:
            self.accepted += whole.count(b'"verdict":"accepted"')
            self.lines += whole.count(b"\n") + 1

    def on_message_complete(self) -> None:
        self.ended = True


def stream(url: str, key: str, lines: Iterable[bytes], *, length: int) -> Window:
    """Send one NDJSON stream while its verdicts are read.

    Args:
        lines: events, each with its line feed.
        length: bytes of all lines.

    Raises:
        Refused: not every line was accepted.
    """
    return uvloop.run(_stream(url, key, lines, length))


async def _stream(url: str, key: str, lines: Iterable[bytes], length: int) -> Window:
    host, port = _address(url)
    began = perf_counter()
    reader, writer = await asyncio.open_connection(host, port)
    sending = asyncio.create_task(_pour(writer, _head(key, "application/x-ndjson", length), lines))
    answer = _Answer()
    parser = httptools.HttpResponseParser(answer)
    while not answer.ended:
        data = await reader.read(_PIECE)
        if not data:
            break
        parser.feed_data(data)
    await sending
    writer.close()
    seconds = perf_counter() - began
    if not answer.ended or answer.accepted != answer.lines or parser.get_status_code() != 200:
        raise Refused(f"{parser.get_status_code()}: {answer.accepted} of {answer.lines} lines accepted")
    return Window(answer.accepted, seconds, seconds * 1e3, seconds * 1e3)


async def _pour(writer: asyncio.StreamWriter, head: bytes, lines: Iterable[bytes]) -> None:
    piece, size = [head], len(head)
    for line in lines:
        piece.append(line)
        size += len(line)
        if size >= _PIECE:
            writer.write(b"".join(piece))
            await writer.drain()
            piece, size = [], 0
    writer.write(b"".join(piece))
    await writer.drain()
