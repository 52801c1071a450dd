"""Proofs made from tiles: first say which tiles are needed, then make the proof from their contents.

Source: C2SP tlog-tiles (which tile holds which hash), RFC 9162 section 2.1 (which hashes make a proof).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xianjie.tlog.merkle import (
    HASH_SIZE,
    Range,
    consistency_ranges,
    fold,
    inclusion_ranges,
    perfect_subtrees,
    root_of,
)
from xianjie.tlog.tiles import HEIGHT, WIDTH, TileError, TileId


def inclusion_tiles(index: int, size: int) -> set[TileId]:
    """Return the tiles that `inclusion_proof` reads.

    Raises:
        ValueError: the tree has no such leaf.
    """
    return _tiles_under(inclusion_ranges(index, size), size)


def consistency_tiles(old: int, new: int) -> set[TileId]:
    """Return the tiles that `consistency_proof` reads.

    Raises:
        ValueError: old is negative or greater than new.
    """
    return _tiles_under(consistency_ranges(old, new), new)


def root_tiles(size: int) -> set[TileId]:
    """Return the tiles that `root_from` reads."""
    return _tiles_under([(0, size)], size)


def inclusion_proof(index: int, size: int, tiles: Mapping[TileId, bytes]) -> list[bytes]:
    """Return the hashes that prove leaf `index` in the tree of `size` leaves, nearest the leaf first.

    Raises:
        TileError: a tile is missing or too short.
        ValueError: the tree has no such leaf.
    """
    return [_range_hash(subtree, size, tiles) for subtree in inclusion_ranges(index, size)]


def consistency_proof(old: int, new: int, tiles: Mapping[TileId, bytes]) -> list[bytes]:
    """Return the hashes that prove that the tree of `new` leaves begins with that of `old`.

    Raises:
        TileError: a tile is missing or too short.
        ValueError: old is negative or greater than new.
    """
    return [_range_hash(subtree, new, tiles) for subtree in consistency_ranges(old, new)]


def root_from(size: int, tiles: Mapping[TileId, bytes]) -> bytes:
    """Return the root hash of the tree of `size` leaves.

    Raises:
        TileError: a tile is missing or too short.
    """
    return root_of([]) if size == 0 else _range_hash((0, size), size, tiles)


def tile_at(level: int, index: int, size: int) -> TileId:
    """Return the tile that holds a hash, with the width it has in a tree of `size` leaves.

    Args:
        level: level of tiles.
        index: position of the hash among all hashes of the level.
        size: leaves in the tree.
    """
    tile = index // WIDTH
    return TileId(level, tile, min(WIDTH, (size >> (HEIGHT * level)) - tile * WIDTH))


def _tiles_under(ranges: Iterable[Range], size: int) -> set[TileId]:
    return {
        tile_at(height // HEIGHT, index << height % HEIGHT, size)
        for subtree in ranges
        for height, index in perfect_subtrees(subtree)
    }


def _range_hash(subtree: Range, size: int, tiles: Mapping[TileId, bytes]) -> bytes:
    return fold([_subtree_hash(height, index, size, tiles) for height, index in perfect_subtrees(subtree)])


def _subtree_hash(height: int, index: int, size: int, tiles: Mapping[TileId, bytes]) -> bytes:
    """Return the hash of a perfect subtree: up to 128 neighbours in one tile, joined."""
    level, within = divmod(height, HEIGHT)
    first = index << within
    tile = tile_at(level, first, size)
    if tile not in tiles:
        raise TileError(f"{tile.path} is needed and missing")
    return root_of(_hashes_at(tile, tiles[tile], first % WIDTH, 1 << within))


def _hashes_at(tile: TileId, content: bytes, position: int, count: int) -> Sequence[bytes]:
    end = (position + count) * HASH_SIZE
    if len(content) < end:
        raise TileError(f"{tile.path} has {len(content)} bytes, at least {end} are needed")
    return [content[at : at + HASH_SIZE] for at in range(position * HASH_SIZE, end, HASH_SIZE)]
