"""Routes by which people deal with conflicts."""

from typing import Annotated, Final, Literal

import orjson
from fastapi import APIRouter, Depends, Query
from fastapi import Path as InPath

from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Database
from xianjie.intake import queries
from xianjie.intake.handlers.conflicts import decide_conflict
from xianjie.intake.queries import KeyHolder
from xianjie.intake.rest.access import Access
from xianjie.intake.rest.documented import problems
from xianjie.intake.rest.reading import Cursor, Limit
from xianjie.intake.rest.views import (
    ConflictPage,
    ConflictVersion,
    ConflictView,
    DecisionRequest,
    DecisionView,
)
from xianjie.intake.settings import IntakeSettings
from xianjie.intake.store.conflicts import ConflictRow

_MEANINGS: Final = {
    None: (
        "尚未裁定。第一份内容已受理并继续有效，第二份仅留存备查。",
        "Not decided. The first content was accepted and stays in force; the second is only kept.",
    ),
    "first": (
        "裁定以第一份内容为准，案件记录不变。",
        "The first content is the right one; nothing changes in the case.",
    ),
    "second": (
        "裁定以第二份内容为准。平台不代机关改写记录：请来源机关以新编号报送 record.corrected，"
        "replacement 写第二份内容；在此之前第一份内容仍按已受理对待。",
        "The second content is the right one. The platform does not speak for an organ: the source has to "
        "send record.corrected under a new id with the second content as replacement; until then the first "
        "one stands.",
    ),
}


def deciding_router(database: Database, access: Access, clock: Clock, settings: IntakeSettings) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["conflicts"])
    Reader = Annotated[KeyHolder, Depends(access.reader)]

    @router.get(
        "/v1/conflicts",
        summary="内容冲突 Conflicts, both contents side by side",
        response_model=ConflictPage,
        responses=problems(400, 401, 503),
        operation_id="listConflicts",
    )
    async def listed(
        holder: Reader,
        state: Annotated[Literal["open", "decided"] | None, Query()] = None,
        cursor: Cursor = "",
        limit: Limit = 100,
    ) -> ConflictPage:
        async with database.read() as tx:
            rows = await queries.open_conflicts(tx, after=cursor, state=state, principal=holder, limit=limit)
        shown = [_view(row, settings.public_prefix) for row in rows]
        return ConflictPage(conflicts=shown, next=rows[-1].id if len(rows) == limit else None)

    @router.post(
        "/v1/conflicts/{id}/decision",
        summary="裁定冲突 Decide a conflict",
        response_model=ConflictView,
        responses=problems(400, 401, 403, 404, 409, 503),
        operation_id="decideConflict",
    )
    async def decision(
        id: Annotated[str, InPath(pattern="^[0-9a-f]{32}$")], decision: DecisionRequest, holder: Reader
    ) -> ConflictView:
        async with database.transaction() as tx:
            row = await decide_conflict(
                tx,
                conflict_id=id,
                choice=decision.choice,
                reasons=decision.reasons,
                person=decision.person,
                principal=holder,
                now=clock.now(),
            )
        return _view(row, settings.public_prefix)

    return router


def _view(row: ConflictRow, prefix: str) -> ConflictView:
    zh, en = _MEANINGS[row.choice]
    return ConflictView(
        id=row.id,
        source=row.source,
        event_id=row.event_id,
        state=row.state,
        first=ConflictVersion(
            digest=row.first_digest,
            event=orjson.loads(row.first_body),
            original=f"{prefix}/v1/originals/{row.first_original}",
            arrived_at=row.first_recorded_at,
        ),
        second=ConflictVersion(
            digest=row.second_digest,
            event=orjson.loads(row.second_body),
            original=f"{prefix}/v1/originals/{row.second_original}",
            arrived_at=row.arrived_at,
        ),
        decision=_decision(row),
        meaning_zh=zh,
        meaning_en=en,
    )


def _decision(row: ConflictRow) -> DecisionView | None:
    if row.choice is None:
        return None
    return DecisionView(
        choice=row.choice,
        reasons=row.reasons,
        person=row.decided_by,
        organ=row.decided_organ,
        decided_at=row.decided_at,
    )
