"""Reads over many cases, and the bodies of events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from xianjie.chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class KeptState:
    """The state of a case as it is kept: its digest, the moment it belongs to, the law it was computed by."""

    subject: str
    state_digest: str
    evaluated_until: datetime
    law_digest: str


async def load_bodies(tx: Transaction, subject: str, *, known_at: datetime) -> list[dict[str, Any]]:
    """Return the events of a case and of the cases merged into it, oldest record first."""
    rows = await tx.fetch(
        """
        with recursive member (subject) as (
            select $1::text
            union
            select merged_case.subject
            from merged_case join member on merged_case.into_subject = member.subject
        )
        select event.body from member join event using (subject)
        where event.recorded_at <= $2 order by event.recorded_at, event.source, event.id
        """,
        subject,
        known_at,
    )
    return [orjson.loads(row["body"]) for row in rows]


async def load_overview(
    tx: Transaction, *, cursor: str, limit: int, agency: str | None
) -> list[dict[str, Any]]:
    """Return a page of cases as they stand now, after `cursor` in the order of their ids."""
    rows = await tx.fetch(
        """
        with page as (
            select subject, agency, regions, evaluated_until, wake_at, law_digest, state_digest from case_file
            where subject > $1 and ($3::text is null or agency = $3) and evaluated_until is not null
            order by subject limit $2
        )
        select page.subject, page.agency, page.regions, page.evaluated_until, page.state_digest,
            coalesce((select jsonb_agg(view order by judgement.offence, judgement.party)
                from judgement where judgement.subject = page.subject), '[]') as judgements,
            coalesce((select jsonb_agg(view order by finding.first_seen, finding.id)
                from finding where finding.subject = page.subject and finding.open), '[]') as findings,
            coalesce((select jsonb_agg(view order by clock.id)
                from clock where clock.subject = page.subject
                    and clock.state in ('running', 'warned', 'unknown', 'suspended')), '[]') as clocks
        from page order by page.subject
        """,
        cursor,
        limit,
        agency,
    )
    return [{**dict(row), "evaluated_until": row["evaluated_until"].isoformat()} for row in rows]


async def load_findings(
    tx: Transaction, *, rule: str | None, level: str | None, organ: str | None, open_only: bool, limit: int
) -> list[dict[str, Any]]:
    """Return findings that fit, newest first."""
    rows = await tx.fetch(
        """
        select id, view, first_seen, changed_at from finding
        where ($1::text is null or rule = $1) and ($2::text is null or level = $2)
            and ($3::text is null or organ = $3) and (open or not $4)
        order by first_seen desc, id limit $5
        """,
        rule,
        level,
        organ,
        open_only,
        limit,
    )
    return [{**row["view"], "id": row["id"], "first_seen": row["first_seen"].isoformat()} for row in rows]


async def load_kept(tx: Transaction, *, after: str, limit: int) -> list[KeptState]:
    """Return the states of a page of evaluated cases as they are kept, after `after` in the order of ids."""
    rows = await tx.fetch(
        """
        select subject, state_digest, evaluated_until, law_digest from case_file
        where subject > $1 and evaluated_until is not null order by subject limit $2
        """,
        after,
        limit,
    )
    return [KeptState(**row) for row in rows]
