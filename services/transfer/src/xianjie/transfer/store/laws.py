"""Which law was in use when, and which cases are due because the law or the registry changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from xianjie.chassis.database import Transaction


@dataclass(frozen=True, slots=True)
class LawInUse:
    """A law and the instant from which the platform judged and counted by it."""

    digest: str
    since: datetime


async def load_in_use(tx: Transaction, *, known_at: datetime | None = None) -> LawInUse | None:
    """Return the law in use now or at a past instant; before the first one the first, None without any."""
    row = await tx.fetchrow(
        """
        (select digest, since, 1 as choice from law_in_use
            where $1::timestamptz is null or since <= $1 order by position desc limit 1)
        union all
        (select digest, since, 2 from law_in_use order by position limit 1)
        order by choice limit 1
        """,
        known_at,
    )
    return None if row is None else LawInUse(row["digest"], row["since"])


async def load_all(tx: Transaction) -> list[LawInUse]:
    """Return every law that was put into use, in that order."""
    rows = await tx.fetch("select digest, since from law_in_use order by position")
    return [LawInUse(**row) for row in rows]


async def hold_evaluations(tx: Transaction) -> None:
    """Wait until everybody who evaluates cases has committed, and let nobody begin before the commit."""
    await tx.execute("lock table law_in_use, case_file in share row exclusive mode")


async def put_in_use(tx: Transaction, law: LawInUse) -> int:
    """Put a law into use; every case that was evaluated under another one is due from then on.

    A case is woken at `since`, one that was evaluated later at the moment of that evaluation; a term of its
    own that ends before keeps its moment.

    Returns:
        how many cases are due.
    """
    due: int = await tx.fetchval(
        """
        with put as (
            insert into law_in_use (digest, since) values ($1, $2)
        ), woken as (
            update case_file set wake_at = least(wake_at, greatest(evaluated_until, $2))
            where law_digest <> $1 and evaluated_until is not null
            returning subject
        ), told as (
            select pg_notify(current_schema() || '.wake', '')
        )
        select count(*) from woken, told
        """,
        law.digest,
        law.since,
    )
    return due


async def wake_cases_of(tx: Transaction, organs: Collection[str], *, at: datetime) -> None:
    """Make every case due whose state was computed with one of these entries of the registry."""
    await tx.execute(
        """
        with woken as (
            update case_file set wake_at = least(wake_at, greatest(evaluated_until, $2))
            where organs && $1::text[] and evaluated_until is not null
        )
        select pg_notify(current_schema() || '.wake', '')
        """,
        list(organs),
        at,
    )
