"""The door for people's programs: inbox, feed, ledger, messages of a case."""

# No `from __future__ import annotations` here: FastAPI reads the annotations, and they name the caller
# dependency, which only exists inside `router`.

from typing import Annotated, Any

from fastapi import APIRouter, Body, Depends, Query
from fastapi.security import HTTPBearer
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Database
from xianjie.chassis.web import PROBLEM_JSON, Bearer, Principal, Verify, bearer
from xianjie.notification import handlers, queries
from xianjie.notification.cursors import FeedCursor, PageCursor
from xianjie.notification.views import (
    FeedView,
    InboxView,
    LedgerView,
    MessagesView,
    MessageView,
    UnroutedView,
)

Limit = Annotated[int, Query(ge=1, le=500, description="most messages in one answer")]
After = Annotated[str | None, Query(max_length=400, description="cursor of the previous answer")]
CaseId = Annotated[str, Query(min_length=1, max_length=200, description="case id")]

# `bearer` decides; this only tells readers of the OpenAPI document that a key is needed.
KEY = HTTPBearer(scheme_name="key", auto_error=False)
PROBLEM: dict[str, Any] = {
    "description": "RFC 9457 problem document, Chinese and English",
    "content": {PROBLEM_JSON: {"schema": {"type": "object"}}},
}


class Reader(BaseModel):
    """Who reads or acknowledges on behalf of the organ."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reader: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9._-]{1,64}$",
        description="the organ's own mark for the officer; opaque here, never a name",
    )


By = Annotated[Reader | None, Body(description="may be left out")]


def router(*, database: Database, clock: Clock, verify: Verify) -> APIRouter:
    """Return the paths of the service.

    Args:
        database: of the service.
        clock: when something is read or acknowledged.
        verify: tells who presents a key.
    """
    api = APIRouter(prefix="/v1", dependencies=[Depends(KEY)], responses={"4XX": PROBLEM})
    _add_reading(api, database=database, caller=bearer(verify))
    _add_receipts(api, database=database, clock=clock, caller=bearer(verify))
    _add_oversight(api, database=database, verify=verify)
    return api


def _add_reading(api: APIRouter, *, database: Database, caller: Bearer) -> None:
    @api.get("/inbox", summary="收件箱 / Inbox of the caller's organ, newest first")
    async def inbox(
        *,
        principal: Annotated[Principal, Depends(caller)],
        unread: Annotated[bool, Query(description="only what nobody has read")] = False,
        since: Annotated[AwareDatetime | None, Query(description="created then or later")] = None,
        subject: Annotated[CaseId | None, Query()] = None,
        cursor: After = None,
        limit: Limit = 50,
    ) -> InboxView:
        after = PageCursor.read(cursor) if cursor is not None else None
        async with database.read() as tx:
            return await queries.inbox(
                tx,
                organ=principal.organ,
                unread=unread,
                since=since,
                subject=subject,
                after=after,
                limit=limit,
            )

    @api.get("/feed", summary="拉取 / All messages of the caller's organ in the order of their commits")
    async def feed(
        principal: Annotated[Principal, Depends(caller)], cursor: After = None, limit: Limit = 100
    ) -> FeedView:
        after = FeedCursor.read(cursor)
        async with database.read() as tx:
            return await queries.feed(tx, organ=principal.organ, after=after, limit=limit)

    @api.get("/inbox/{message_id}/deliveries", summary="投递台账 / Delivery ledger of a message")
    async def deliveries(message_id: str, principal: Annotated[Principal, Depends(caller)]) -> LedgerView:
        async with database.read() as tx:
            return await queries.ledger(tx, id_=message_id, organ=principal.organ)


def _add_receipts(api: APIRouter, *, database: Database, clock: Clock, caller: Bearer) -> None:
    @api.post(
        "/inbox/{message_id}/read", summary="已读 / Record that a message was read; repeating is harmless"
    )
    async def read(
        message_id: str, principal: Annotated[Principal, Depends(caller)], by: By = None
    ) -> MessageView:
        reader = by.reader if by else None
        async with database.transaction() as tx:
            await handlers.read(message_id, tx=tx, organ=principal.organ, reader=reader, at=clock.now())
            return await queries.message(tx, id_=message_id, organ=principal.organ)

    @api.post(
        "/inbox/{message_id}/acknowledge", summary="签收 / Acknowledge a message; repeating is harmless"
    )
    async def acknowledge(
        message_id: str, principal: Annotated[Principal, Depends(caller)], by: By = None
    ) -> MessageView:
        reader = by.reader if by else None
        async with database.transaction() as tx:
            await handlers.acknowledge(
                message_id, tx=tx, organ=principal.organ, reader=reader, at=clock.now()
            )
            return await queries.message(tx, id_=message_id, organ=principal.organ)


def _add_oversight(api: APIRouter, *, database: Database, verify: Verify) -> None:
    overseer = Depends(bearer(verify, scope="oversight"))
    operator = Depends(bearer(verify, scope="admin"))

    @api.get(
        "/messages", dependencies=[overseer], summary="案件通知 / All messages about a case; scope oversight"
    )
    async def messages(subject: CaseId, cursor: After = None, limit: Limit = 100) -> MessagesView:
        after = PageCursor.read(cursor) if cursor is not None else None
        async with database.read() as tx:
            return await queries.about_case(tx, subject=subject, after=after, limit=limit)

    @api.get(
        "/unrouted",
        dependencies=[operator],
        summary="待定收件机关 / Facts whose supervisors are not known yet; scope admin",
    )
    async def unrouted(limit: Limit = 100) -> list[UnroutedView]:
        async with database.read() as tx:
            return await queries.unrouted(tx, limit=limit)
