"""The whole tree computed again from its entries and held against every published tile.

The signed root is the judge of who is wrong where entries and tiles disagree: the side that leads to it
is right, and the other one is named, leaf by leaf and tile by tile.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256

from xianjie.tlog import faults
from xianjie.tlog.checkpoints import CHECKPOINT_PATH, Checkpoint
from xianjie.tlog.faults import Fault
from xianjie.tlog.growth import Frontier
from xianjie.tlog.merkle import HASH_SIZE, LEAF_PREFIX, root_of
from xianjie.tlog.proofs import tile_at
from xianjie.tlog.readers import Reader
from xianjie.tlog.tiles import (
    HEIGHT,
    WIDTH,
    BundleId,
    TileError,
    TileId,
    bundles_of,
    decode_bundle,
    tile_hashes,
)

# So many bundles with neither entries nor hashes end the reading: a checkpoint that claims an absurd
# size must not keep the verifier busy for ever.
MAX_HOLES = 64
LISTED_ENTRIES = 8


@dataclass(frozen=True, slots=True)
class _Difference:
    """A tile of leaf hashes that does not agree with the entries; both rows have the width of the tile."""

    bundle: BundleId
    computed: list[bytes]
    published: list[bytes]

    @property
    def leaves(self) -> list[int]:
        """The leaves about which the two disagree."""
        pairs = zip(self.computed, self.published, strict=True)
        return [self.bundle.begin + at for at, (left, right) in enumerate(pairs) if left != right]


@dataclass(frozen=True, slots=True)
class _Tree:
    """One reading of the leaves and what follows from it.

    Attributes:
        roots: root hash of each full tile of leaf hashes.
        root: root hash of the whole.
        tiles: the tiles of level 1 and above that follow.
    """

    roots: list[bytes]
    root: bytes
    tiles: dict[TileId, bytes]

    @classmethod
    def over(cls, size: int, roots: list[bytes], rest: list[bytes]) -> _Tree:
        """Compute the tree: the roots of full tiles are the leaves of the tree above them."""
        above = Frontier().appended(roots)
        frontier = Frontier(size, (tuple(rest), *above.frontier.levels))
        tiles = {TileId(each.level + 1, each.index, each.width): above.tiles[each] for each in above.tiles}
        return cls(roots, frontier.root, tiles)


@dataclass(slots=True)
class Recomputation:
    """One pass over a published log; the lists of faults fill while it runs.

    Attributes:
        reader: where the log stands.
        checkpoint: its size and root; the signature is judged elsewhere.
        known: an earlier checkpoint that must be a prefix.
        hashed: entries read and hashed.
        tile_faults: what is wrong with contents.
        size_faults: what is missing or too much.
        continuity_faults: what does not fit the earlier checkpoint.
    """

    reader: Reader
    checkpoint: Checkpoint
    known: Checkpoint | None = None
    hashed: int = 0
    tile_faults: list[Fault] = field(default_factory=list)
    size_faults: list[Fault] = field(default_factory=list)
    continuity_faults: list[Fault] = field(default_factory=list)
    _roots: list[bytes] = field(default_factory=list)
    _rest: list[bytes] = field(default_factory=list)
    _rows_of_known: list[bytes] = field(default_factory=list)
    _differing: dict[int, _Difference] = field(default_factory=dict)
    _holes: list[BundleId] = field(default_factory=list)
    _unknown_from: int | None = None

    def run(self) -> Recomputation:
        """Read everything, then judge it.

        Raises:
            OSError: the place cannot be read.
        """
        for bundle in bundles_of(self.checkpoint.size):
            self._read_leaves(bundle)
            if len(self._holes) == MAX_HOLES:
                break
        if self._unknown_from is None:
            self._judge()
        else:
            self._report_unknown(self._unknown_from)
        self.tile_faults.sort(key=lambda fault: -1 if fault.leaf is None else fault.leaf)
        return self

    def _read_leaves(self, bundle: BundleId) -> None:
        """Hash the entries of a bundle and hold them against the tile of level 0."""
        computed, lack = self._computed(bundle)
        published, flaw = self._published(TileId(0, bundle.index, bundle.width))
        row = computed
        if published is not None and len(row) < bundle.width:
            row = computed + tile_hashes(published)[len(computed) :]
        if len(row) < bundle.width and self._unknown_from is None:
            self._unknown_from = bundle.begin + len(row)
        if not row:
            self._holes.append(bundle)
            return
        self.hashed += len(computed)
        self.size_faults += lack
        self.tile_faults += flaw
        if len(row) < bundle.width:
            return
        if published is not None and b"".join(row) != published:
            self._differing[bundle.index] = _Difference(bundle, row, tile_hashes(published))
        if self.known is not None and bundle.index == self.known.size // WIDTH:
            self._rows_of_known = row
        if bundle.is_full:
            self._roots.append(root_of(row))
        else:
            self._rest = row

    def _computed(self, bundle: BundleId) -> tuple[list[bytes], list[Fault]]:
        """Return the leaf hashes of the entries that are there, and what is wrong with their number."""
        path, content = self._partial_or_full(bundle.path, BundleId(bundle.index).path)
        if content is None:
            return [], [faults.missing(bundle.path, leaf=bundle.begin)]
        try:
            entries = decode_bundle(content)
        except TileError as error:
            return [], [faults.unreadable(path, str(error), leaf=bundle.begin)]
        hashes = [sha256(LEAF_PREFIX + entry).digest() for entry in entries[: bundle.width]]
        found, expected = len(entries), bundle.width
        if found < expected:
            cut = faults.cut_short(path, first_missing=bundle.begin + found, expected=expected, found=found)
            return hashes, [cut]
        if found > expected and path == bundle.path:
            return hashes, [faults.overfull(path, expected=expected, found=found)]
        return hashes, []

    def _published(self, tile: TileId) -> tuple[bytes | None, list[Fault]]:
        """Return what a tile publishes, None and why if it does not have its form."""
        leaf = tile.index * WIDTH << HEIGHT * tile.level
        path, content = self._partial_or_full(tile.path, TileId(tile.level, tile.index).path)
        if content is None:
            return None, [faults.missing(tile.path, leaf=leaf)]
        due = tile.width * HASH_SIZE
        if len(content) < due or (len(content) > due and path == tile.path):
            reason = f"{len(content)} bytes where {due} are due"
            return None, [faults.unreadable(path, reason, leaf=leaf)]
        return content[:due], []

    def _partial_or_full(self, path: str, full: str) -> tuple[str, bytes | None]:
        """Read a file; a log may drop a partial one once the full one is there."""
        content = self.reader.read(path)
        if content is None and full != path:
            whole = self.reader.read(full)
            return (path, None) if whole is None else (full, whole)
        return path, content

    def _report_unknown(self, leaf: int) -> None:
        """Where leaves are wholly gone no root can be computed; what is left is compared pairwise."""
        size = self.checkpoint.size
        gone = {hole.index: hole for hole in self._holes}
        ends_here = len(gone) == MAX_HOLES or any(hole.end == size for hole in self._holes)
        tail = max(gone, default=0)
        while tail - 1 in gone:
            tail -= 1
        for index, hole in gone.items():
            if ends_here and index == tail:
                cut = faults.cut_tail(hole.path, first_missing=hole.begin, size=size)
                self.size_faults.append(cut)
            elif not ends_here or index < tail:
                self.size_faults.append(faults.missing(hole.path, leaf=hole.begin))
        self.tile_faults.append(faults.incomputable_root(CHECKPOINT_PATH, leaf=leaf))
        self._report_disagreements()
        if self.known is not None and self.known.size > size:
            self.continuity_faults.append(faults.shorter(CHECKPOINT_PATH, size=size, known=self.known.size))

    def _judge(self) -> None:
        """Find the reading of the leaves that leads to the signed root and name what differs from it."""
        size, signed = self.checkpoint.size, self.checkpoint.root
        believed: frozenset[int] = frozenset()
        for believed in self._readings():
            tree = self._tree(believed)
            if tree.root == signed:
                self._report_differences(believed)
                break
        else:
            believed = frozenset()
            tree = self._tree(believed)
            other = faults.other_root(CHECKPOINT_PATH, size=size, signed=signed, computed=tree.root)
            self.tile_faults.append(other)
            self._report_disagreements()
        for tile, content in tree.tiles.items():
            self._compare(tile, content)
        if self.known is not None:
            self._judge_continuity(self.known, tree, believed)

    def _readings(self) -> Iterator[frozenset[int]]:
        """Yield which tiles of level 0 to believe against their entries, likeliest first.

        First the entries everywhere, then the tiles everywhere, then whichever the tile above agrees with;
        the partial tile has none above it and is tried both ways.
        """
        yield frozenset()
        if not self._differing:
            return
        yield frozenset(self._differing)
        agreeing = frozenset(
            index
            for index, each in self._differing.items()
            if each.bundle.is_full and root_of(each.published) == self._hash_above(index)
        )
        yield agreeing
        yield agreeing | {index for index, each in self._differing.items() if not each.bundle.is_full}

    def _hash_above(self, index: int) -> bytes | None:
        content, _ = self._published(tile_at(1, index, self.checkpoint.size))
        return None if content is None else tile_hashes(content)[index % WIDTH]

    def _tree(self, believed: frozenset[int]) -> _Tree:
        roots, rest = list(self._roots), self._rest
        for index in believed:
            each = self._differing[index]
            if each.bundle.is_full:
                roots[index] = root_of(each.published)
            else:
                rest = each.published
        return _Tree.over(self.checkpoint.size, roots, rest)

    def _report_differences(self, believed: frozenset[int]) -> None:
        for index, each in self._differing.items():
            if index in believed:
                self.tile_faults += _entry_faults(each)
            else:
                self._compare(TileId(0, index, each.bundle.width), b"".join(each.computed))

    def _report_disagreements(self) -> None:
        for each in self._differing.values():
            tile = TileId(0, each.bundle.index, each.bundle.width)
            self.tile_faults.append(faults.disagreement(each.bundle.path, tile.path, leaves=each.leaves))

    def _compare(self, tile: TileId, content: bytes) -> None:
        """Hold a published tile against the content that it should have."""
        found, flaw = self._published(tile)
        self.tile_faults += flaw
        if found is None or found == content:
            return
        published, expected = tile_hashes(found), tile_hashes(content)
        positions = [at for at in range(tile.width) if published[at] != expected[at]]
        first = positions[0]
        self.tile_faults.append(
            faults.changed_tile(
                tile.path,
                positions=positions,
                first_leaf=(tile.index * WIDTH + first) << HEIGHT * tile.level,
                found=published[first],
                expected=expected[first],
            )
        )

    def _judge_continuity(self, known: Checkpoint, tree: _Tree, believed: frozenset[int]) -> None:
        if known.size > self.checkpoint.size:
            shorter = faults.shorter(CHECKPOINT_PATH, size=self.checkpoint.size, known=known.size)
            self.continuity_faults.append(shorter)
            return
        full, partial = divmod(known.size, WIDTH)
        row = self._differing[full].published if full in believed else self._rows_of_known
        root = _Tree.over(known.size, tree.roots[:full], row[:partial]).root
        if root != known.root:
            fork = faults.forked(CHECKPOINT_PATH, known=known.size, signed=known.root, computed=root)
            self.continuity_faults.append(fork)


def _entry_faults(each: _Difference) -> list[Fault]:
    """Name each changed or moved entry; many in one bundle are named together."""
    path, begin, leaves = each.bundle.path, each.bundle.begin, each.leaves
    if len(leaves) > LISTED_ENTRIES:
        at = leaves[0] - begin
        return [
            faults.changed_entries(
                path, leaves=leaves, computed=each.computed[at], expected=each.published[at]
            )
        ]
    found = []
    for leaf in leaves:
        computed, expected = each.computed[leaf - begin], each.published[leaf - begin]
        if computed in each.published:
            belongs_at = begin + each.published.index(computed)
            found.append(faults.moved_entry(path, leaf=leaf, belongs_at=belongs_at))
        else:
            found.append(faults.changed_entries(path, leaves=[leaf], computed=computed, expected=expected))
    return found
