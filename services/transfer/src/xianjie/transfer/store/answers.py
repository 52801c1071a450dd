"""Clocks, judgements, findings and decisions: what is read far more often than written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianjie.chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision as it is kept; `id` is unique and the same whenever it is taken again."""

    id: str
    subject: str
    name: str
    planned: datetime
    recorded_at: datetime
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FindingRow:
    """The last word on one finding."""

    id: str
    subject: str
    view: Mapping[str, Any]
    first_seen: datetime
    changed_at: datetime


async def replace_clocks(
    tx: Transaction, subjects: Sequence[str], clocks: Sequence[Mapping[str, Any]]
) -> None:
    """Put the clocks of these cases in the place of those kept before."""
    await tx.execute("delete from clock where subject = any($1::text[])", list(subjects))
    await tx.execute(
        """
        insert into clock (id, subject, row, bearer, state, due, view)
        select value ->> 'id', value ->> 'subject', value ->> 'row', value ->> 'bearer', value ->> 'state',
            value -> 'due', value
        from unnest($1::jsonb[]) as told (value)
        """,
        list(clocks),
    )


async def replace_judgements(
    tx: Transaction, subjects: Sequence[str], judgements: Sequence[Mapping[str, Any]]
) -> None:
    """Put the judgements of these cases in the place of those kept before."""
    await tx.execute("delete from judgement where subject = any($1::text[])", list(subjects))
    await tx.execute(
        """
        insert into judgement (subject, offence, party, result, view)
        select value ->> 'subject', value ->> 'offence', coalesce(value ->> 'party', ''), value ->> 'result',
            value
        from unnest($1::jsonb[]) as told (value)
        """,
        list(judgements),
    )


async def put_findings(tx: Transaction, findings: Sequence[FindingRow]) -> None:
    """Write the last word on each finding; when it was first seen stays."""
    await tx.execute(
        """
        insert into finding (id, subject, rule, level, open, organ, first_seen, changed_at, view)
        select id, subject, view ->> 'rule', view ->> 'level', (view ->> 'open')::boolean, view ->> 'organ',
            first_seen, changed_at, view
        from unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamptz[], $5::timestamptz[])
            as told (id, subject, view, first_seen, changed_at)
        on conflict (id) do update set level = excluded.level, open = excluded.open, organ = excluded.organ,
            changed_at = excluded.changed_at, view = excluded.view
        """,
        [row.id for row in findings],
        [row.subject for row in findings],
        [row.view for row in findings],
        [row.first_seen for row in findings],
        [row.changed_at for row in findings],
    )


async def close_findings(tx: Transaction, closed: Mapping[str, datetime]) -> None:
    """Mark findings as ended whose condition no longer holds."""
    await tx.execute(
        """
        update finding set open = false, changed_at = told.at, view = view || '{"open": false}'
        from unnest($1::text[], $2::timestamptz[]) as told (id, at) where finding.id = told.id
        """,
        list(closed),
        list(closed.values()),
    )


async def add_decisions(tx: Transaction, decisions: Sequence[DecisionRow]) -> None:
    """Append decisions; one that was taken already is not written again."""
    await tx.execute(
        """
        insert into decision (id, subject, name, planned, recorded_at, data)
        select * from unnest(
            $1::text[], $2::text[], $3::text[], $4::timestamptz[], $5::timestamptz[], $6::jsonb[])
        on conflict (id) do nothing
        """,
        [row.id for row in decisions],
        [row.subject for row in decisions],
        [row.name for row in decisions],
        [row.planned for row in decisions],
        [row.recorded_at for row in decisions],
        [row.data for row in decisions],
    )


async def load_decisions(
    tx: Transaction, subjects: Sequence[str], *, known_at: datetime | None
) -> list[DecisionRow]:
    """Return the decisions on these cases, in their order, optionally as they were known on a past day."""
    rows = await tx.fetch(
        """
        select id, subject, name, planned, recorded_at, data from decision
        where subject = any($1::text[]) and ($2::timestamptz is null or recorded_at <= $2)
        order by position
        """,
        list(subjects),
        known_at,
    )
    return [DecisionRow(**row) for row in rows]
