"""Routes of the operator: registry of organs, keys."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi import Path as InPath
from starlette.responses import Response

from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Database
from xianjie.contracts.canonical import digest
from xianjie.contracts.errors import Malformed, Problem
from xianjie.intake import queries
from xianjie.intake.domain import problems as words
from xianjie.intake.domain.arrivals import REGISTRY_CHANNEL, Arrival
from xianjie.intake.domain.registry import Organ, kind_by_id
from xianjie.intake.handlers.keys import issue_key, revoke_key
from xianjie.intake.handlers.organs import Registered, Registration, register_organs
from xianjie.intake.handlers.registries import Registries
from xianjie.intake.queries import KeyHolder, Keys
from xianjie.intake.rest.access import Access
from xianjie.intake.rest.documented import problems
from xianjie.intake.rest.reading import Cursor, Limit, wrong_cursor
from xianjie.intake.rest.views import (
    KeyRequest,
    KeyView,
    Kind,
    OrganPage,
    OrgansRequest,
    OrganView,
    Region,
    RegisteredPage,
    RegisteredView,
)


def registry_router(database: Database, access: Access, clock: Clock, registries: Registries) -> APIRouter:
    """Return the routes of the registry."""
    router = APIRouter(tags=["registry"])
    Admin = Annotated[KeyHolder, Depends(access.admin)]
    Reader = Annotated[KeyHolder, Depends(access.reader)]

    @router.put(
        "/v1/organs",
        summary="登记机关 Register organs",
        description="New and changed organs are told to the other services by `organ.changed`.",
        response_model=RegisteredPage,
        responses=problems(400, 401, 403, 503),
        operation_id="registerOrgans",
    )
    async def register(request: Request, load: OrgansRequest, holder: Admin) -> RegisteredPage:
        registrations = _registrations(load)
        now = clock.now()
        arrival = _arrival(await request.body(), holder, now)
        async with database.transaction() as tx:
            done = await register_organs(tx, registrations, arrival=arrival, now=now, registries=registries)
        return RegisteredPage(organs=[_registered(entry) for entry in done])

    @router.get(
        "/v1/organs",
        summary="机关登记册 Registry of organs",
        response_model=OrganPage,
        responses=problems(400, 401, 503),
        operation_id="listOrgans",
    )
    async def listed(
        holder: Reader,
        region: Annotated[Region | None, Query()] = None,
        kind: Annotated[Kind | None, Query()] = None,
        cursor: Cursor = "",
        limit: Limit = 100,
    ) -> OrganPage:
        after = _organ_cursor(cursor)
        async with database.read() as tx:
            rows = await queries.registered(tx, after=after, region=region, kind=kind, limit=limit)
        return _page(rows, limit)

    return router


def keys_router(database: Database, access: Access, clock: Clock, keys: Keys) -> APIRouter:
    """Return the routes of keys."""
    router = APIRouter(tags=["keys"])
    Admin = Annotated[KeyHolder, Depends(access.admin)]

    @router.post(
        "/v1/keys",
        status_code=201,
        summary="发放密钥 Issue a key",
        description="The key is in this answer and nowhere else.",
        response_model=KeyView,
        responses=problems(400, 401, 403, 422, 503),
        operation_id="issueKey",
    )
    async def issue(wanted: KeyRequest, holder: Admin, response: Response) -> KeyView:
        response.headers["cache-control"] = "no-store"
        async with database.transaction() as tx:
            issued = await issue_key(tx, organ=wanted.organ, scopes=set(wanted.scopes), issued_at=clock.now())
        return KeyView.model_validate(
            {"id": issued.id, "organ": issued.organ, "scopes": issued.scopes, "key": issued.key}
        )

    @router.delete(
        "/v1/keys/{id}",
        status_code=204,
        summary="吊销密钥 Revoke a key",
        responses=problems(400, 401, 403, 404, 503),
        operation_id="revokeKey",
    )
    async def revoke(id: Annotated[str, InPath(pattern="^key_[0-9a-f]{16}$")], holder: Admin) -> None:
        async with database.transaction() as tx:
            revoked = await revoke_key(tx, key_id=id, revoked_at=clock.now())
        keys.forget(revoked)

    return router


def _registrations(load: OrgansRequest) -> list[Registration]:
    registrations: list[Registration] = []
    seen: dict[str, set[date | None]] = {}
    wrong: list[Problem] = []
    for place, view in enumerate(load.organs):
        if kind_by_id(view.id) != view.kind:
            wrong.append(words.kind_not_of_id(view.id, view.kind, f"/organs/{place}/kind"))
        days = seen.setdefault(view.id, set())
        # Without a day the version may begin on any, so it stands alone.
        if view.valid_from in days or (days and None in {view.valid_from, *days}):
            wrong.append(_twice(view.id, f"/organs/{place}/id"))
        days.add(view.valid_from)
        organ = Organ(
            id=view.id,
            valid_from=view.valid_from or date.min,
            name=view.name,
            kind=view.kind,
            level=view.level,
            region=view.region,
            named=view.named,
            sector=view.sector,
            parent=view.parent,
            connected_from=view.connected_from,
            valid_to=view.valid_to,
            successors=tuple(view.successors),
        )
        registrations.append(Registration(organ, view.valid_from))
    if wrong:
        raise Malformed(wrong[0], tuple(wrong[1:]))
    return registrations


def _arrival(body: bytes, holder: KeyHolder, now: datetime) -> Arrival:
    return Arrival(
        original=body,
        original_digest=digest(body),
        channel=REGISTRY_CHANNEL,
        organ=holder.organ,
        key_id=holder.key_id,
        arrived_at=now,
        items=(),
    )


def _page(rows: Sequence[Organ], limit: int) -> OrganPage:
    last = rows[-1] if len(rows) == limit else None
    return OrganPage(
        organs=[OrganView.model_validate(_members(organ)) for organ in rows],
        next=f"{last.id}@{last.valid_from.isoformat()}" if last else None,
    )


def _twice(organ: str, pointer: str) -> Problem:
    return Problem(
        code="organ.twice",
        detail=f"机关 {organ} 在同一次登记中重复出现（或未写生效日）。",
        detail_en=f"The organ {organ} stands twice in the load with the same first day, or with none.",
        todo="请保留其中一条。",
        todo_en="Keep one of them.",
        pointer=pointer,
    )


def _registered(entry: Registered) -> RegisteredView:
    return RegisteredView(
        id=entry.organ.id, valid_from=entry.organ.valid_from, change=entry.change, position=entry.position
    )


def _members(organ: Organ) -> dict[str, object]:
    return {name: getattr(organ, name) for name in Organ.__dataclass_fields__} | {
        "successors": list(organ.successors)
    }


def _organ_cursor(cursor: str) -> tuple[str, date]:
    organ, _, day = cursor.partition("@")
    try:
        return (organ, date.fromisoformat(day)) if cursor else ("", date.min)
    except ValueError:
        raise wrong_cursor() from None
