"""SQL of the registry of organs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from asyncpg import Record

from xianjie.chassis.database import Transaction
from xianjie.intake.domain.registry import Organ

_ALL = """
select id, valid_from, valid_to, name, named, kind, level, region, sector, parent, connected_from, successors
from organ_version
"""

_PAGE = (
    _ALL
    + """
where (id, valid_from) > ($1, $2) and ($3::text is null or region = $3) and ($4::text is null or kind = $4)
order by id, valid_from
limit $5
"""
)

# Successors travel as one JSON array for each organ: PostgreSQL has no ragged arrays.
_ADD = """
insert into organ (id, valid_from, revision, valid_to, name, named, kind, level, region, sector, parent,
                   connected_from, successors, recorded_at)
select o.id, o.valid_from, $1, o.valid_to, o.name, o.named, o.kind, o.level, o.region, o.sector, o.parent,
       o.connected_from, array(select jsonb_array_elements_text(o.successors::jsonb)), $2
from unnest($3::text[], $4::date[], $5::date[], $6::text[], $7::bool[], $8::text[], $9::text[], $10::text[],
            $11::text[], $12::text[], $13::date[], $14::text[])
    as o (id, valid_from, valid_to, name, named, kind, level, region, sector, parent, connected_from,
          successors)
"""

_REVISE = "update head set registry_revision = $1"


def _organ_of(row: Record) -> Organ:
    """Return the version that a row holds."""
    return Organ(**{**dict(row), "successors": tuple(row["successors"])})


async def versions(tx: Transaction) -> list[Organ]:
    """Return every version in force."""
    return [_organ_of(row) for row in await tx.fetch(_ALL)]


async def page(
    tx: Transaction, *, after: tuple[str, Any], region: str | None, kind: str | None, limit: int
) -> list[Organ]:
    """Return versions in the order of id and first day, after the given pair."""
    return [_organ_of(row) for row in await tx.fetch(_PAGE, *after, region, kind, limit)]


async def add(tx: Transaction, *, organs: Sequence[Organ], revision: int, recorded_at: datetime) -> None:
    """Add versions under a new revision; the caller holds the lock of the head."""
    await tx.execute(
        _ADD,
        revision,
        recorded_at,
        [organ.id for organ in organs],
        [organ.valid_from for organ in organs],
        [organ.valid_to for organ in organs],
        [organ.name for organ in organs],
        [organ.named for organ in organs],
        [organ.kind for organ in organs],
        [organ.level for organ in organs],
        [organ.region for organ in organs],
        [organ.sector for organ in organs],
        [organ.parent for organ in organs],
        [organ.connected_from for organ in organs],
        [orjson.dumps(organ.successors).decode() for organ in organs],
    )
    await tx.execute(_REVISE, revision)


async def exists(tx: Transaction, organ_id: str) -> bool:
    """Whether there is any version of the organ."""
    found: bool = await tx.fetchval("select exists (select from organ where id = $1)", organ_id)
    return found
