"""Verification of a whole log from what it publishes, with nothing but the public key.

Source: C2SP tlog-tiles, tlog-checkpoint, signed-note; RFC 9162 section 2.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from xianjie.tlog import faults
from xianjie.tlog.checkpoints import CHECKPOINT_PATH, Checkpoint, CheckpointError
from xianjie.tlog.faults import Fault, Verdict
from xianjie.tlog.notes import Note, NoteError, VerifierKey
from xianjie.tlog.readers import DirectoryReader, HttpReader, Reader
from xianjie.tlog.recomputation import Recomputation

__all__ = ["DirectoryReader", "HttpReader", "Reader", "Verification", "verify"]


@dataclass(frozen=True, slots=True)
class Verification:
    """The separate verdicts about a log.

    Attributes:
        checkpoint: what the log says about itself, verified or not; None if it cannot be read.
        signature: the checkpoint is signed by the key and belongs to the log.
        tiles: entries, tiles and root agree: nothing edited, reordered or swapped.
        size: as many leaves are there as the checkpoint counts: nothing deleted, no tail cut.
        continuity: the log still begins with the checkpoint that the caller kept; None without one.
        leaves: entries that were read and hashed.
    """

    checkpoint: Checkpoint | None
    signature: Verdict
    tiles: Verdict
    size: Verdict
    continuity: Verdict | None
    leaves: int

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything found wrong."""
        verdicts = (self.signature, self.size, self.tiles, self.continuity or Verdict())
        return tuple(fault for verdict in verdicts for fault in verdict.faults)

    @property
    def holds(self) -> bool:
        """Whether every verdict holds."""
        return not self.faults


def verify(
    reader: Reader, key: VerifierKey, *, origin: str | None = None, known: Checkpoint | None = None
) -> Verification:
    """Read a published log whole and verify it.

    Args:
        reader: where the log stands.
        key: the public key that must have signed the checkpoint.
        origin: name of the log; the name of the key unless given.
        known: an earlier checkpoint that the caller kept or a witness signed.

    Raises:
        OSError: the place cannot be read, so that nothing can be said.
    """
    content = reader.read(CHECKPOINT_PATH)
    if content is None:
        return _without_checkpoint(faults.missing(CHECKPOINT_PATH))
    try:
        note = Note.parse(content)
        checkpoint = Checkpoint.parse(note.text)
    except (NoteError, CheckpointError) as error:
        return _without_checkpoint(faults.unreadable(CHECKPOINT_PATH, str(error)))
    found = Recomputation(reader, checkpoint, known).run()
    return Verification(
        checkpoint=checkpoint,
        signature=_signature(note, checkpoint, key, origin=origin or key.name),
        tiles=Verdict(tuple(found.tile_faults)),
        size=Verdict(tuple(found.size_faults)),
        continuity=None if known is None else Verdict(tuple(found.continuity_faults)),
        leaves=found.hashed,
    )


def _without_checkpoint(fault: Fault) -> Verification:
    verdict = Verdict((fault,))
    return Verification(
        checkpoint=None, signature=verdict, tiles=verdict, size=verdict, continuity=None, leaves=0
    )


def _signature(note: Note, checkpoint: Checkpoint, key: VerifierKey, *, origin: str) -> Verdict:
    found = []
    try:
        note.verified_by([key])
    except NoteError as error:
        found.append(faults.not_signed(CHECKPOINT_PATH, str(error)))
    if checkpoint.origin != origin:
        found.append(faults.other_origin(CHECKPOINT_PATH, found=checkpoint.origin, expected=origin))
    return Verdict(tuple(found))
