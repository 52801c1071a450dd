"""Where the log is kept: all SQL of the service.

Tiles are not stored. A tile is up to 256 consecutive hashes of one level, and each hash is a row: of
`leaf` at level 0, of `node` above. So every tile of every size that the log ever had can be read, full or
partial, and a batch adds rows only.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from xianjie.audit.domain import Growth, Head, Leaf
from xianjie.chassis.database import Transaction
from xianjie.contracts.recorded import Ref
from xianjie.tlog.checkpoints import Checkpoint
from xianjie.tlog.growth import Frontier, edge_tiles
from xianjie.tlog.merkle import EMPTY_ROOT
from xianjie.tlog.tiles import WIDTH, BundleId, TileId, encode_bundle

# Appenders of one log take turns; who forgets this fails at the unique columns of `checkpoint` and `leaf`.
_TURN = "select pg_advisory_xact_lock(hashtextextended('xianjie log ' || current_schema(), 0))"

_LOGGED = """
select l.source, l.id, l.digest
from unnest($1::text[], $2::text[]) as r (source, id)
join leaf as l on l.source = r.source and l.id = r.id
"""

_LAST = "select size, root, note, signed_at from checkpoint order by size desc limit 1"

_AT = "select root from checkpoint where size = $1"

# Each tile is one range of the primary key of `leaf` or of `node`.
_HASHES = """
select string_agg(h.hash, ''::bytea order by h.index) as hashes
from unnest($1::smallint[], $2::bigint[], $3::bigint[]) with ordinality as t (level, first, after, place)
left join lateral (
    select l.index, l.leaf_hash as hash
    from leaf as l
    where t.level = 0 and l.index >= t.first and l.index < t.after
    union all
    select n.index, n.hash
    from node as n
    where t.level > 0 and n.level = t.level and n.index >= t.first and n.index < t.after
) as h on true
group by t.place
order by t.place
"""

# COPY is the fastest way in for rows that only are added.
_LEAF_COLUMNS = (
    "index",
    "leaf_hash",
    "entry",
    "kind",
    "source",
    "id",
    "digest",
    "subject",
    "recorded_at",
)

_ADD_NODES = """
insert into node (level, index, hash) select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
"""

_ADD_CHECKPOINT = """
insert into checkpoint (size, grew_from, root, note, signed_at) values ($1, $2, $3, $4, $5)
"""

_ENTRIES = "select entry from leaf where index >= $1 and index < $2 order by index"

_BY_DIGEST = """
select digest, index, leaf_hash, entry, recorded_at from leaf where digest = any($1::bytea[]) order by index
"""


@dataclass(frozen=True, slots=True)
class SignedCheckpoint:
    """A checkpoint as it was signed.

    Attributes:
        size: leaves in the tree.
        root: root hash, 32 bytes.
        note: the signed text as it is published.
        signed_at: when, by the platform's clock.
    """

    size: int
    root: bytes
    note: bytes
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class StoredLeaf:
    """A leaf as it stands in the log.

    Attributes:
        digest: of the event, 32 bytes.
        index: its place, from 0.
        leaf_hash: hash of the entry, 32 bytes.
        entry: what is published.
        recorded_at: when the platform took the event in.
    """

    digest: bytes
    index: int
    leaf_hash: bytes
    entry: bytes
    recorded_at: datetime


async def take_turn(tx: Transaction) -> None:
    """Wait until no other transaction appends; held until this one ends."""
    await tx.execute(_TURN)


async def logged(tx: Transaction, leaves: Sequence[Leaf]) -> dict[Ref, bytes]:
    """Return the digests, by event, of those among the leaves' events that the log holds."""
    rows = await tx.fetch(_LOGGED, [leaf.ref.source for leaf in leaves], [leaf.ref.id for leaf in leaves])
    return {Ref(row["source"], row["id"]): row["digest"] for row in rows}


async def last_checkpoint(tx: Transaction) -> SignedCheckpoint | None:
    """Return the newest checkpoint, None of a log without leaves."""
    row = await tx.fetchrow(_LAST)
    return None if row is None else SignedCheckpoint(row["size"], row["root"], row["note"], row["signed_at"])


async def root_at(tx: Transaction, size: int) -> bytes | None:
    """Return the root that was signed at a size, None if none was."""
    root: bytes | None = await tx.fetchval(_AT, size)
    return root


async def head(tx: Transaction, origin: str) -> Head:
    """Return the state that the log has reached; to be read after `take_turn`."""
    last = await last_checkpoint(tx)
    if last is None:
        return Head(Checkpoint(origin, 0, EMPTY_ROOT), Frontier())
    edge = await tiles(tx, edge_tiles(last.size))
    return Head(Checkpoint(origin, last.size, last.root), Frontier.of_tiles(last.size, edge))


async def append(tx: Transaction, growth: Growth, *, signed_at: datetime) -> None:
    """Store what a batch added.

    Raises:
        asyncpg.UniqueViolationError: another transaction let the log grow from the same size.
    """
    leaves, nodes = growth.leaves, growth.nodes
    await tx.execute(
        _ADD_CHECKPOINT,
        growth.checkpoint.size,
        growth.grew_from,
        growth.checkpoint.root,
        growth.note,
        signed_at,
    )
    await tx.copy_records_to_table(
        "leaf",
        columns=_LEAF_COLUMNS,
        records=[
            (
                index,
                leaf.leaf_hash,
                leaf.entry,
                leaf.kind,
                leaf.ref.source,
                leaf.ref.id,
                leaf.digest,
                leaf.subject,
                leaf.recorded_at,
            )
            for index, leaf in enumerate(leaves, start=growth.grew_from)
        ],
    )
    if nodes:
        await tx.execute(
            _ADD_NODES,
            [node.level for node in nodes],
            [node.index for node in nodes],
            [node.hash for node in nodes],
        )


async def tiles(tx: Transaction, wanted: Collection[TileId]) -> dict[TileId, bytes]:
    """Return the contents of tiles; one that the log does not reach is shorter than its width, or absent."""
    ordered = list(wanted)
    rows = await tx.fetch(
        _HASHES,
        [tile.level for tile in ordered],
        [tile.index * WIDTH for tile in ordered],
        [tile.index * WIDTH + tile.width for tile in ordered],
    )
    found = zip(ordered, rows, strict=True)
    return {tile: row["hashes"] for tile, row in found if row["hashes"] is not None}


async def bundle(tx: Transaction, wanted: BundleId) -> bytes:
    """Return the content of an entry bundle."""
    rows = await tx.fetch(_ENTRIES, wanted.begin, wanted.end)
    return encode_bundle([row["entry"] for row in rows])


async def bundles(tx: Transaction, size: int) -> AsyncIterator[tuple[BundleId, bytes]]:
    """Yield the entry bundles of a tree of `size` leaves, some thousand leaves at a time."""
    step = 16 * WIDTH
    for begin in range(0, size, step):
        rows = await tx.fetch(_ENTRIES, begin, min(begin + step, size))
        entries = [row["entry"] for row in rows]
        for at in range(0, len(entries), WIDTH):
            part = entries[at : at + WIDTH]
            yield BundleId((begin + at) // WIDTH, len(part)), encode_bundle(part)


async def leaves_by_digest(tx: Transaction, digests: Sequence[bytes]) -> list[StoredLeaf]:
    """Return the leaves of events with these digests, in the order of the log."""
    rows = await tx.fetch(_BY_DIGEST, digests)
    return [
        StoredLeaf(row["digest"], row["index"], row["leaf_hash"], row["entry"], row["recorded_at"])
        for row in rows
    ]
