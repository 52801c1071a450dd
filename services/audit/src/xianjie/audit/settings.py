"""What may vary between installations of audit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditSettings:
    """Settings of the service.

    Attributes:
        key_file: the Ed25519 private key that signs checkpoints, PEM (PKCS 8); made once if it is not
            there. Whoever loses it has to begin a new log, whoever copies it can sign a fork.
        origin: name of the log in its checkpoints and of its key; the address under which the log is
            published, without scheme, so that it is unique in the world. It never changes.
        batch_limit: most events that share one transaction and one checkpoint.
        fetch_wait_seconds: how long one fetch from the bus waits for events.
        digests_limit: most digests in one question.
    """

    key_file: Path
    origin: str = "xianjie.local/log"
    batch_limit: int = 1000
    fetch_wait_seconds: float = 5.0
    digests_limit: int = 200
