"""What was kept, as callers want to see it: pages, feed, ledger. Only reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import asyncpg

from xianjie.chassis.database import Transaction
from xianjie.notification.store.messages import COLUMNS

_SHOWN: Final = f"""
    select {COLUMNS}, receipt.at as read_at, acknowledged.at as acknowledged_at, expired.at as expired_at,
        message.tx::text as tx, message.seq
    from message
    left join receipt on receipt.message = message.id
    left join delivery acknowledged on acknowledged.message = message.id and acknowledged.channel = 'inbox'
        and acknowledged.attempt = 1 and acknowledged.state = 'acknowledged'
    left join delivery expired on expired.message = message.id and expired.channel = 'inbox'
        and expired.attempt = 1 and expired.state = 'expired'
"""  # noqa: S608 - a constant of this service

Rows = Sequence[asyncpg.Record]


async def one(tx: Transaction, id_: str) -> Rows:
    """Return the row of the message with this id, as a list of one or none."""
    return await tx.fetch(f"{_SHOWN} where message.id = $1", id_)


async def newest_first(
    tx: Transaction,
    *,
    recipient: str,
    subject: str | None,
    since: datetime | None,
    unread: bool,
    before: tuple[datetime, str] | None,
    limit: int,
) -> Rows:
    """Return messages of one recipient by (created_at, id), descending, from below `before`."""
    return await tx.fetch(
        f"""{_SHOWN}
        where recipient = $1
            and ($2::text is null or subject = $2)
            and ($3::timestamptz is null or created_at >= $3)
            and (not $4::boolean or receipt.message is null)
            and ($5::timestamptz is null or (created_at, message.id) < ($5, $6::text))
        order by created_at desc, message.id desc limit $7
        """,
        recipient,
        subject,
        since,
        unread,
        *(before or (None, None)),
        limit,
    )


async def count_unread(tx: Transaction, recipient: str) -> int:
    """Return how many messages of this recipient nobody has read."""
    count: int = await tx.fetchval(
        """
        select count(*) from message
        where recipient = $1 and not exists (select from receipt where receipt.message = message.id)
        """,
        recipient,
    )
    return count


async def about(tx: Transaction, *, subject: str, after: tuple[datetime, str] | None, limit: int) -> Rows:
    """Return the messages about one case by (created_at, id), from above `after`."""
    return await tx.fetch(
        f"""{_SHOWN}
        where subject = $1 and ($2::timestamptz is null or (created_at, message.id) > ($2, $3::text))
        order by created_at, message.id limit $4
        """,
        subject,
        *(after or (None, None)),
        limit,
    )


async def committed_after(tx: Transaction, *, recipient: str, after: tuple[int, int], limit: int) -> Rows:
    """Return messages of one recipient by (transaction, number), from above `after`.

    A number alone would not do: a transaction with a lower number can commit later. So a message is returned
    only once every transaction below its own has ended: nothing can then come before it any more.
    """
    return await tx.fetch(
        f"""{_SHOWN}
        where recipient = $1 and (message.tx, message.seq) > ($2::text::xid8, $3::bigint)
            and message.tx < pg_snapshot_xmin(pg_current_snapshot())
        order by message.tx, message.seq limit $4
        """,
        recipient,
        str(after[0]),
        after[1],
        limit,
    )


async def ledger(tx: Transaction, id_: str) -> Rows:
    """Return the delivery ledger of a message in the order in which it was written."""
    return await tx.fetch(
        "select channel, attempt, state, at from delivery where message = $1 order by seq", id_
    )


async def receipt(tx: Transaction, id_: str) -> asyncpg.Record | None:
    """Return who read a message first, None if nobody has."""
    return await tx.fetchrow("select organ, reader, at from receipt where message = $1", id_)


async def unrouted(tx: Transaction, *, limit: int) -> Rows:
    """Return the facts that wait for the registry, oldest first."""
    return await tx.fetch(
        """
        select rule, fact_source, fact_id, fact->>'subject' as subject, fact->>'concerned' as concerned,
               waits_for, since
        from unrouted order by since, fact_source, fact_id, rule limit $1
        """,
        limit,
    )
