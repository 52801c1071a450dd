"""What may vary between installations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

RULES: Final = Path(__file__).resolve().parents[3] / "rules"
"""The rules that come with the service."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotificationSettings:
    """Settings of the service; they do not change while it runs.

    Attributes:
        rules: folder with the rules, `*.yaml`.
        batch_messages: most events handled in one transaction.
        fetch_wait_seconds: how long one fetch from the bus waits for events.
        expiry_batch_messages: most messages that expire in one transaction.
        expiry_grace_seconds: how long after must_answer_by a message expires, so that an acknowledgement made
            just before it arrives first.
    """

    rules: Path = RULES
    batch_messages: int = 500
    fetch_wait_seconds: float = 5.0
    expiry_batch_messages: int = 500
    expiry_grace_seconds: float = 2.0
