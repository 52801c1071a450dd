"""The query door: cases as they stand, as they stood on a past day, and as the platform knew them then."""

from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Response
from fastapi.security import HTTPBearer

from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Database
from xianjie.chassis.web import PROBLEM_JSON, Principal, Verify, bearer
from xianjie.contracts.errors import Forbidden, Malformed, Problem
from xianjie.lawbook.procedure.times import midnight

from . import queries
from .queries import Moment
from .store.bundles import KeptLaws

AsOf = Annotated[
    str | None,
    Query(description="世界时点：日期（该日终了）或时刻 / what was true: a date (its end) or an instant"),
]
KnownAt = Annotated[
    str | None, Query(description="平台知悉时点 / what the platform knew: a date (its end) or an instant")
]
Limit = Annotated[int, Query(ge=1, le=500)]
# PostgreSQL has no text with the character zero, so none is asked for one.
_TEXT = r"^[^\x00]*$"
Text = Annotated[str, Query(max_length=200, pattern=_TEXT)]
Organ = Annotated[
    str, Path(max_length=100, pattern=_TEXT, description="案件编号的机关部分 / organ of the case id")
]
Number = Annotated[
    str, Path(max_length=100, pattern=_TEXT, description="案件编号的文号部分 / file number of the case id")
]
LawDigest = Annotated[
    str, Path(pattern="^sha-256:[0-9a-f]{64}$", description="法律数据摘要 / digest of a law")
]
Json = dict[str, Any]

NDJSON = "application/x-ndjson"
ZIP = "application/zip"
_RECORDS = "one record per line, first the judgements, then the clocks, each in the order of the case"
_BUNDLE = "every file of the law; `xianjie law replay --law FILE` reads it"
_BYTES = {"type": "string", "format": "binary"}

# A moment must also have a civil day, and a day after it.
_EARLIEST, _LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

# `bearer` decides; this only tells readers of the OpenAPI document that a key is needed.
KEY = HTTPBearer(scheme_name="key", auto_error=False)
_PROBLEM: Json = {
    "description": "RFC 9457 problem document, Chinese and English",
    "content": {PROBLEM_JSON: {"schema": {"type": "object"}}},
}


def router(*, database: Database, clock: Clock, laws: KeptLaws, verify: Verify) -> APIRouter:
    """Return the paths of the service; every one needs a key with the scope `oversight`."""
    caller = bearer(verify)

    async def reader(principal: Annotated[Principal, Depends(caller)]) -> Principal:
        if principal.scopes.isdisjoint({"oversight", "admin"}):
            raise Forbidden(
                Problem(
                    code="scope.missing",
                    detail="该密钥没有查询案件的权限（oversight）。",
                    detail_en="This key does not have the scope oversight.",
                    todo="请使用具有该权限的密钥，或者联系平台管理员。",
                    todo_en="Use a key with this scope, or ask the operator.",
                )
            )
        return principal

    api = APIRouter(
        prefix="/v1",
        tags=["transfer"],
        dependencies=[Depends(KEY), Depends(reader)],
        responses={"4XX": _PROBLEM, 503: _PROBLEM},
    )
    _add_lists(api, database=database, clock=clock, laws=laws)
    _add_case(api, database=database, clock=clock, laws=laws)
    _add_laws(api, database=database, laws=laws)
    return api


def moment(clock: Clock, as_of: str | None, known_at: str | None) -> Moment:
    """Read both axes of time; what is not stated is now.

    Raises:
        Malformed: neither a date nor an instant with offset, or outside the years 1900 to 2199.
    """
    now = clock.now()
    known = now if known_at is None else _instant(known_at, "known_at")
    return Moment(as_of=now if as_of is None else _instant(as_of, "as_of"), known_at=known)


def _instant(text: str, name: str) -> datetime:
    try:
        if len(text) == len("2026-01-01"):
            instant = midnight(date.fromisoformat(text) + timedelta(days=1)) - timedelta(microseconds=1)
        else:
            instant = datetime.fromisoformat(text)
    except (ValueError, OverflowError):
        instant = None
    if instant is None or instant.tzinfo is None or not _EARLIEST <= instant < _LATEST:
        raise Malformed(
            Problem(
                code="query.not_a_moment",
                detail=f"参数 {name} 的值“{text[:40]}”不是1900年至2199年间的日期，也不是带时区的时刻。",
                detail_en=f"The value of {name} is neither a date nor an instant with an offset, "
                "of the years 1900 to 2199.",
                todo="请使用 2026-09-10 或 2026-09-10T00:00:00+08:00 的形式（网址中“+”写作“%2B”）。",
                todo_en="Write 2026-09-10 or 2026-09-10T00:00:00+08:00 (with + as %2B in an address).",
                pointer=f"/{name}",
            )
        )
    return instant


def _add_lists(api: APIRouter, *, database: Database, clock: Clock, laws: KeptLaws) -> None:
    @api.get("/cases", summary="案件列表，或指定案件在某一时点的状态 / Cases now, or named cases at a moment")
    async def cases(  # noqa: PLR0917  query parameters, never positional
        subject: Annotated[list[Text] | None, Query(max_length=100)] = None,
        as_of: AsOf = None,
        known_at: KnownAt = None,
        agency: Text | None = None,
        cursor: Text = "",
        limit: Limit = 100,
    ) -> Json:
        if subject:
            when = moment(clock, as_of, known_at)
            return {"cases": await queries.cases_at(database, subject, moment=when, laws=laws)}
        page = await queries.list_cases(database, cursor=cursor, limit=limit, agency=agency)
        return {"cases": page, "next": page[-1]["subject"] if len(page) == limit else None}

    @api.get("/findings", summary="监督线索 / Findings, newest first")
    async def findings(
        rule: Text | None = None,
        level: Text | None = None,
        organ: Text | None = None,
        open_only: Annotated[bool, Query()] = True,
        limit: Limit = 100,
    ) -> Json:
        found = await queries.list_findings(
            database, rule=rule, level=level, organ=organ, open_only=open_only, limit=limit
        )
        return {"findings": found}


def _add_case(api: APIRouter, *, database: Database, clock: Clock, laws: KeptLaws) -> None:
    base = "/cases/{organ}/{number}"

    @api.get(base, summary="案件 / One case")
    async def case(organ: Organ, number: Number, as_of: AsOf = None, known_at: KnownAt = None) -> Json:
        when = moment(clock, as_of, known_at)
        return await queries.case_at(database, f"{organ}/{number}", moment=when, laws=laws)

    @api.get(f"{base}/events", summary="案件事件 / Events of a case, as recorded")
    async def events(organ: Organ, number: Number, known_at: KnownAt = None) -> Json:
        known = moment(clock, None, known_at).known_at
        return {"events": await queries.events_of(database, f"{organ}/{number}", known_at=known)}

    @api.get(f"{base}/timeline", summary="时间线 / Events and decisions in the order they became known")
    async def timeline(organ: Organ, number: Number, as_of: AsOf = None, known_at: KnownAt = None) -> Json:
        when = moment(clock, as_of, known_at)
        return {"timeline": await queries.timeline_of(database, f"{organ}/{number}", moment=when)}

    @api.get(
        f"{base}/records",
        summary="可复算的记录：标准判断和期限 / Judgements and due days as records that replay",
        response_class=Response,
        responses={200: {"description": _RECORDS, "content": {NDJSON: {"schema": {"type": "string"}}}}},
    )
    async def records(organ: Organ, number: Number, as_of: AsOf = None, known_at: KnownAt = None) -> Response:
        when = moment(clock, as_of, known_at)
        lines = await queries.records_of(database, f"{organ}/{number}", moment=when, laws=laws)
        return Response(lines, media_type=NDJSON)

    for part in ("clocks", "judgements", "findings"):
        api.add_api_route(
            f"{base}/{part}",
            _part(part, database=database, clock=clock, laws=laws),
            methods=["GET"],
            summary=f"{_PART_ZH[part]} / {part.capitalize()} of a case",
            operation_id=f"case_{part}",
        )


def _add_laws(api: APIRouter, *, database: Database, laws: KeptLaws) -> None:
    @api.get("/laws", summary="适用过的法律数据 / Which law was in use from when on")
    async def in_use() -> Json:
        return {"laws": await queries.list_laws(database)}

    @api.get(
        "/laws/{digest}",
        summary="法律数据包 / The bundle of a law",
        response_class=Response,
        responses={200: {"description": _BUNDLE, "content": {ZIP: {"schema": _BYTES}}}},
    )
    async def law(digest: LawDigest) -> Response:
        return Response(await queries.bundle_of(digest, laws=laws), media_type=ZIP)


_PART_ZH = {"clocks": "期限", "judgements": "标准判断", "findings": "监督线索"}


def _part(name: str, *, database: Database, clock: Clock, laws: KeptLaws) -> Callable[..., Awaitable[Json]]:
    async def part(organ: Organ, number: Number, as_of: AsOf = None, known_at: KnownAt = None) -> Json:
        when = moment(clock, as_of, known_at)
        case = await queries.case_at(database, f"{organ}/{number}", moment=when, laws=laws)
        return {name: case[name]}

    return part
