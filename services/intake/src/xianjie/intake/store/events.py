"""SQL of the path on which events are accepted; every function is one round trip for a whole batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from asyncpg import Record

from xianjie.chassis.database import Transaction
from xianjie.contracts.recorded import Ref
from xianjie.intake.domain.arrivals import Arrival
from xianjie.intake.domain.health import SourceHealth, health_of
from xianjie.intake.domain.judging import AcceptedEvent, Conflict, Head, Outcome, Refusal
from xianjie.intake.domain.problems import problem_json
from xianjie.intake.domain.verdicts import Receipt

# Whoever holds this row is the only writer; the row is read as its last holder left it.
_LOCK_HEAD = """
select position, submission, registry_revision, recorded_at from head for update
"""

_KNOWN = """
select e.source, e.id, e.type, e.subject, e.digest, e.position, e.recorded_at, e.original, e.warnings
from event e join unnest($1::text[], $2::text[]) as wanted (source, id) using (source, id)
"""

# One statement, so one round trip: bytes, arrivals, events, health of the sources, and the new head.
_WRITE = """
with originals as (
    insert into original (digest, body)
    select distinct on (digest) digest, body from unnest($1::text[], $2::bytea[]) as o (digest, body)
    on conflict (digest) do nothing
), submissions as (
    insert into submission
        (id, original, channel, organ, key_id, arrived_at, stream, chunk, items)
    select s.id, s.original, s.channel, s.organ, s.key_id, s.arrived_at, s.stream, s.chunk, s.items
    from unnest($3::bigint[], $1::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
                $8::uuid[], $9::int[], $10::int[])
        as s (id, original, channel, organ, key_id, arrived_at, stream, chunk, items)
), events as (
    insert into event
        (position, source, id, type, subject, digest, body, released_at, recorded_at,
         submission, item, original, warnings)
    select e.position, e.source, e.id, e.type, e.subject, e.digest, e.body, e.released_at, $11,
           e.submission, e.item, e.original, e.warnings::jsonb
    from unnest($12::bigint[], $13::text[], $14::text[], $15::text[], $16::text[], $17::text[], $18::bytea[],
                $19::timestamptz[], $20::bigint[], $21::int[], $22::text[], $23::text[])
        as e (position, source, id, type, subject, digest, body, released_at, submission, item, original,
              warnings)
), health as (
    insert into source as kept
        (source, accepted, repeated, conflicting, refused, last_arrived_at, last_released_at, last_position)
    select h.source, h.accepted, h.repeated, h.conflicting, h.refused, h.arrived_at, h.released_at, h.position
    from unnest($24::text[], $25::bigint[], $26::bigint[], $27::bigint[], $28::bigint[], $29::timestamptz[],
                $30::timestamptz[], $31::bigint[])
        as h (source, accepted, repeated, conflicting, refused, arrived_at, released_at, position)
    on conflict (source) do update set
        accepted = kept.accepted + excluded.accepted,
        repeated = kept.repeated + excluded.repeated,
        conflicting = kept.conflicting + excluded.conflicting,
        refused = kept.refused + excluded.refused,
        last_arrived_at = greatest(kept.last_arrived_at, excluded.last_arrived_at),
        last_released_at = greatest(kept.last_released_at, excluded.last_released_at),
        last_position = greatest(kept.last_position, excluded.last_position)
)
update head set position = $32, submission = $33, recorded_at = $11
"""

_REFUSE = """
insert into refusal (submission, item, organ, source, event_id, problems, arrived_at)
select r.submission, r.item, r.organ, r.source, r.event_id, r.problems::jsonb, r.arrived_at
from unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
    as r (submission, item, organ, source, event_id, problems, arrived_at)
"""

_CONFLICT = """
insert into conflict (id, source, event_id, first_position, first_digest, second_digest, second_body,
                      submission, item, arrived_at)
select c.id, c.source, c.event_id, c.first_position, c.first_digest, c.second_digest, c.second_body,
       c.submission, c.item, c.arrived_at
from unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::bytea[],
            $8::bigint[], $9::int[], $10::timestamptz[])
    as c (id, source, event_id, first_position, first_digest, second_digest, second_body, submission, item,
          arrived_at)
on conflict (id) do nothing
"""


def _receipt_of(row: Record) -> Receipt:
    """Return the receipt that an event row holds."""
    return Receipt(
        ref=Ref(row["source"], row["id"]),
        type=row["type"],
        subject=row["subject"],
        digest=row["digest"],
        position=row["position"],
        recorded_at=row["recorded_at"],
        original=row["original"],
        warnings=tuple(row["warnings"]),
    )


async def lock_head(tx: Transaction) -> Head:
    """Become the only writer until the transaction ends, and return where the last one ended."""
    row = await tx.fetchrow(_LOCK_HEAD)
    assert row is not None
    return Head(row["position"], row["submission"], row["registry_revision"], row["recorded_at"])


async def known_receipts(tx: Transaction, refs: Iterable[Ref]) -> dict[Ref, Receipt]:
    """Return the receipts of those events that are kept."""
    wanted = list(refs)
    rows = await tx.fetch(_KNOWN, [ref.source for ref in wanted], [ref.id for ref in wanted])
    return {receipt.ref: receipt for receipt in map(_receipt_of, rows)}


async def write(
    tx: Transaction, *, arrivals: Sequence[Arrival], first_submission: int, outcome: Outcome
) -> None:
    """Write arrivals, events, health of the sources and the head; refusals and conflicts if there are any.

    Args:
        first_submission: number of the first arrival; the others follow it.
    """
    await tx.execute(
        _WRITE,
        *_arrival_columns(arrivals, first_submission),
        outcome.recorded_at,
        *_event_columns(outcome.events),
        *_health_columns(health_of(arrivals, outcome)),
        outcome.position,
        outcome.submission,
    )
    if outcome.refusals:
        await tx.execute(_REFUSE, *_refusal_columns(outcome.refusals))
    if outcome.conflicts:
        await tx.execute(_CONFLICT, *_conflict_columns(list(outcome.conflicts.values())))


def _json(value: Any) -> str:
    """Return JSON as text: in an array parameter a list would count as a further dimension."""
    return orjson.dumps(value).decode()


def _arrival_columns(arrivals: Sequence[Arrival], first: int) -> tuple[list[Any], ...]:
    return (
        [arrival.original_digest for arrival in arrivals],
        [arrival.original for arrival in arrivals],
        [first + place for place in range(len(arrivals))],
        [arrival.channel for arrival in arrivals],
        [arrival.organ for arrival in arrivals],
        [arrival.key_id for arrival in arrivals],
        [arrival.arrived_at for arrival in arrivals],
        [arrival.stream for arrival in arrivals],
        [arrival.chunk for arrival in arrivals],
        [len(arrival.items) for arrival in arrivals],
    )


def _event_columns(events: Sequence[AcceptedEvent]) -> tuple[list[Any], ...]:
    receipts = [event.receipt for event in events]
    return (
        [receipt.position for receipt in receipts],
        [receipt.ref.source for receipt in receipts],
        [receipt.ref.id for receipt in receipts],
        [receipt.type for receipt in receipts],
        [receipt.subject for receipt in receipts],
        [receipt.digest for receipt in receipts],
        [event.body for event in events],
        [event.released_at for event in events],
        [event.submission for event in events],
        [event.place for event in events],
        [receipt.original for receipt in receipts],
        [_json(receipt.warnings) for receipt in receipts],
    )


def _health_columns(sources: Sequence[SourceHealth]) -> tuple[list[Any], ...]:
    return (
        [health.source for health in sources],
        [health.accepted for health in sources],
        [health.repeated for health in sources],
        [health.conflicting for health in sources],
        [health.refused for health in sources],
        [health.last_arrived_at for health in sources],
        [health.last_released_at for health in sources],
        [health.last_position for health in sources],
    )


def _refusal_columns(refusals: Sequence[Refusal]) -> tuple[list[Any], ...]:
    return (
        [refusal.submission for refusal in refusals],
        [refusal.place for refusal in refusals],
        [refusal.organ for refusal in refusals],
        [refusal.ref.source if refusal.ref else None for refusal in refusals],
        [refusal.ref.id if refusal.ref else None for refusal in refusals],
        [_json([problem_json(problem) for problem in refusal.problems]) for refusal in refusals],
        [refusal.arrived_at for refusal in refusals],
    )


def _conflict_columns(conflicts: Sequence[Conflict]) -> tuple[list[Any], ...]:
    return (
        [conflict.id for conflict in conflicts],
        [conflict.first.ref.source for conflict in conflicts],
        [conflict.first.ref.id for conflict in conflicts],
        [conflict.first.position for conflict in conflicts],
        [conflict.first.digest for conflict in conflicts],
        [conflict.second_digest for conflict in conflicts],
        [conflict.second_body for conflict in conflicts],
        [conflict.submission for conflict in conflicts],
        [conflict.place for conflict in conflicts],
        [conflict.arrived_at for conflict in conflicts],
    )
