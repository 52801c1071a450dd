"""CSV in chunks of whole rows.

A chunk is split by polars and then checked: as many fields as the header has times lines, and every
quotation mark at the edge of a field. Whatever does not pass is split row by row, so that a row with a fault
is named instead of being filled up or joined with the next.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from xianjie.lawbook.screening.batches import ROW, Refusal

from .app import Unusable
from .penalty_chunks import Chunk, PenaltyFile, Taken, table
from .penalty_parts import parts, refuse_utf16, refused

_LINES_TO_GUESS = 1000
_SEPARATORS = (b",", b"\t", b";")
csv.field_size_limit(2**27)


@dataclass(slots=True)
class _Encoding:
    """The encoding of a file, settled by the first part that is not plain ASCII."""

    settled: str | None = None

    def of(self, part: bytes) -> str:
        """Return the encoding of a part; parts are shown in the order of the file."""
        if self.settled is None and not part.isascii():
            self.settled = _guessed(part)
        return self.settled or "ascii"


def _guessed(part: bytes) -> str:
    """Return the encoding of most lines: a text in UTF-8 with one broken line is no text in GB18030."""
    lines = [line for line in part.splitlines() if not line.isascii()][:_LINES_TO_GUESS]
    fit = sum(1 for line in lines if _fits(line, "utf-8"))
    return "utf-8" if 2 * fit >= len(lines) else "gb18030"


def _fits(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def csv_file(path: Path) -> PenaltyFile:
    """Open a CSV file in UTF-8 or GB18030, separated by commas, tabs or semicolons.

    Raises:
        Unusable: the header cannot be read.
    """
    refuse_utf16(path)
    pieces = parts(path, whole_records=True)
    first = next(pieces, b"")
    end = _end_of_record(first)
    encoding = _Encoding()
    try:
        header = first[:end].decode(encoding.of(first[:end]))
        separator = max(_SEPARATORS, key=first[:end].count)
        headers = next(csv.reader(io.StringIO(header, newline=""), delimiter=separator.decode()), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise Unusable(f"不能读取表头 {path}：{error} / the header cannot be read") from None
    shape = _Shape(tuple(headers), separator)
    return PenaltyFile(
        shape.headers, _csv_chunks(first[end:], end, pieces, shape, encoding), path.stat().st_size
    )


@dataclass(frozen=True, slots=True)
class _Shape:
    headers: tuple[str, ...]
    separator: bytes

    @property
    def width(self) -> int:
        return len(self.headers)


def _csv_chunks(
    first: bytes, header: int, pieces: Iterator[bytes], shape: _Shape, encoding: _Encoding
) -> Iterator[Chunk]:
    row = 2
    size = header
    for part in _chained(first, pieces):
        outside = _outside(part, shape.separator)
        # Settled here, in the order of the file, and not where chunks are read side by side.
        name = encoding.of(part)
        lines = _records(part, shape, name) if outside is None else _lines(outside)
        yield Chunk(partial(_taken, part, outside, row, shape, name), len(part) + size)
        size = 0
        row += lines


def _chained(first: bytes, pieces: Iterator[bytes]) -> Iterator[bytes]:
    if first:
        yield first
    yield from pieces


def _taken(part: bytes, outside: bytes | None, row: int, shape: _Shape, encoding: str) -> Taken:
    try:
        text = part.decode(encoding)
    except UnicodeDecodeError:
        return _line_by_line(part, row, shape, encoding)
    if outside is not None:
        fast = _split(text.encode() if encoding == "gb18030" else part, outside, row, shape)
        if fast is not None:
            return fast, ()
    return _row_by_row(text, row, shape)


def _split(part: bytes, outside: bytes, row: int, shape: _Shape) -> pl.DataFrame | None:
    """Return the rows as polars splits them, None where a row may not have the fields of the header."""
    if b"\n\n" in outside or b"\n\r\n" in outside or outside.startswith((b"\n", b"\r\n")):
        return None
    lines = _lines(outside)
    if outside.count(shape.separator) != lines * (shape.width - 1):
        return None
    try:
        frame = pl.read_csv(
            part,
            has_header=False,
            separator=shape.separator.decode(),
            infer_schema=False,
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.height != lines or frame.width != shape.width:
        return None
    frame.columns = [str(place) for place in range(shape.width)]
    numbered = frame.with_columns(pl.int_range(row, row + lines, dtype=pl.Int64).alias(ROW))
    if not frame["0"].null_count():
        return numbered
    return numbered.filter(~pl.all_horizontal(pl.col(frame.columns).is_null()))


def _row_by_row(text: str, row: int, shape: _Shape) -> Taken:
    rows: list[list[str | None]] = []
    numbers: list[int] = []
    wrong: list[Refusal] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=shape.separator.decode())
    number = row - 1
    while True:
        number += 1
        try:
            fields = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            wrong.append(
                refused(number, "", f"该行不能拆分（{error}）；请检查引号", "the row cannot be split")
            )
            continue
        while len(fields) > shape.width and not fields[-1]:
            fields.pop()
        if not any(fields):
            continue
        if len(fields) != shape.width:
            wrong.append(
                refused(
                    number,
                    shape.separator.decode().join(fields)[:80],
                    f"该行有{len(fields)}个字段，表头有{shape.width}个；请检查分隔符和引号后重新导出",
                    f"{len(fields)} fields where the header has {shape.width}; check separators and quotes",
                )
            )
            continue
        rows.append([field or None for field in fields])
        numbers.append(number)
    return table(rows, numbers, shape.width), tuple(wrong)


def _line_by_line(part: bytes, row: int, shape: _Shape, encoding: str) -> Taken:
    """Read the lines that can be decoded one by one and refuse the others."""
    frames = [table([], [], shape.width)]
    wrong: list[Refusal] = []
    for number, line in enumerate(part.splitlines(keepends=True), row):
        if _fits(line, encoding):
            frame, unsplit = _row_by_row(line.decode(encoding), number, shape)
            frames.append(frame)
            wrong.extend(unsplit)
        else:
            zh = f"该行不是 {encoding} 编码；请把整个文件存为一种编码（UTF-8 或 GB18030）"
            wrong.append(refused(number, "", zh, f"the row is not in {encoding}; use one encoding"))
    return pl.concat(frames), tuple(wrong)


def _lines(outside: bytes) -> int:
    return outside.count(b"\n") + (not outside.endswith(b"\n"))


def _records(part: bytes, shape: _Shape, encoding: str) -> int:
    """Return how many records a part has whose quotation marks are not all at the edge of fields."""
    if not _fits(part, encoding):
        return _lines(part)
    reader = csv.reader(io.StringIO(part.decode(encoding), newline=""), delimiter=shape.separator.decode())
    count = 0
    while True:
        try:
            next(reader)
        except StopIteration:
            return count
        except csv.Error:
            pass
        count += 1


def _outside(part: bytes, separator: bytes) -> bytes | None:
    """Return what stands outside quotation marks; None where a mark is not at the edge of a field."""
    if b'"' not in part:
        return part
    pieces = part.split(b'"')
    if not len(pieces) % 2:
        return None
    starts, ends = (separator, b"\n", b"\r"), (separator, b"\n")
    outside = pieces[::2]
    for place, piece in enumerate(outside):
        if piece and (
            (place > 0 and not piece.startswith(starts))
            or (place < len(outside) - 1 and not piece.endswith(ends))
        ):
            return None
    return b"".join(outside)


def _end_of_record(part: bytes) -> int:
    """Return where the first record ends: at the first line end outside quotation marks."""
    end = part.find(b"\n") + 1
    while end and part.count(b'"', 0, end) % 2:
        end = part.find(b"\n", end) + 1
    return end or len(part)
