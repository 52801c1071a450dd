"""SQL that only reads: receipts, originals, refusals and the health of sources."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianjie.chassis.database import Transaction
from xianjie.intake.domain.health import SourceHealth

# Whether the organ was the one that sent these bytes; null organ: may read everything.
_ORIGINAL = """
select body from original o
where digest = $1
  and ($2::text is null or exists (select from submission s where s.original = o.digest and s.organ = $2))
"""

_SOURCES = """
select source, accepted, repeated, conflicting, refused, last_arrived_at, last_released_at, last_position
from source
where source > $1 and ($2::text is null or source = $2)
order by source
limit $3
"""

_REFUSALS = """
select r.submission, r.item, r.organ, r.source, r.event_id, r.problems, r.arrived_at, s.original
from refusal r join submission s on s.id = r.submission
where (r.submission, r.item) < ($1, $2) and ($3::text is null or r.organ = $3)
order by r.submission desc, r.item desc
limit $4
"""


@dataclass(frozen=True, slots=True)
class RefusalRow:
    """A refused item: what was wrong, and where its bytes are."""

    submission: int
    item: int
    organ: str
    source: str | None
    event_id: str | None
    problems: list[dict[str, Any]]
    arrived_at: datetime
    original: str


async def original(tx: Transaction, *, digest: str, organ: str | None) -> bytes | None:
    """Return the bytes with this digest, None if there are none that this organ sent."""
    body: bytes | None = await tx.fetchval(_ORIGINAL, digest, organ)
    return body


async def sources(tx: Transaction, *, after: str, source: str | None, limit: int) -> list[SourceHealth]:
    """Return the health of the sources in their order, after the given one."""
    return [SourceHealth(**row) for row in await tx.fetch(_SOURCES, after, source, limit)]


async def refusals(
    tx: Transaction, *, before: tuple[int, int], organ: str | None, limit: int
) -> list[RefusalRow]:
    """Return refusals, the newest first, before the given submission and item."""
    return [RefusalRow(**row) for row in await tx.fetch(_REFUSALS, *before, organ, limit)]
