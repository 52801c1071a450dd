"""A small log written into a directory, to be read, spoiled and verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xianjie.tlog.checkpoints import Checkpoint, sign_checkpoint
from xianjie.tlog.growth import Frontier
from xianjie.tlog.merkle import leaf_hash
from xianjie.tlog.notes import SigningKey
from xianjie.tlog.tiles import bundles_of, encode_bundle, tiles_of

ORIGIN = "xianjie.example/log"
KEY = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


def entries(count: int) -> list[bytes]:
    """Entries of different lengths, all different."""
    return [f'{{"leaf":{at}}}'.encode() + b"." * (at % 7) for at in range(count)]


@dataclass(frozen=True)
class PublishedLog:
    """A log in a directory.

    Attributes:
        directory: where `checkpoint` and `tile/` stand.
        checkpoint: what was signed.
    """

    directory: Path
    checkpoint: Checkpoint

    def file(self, path: str) -> Path:
        """The file behind a published path."""
        return self.directory / path

    def flip(self, path: str, at: int) -> None:
        """Change one bit of one byte."""
        content = bytearray(self.file(path).read_bytes())
        content[at] ^= 1
        self.file(path).write_bytes(bytes(content))


def publish(directory: Path, leaves: Sequence[bytes], *, key: SigningKey = KEY) -> PublishedLog:
    """Write the whole log of these entries."""
    growth = Frontier().appended([leaf_hash(entry) for entry in leaves])
    files = {tile.path: growth.tiles[tile] for tile in tiles_of(len(leaves))}
    files |= {each.path: encode_bundle(leaves[each.begin : each.end]) for each in bundles_of(len(leaves))}
    checkpoint = Checkpoint(ORIGIN, len(leaves), growth.frontier.root)
    files["checkpoint"] = sign_checkpoint(checkpoint, [key])
    for path, content in files.items():
        target = directory / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    return PublishedLog(directory, checkpoint)
