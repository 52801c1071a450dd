"""Checkpoints: what a log signs about itself.

Source: C2SP tlog-checkpoint.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from xianjie.tlog.merkle import HASH_SIZE
from xianjie.tlog.notes import SigningKey, VerifierKey, open_note, sign_note

CHECKPOINT_PATH = "checkpoint"

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


class CheckpointError(ValueError):
    """A text is not a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The state of a log.

    Attributes:
        origin: name of the log.
        size: leaves in the tree.
        root: root hash of the tree, 32 bytes.
        extensions: further lines, none of them empty; this project writes none.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a checkpoint (the note without its signatures).

        Raises:
            CheckpointError: it has not at least three non-empty lines, or size or root are malformed.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1] != "" or "" in lines[:-1]:
            raise CheckpointError("a checkpoint has at least three lines, none empty, each with a newline")
        origin, size, root, *extensions = lines[:-1]
        if not _SIZE.fullmatch(size):
            raise CheckpointError(f"{size!r} is not a tree size")
        return cls(origin, int(size), _root(root), tuple(extensions))

    @property
    def text(self) -> str:
        """The text that is signed."""
        lines = (self.origin, str(self.size), b64encode(self.root).decode(), *self.extensions)
        return "".join(f"{line}\n" for line in lines)


def sign_checkpoint(checkpoint: Checkpoint, keys: Iterable[SigningKey]) -> bytes:
    """Return the signed checkpoint as it is published.

    Raises:
        NoteError: the origin or an extension holds a control character.
    """
    return sign_note(checkpoint.text, keys)


def open_checkpoint(content: bytes, keys: Sequence[VerifierKey]) -> Checkpoint:
    """Return a checkpoint that at least one of the keys signed.

    Raises:
        NoteError: the note is malformed, a signature is wrong, or none of the keys signed.
        CheckpointError: the text is not a checkpoint.
    """
    return Checkpoint.parse(open_note(content, keys))


def _root(text: str) -> bytes:
    try:
        root = b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise CheckpointError(f"{text!r} is not a root hash") from error
    if len(root) != HASH_SIZE or b64encode(root).decode() != text:
        raise CheckpointError(f"{text!r} is not a root hash of {HASH_SIZE} bytes")
    return root
