"""How a tree grows: the frontier that is carried along, and the tiles that fall off it.

The frontier is the compact range of the tree in steps of 256: at each level the hashes of the one
tile that is not full. It is all that appending needs, and it is exactly the partial tiles that the log
publishes, so that recovery reads back the same thing that publication wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xianjie.tlog.merkle import root_of
from xianjie.tlog.tiles import HEIGHT, WIDTH, TileError, TileId, tile_hashes


@dataclass(frozen=True, slots=True)
class Growth:
    """What appending gave.

    Attributes:
        frontier: the frontier after it.
        tiles: contents of the tiles that it wrote, as `tiles_written(old, new)` names them.
    """

    frontier: Frontier
    tiles: Mapping[TileId, bytes]


@dataclass(frozen=True, slots=True)
class Frontier:
    """The right edge of a tree.

    Attributes:
        size: leaves in the tree.
        levels: for each level the hashes of its tile that is not full, 0 to 255 of 32 bytes; lowest first.
    """

    size: int = 0
    levels: tuple[tuple[bytes, ...], ...] = ()

    @classmethod
    def of_tiles(cls, size: int, tiles: Mapping[TileId, bytes]) -> Frontier:
        """Read the frontier back from the partial tiles of a tree (`edge_tiles(size)`).

        Raises:
            TileError: a partial tile is missing or does not have its width.
        """
        levels: list[tuple[bytes, ...]] = []
        for tile in _edge(size):
            if tile is None:
                levels.append(())
                continue
            if tile not in tiles:
                raise TileError(f"{tile.path} is missing from a tree of {size} leaves")
            hashes = tile_hashes(tiles[tile])
            if len(hashes) != tile.width:
                raise TileError(f"{tile.path} holds {len(hashes)} hashes")
            levels.append(tuple(hashes))
        return cls(size, tuple(levels))

    @property
    def root(self) -> bytes:
        """The root hash of the tree, 32 bytes."""
        carried: tuple[bytes, ...] = ()
        for hashes in self.levels:
            if hashes or carried:
                carried = (root_of(hashes + carried),)
        return root_of(carried)

    def appended(self, leaf_hashes: Sequence[bytes]) -> Growth:
        """Return the tree with these leaves added, and the tiles that this wrote."""
        tiles: dict[TileId, bytes] = {}
        levels: list[tuple[bytes, ...]] = []
        added, before, level = list(leaf_hashes), self.size, 0
        while added or level < len(self.levels):
            edge = self.levels[level] if level < len(self.levels) else ()
            row, added = [*edge, *added], []
            first, changed = before // WIDTH, len(row) > len(edge)
            full = len(row) - len(row) % WIDTH
            for at in range(0, full, WIDTH):
                hashes = row[at : at + WIDTH]
                tiles[TileId(level, first + at // WIDTH)] = b"".join(hashes)
                added.append(root_of(hashes))
            rest = tuple(row[full:])
            if rest and changed:
                tiles[TileId(level, first + full // WIDTH, len(rest))] = b"".join(rest)
            levels.append(rest)
            before, level = before >> HEIGHT, level + 1
        return Growth(Frontier(self.size + len(leaf_hashes), tuple(levels)), tiles)


def edge_tiles(size: int) -> list[TileId]:
    """Return the partial tiles of a tree, lowest level first: what `Frontier.of_tiles` reads."""
    return [tile for tile in _edge(size) if tile is not None]


def _edge(size: int) -> list[TileId | None]:
    edge: list[TileId | None] = []
    level, count = 0, size
    while count:
        index, width = divmod(count, WIDTH)
        edge.append(TileId(level, index, width) if width else None)
        level, count = level + 1, count >> HEIGHT
    return edge
