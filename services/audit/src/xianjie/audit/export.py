"""The whole log as files, in the layout that it is served in: what a mirror or an archive takes away."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

from xianjie.audit import queries, store
from xianjie.chassis.database import Database
from xianjie.tlog.checkpoints import CHECKPOINT_PATH
from xianjie.tlog.notes import SigningKey
from xianjie.tlog.tiles import tiles_of

TILES_AT_ONCE = 64


async def export(database: Database, directory: Path, *, key: SigningKey) -> int:
    """Write tiles, entry bundles and checkpoint of one snapshot, return the size of the log.

    The checkpoint is written last and replaces an earlier one in one step, so that whoever reads the
    directory meanwhile finds every tile that the checkpoint asks for. Exporting again into the same
    directory completes it; a crash leaves the earlier checkpoint, which still holds.

    Args:
        database: of the service.
        directory: made if it is not there.
        key: signs the checkpoint of a log without leaves.

    Raises:
        Unavailable: the database is away.
        OSError: a file cannot be written.
    """
    async with database.read() as tx:
        last = await store.last_checkpoint(tx)
        size = 0 if last is None else last.size
        tiles = list(tiles_of(size))
        for at in range(0, len(tiles), TILES_AT_ONCE):
            found = await store.tiles(tx, tiles[at : at + TILES_AT_ONCE])
            await asyncio.to_thread(_write, directory, {tile.path: found[tile] for tile in found})
        async for bundle, content in store.bundles(tx, size):
            await asyncio.to_thread(_write, directory, {bundle.path: content})
        note = await queries.checkpoint(tx, key)
    await asyncio.to_thread(_write_durably, directory, {CHECKPOINT_PATH: note})
    return size


def _write(directory: Path, files: dict[str, bytes]) -> None:
    """Write files; each appears whole, and tiles of an earlier export are replaced by equal ones."""
    for path, content in files.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.new")
        beside.write_bytes(content)
        beside.replace(target)


def _write_durably(directory: Path, files: dict[str, bytes]) -> None:
    """Write files after everything that was written before is on the disk."""
    os.sync()
    _write(directory, files)
    os.sync()
