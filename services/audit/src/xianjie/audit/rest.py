"""The public door: the log as C2SP tlog-tiles asks for it, and proofs made ready.

Everything here is public: nothing that is served names a case or a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from xianjie.audit import queries
from xianjie.chassis.database import Database
from xianjie.chassis.web import PROBLEM_JSON
from xianjie.tlog.checkpoints import CHECKPOINT_PATH
from xianjie.tlog.notes import SigningKey

TEXT = "text/plain; charset=utf-8"
BYTES = "application/octet-stream"
CHANGING = {"Cache-Control": "no-cache"}
# A tile, partial or full, holds the same bytes for ever.
LASTING = {"Cache-Control": "public, max-age=31536000, immutable"}

HASH = "32 bytes in lower-case hex"
PROBLEM: dict[str, Any] = {
    "description": "RFC 9457 problem document, Chinese and English",
    "content": {PROBLEM_JSON: {"schema": {"type": "object"}}},
}


class InclusionView(BaseModel):
    """Proof that an event is in the log (RFC 9162 section 2.1.3)."""

    model_config = ConfigDict(frozen=True)

    leaf_index: int = Field(description="place of the leaf, from 0")
    leaf_hash: str = Field(description=HASH)
    tree_size: int = Field(description="leaves in the tree of this proof")
    proof: list[str] = Field(description=f"hashes, nearest the leaf first, each {HASH}")
    checkpoint: str = Field(description="the signed checkpoint of that tree")
    entry: str = Field(description="the text whose hash is the leaf, byte for byte in UTF-8")


class ConsistencyView(BaseModel):
    """Proof that the log only grew (RFC 9162 section 2.1.4)."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    old: int = Field(serialization_alias="from", description="leaves in the earlier tree")
    new: int = Field(serialization_alias="to", description="leaves in the later tree")
    proof: list[str] = Field(description=f"hashes, each {HASH}")


class LeafView(BaseModel):
    """Where an event stands."""

    model_config = ConfigDict(frozen=True)

    digest: str = Field(description="of the event, as its receipt states it")
    index: int = Field(description="place of the leaf, from 0")
    recorded: datetime = Field(description="when the platform took the event in")


class LeavesView(BaseModel):
    """Those of the events asked for that the log holds, in the order of the log."""

    model_config = ConfigDict(frozen=True)

    leaves: list[LeafView]


Digest = Annotated[str, Query(description="`sha-256:` and 64 hex digits, from a receipt", max_length=200)]
Digests = Annotated[list[str], Query(description="digests from receipts, at most 200")]
From = Annotated[int, Query(alias="from", description="leaves in the earlier tree", ge=0)]
To = Annotated[int | None, Query(description="leaves in the later tree; the newest if left out", ge=0)]


def router(*, database: Database, key: SigningKey, digests_limit: int) -> APIRouter:
    """Return the paths of the service.

    Args:
        database: of the service.
        key: of the log; only its public half is shown, and it signs the checkpoint of an empty log.
        digests_limit: most digests in one question.
    """
    api = APIRouter(prefix="/v1", responses={"4XX": PROBLEM, 503: PROBLEM})
    _add_log(api, database=database, key=key)
    _add_proofs(api, database=database, digests_limit=digests_limit)
    return api


def _add_log(api: APIRouter, *, database: Database, key: SigningKey) -> None:
    @api.get(f"/{CHECKPOINT_PATH}", summary="检查点 / The newest signed checkpoint", response_class=Response)
    async def checkpoint() -> Response:
        async with database.read() as tx:
            note = await queries.checkpoint(tx, key)
        return Response(note, media_type=TEXT, headers=CHANGING)

    @api.get("/tile/{path:path}", summary="分片 / A tile or an entry bundle", response_class=Response)
    async def tile(path: str) -> Response:
        async with database.read() as tx:
            content = await queries.published(tx, f"tile/{path}")
        return Response(content, media_type=BYTES, headers=LASTING)

    @api.get("/key", summary="公钥 / The public key of the log as a verifier key", response_class=Response)
    async def public_key() -> Response:
        return Response(f"{key.verifier.text}\n", media_type=TEXT, headers=CHANGING)


def _add_proofs(api: APIRouter, *, database: Database, digests_limit: int) -> None:
    @api.get("/inclusion", summary="存在证明 / Proof that an event is in the log")
    async def inclusion(leaf: Digest) -> InclusionView:
        async with database.read() as tx:
            found = await queries.inclusion(tx, leaf)
        return InclusionView(
            leaf_index=found.index,
            leaf_hash=found.leaf_hash.hex(),
            tree_size=found.size,
            proof=_hex(found.proof),
            checkpoint=found.checkpoint.decode(),
            entry=found.entry.decode(),
        )

    @api.get("/leaves", summary="事件位置 / Which of these events the log holds")
    async def leaves(digest: Digests) -> LeavesView:
        async with database.read() as tx:
            found = await queries.places(tx, digest, limit=digests_limit)
        return LeavesView(
            leaves=[
                LeafView(digest=each.digest, index=each.index, recorded=each.recorded_at) for each in found
            ]
        )

    @api.get("/consistency", summary="只增证明 / Proof that the log only grew")
    async def consistency(old: From, to: To = None) -> ConsistencyView:
        async with database.read() as tx:
            found = await queries.consistency(tx, old=old, new=to)
        return ConsistencyView(old=found.old, new=found.new, proof=_hex(found.proof))


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [value.hex() for value in hashes]
