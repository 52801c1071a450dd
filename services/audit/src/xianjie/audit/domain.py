"""What a leaf says, and how a batch of leaves makes the log grow. Pure.

The entry of a leaf is public for ever, so it names no case, no party and no wording. It is the RFC 8785
form of

    {"v": 1,
     "kind": "event" | "decision",
     "source": "urn:xianjie:organ:...",      who said it
     "digest": "sha-256:<64 hex digits>",    of the event as it was said (contracts.canonical.event_digest)
     "happened": {"precision", "value", "not_before", "not_after"} | null,
     "released": "...",                      the event's `time`, as written
     "recorded": "..."}                      the event's `recordedat`, as written

Whoever holds an event can compute its digest and find its leaf; whoever holds only the leaf learns that
an organ said something at a moment, and can later hold it to exactly that.

`happened` repeats the claim when the act happened without its wording (`text`), null where the event
makes none. Three times stand apart so that late recording is visible in the log itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import orjson

from xianjie.contracts.canonical import canonical, event_digest
from xianjie.contracts.errors import Conflicting, Problem, Unavailable
from xianjie.contracts.recorded import PLATFORM_PREFIX, Ref
from xianjie.tlog.checkpoints import Checkpoint, sign_checkpoint
from xianjie.tlog.growth import Frontier
from xianjie.tlog.merkle import leaf_hash
from xianjie.tlog.notes import SigningKey
from xianjie.tlog.tiles import HEIGHT, MAX_ENTRY_BYTES, WIDTH, TileId, tile_hashes

ENTRY_VERSION = 1
DIGEST_PREFIX = "sha-256:"
HAPPENED = ("precision", "value", "not_before", "not_after")

Kind = Literal["event", "decision"]


@dataclass(frozen=True, slots=True)
class Leaf:
    """One event on its way into the log.

    Attributes:
        ref: source and id of the event; never published together with its case.
        kind: `decision` where the platform speaks, `event` where an organ does.
        digest: SHA-256 of the canonical event, 32 bytes.
        entry: what is published.
        leaf_hash: hash of the entry in the tree, 32 bytes.
        subject: the case, kept beside the log and never published.
        recorded_at: when the platform took the event in.
    """

    ref: Ref
    kind: Kind
    digest: bytes
    entry: bytes
    leaf_hash: bytes
    subject: str
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Node:
    """The hash of a perfect subtree of 256**level leaves, level at least 1."""

    level: int
    index: int
    hash: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The state that the log has reached: what was signed last, and what appending needs."""

    checkpoint: Checkpoint
    frontier: Frontier


@dataclass(frozen=True, slots=True)
class Growth:
    """What one batch adds; all of it is stored in one transaction.

    Attributes:
        grew_from: size before it; the compare-and-swap is on this number.
        leaves: in their order; the first has the index `grew_from`.
        nodes: hashes of the subtrees that became perfect.
        checkpoint: the new state.
        note: the checkpoint as it was signed.
    """

    grew_from: int
    leaves: Sequence[Leaf]
    nodes: Sequence[Node]
    checkpoint: Checkpoint
    note: bytes


def leaf_of(body: bytes) -> Leaf:
    """Return the leaf of an event as it stands on the bus.

    Args:
        body: CloudEvent in structured JSON with the extension `recordedat`.

    Raises:
        KeyError, ValueError: the event is not one that intake or a service publishes, or is so long in its
            envelope that no entry can hold it.
    """
    event = orjson.loads(body)
    digest = event_digest(event)
    kind: Kind = "decision" if event["source"].startswith(PLATFORM_PREFIX) else "event"
    entry = canonical(
        {
            "v": ENTRY_VERSION,
            "kind": kind,
            "source": event["source"],
            "digest": digest,
            "happened": _happened(event["data"]),
            "released": event["time"],
            "recorded": event["recordedat"],
        }
    )
    if len(entry) > MAX_ENTRY_BYTES:
        raise ValueError(f"an entry of {len(entry)} bytes is longer than {MAX_ENTRY_BYTES}")
    return Leaf(
        ref=Ref(event["source"], event["id"]),
        kind=kind,
        digest=digest_bytes(digest),
        entry=entry,
        leaf_hash=leaf_hash(entry),
        subject=event["subject"],
        recorded_at=datetime.fromisoformat(event["recordedat"]),
    )


def fresh(leaves: Iterable[Leaf], logged: Mapping[Ref, bytes]) -> list[Leaf]:
    """Return the leaves that the log does not hold yet, each event once, in their order.

    Args:
        leaves: of a delivery, which may repeat itself.
        logged: digests by event of those that the log holds.

    Raises:
        Conflicting: source and id of an event stand in the log for another content.
    """
    seen = dict(logged)
    result = []
    for leaf in leaves:
        known = seen.get(leaf.ref)
        if known is None:
            seen[leaf.ref] = leaf.digest
            result.append(leaf)
        elif known != leaf.digest:
            raise _other_content(leaf)
    return result


def grow(head: Head, leaves: Sequence[Leaf], *, key: SigningKey) -> Growth:
    """Append leaves and sign the new state.

    Raises:
        Unavailable: what is stored does not lead to the root that was signed; the log must not grow over
            a break, and a person has to look.
    """
    old = head.checkpoint
    if head.frontier.root != old.root:
        raise _broken(old)
    appended = head.frontier.appended([leaf.leaf_hash for leaf in leaves])
    checkpoint = Checkpoint(old.origin, appended.frontier.size, appended.frontier.root)
    return Growth(
        grew_from=old.size,
        leaves=leaves,
        nodes=_new_nodes(old.size, appended.tiles),
        checkpoint=checkpoint,
        note=sign_checkpoint(checkpoint, [key]),
    )


def digest_text(digest: bytes) -> str:
    """Write a digest as receipts write it."""
    return DIGEST_PREFIX + digest.hex()


def digest_bytes(text: str) -> bytes:
    """Read a digest as receipts write it: `sha-256:` and 64 lower-case hex digits.

    Raises:
        ValueError: the text has another form.
    """
    digest = bytes.fromhex(text.removeprefix(DIGEST_PREFIX))
    if digest_text(digest) != text or len(digest) != 32:
        raise ValueError(f"{text!r} is not a digest")
    return digest


def _happened(data: Mapping[str, Any]) -> dict[str, str] | None:
    occurred = data.get("occurred")
    return None if occurred is None else {name: occurred[name] for name in HAPPENED if name in occurred}


def _new_nodes(old: int, tiles: Mapping[TileId, bytes]) -> list[Node]:
    """Return the hashes above the leaves that the tree of `old` leaves did not have."""
    nodes = []
    for tile, content in tiles.items():
        if tile.level == 0:
            continue
        first = tile.index * WIDTH
        had = (old >> HEIGHT * tile.level) - first
        for position, value in enumerate(tile_hashes(content)):
            if position >= had:
                nodes.append(Node(tile.level, first + position, value))
    return nodes


def _other_content(leaf: Leaf) -> Conflicting:
    return Conflicting(
        Problem(
            code="audit.leaf.other_content",
            detail=f"日志中已有来源和编号相同而内容不同的事件：{leaf.ref.text}",
            detail_en=f"The log holds another content under the same source and id: {leaf.ref.text}",
            todo="请核对发布该事件的系统：同一编号不得用于两个事件。",
            todo_en="Look at the system that published it: one id must not stand for two events.",
        )
    )


def _broken(checkpoint: Checkpoint) -> Unavailable:
    return Unavailable(
        Problem(
            code="audit.log.broken",
            detail=f"日志存储与第 {checkpoint.size} 条的签名检查点不符，已停止追加。",
            detail_en=f"What is stored does not lead to the checkpoint signed at {checkpoint.size} leaves; "
            "nothing is appended.",
            todo="请立即核验日志并查明原因，勿直接修改数据库。",
            todo_en="Verify the log at once and find the cause; do not edit the database.",
        ),
        retry_after_seconds=60,
    )
