"""Messages, their delivery ledger, their receipts and the answers that are open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

import asyncpg

from xianjie.chassis.database import Transaction
from xianjie.contracts.errors import NotFound, Problem
from xianjie.contracts.recorded import Ref
from xianjie.notification.domain.due import Words
from xianjie.notification.domain.messages import InboxMessage
from xianjie.notification.domain.rules import Urgency

AWAITED_CHANNEL: Final = "awaited"
"""Channel, below the name of the schema, on which the timer hears of answers that are awaited."""

COLUMNS: Final = """
    message.id, recipient, subject, about_source, about_id, rule, level, title_zh, title_en, body_zh, body_en,
    urgency, created_at, must_answer_by
"""
"""What `from_row` needs."""


async def add(tx: Transaction, messages: Iterable[InboxMessage]) -> frozenset[str]:
    """Put new messages into their inboxes, with the first rows of their ledgers and the answers they ask for.

    Returns:
        The ids of the messages that were new; a message that is there already stays as it is.
    """
    rows = [
        {
            "id": each.id,
            "recipient": each.recipient,
            "subject": each.subject,
            "about_source": each.about.source,
            "about_id": each.about.id,
            "rule": each.rule,
            "level": each.level,
            "title_zh": each.title.zh,
            "title_en": each.title.en,
            "body_zh": each.body.zh,
            "body_en": each.body.en,
            "urgency": each.urgency,
            "created_at": each.created_at,
            "must_answer_by": each.must_answer_by,
        }
        for each in messages
    ]
    added = await tx.fetch(
        """
        with added as (
            insert into message (id, recipient, subject, about_source, about_id, rule, level,
                                 title_zh, title_en, body_zh, body_en, urgency, created_at, must_answer_by)
            select id, recipient, subject, about_source, about_id, rule, level, title_zh, title_en,
                   body_zh, body_en, urgency, created_at, must_answer_by
            from rows from (jsonb_to_recordset($1) as (
                     id text, recipient text, subject text, about_source text, about_id text, rule text,
                     level text, title_zh text, title_en text, body_zh text, body_en text, urgency text,
                     created_at timestamptz, must_answer_by timestamptz)
                 ) with ordinality
            order by ordinality
            on conflict (id) do nothing
            returning id, created_at, must_answer_by, seq
        ), ledger as (
            insert into delivery (message, channel, attempt, state, at)
            select id, 'inbox', 1, state, created_at
            from added cross join (values (1, 'queued'), (2, 'delivered')) step(place, state)
            order by seq, place
        ), open_answer as (
            insert into awaiting (message, must_answer_by)
            select id, must_answer_by from added where must_answer_by is not null
        )
        select id from added
        """,
        rows,
    )
    return frozenset(row["id"] for row in added)


async def own(tx: Transaction, id_: str, *, organ: str) -> InboxMessage:
    """Return a message of this organ.

    Raises:
        NotFound: there is none, or it belongs to another organ, which the caller may not learn.
    """
    row = await tx.fetchrow(
        f"select {COLUMNS} from message where id = $1 and recipient = $2",  # noqa: S608 - a constant
        id_,
        organ,
    )
    if row is None:
        raise NotFound(
            Problem(
                code="message.not_found",
                detail="本机关的收件箱中没有这条通知。",
                detail_en="There is no such message in the inbox of this organ.",
                todo="请核对通知编号。",
                todo_en="Check the id of the message.",
            )
        )
    return from_row(row)


async def add_receipt(tx: Transaction, *, id_: str, organ: str, reader: str | None, at: datetime) -> bool:
    """Record that the message was read, in receipt and ledger; False if it had been read before."""
    return bool(
        await tx.fetchval(
            """
            with first as (
                insert into receipt (message, organ, reader, at) values ($1, $2, $3, $4)
                on conflict (message) do nothing
                returning message, at
            ), ledger as (
                insert into delivery (message, channel, attempt, state, at)
                select message, 'inbox', 1, 'read', at from first
            )
            select count(*) from first
            """,
            id_,
            organ,
            reader,
            at,
        )
    )


async def add_acknowledgement(tx: Transaction, *, id_: str, at: datetime) -> bool:
    """Record in the ledger that the message was acknowledged and close its answer; False if it had before."""
    return bool(
        await tx.fetchval(
            """
            with closed as (
                delete from awaiting where message = $1
            ), first as (
                insert into delivery (message, channel, attempt, state, at)
                values ($1, 'inbox', 1, 'acknowledged', $2)
                on conflict (message, channel, attempt, state) do nothing
                returning message
            )
            select count(*) from first
            """,
            id_,
            at,
        )
    )


async def take_unanswered(tx: Transaction, *, until: datetime, limit: int) -> list[InboxMessage]:
    """Take the messages whose answer was due by `until`, oldest first; no other transaction gets them."""
    rows = await tx.fetch(
        f"""
        with due as (
            select message from awaiting where must_answer_by <= $1
            order by must_answer_by, message limit $2
            for update skip locked
        ), taken as (
            delete from awaiting using due where awaiting.message = due.message returning awaiting.message
        )
        select {COLUMNS} from taken join message on message.id = taken.message
        order by must_answer_by, message.id
        """,  # noqa: S608 - a constant of this module
        until,
        limit,
    )
    return [from_row(row) for row in rows]


async def add_expiries(tx: Transaction, expired: Sequence[tuple[str, datetime]]) -> None:
    """Record in the ledger that messages, by id, stayed unanswered, and when that was seen."""
    await tx.execute(
        """
        insert into delivery (message, channel, attempt, state, at)
        select id, 'inbox', 1, 'expired', at from unnest($1::text[], $2::timestamptz[]) as expired(id, at)
        """,
        [id_ for id_, _ in expired],
        [at for _, at in expired],
    )


async def wake_timer(tx: Transaction) -> None:
    """Tell the timer, when this transaction has committed, that an answer is awaited that was not before."""
    await tx.execute("select pg_notify(current_schema() || $1, '')", f".{AWAITED_CHANNEL}")


async def next_answer_due(tx: Transaction) -> datetime | None:
    """Return the earliest instant by which an answer is due, None if none is open."""
    due: datetime | None = await tx.fetchval("select min(must_answer_by) from awaiting")
    return due


def from_row(row: asyncpg.Record) -> InboxMessage:
    """Read a message from a row with COLUMNS."""
    return InboxMessage(
        id=row["id"],
        recipient=row["recipient"],
        subject=row["subject"],
        about=Ref(row["about_source"], row["about_id"]),
        rule=row["rule"],
        level=row["level"],
        title=Words(row["title_zh"], row["title_en"]),
        body=Words(row["body_zh"], row["body_en"]),
        urgency=Urgency(row["urgency"]),
        created_at=row["created_at"],
        must_answer_by=row["must_answer_by"],
    )
