"""Cut a stream of bytes into chunks of whole lines without ever holding more than one chunk and one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Line(NamedTuple):
    """One line; `text` is None where it is longer than an event may be."""

    row: int
    text: bytes | None


@dataclass(frozen=True, slots=True)
class Chunk:
    """Consecutive bytes of the stream and the lines that end in them."""

    raw: bytes
    lines: tuple[Line, ...]


class Lines:
    """Takes bytes in and gives chunks out; all chunks together are the bytes that came in."""

    def __init__(self, *, most_lines: int, most_bytes: int, line_limit: int) -> None:
        """Cut after `most_lines` lines or `most_bytes` bytes; pass over lines beyond `line_limit` bytes."""
        self._most_lines = most_lines
        self._most_bytes = most_bytes
        self._line_limit = line_limit
        self._held = bytearray()
        self._ends = 0
        self._row = 0
        self._inside_overlong = False

    def feed(self, data: bytes) -> None:
        """Take the next bytes."""
        self._held += data
        self._ends += data.count(b"\n")

    @property
    def full(self) -> bool:
        """Whether there is enough for a transaction of its own."""
        if self._ends >= self._most_lines:
            return True
        cuttable = self.some or self._inside_overlong or len(self._held) > self._line_limit
        return cuttable and len(self._held) >= self._most_bytes

    @property
    def some(self) -> bool:
        """Whether a whole line is there."""
        return self._ends > 0

    @property
    def empty(self) -> bool:
        """Whether every byte went out in a chunk, and every line that they began."""
        return not self._held and not self._inside_overlong

    def cut(self, *, ended: bool) -> Chunk:
        """Return the next chunk; at the end of the stream the last line needs no line feed."""
        lines: list[Line] = []
        begin = 0
        while len(lines) < self._most_lines and begin < self._most_bytes:
            end = self._held.find(b"\n", begin)
            if end < 0:
                break
            self._add(lines, bytes(self._held[begin:end]))
            self._ends -= 1
            begin = end + 1
        begin = self._rest(lines, begin, ended=ended)
        raw = bytes(self._held[:begin])
        del self._held[:begin]
        return Chunk(raw, tuple(lines))

    def _rest(self, lines: list[Line], begin: int, *, ended: bool) -> int:
        """Deal with what follows the last line feed; return how far the chunk goes."""
        unfinished = begin < len(self._held) or (ended and self._inside_overlong)
        if self._ends or not unfinished:
            return begin
        if ended:
            self._add(lines, bytes(self._held[begin:]))
        elif self._inside_overlong or len(self._held) - begin > self._line_limit:
            self._inside_overlong = True
        else:
            return begin
        return len(self._held)

    def _add(self, lines: list[Line], text: bytes) -> None:
        self._row += 1
        overlong = self._inside_overlong or len(text) > self._line_limit
        self._inside_overlong = False
        if overlong:
            lines.append(Line(self._row, None))
        elif text.strip():
            lines.append(Line(self._row, text))
