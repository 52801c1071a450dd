"""Text files in parts of whole lines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from xianjie.lawbook.screening.batches import Refusal

from .app import Unusable

CHUNK_BYTES = 12 * 2**20
_MARK = b"\xef\xbb\xbf"  # UTF-8
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def refused(row: int, cell: str, zh: str, en: str) -> Refusal:
    """Return the refusal of a row that cannot be taken apart."""
    return Refusal(row, None, "", cell, zh, en)


def parts(path: Path, *, whole_records: bool) -> Iterator[bytes]:
    """Yield the file in parts that end with a line, for CSV (`whole_records`) outside quotation marks."""
    with path.open("rb") as stream:
        start = stream.read(3)
        rest = b"" if start == _MARK else start
        while block := stream.read(CHUNK_BYTES):
            block = rest + block
            cut = _cut(block, whole_records=whole_records)
            rest = block[cut:]
            if cut:
                yield block[:cut]
        if rest:
            yield rest


def _cut(block: bytes, *, whole_records: bool) -> int:
    """Return where the block can be cut; a mark that is never closed must not hold up the whole file."""
    cut = last = block.rfind(b"\n") + 1
    if not whole_records:
        return cut
    marks = block.count(b'"', 0, cut)
    while cut and marks % 2:
        before = block.rfind(b"\n", 0, cut - 1) + 1
        marks -= block.count(b'"', before, cut)
        cut = before
    return cut or (last if len(block) > 8 * CHUNK_BYTES else 0)


def refuse_utf16(path: Path) -> None:
    """Raise Unusable for a file in UTF-16."""
    with path.open("rb") as stream:
        if stream.read(2) in _UTF16:
            raise Unusable(f"{path} 是 UTF-16 编码；请另存为“CSV UTF-8” / UTF-16; save it as CSV UTF-8")
