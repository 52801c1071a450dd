"""Reading a published log as an outsider does: every entry, and proofs against the signed root."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from tests.system.stranger import Stranger

from xianjie.tlog.checkpoints import Checkpoint, open_checkpoint
from xianjie.tlog.merkle import leaf_hash, verify_inclusion
from xianjie.tlog.notes import VerifierKey
from xianjie.tlog.readers import HttpReader
from xianjie.tlog.tiles import bundles_of, decode_bundle


async def opened(stranger: Stranger, note: bytes) -> Checkpoint:
    """Return a checkpoint whose signature holds."""
    key = (await stranger.http.get("/audit/v1/key")).text
    return open_checkpoint(note, [VerifierKey.parse(key.strip())])


async def entries(stranger: Stranger) -> list[dict[str, Any]]:
    """Return every entry of the log as it is published, in its order."""
    size = (await opened(stranger, await stranger.checkpoint())).size
    reader = HttpReader(f"{stranger.http.base_url}".rstrip("/") + "/audit/v1")
    held = []
    for bundle in bundles_of(size):
        content = await asyncio.to_thread(reader.read, bundle.path)
        assert content is not None, bundle.path
        held += [json.loads(entry) for entry in decode_bundle(content)]
    assert len(held) == size
    return held


async def require_inclusion(stranger: Stranger, digest: str) -> None:
    """Verify the proof that the log holds an event.

    Raises:
        ProofError: it does not hold.
    """
    told = await stranger.get("/audit/v1/inclusion", [("leaf", digest)])
    checkpoint = await opened(stranger, told["checkpoint"].encode())
    entry = told["entry"].encode()
    assert json.loads(entry)["digest"] == digest
    assert checkpoint.size == told["tree_size"]
    verify_inclusion(
        leaf=leaf_hash(entry),
        index=told["leaf_index"],
        size=checkpoint.size,
        proof=[bytes.fromhex(step) for step in told["proof"]],
        root=checkpoint.root,
    )
