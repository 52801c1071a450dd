"""What the service tells: inbox, feed, ledger, messages of a case. Read-only."""

from __future__ import annotations

from datetime import datetime

import asyncpg

from xianjie.chassis.database import Transaction
from xianjie.notification.cursors import FeedCursor, PageCursor
from xianjie.notification.store import messages as message_store
from xianjie.notification.store import shown
from xianjie.notification.views import (
    ANSWER_BASIS,
    DeliveryView,
    EventView,
    FeedView,
    InboxView,
    LedgerView,
    MessagesView,
    MessageView,
    ReceiptView,
    UnroutedView,
)


async def inbox(
    tx: Transaction,
    *,
    organ: str,
    unread: bool,
    since: datetime | None,
    subject: str | None,
    after: PageCursor | None,
    limit: int,
) -> InboxView:
    """Return a page of the organ's inbox, newest first.

    Args:
        tx: connection.
        organ: organ id.
        unread: only what nobody has read.
        since: only what was created then or later.
        subject: only what is about this case.
        after: where the previous page ended.
        limit: messages on a page.
    """
    rows = await shown.newest_first(
        tx, recipient=organ, subject=subject, since=since, unread=unread, before=after, limit=limit + 1
    )
    page, cursor = _page(rows, limit)
    return InboxView(messages=page, unread=await shown.count_unread(tx, organ), cursor=cursor)


async def message(tx: Transaction, *, id_: str, organ: str) -> MessageView:
    """Return a message of this organ.

    Raises:
        NotFound: the organ has none with this id.
    """
    found = await message_store.own(tx, id_, organ=organ)
    (row,) = await shown.one(tx, found.id)
    return _message(row)


async def about_case(tx: Transaction, *, subject: str, after: PageCursor | None, limit: int) -> MessagesView:
    """Return a page of all messages about a case, whoever received them, oldest first."""
    page, cursor = _page(await shown.about(tx, subject=subject, after=after, limit=limit + 1), limit)
    return MessagesView(messages=page, cursor=cursor)


async def feed(tx: Transaction, *, organ: str, after: FeedCursor, limit: int) -> FeedView:
    """Return what became durable after the cursor, in an order that later commits cannot change."""
    rows = await shown.committed_after(tx, recipient=organ, after=after, limit=limit + 1)
    page = rows[:limit]
    end = FeedCursor(int(page[-1]["tx"]), page[-1]["seq"]) if page else after
    return FeedView(messages=tuple(_message(row) for row in page), cursor=end.text(), more=len(rows) > limit)


async def ledger(tx: Transaction, *, id_: str, organ: str) -> LedgerView:
    """Return the delivery ledger of a message of this organ, and its receipt.

    Raises:
        NotFound: the organ has no message with this id.
    """
    found = await message_store.own(tx, id_, organ=organ)
    receipt = await shown.receipt(tx, found.id)
    return LedgerView(
        message=found.id,
        deliveries=tuple(DeliveryView(**dict(row)) for row in await shown.ledger(tx, found.id)),
        receipt=ReceiptView(**dict(receipt)) if receipt else None,
    )


async def unrouted(tx: Transaction, *, limit: int) -> list[UnroutedView]:
    """Return the facts that wait for the registry, oldest first."""
    return [
        UnroutedView(
            rule=row["rule"],
            about=EventView(source=row["fact_source"], id=row["fact_id"]),
            subject=row["subject"],
            concerned=row["concerned"],
            waits_for=tuple(row["waits_for"]),
            since=row["since"],
        )
        for row in await shown.unrouted(tx, limit=limit)
    ]


def _page(rows: shown.Rows, limit: int) -> tuple[tuple[MessageView, ...], str | None]:
    page = rows[:limit]
    more = len(rows) > limit
    cursor = PageCursor(page[-1]["created_at"], page[-1]["id"]).text() if more else None
    return tuple(_message(row) for row in page), cursor


def _message(row: asyncpg.Record) -> MessageView:
    message = message_store.from_row(row)
    return MessageView(
        id=message.id,
        recipient=message.recipient,
        subject=message.subject,
        about=EventView(source=message.about.source, id=message.about.id),
        rule=message.rule,
        level=row["level"],
        title_zh=message.title.zh,
        title_en=message.title.en,
        body_zh=message.body.zh,
        body_en=message.body.en,
        urgency=message.urgency,
        created_at=message.created_at,
        must_answer_by=message.must_answer_by,
        must_answer_by_basis=ANSWER_BASIS if message.must_answer_by else None,
        read_at=row["read_at"],
        acknowledged_at=row["acknowledged_at"],
        expired_at=row["expired_at"],
    )
