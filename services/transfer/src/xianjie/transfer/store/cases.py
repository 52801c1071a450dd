"""Events, organs and case files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianjie.chassis.database import Transaction
from xianjie.contracts.recorded import RecordedEvent

from ..domain.organs import Organ, Organs

#: Notified, below the schema's name, whenever case files were written: an earlier moment may wait now.
WAKE_CHANNEL = "wake"


@dataclass(frozen=True, slots=True)
class CaseFile:
    """What is kept of a case between two evaluations."""

    subject: str
    standing: Mapping[str, Any]
    evaluated_until: datetime | None
    wake_at: datetime | None
    law_digest: str


@dataclass(frozen=True, slots=True)
class CaseState:
    """What an evaluation leaves behind for a case.

    Attributes:
        organs: the entries of the registry that it asked for, also in vain.
    """

    subject: str
    agency: str
    regions: Mapping[str, Any]
    standing: Mapping[str, Any]
    state_digest: str
    evaluated_until: datetime
    wake_at: datetime | None
    organs: frozenset[str]


async def add_events(tx: Transaction, events: Sequence[RecordedEvent], bodies: Sequence[bytes]) -> None:
    """Keep the events; one that is there already stays as it is."""
    await tx.execute(
        """
        insert into event (source, id, subject, name, recorded_at, body)
        select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::timestamptz[], $6::bytea[])
        on conflict (source, id) do nothing
        """,
        [event.ref.source for event in events],
        [event.ref.id for event in events],
        [event.subject for event in events],
        [event.name for event in events],
        [event.recorded_at for event in events],
        list(bodies),
    )


async def put_organs(
    tx: Transaction, organs: Sequence[Mapping[str, Any]], recorded: Sequence[datetime]
) -> list[str]:
    """Take over the registry entries that are newer than what is known; return which organs those are."""
    rows = await tx.fetch(
        """
        insert into organ (id, data, recorded_at)
        select distinct on (data ->> 'id') data ->> 'id', data, recorded_at
        from unnest($1::jsonb[], $2::timestamptz[]) as told (data, recorded_at)
        order by data ->> 'id', recorded_at desc
        on conflict (id) do update set data = excluded.data, recorded_at = excluded.recorded_at
        where organ.recorded_at <= excluded.recorded_at
        returning id
        """,
        list(organs),
        list(recorded),
    )
    return [row["id"] for row in rows]


async def load_organs(tx: Transaction) -> Organs:
    """Return the whole registry."""
    rows = await tx.fetch("select data from organ")
    return Organs({row["data"]["id"]: Organ.from_event(row["data"]) for row in rows})


async def put_merges(tx: Transaction, merges: Mapping[str, str]) -> None:
    """Remember which case goes on in which other."""
    await tx.execute(
        """
        insert into merged_case (subject, into_subject)
        select * from unnest($1::text[], $2::text[])
        on conflict (subject) do update set into_subject = excluded.into_subject
        """,
        list(merges),
        list(merges.values()),
    )


async def lock_cases(tx: Transaction, subjects: Sequence[str]) -> list[CaseFile]:
    """Open the files of the cases and of the cases in which they go on, and hold them until the commit."""
    rows = await tx.fetch(
        """
        with recursive affected (subject) as (
            select * from unnest($1::text[])
            union
            select merged_case.into_subject from merged_case join affected using (subject)
        ), opened as (
            insert into case_file (subject) select subject from affected order by subject
            on conflict (subject) do nothing
        )
        select subject from affected order by subject
        """,
        list(subjects),
    )
    held = await tx.fetch(
        """
        select subject, standing, evaluated_until, wake_at, law_digest from case_file
        where subject = any($1::text[]) order by subject for update
        """,
        [row["subject"] for row in rows],
    )
    return [CaseFile(**row) for row in held]


async def lock_due(tx: Transaction, *, upto: datetime, limit: int) -> list[CaseFile]:
    """Return and hold the files whose moment has come; files held by others are left out.

    The oldest moment comes first, of one moment the case that was looked at longest ago.
    """
    rows = await tx.fetch(
        """
        select subject, standing, evaluated_until, wake_at, law_digest from case_file
        where wake_at <= $1 order by wake_at, evaluated_until, subject limit $2 for update skip locked
        """,
        upto,
        limit,
    )
    return [CaseFile(**row) for row in rows]


async def next_wake(tx: Transaction) -> datetime | None:
    """Return the earliest moment at which a case has to be looked at again."""
    wake: datetime | None = await tx.fetchval("select min(wake_at) from case_file")
    return wake


async def load_events(tx: Transaction, subjects: Sequence[str]) -> dict[str, list[RecordedEvent]]:
    """Return the events of each case together with those of the cases merged into it."""
    rows = await tx.fetch(
        """
        with recursive member (root, subject) as (
            select subject, subject from unnest($1::text[]) as asked (subject)
            union
            select member.root, merged_case.subject
            from merged_case join member on merged_case.into_subject = member.subject
        )
        select member.root, event.body
        from member join event on event.subject = member.subject
        order by member.root, event.recorded_at
        """,
        list(subjects),
    )
    events: dict[str, list[RecordedEvent]] = {subject: [] for subject in subjects}
    for row in rows:
        events[row["root"]].append(RecordedEvent.from_json(row["body"]))
    return events


async def put_states(tx: Transaction, states: Sequence[CaseState], *, law_digest: str) -> str | None:
    """Write the current state of the cases beside their events, with the law that it was computed by.

    Returns:
        the digest of the law in use, None before any was put into use.
    """
    in_use: str | None = await tx.fetchval(
        """
        with told as (
            select * from unnest($1::text[], $2::text[], $3::jsonb[], $4::jsonb[], $5::text[],
                $6::timestamptz[], $7::timestamptz[], $9::text[])
                as told (subject, agency, regions, standing, state_digest, evaluated_until, wake_at, organs)
        ), written as (
        update case_file set agency = told.agency, regions = told.regions, standing = told.standing,
            state_digest = told.state_digest, evaluated_until = told.evaluated_until,
            wake_at = told.wake_at, law_digest = $8, organs = string_to_array(told.organs, ' ')
        from told where case_file.subject = told.subject
        ), said as (
            select pg_notify(current_schema() || '.wake', '')
        )
        select (select digest from law_in_use order by position desc limit 1) from said
        """,
        [state.subject for state in states],
        [state.agency for state in states],
        [state.regions for state in states],
        [state.standing for state in states],
        [state.state_digest for state in states],
        [state.evaluated_until for state in states],
        [state.wake_at for state in states],
        law_digest,
        [" ".join(sorted(state.organs)) for state in states],
    )
    return in_use
