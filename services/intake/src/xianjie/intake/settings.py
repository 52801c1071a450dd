"""What may vary between installations of intake."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class IntakeSettings:
    """Settings of the service; every limit is a promise to other senders, none is a secret.

    Attributes:
        public_prefix: path under which the gateway or the composition root serves this service.
        event_limit_bytes: largest single event.
        batch_limit_bytes: largest JSON array of events.
        batch_limit_items: most events in one JSON array.
        commit_items: items after which a transaction is closed.
        commit_bytes: bytes of a stream after which a transaction is closed.
        commit_idle_seconds: how long a stream may be silent before what it sent is committed.
        waiting_limit: most arrivals that wait at the door before new ones are sent away with 503.
        requests_per_second: sustained rate of one key; None: no limit.
        request_burst: requests that one key may send at once.
        late_after_days: days between act and recording after which an event is marked as late; a local
            target, not a term of law.
        clock_skew_seconds: how far the clock of a source may run ahead unremarked.
        key_cache_seconds: how long a key stays known without asking the database; the longest time that a
            key revoked by another process is still honoured.
        key_cache_size: most keys known at once.
    """

    public_prefix: str = "/intake"
    event_limit_bytes: int = 1 << 20
    batch_limit_bytes: int = 16 << 20
    batch_limit_items: int = 10_000
    commit_items: int = 500
    commit_bytes: int = 256 << 10
    commit_idle_seconds: float = 0.02
    waiting_limit: int = 10_000
    requests_per_second: int | None = 5_000
    request_burst: int = 10_000
    late_after_days: int = 7
    clock_skew_seconds: int = 300
    key_cache_seconds: int = 10
    key_cache_size: int = 10_000
