"""The copy of the registry, and the clocks that events only name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date

import asyncpg

from xianjie.chassis.database import Transaction
from xianjie.notification.domain.arrivals import ToldOrgan
from xianjie.notification.domain.facts import Clock
from xianjie.notification.domain.registry import OVERSEERS, Organ

# Orders the versions of one organ so that the one in force on day $1 comes first; before the first of them
# holds, that first one.
_IN_FORCE_FIRST = """
    (valid_from <= $1) desc,
    case when valid_from <= $1 then valid_from end desc,
    valid_from, recorded_at desc, event_source, event_id
"""


async def add_organs(tx: Transaction, told: Sequence[ToldOrgan]) -> None:
    """Add versions of organs; one that is there already stays as it is."""
    rows = [
        {
            **asdict(each.organ),
            "recorded_at": each.recorded_at,
            "event_source": each.ref.source,
            "event_id": each.ref.id,
        }
        for each in told
    ]
    await tx.execute(
        """
        insert into organ (id, name, kind, level, region, parent, change, successors, valid_from, recorded_at,
                           event_source, event_id)
        select id, name, kind, level, region, parent, change, successors, valid_from, recorded_at,
               event_source, event_id
        from jsonb_populate_recordset(null::organ, $1)
        on conflict do nothing
        """,
        rows,
    )


async def organs_in_force(tx: Transaction, ids: Iterable[str], *, on: date) -> dict[str, Organ]:
    """Return these organs, their superiors and successors, as described on a day; without unknown ones."""
    rows = await tx.fetch(
        f"""
        with recursive reached(id) as (
            select unnest($2::text[])
            union
            select next.id
            from reached join organ using (id)
                cross join lateral unnest(organ.successors || organ.parent) next(id)
            where next.id is not null
        )
        select distinct on (id) id, name, kind, level, region, parent, change, successors, valid_from
        from reached join organ using (id)
        order by id, {_IN_FORCE_FIRST}
        """,  # noqa: S608 - a constant of this module
        on,
        list(ids),
    )
    return {row["id"]: _organ(row) for row in rows}


async def overseers(tx: Transaction, regions: Iterable[str], *, on: date) -> tuple[Organ, ...]:
    """Return the procuratorates and joint-meeting offices of these regions, as described on a day."""
    rows = await tx.fetch(
        f"""
        select * from (
            select distinct on (id) id, name, kind, level, region, parent, change, successors, valid_from
            from organ
            where id in (select id from organ where region = any($2::text[]) and kind = any($3::text[]))
            order by id, {_IN_FORCE_FIRST}
        ) version
        where region = any($2::text[]) and kind = any($3::text[])
        """,  # noqa: S608 - a constant of this module
        on,
        list(regions),
        list(OVERSEERS),
    )
    return tuple(_organ(row) for row in rows)


async def put_clocks(tx: Transaction, clocks: Iterable[Clock]) -> None:
    """Keep the newest revision of each clock."""
    newest: dict[str, Clock] = {}
    for clock in sorted(clocks, key=lambda each: each.revision):
        newest[clock.id] = clock
    await tx.execute(
        """
        insert into clock (id, row_id, bearer, subject, due, revision)
        select id, row, bearer, subject, due, revision
        from jsonb_to_recordset($1)
             as told(id text, row text, bearer text, subject text, due jsonb, revision bigint)
        on conflict (id) do update set (row_id, bearer, subject, due, revision)
            = (excluded.row_id, excluded.bearer, excluded.subject, excluded.due, excluded.revision)
        where clock.revision < excluded.revision
        """,
        list(newest.values()),
    )


async def clocks(tx: Transaction, ids: Iterable[str]) -> dict[str, Clock]:
    """Return the clocks with these ids; unknown ones are left out."""
    rows = await tx.fetch(
        "select id, row_id, bearer, subject, due, revision from clock where id = any($1::text[])", list(ids)
    )
    return {
        row["id"]: Clock(row["id"], row["row_id"], row["bearer"], row["subject"], row["due"], row["revision"])
        for row in rows
    }


def _organ(row: asyncpg.Record) -> Organ:
    return Organ(
        id=row["id"],
        name=row["name"],
        kind=row["kind"],
        level=row["level"],
        region=row["region"],
        parent=row["parent"],
        change=row["change"],
        successors=tuple(row["successors"]),
        valid_from=row["valid_from"],
    )
