"""What may vary between installations of transfer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferSettings:
    """Settings of the service.

    Attributes:
        batch: most events that share one transaction.
        timer_batch: most cases that are woken in one transaction.
        timer_grace_seconds: how long after its end a term waits for acts that are still on their way.
    """

    batch: int = 500
    timer_batch: int = 200
    timer_grace_seconds: float = 2.0
