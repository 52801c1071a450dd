"""What the door answers for each event: the four verdicts, the receipt, and doubts that do not refuse."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from xianjie.contracts.errors import Problem
from xianjie.contracts.recorded import Ref
from xianjie.intake.domain.arrivals import instant_text


class Word(StrEnum):
    """The verdict in one word."""

    ACCEPTED = "accepted"
    REPEATED = "repeated"
    CONFLICT = "conflict"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something doubtful about an accepted event; a person should look, nothing is held up.

    Attributes:
        code: stable dotted name that begins with `doubt.`.
        zh: what is doubtful, in Chinese.
        en: the same in English.
        pointer: JSON pointer into the event.
    """

    code: str
    zh: str
    en: str
    pointer: str

    def as_json(self) -> dict[str, str]:
        """Return the members as stored and shown."""
        return {"code": self.code, "zh": self.zh, "en": self.en, "pointer": self.pointer}


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an event was accepted; a repeated delivery is answered with the same one.

    Attributes:
        ref: source and id of the event.
        type: full type.
        subject: case id, or what the type's `subject` names.
        digest: of the canonical bytes.
        position: place in the order of acceptance, from 1, without gaps.
        recorded_at: instant of acceptance.
        original: digest of the bytes in which it arrived.
        warnings: doubts, as `Doubt.as_json`.
    """

    ref: Ref
    type: str
    subject: str
    digest: str
    position: int
    recorded_at: datetime
    original: str
    warnings: tuple[dict[str, str], ...] = ()

    def as_json(self, *, prefix: str) -> dict[str, Any]:
        """Return the receipt as answered; `prefix` is the public path of the service."""
        return {
            "source": self.ref.source,
            "id": self.ref.id,
            "type": self.type,
            "subject": self.subject,
            "digest": self.digest,
            "position": self.position,
            "recordedat": instant_text(self.recorded_at),
            "original": f"{prefix}/v1/originals/{self.original}",
            "warnings": list(self.warnings),
        }


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer to one item.

    Attributes:
        word: what became of it.
        receipt: of the accepted event; for a conflict that of the first version; None when refused.
        problems: why it was refused or is in conflict.
        conflict_id: where a person decides.
        row: line of a stream, counted from 1.
    """

    word: Word
    receipt: Receipt | None = None
    problems: tuple[Problem, ...] = ()
    conflict_id: str | None = None
    row: int | None = None
