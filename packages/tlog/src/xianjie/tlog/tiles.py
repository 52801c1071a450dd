"""Tiles and entry bundles: their names, their contents, and which of them a tree has.

A tile of level L holds up to 256 hashes, each of a perfect subtree of 256**L leaves. An entry bundle
holds the entries whose hashes stand in the tile of level 0 with the same index.

Source: C2SP tlog-tiles.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from xianjie.tlog.merkle import HASH_SIZE

HEIGHT = 8
WIDTH = 1 << HEIGHT
MAX_LEVEL = 63
MAX_ENTRY_BYTES = 0xFFFF

_PATH = re.compile(
    r"tile/(?:(?P<level>[0-9]{1,2})|entries)/(?P<index>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[0-9]{1,3}))?",
    re.ASCII,
)


class TileError(ValueError):
    """A tile, a bundle or a path is not of the form that the specification gives."""


@dataclass(frozen=True, slots=True, order=True)
class TileId:
    """Name of a tile.

    Attributes:
        level: 0 holds leaf hashes; at most 63.
        index: position among the tiles of the level, from 0.
        width: hashes in it, 1 to 256; below 256 the tile is partial.
    """

    level: int
    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """`tile/<L>/<N>[.p/<W>]`."""
        return f"tile/{self.level}/{_numbered(self.index, self.width)}"

    @property
    def is_full(self) -> bool:
        """Whether nothing will ever be added to it."""
        return self.width == WIDTH


@dataclass(frozen=True, slots=True, order=True)
class BundleId:
    """Name of an entry bundle.

    Attributes:
        index: position among the bundles, from 0.
        width: entries in it, 1 to 256; below 256 the bundle is partial.
    """

    index: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """`tile/entries/<N>[.p/<W>]`."""
        return f"tile/entries/{_numbered(self.index, self.width)}"

    @property
    def is_full(self) -> bool:
        """Whether nothing will ever be added to it."""
        return self.width == WIDTH

    @property
    def begin(self) -> int:
        """Index of the first leaf in it."""
        return self.index * WIDTH

    @property
    def end(self) -> int:
        """Index after the last leaf in it."""
        return self.index * WIDTH + self.width


def parse_path(path: str) -> TileId | BundleId:
    """Read a path; exactly one path names each tile.

    Raises:
        TileError: the path is not one that the specification allows.
    """
    found = _PATH.fullmatch(path)
    if found is None:
        raise TileError(f"{path!r} names no tile")
    index = int(found["index"].replace("x", "").replace("/", ""))
    width = WIDTH if found["width"] is None else int(found["width"])
    if not 1 <= width <= WIDTH:
        raise TileError(f"{path!r} names no tile")
    level = found["level"]
    named = BundleId(index, width) if level is None else TileId(int(level), index, width)
    if named.path != path or (level is not None and int(level) > MAX_LEVEL):
        raise TileError(f"{path!r} names no tile")
    return named


def tiles_of(size: int) -> Iterator[TileId]:
    """Yield every tile of a tree of `size` leaves, level by level, left to right."""
    yield from tiles_written(0, size)


def bundles_of(size: int) -> Iterator[BundleId]:
    """Yield every entry bundle of a tree of `size` leaves, left to right."""
    yield from bundles_written(0, size)


def tiles_written(old: int, new: int) -> Iterator[TileId]:
    """Yield the tiles that growth from `old` to `new` leaves writes: those filled, then the new partial one.

    A partial tile that did not change is not written again.

    Raises:
        ValueError: the tree would shrink.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree does not grow from {old} to {new} leaves")
    for level in range(MAX_LEVEL + 1):
        before, after = old >> (HEIGHT * level), new >> (HEIGHT * level)
        if after == 0:
            return
        for index, width in _rows_written(before, after):
            yield TileId(level, index, width)


def bundles_written(old: int, new: int) -> Iterator[BundleId]:
    """Yield the entry bundles that growth from `old` to `new` leaves writes.

    Raises:
        ValueError: the tree would shrink.
    """
    if not 0 <= old <= new:
        raise ValueError(f"a tree does not grow from {old} to {new} leaves")
    for index, width in _rows_written(old, new):
        yield BundleId(index, width)


def tile_hashes(content: bytes) -> list[bytes]:
    """Return the hashes in a tile.

    Raises:
        TileError: the length is not that of 1 to 256 hashes.
    """
    if not content or len(content) % HASH_SIZE or len(content) > WIDTH * HASH_SIZE:
        raise TileError(f"{len(content)} bytes are not 1 to {WIDTH} hashes of {HASH_SIZE} bytes")
    return [content[at : at + HASH_SIZE] for at in range(0, len(content), HASH_SIZE)]


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Return the bytes of an entry bundle: each entry after its length as big-endian uint16.

    Raises:
        TileError: an entry is longer than 65,535 bytes.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY_BYTES:
            raise TileError(f"an entry of {len(entry)} bytes is longer than {MAX_ENTRY_BYTES}")
        parts += (len(entry).to_bytes(2), entry)
    return b"".join(parts)


def decode_bundle(content: bytes) -> list[bytes]:
    """Return the entries of a bundle.

    Raises:
        TileError: an entry is cut off.
    """
    entries: list[bytes] = []
    at, length = 0, len(content)
    while at < length:
        start = at + 2
        if start > length:
            raise TileError(f"entry {len(entries)} of the bundle is cut off inside its length")
        at = start + (content[start - 2] << 8 | content[start - 1])
        if at > length:
            raise TileError(f"entry {len(entries)} of the bundle is cut off: {at - length} bytes are missing")
        entries.append(content[start:at])
    return entries


def _rows_written(before: int, after: int) -> Iterator[tuple[int, int]]:
    for index in range(before // WIDTH, after // WIDTH):
        yield index, WIDTH
    if after % WIDTH and after != before:
        yield after // WIDTH, after % WIDTH


def _numbered(index: int, width: int) -> str:
    """Write the index in groups of three digits, all but the last marked with x, and the width if partial."""
    if index < 0 or not 1 <= width <= WIDTH:
        raise TileError(f"there is no tile {index} of width {width}")
    digits = str(index)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    name = "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])
    return name if width == WIDTH else f"{name}.p/{width}"
