"""Routes that only tell: receipts, originals, refusals, the health of sources."""

import re
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath
from starlette.responses import Response

from xianjie.chassis.database import Database
from xianjie.contracts import forms
from xianjie.contracts.errors import Malformed, Problem
from xianjie.contracts.recorded import Ref
from xianjie.intake import queries
from xianjie.intake.domain.health import SourceHealth
from xianjie.intake.queries import KeyHolder
from xianjie.intake.rest.access import Access
from xianjie.intake.rest.documented import problems
from xianjie.intake.rest.views import ReceiptView, RefusalPage, RefusalView, SourcePage, SourceView
from xianjie.intake.settings import IntakeSettings
from xianjie.intake.store.kept import RefusalRow

Cursor = Annotated[str, Query(max_length=200, pattern=r"^[!-~]*$", description="`next` of the page before")]
Limit = Annotated[int, Query(ge=1, le=500, description="most rows of the page")]
_SUBMISSION_ITEM: Final = re.compile(r"([0-9]{1,18})\.([0-9]{1,9})")
_NEWEST: Final = (1 << 62, 0)


def evidence_router(database: Database, access: Access, settings: IntakeSettings) -> APIRouter:
    """Return the routes that prove what arrived."""
    router = APIRouter()
    Reader = Annotated[KeyHolder, Depends(access.reader)]

    @router.get(
        "/v1/receipts/{source}/{id}",
        summary="查询回执 Receipt of an event",
        response_model=ReceiptView,
        responses=problems(400, 401, 403, 404, 503),
        operation_id="getReceipt",
        tags=["events"],
    )
    async def receipt(
        source: Annotated[str, InPath(pattern=forms.SOURCE.pattern, description="URL-encoded")],
        id: Annotated[str, InPath(pattern=forms.EVENT_ID.pattern)],
        holder: Reader,
    ) -> dict[str, Any]:
        async with database.read() as tx:
            found = await queries.receipt(tx, ref=Ref(source, id), principal=holder)
        return found.as_json(prefix=settings.public_prefix)

    @router.get(
        "/v1/originals/{digest}",
        summary="原始报文 Bytes as they arrived",
        response_class=Response,
        responses={
            200: {
                "description": "the bytes, unchanged",
                "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
            },
            **problems(400, 401, 404, 503),
        },
        operation_id="getOriginal",
        tags=["events"],
    )
    async def original(
        digest: Annotated[str, InPath(pattern=forms.DIGEST.pattern)], holder: Reader
    ) -> Response:
        async with database.read() as tx:
            body = await queries.original(tx, digest=digest, principal=holder)
        headers = {"x-content-type-options": "nosniff", "cache-control": "private, no-store"}
        return Response(body, media_type="application/octet-stream", headers=headers)

    return router


def worklist_router(database: Database, access: Access, settings: IntakeSettings) -> APIRouter:
    """Return the routes that show what somebody should look after."""
    router = APIRouter()
    Reader = Annotated[KeyHolder, Depends(access.reader)]

    @router.get(
        "/v1/refusals",
        summary="待更正 Refused items, the newest first",
        response_model=RefusalPage,
        responses=problems(400, 401, 503),
        operation_id="listRefusals",
        tags=["events"],
    )
    async def refusals(holder: Reader, cursor: Cursor = "", limit: Limit = 100) -> RefusalPage:
        async with database.read() as tx:
            rows = await queries.refusals(tx, before=_refusal_cursor(cursor), principal=holder, limit=limit)
        last = rows[-1] if len(rows) == limit else None
        return RefusalPage(
            refusals=[_refusal(row, settings.public_prefix) for row in rows],
            next=f"{last.submission}.{last.item}" if last else None,
        )

    @router.get(
        "/v1/sources",
        summary="来源状况 Health of the sources",
        response_model=SourcePage,
        responses=problems(400, 401, 503),
        operation_id="listSources",
        tags=["sources"],
    )
    async def sources(holder: Reader, cursor: Cursor = "", limit: Limit = 100) -> SourcePage:
        async with database.read() as tx:
            rows = await queries.sources(tx, after=cursor, principal=holder, limit=limit)
        return SourcePage(
            sources=[_source(row) for row in rows], next=rows[-1].source if len(rows) == limit else None
        )

    return router


def wrong_cursor() -> Malformed:
    """Return the error for a cursor that no page gave out."""
    return Malformed(
        Problem(
            code="page.cursor",
            detail="翻页游标无效。",
            detail_en="The cursor is not one that a page gave out.",
            todo="请使用上一页返回的 next，或不带游标从头查询。",
            todo_en="Use `next` of the page before, or leave it out to begin again.",
        )
    )


def _refusal_cursor(cursor: str) -> tuple[int, int]:
    if not cursor:
        return _NEWEST
    found = _SUBMISSION_ITEM.fullmatch(cursor)
    if found is None:
        raise wrong_cursor()
    return int(found[1]), int(found[2])


def _refusal(row: RefusalRow, prefix: str) -> RefusalView:
    return RefusalView(
        submission=row.submission,
        item=row.item,
        organ=row.organ,
        source=row.source,
        event_id=row.event_id,
        problems=row.problems,
        arrived_at=row.arrived_at,
        original=f"{prefix}/v1/originals/{row.original}",
    )


def _source(row: SourceHealth) -> SourceView:
    return SourceView(
        source=row.source,
        accepted=row.accepted,
        repeated=row.repeated,
        conflicting=row.conflicting,
        refused=row.refused,
        last_arrived_at=row.last_arrived_at,
        last_released_at=row.last_released_at,
        last_position=row.last_position,
    )
