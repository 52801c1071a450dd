"""SQL of conflicts, the questions that wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xianjie.chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A conflict with both contents.

    Attributes:
        first_body, second_body: canonical bytes; the first carries the attributes that intake added.
        first_original, second_original: digests of the bytes in which they arrived.
        state: open or decided; the five members after it are None while it is open.
    """

    id: str
    source: str
    event_id: str
    first_digest: str
    first_body: bytes
    first_original: str
    first_recorded_at: datetime
    second_digest: str
    second_body: bytes
    second_original: str
    arrived_at: datetime
    state: str
    choice: str | None
    reasons: str | None
    decided_by: str | None
    decided_organ: str | None
    decided_at: datetime | None


_SELECT = """
select c.id, c.source, c.event_id, c.first_digest, e.body as first_body, e.original as first_original,
       e.recorded_at as first_recorded_at, c.second_digest, c.second_body, s.original as second_original,
       c.arrived_at, c.state, c.choice, c.reasons, c.decided_by, c.decided_organ, c.decided_at
from conflict c
join event e on e.position = c.first_position
join submission s on s.id = c.submission
"""

_ONE = _SELECT + "where c.id = $1"
_LOCK = "select id from conflict where id = $1 for update"
_PAGE = (
    _SELECT
    + """
where c.id > $1 and ($2::text is null or c.state = $2) and ($3::text is null or c.source = $3)
order by c.id
limit $4
"""
)

_DECIDE = """
update conflict
set state = 'decided', choice = $2, reasons = $3, decided_by = $4, decided_organ = $5, decided_at = $6
where id = $1 and state = 'open'
"""


async def one(tx: Transaction, conflict_id: str) -> ConflictRow | None:
    """Return a conflict."""
    row = await tx.fetchrow(_ONE, conflict_id)
    return None if row is None else ConflictRow(**row)


async def locked(tx: Transaction, conflict_id: str) -> ConflictRow | None:
    """Return a conflict that nobody else decides before the transaction ends."""
    return await one(tx, conflict_id) if await tx.fetchval(_LOCK, conflict_id) else None


async def page(
    tx: Transaction, *, after: str, state: str | None, source: str | None, limit: int
) -> list[ConflictRow]:
    """Return conflicts in the order of their ids, after the given one."""
    return [ConflictRow(**row) for row in await tx.fetch(_PAGE, after, state, source, limit)]


async def decide(
    tx: Transaction,
    *,
    conflict_id: str,
    choice: str,
    reasons: str,
    decided_by: str,
    decided_organ: str,
    decided_at: datetime,
) -> None:
    """Close an open conflict."""
    await tx.execute(_DECIDE, conflict_id, choice, reasons, decided_by, decided_organ, decided_at)
