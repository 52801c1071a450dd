"""What the log tells: checkpoints, tiles, proofs. Read-only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xianjie.audit import domain, store
from xianjie.chassis.database import Transaction
from xianjie.contracts.errors import Malformed, NotFound, Problem
from xianjie.tlog.checkpoints import Checkpoint, sign_checkpoint
from xianjie.tlog.merkle import EMPTY_ROOT
from xianjie.tlog.notes import SigningKey
from xianjie.tlog.proofs import consistency_proof, consistency_tiles, inclusion_proof, inclusion_tiles
from xianjie.tlog.tiles import HEIGHT, WIDTH, BundleId, TileError, TileId, parse_path


@dataclass(frozen=True, slots=True)
class Inclusion:
    """Proof that an event is in the log.

    Attributes:
        index: place of its leaf, from 0.
        leaf_hash: 32 bytes.
        entry: what the leaf says.
        size: leaves in the tree of the proof.
        proof: hashes, nearest the leaf first.
        checkpoint: the signed state of that tree.
    """

    index: int
    leaf_hash: bytes
    entry: bytes
    size: int
    proof: Sequence[bytes]
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class Consistency:
    """Proof that the log at `new` leaves begins with the log at `old`."""

    old: int
    new: int
    proof: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class LeafPlace:
    """Where an event stands: its digest as receipts write it, index, and when the platform took it in."""

    digest: str
    index: int
    recorded_at: datetime


async def checkpoint(tx: Transaction, key: SigningKey) -> bytes:
    """Return the newest signed checkpoint; of a log without leaves that of the empty tree."""
    last = await store.last_checkpoint(tx)
    return sign_checkpoint(Checkpoint(key.name, 0, EMPTY_ROOT), [key]) if last is None else last.note


async def published(tx: Transaction, path: str) -> bytes:
    """Return a tile or an entry bundle.

    Args:
        path: as C2SP tlog-tiles writes it, `tile/...`.

    Raises:
        NotFound: the path names no tile, or one that no checkpoint reaches yet.
    """
    try:
        wanted = parse_path(path)
    except TileError as error:
        raise _no_tile(path) from error
    last = await store.last_checkpoint(tx)
    if last is None or _leaves_to(wanted) > last.size:
        raise _no_tile(path)
    if isinstance(wanted, BundleId):
        return await store.bundle(tx, wanted)
    return (await store.tiles(tx, [wanted]))[wanted]


async def inclusion(tx: Transaction, digest: str) -> Inclusion:
    """Prove that the log holds the event with a digest, in its newest tree.

    Raises:
        Malformed: the text is not a digest.
        NotFound: the log holds no such event, or not yet.
    """
    found = await store.leaves_by_digest(tx, [_digest(digest, "leaf")])
    last = await store.last_checkpoint(tx)
    if not found or last is None:
        raise _no_leaf(digest)
    leaf = found[0]
    tiles = await store.tiles(tx, inclusion_tiles(leaf.index, last.size))
    proof = inclusion_proof(leaf.index, last.size, tiles)
    return Inclusion(leaf.index, leaf.leaf_hash, leaf.entry, last.size, proof, last.note)


async def places(tx: Transaction, digests: Sequence[str], *, limit: int) -> list[LeafPlace]:
    """Return where events stand in the log; those that it does not hold are left out.

    Raises:
        Malformed: a text is not a digest, or there are more than `limit`.
    """
    if len(digests) > limit:
        raise _too_many(len(digests), limit)
    found = await store.leaves_by_digest(tx, [_digest(each, "digest") for each in digests])
    return [LeafPlace(domain.digest_text(leaf.digest), leaf.index, leaf.recorded_at) for leaf in found]


async def consistency(tx: Transaction, *, old: int, new: int | None) -> Consistency:
    """Prove that the log only grew.

    Args:
        old: leaves in the earlier tree.
        new: leaves in the later one; None for the newest.

    Raises:
        Malformed: the sizes are not in order.
        NotFound: the log is not that long.
    """
    last = await store.last_checkpoint(tx)
    size = 0 if last is None else last.size
    new = size if new is None else new
    if new > size or old > size:
        raise _not_so_long(max(old, new), size)
    if not 0 <= old <= new:
        raise _not_in_order(old, new)
    tiles = await store.tiles(tx, consistency_tiles(old, new))
    return Consistency(old, new, consistency_proof(old, new, tiles))


def _leaves_to(wanted: TileId | BundleId) -> int:
    """Return how many leaves a tree needs to have this tile."""
    level = wanted.level if isinstance(wanted, TileId) else 0
    return (wanted.index * WIDTH + wanted.width) << HEIGHT * level


def _digest(text: str, parameter: str) -> bytes:
    try:
        return domain.digest_bytes(text)
    except ValueError as error:
        raise Malformed(
            Problem(
                code="audit.digest.malformed",
                detail=f"参数 {parameter} 应为“sha-256:”加 64 位小写十六进制数，收到：{text[:100]}",
                detail_en=f"The parameter {parameter} must be `sha-256:` and 64 lower-case hex digits, "
                f"it is: {text[:100]}",
                todo="请使用回执中的摘要。",
                todo_en="Use the digest that the receipt states.",
            )
        ) from error


def _no_tile(path: str) -> NotFound:
    return NotFound(
        Problem(
            code="audit.tile.unknown",
            detail=f"日志没有 {path[:100]}",
            detail_en=f"The log has no {path[:100]}",
            todo="请按最新检查点的条数计算分片路径（C2SP tlog-tiles）。",
            todo_en="Compute paths of tiles from the size in the newest checkpoint (C2SP tlog-tiles).",
        )
    )


def _no_leaf(digest: str) -> NotFound:
    return NotFound(
        Problem(
            code="audit.leaf.unknown",
            detail=f"日志中没有摘要为 {digest} 的事件",
            detail_en=f"The log holds no event with the digest {digest}",
            todo="刚受理的事件请稍后再查；持续查不到的，请凭回执要求核查。",
            todo_en="Ask again soon if it was accepted just now; otherwise take the receipt to an auditor.",
        )
    )


def _too_many(count: int, limit: int) -> Malformed:
    return Malformed(
        Problem(
            code="audit.digests.too_many",
            detail=f"一次最多查询 {limit} 个摘要，收到 {count} 个",
            detail_en=f"At most {limit} digests in one question, there are {count}",
            todo="请分次查询。",
            todo_en="Ask in several requests.",
        )
    )


def _not_so_long(asked: int, size: int) -> NotFound:
    return NotFound(
        Problem(
            code="audit.size.unknown",
            detail=f"日志现有 {size} 条，没有 {asked} 条时的状态",
            detail_en=f"The log has {size} leaves, there is no state of {asked}",
            todo="请使用检查点中的条数；检查点条数大于日志条数的，说明日志尾部被截去，请报告。",
            todo_en="Use the size of a checkpoint; if a checkpoint counts more, the tail was cut: report it.",
        )
    )


def _not_in_order(old: int, new: int) -> Malformed:
    return Malformed(
        Problem(
            code="audit.sizes.disordered",
            detail=f"from={old} 与 to={new} 应满足 0 ≤ from ≤ to",
            detail_en=f"from={old} and to={new} must satisfy 0 <= from <= to",
            todo="请先写较早检查点的条数。",
            todo_en="Give the size of the earlier checkpoint first.",
        )
    )
