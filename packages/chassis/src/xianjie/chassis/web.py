"""What every HTTP door has in common: problems, health, callers, bounded bodies.

Errors are RFC 9457 problem documents; this is the only place that turns a kind of failure into a status.
Anything that is not an `XianjieError` is a defect: it is logged once with its trace id and answered without
detail.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xianjie.chassis import telemetry
from xianjie.contracts.errors import Forbidden, Malformed, Problem, Unavailable, XianjieError

log = structlog.get_logger("xianjie.chassis.web")

PROBLEM_JSON = "application/problem+json"
CHECK_SECONDS = 2.0

#: Kind of failure: status and title.
STATUS: Mapping[str, tuple[int, str]] = {
    "malformed": (400, "格式不符 / Malformed"),
    "unauthenticated": (401, "未认证 / Not authenticated"),
    "forbidden": (403, "无权限 / Forbidden"),
    "not_found": (404, "不存在 / Not found"),
    "conflict": (409, "内容冲突 / Conflict"),
    "too_large": (413, "内容过大 / Content too large"),
    "refused": (422, "依规则不予接收 / Refused"),
    "unavailable": (503, "暂不可用 / Unavailable"),
}


class Unauthenticated(XianjieError):
    """The caller has not said who it is in a way that we know. Exists at HTTP doors only."""

    kind = "unauthenticated"


class TooLarge(XianjieError):
    """The body is longer than this door takes. Exists at HTTP doors only."""

    kind = "too_large"


def problem_members(problem: Problem) -> dict[str, Any]:
    """Return a problem as JSON members, without those that say nothing."""
    members = {
        "code": problem.code,
        "detail": problem.detail,
        "detail_en": problem.detail_en,
        "todo": problem.todo,
        "todo_en": problem.todo_en,
        "pointer": problem.pointer,
        "row": problem.row,
        "column": problem.column,
    }
    return {name: value for name, value in members.items() if value is not None}


def problem_document(error: XianjieError) -> dict[str, Any]:
    """Return the RFC 9457 document of an error; `errors` lists every problem, the first included."""
    status, title = STATUS[error.kind]
    return {
        "type": f"urn:xianjie:problem:{error.problem.code}",
        "title": title,
        "status": status,
        **problem_members(error.problem),
        "errors": [problem_members(problem) for problem in error.problems],
    }


def problem_response(error: XianjieError) -> Response:
    """Return the answer for an error, with the headers that its kind asks for."""
    headers = {}
    if isinstance(error, Unavailable):
        headers["Retry-After"] = str(error.retry_after_seconds)
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = 'Bearer realm="xianjie"'
    document = problem_document(error)
    return Response(orjson.dumps(document), document["status"], headers, PROBLEM_JSON)


def install_errors(app: FastAPI) -> None:
    """Let the app answer every failure with a problem document."""
    app.add_exception_handler(XianjieError, _known)
    app.add_exception_handler(RequestValidationError, _misfit)
    app.add_exception_handler(HTTPException, _plain)
    app.add_middleware(_Defects)


async def _known(_: Request, error: Exception) -> Response:
    assert isinstance(error, XianjieError)
    return problem_response(error)


async def _misfit(_: Request, error: Exception) -> Response:
    """Answer parameters that do not fit; pydantic's own words stay English, the place is exact."""
    assert isinstance(error, RequestValidationError)
    problems = tuple(
        Problem(
            code=f"request.{fault['type']}",
            detail=f"请求参数 {place} 不符合要求。",
            detail_en=f"The parameter {place} does not fit: {fault['msg']}.",
            todo="请按接口说明 (openapi.json) 更正后重新提交。",
            todo_en="Correct it as openapi.json says and send it again.",
            pointer=place,
        )
        for fault in error.errors()
        for place in ("/" + "/".join(str(part) for part in fault["loc"]),)
    )
    return problem_response(Malformed(problems[0], problems[1:]))


async def _plain(_: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: unknown paths and methods."""
    assert isinstance(error, HTTPException)
    document = {
        "type": "about:blank",
        "title": error.detail,
        "status": error.status_code,
        "code": f"http.{error.status_code}",
        "detail": f"请求未能处理 (HTTP {error.status_code})。",
        "detail_en": error.detail,
        "todo": "请核对请求的地址和方法。",
        "todo_en": "Check the address and the method of the request.",
    }
    return Response(orjson.dumps(document), error.status_code, error.headers, PROBLEM_JSON)


class _Defects:
    """Logs a defect once and answers 500 without detail; a door is one of the two places that catch
    everything."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def watched(message: Message) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception as error:
            trace_id = _trace_id(scope)
            log.error("request.defect", trace_id=trace_id, method=scope["method"], **telemetry.told(error))
            if started:
                raise  # half an answer is out: only breaking the connection tells the caller
            await _defect_response(trace_id)(scope, receive, send)


def _trace_id(scope: Scope) -> str:
    """Return the trace id of the caller's `traceparent` (W3C trace context), or a new one."""
    for name, value in scope["headers"]:
        parts = value.decode("ascii", "replace").split("-") if name == b"traceparent" else []
        if len(parts) == 4 and len(parts[1]) == 32:
            return str(parts[1])
    return secrets.token_hex(16)


def _defect_response(trace_id: str) -> Response:
    document = {
        "type": "urn:xianjie:problem:platform.defect",
        "title": "平台错误 / Platform error",
        "status": 500,
        "code": "platform.defect",
        "detail": "平台发生内部错误, 本次请求未被确认。",
        "detail_en": "The platform failed; this request was not acknowledged.",
        "todo": f"请以相同内容重试; 若再次发生, 请向平台管理员提供编号 {trace_id}。",
        "todo_en": f"Send it again; if it fails again, tell the operator this number: {trace_id}",
        "trace_id": trace_id,
    }
    return Response(orjson.dumps(document), 500, media_type=PROBLEM_JSON)


#: Looks for something that the service needs; false or any error mean that it is not there.
Check = Callable[[], Awaitable[object]]


def health_router(checks: Mapping[str, Check]) -> APIRouter:
    """Return /healthz (the process lives), /readyz (every check holds) and /metrics (Prometheus).

    Args:
        checks: by name; false, any error, or no answer within two seconds mean that it does not hold.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def healthz() -> Response:
        return Response(b'{"status":"ok"}', media_type="application/json")

    @router.get("/readyz")
    async def readyz() -> Response:
        held = await asyncio.gather(*(_holds(check) for check in checks.values()))
        state = dict(zip(checks, held, strict=True))
        body = {"status": "ready" if all(held) else "not ready", "checks": state}
        return Response(orjson.dumps(body), 200 if all(held) else 503, media_type="application/json")

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _holds(check: Check) -> bool:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check() is not False
    except Exception as error:
        log.warning("readiness.check_failed", **telemetry.told(error))
        return False


@dataclass(frozen=True, slots=True)
class Principal:
    """Who calls.

    Attributes:
        organ: id of the organ that the key belongs to.
        kind: kind of organ, for example `procuratorate`.
        scopes: what the key allows: `publish`, `oversight`, `admin`.
    """

    organ: str
    kind: str
    scopes: frozenset[str]


Verify = Callable[[str], Awaitable[Principal | None]]
Bearer = Callable[[Request], Awaitable[Principal]]


def bearer(verify: Verify, *, scope: str | None = None) -> Callable[[Request], Awaitable[Principal]]:
    """Return a dependency that yields the caller of `Authorization: Bearer <key>`.

    Args:
        verify: tells whose key it is, None when it is nobody's.
        scope: what the key must allow; None asks for a known key only.

    The dependency raises Unauthenticated (401) and Forbidden (403).
    """

    async def caller(request: Request) -> Principal:
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        principal = await verify(key.strip()) if scheme.lower() == "bearer" and key.strip() else None
        if principal is None:
            raise Unauthenticated(
                Problem(
                    code="caller.unknown",
                    detail="请求未附有效的访问密钥。",
                    detail_en="The request carries no valid key.",
                    todo="请在请求头中加入 Authorization: Bearer <密钥>; 密钥由平台管理员签发。",
                    todo_en="Send the header Authorization: Bearer <key>; the operator issues keys.",
                )
            )
        if scope is not None and scope not in principal.scopes:
            raise Forbidden(
                Problem(
                    code="caller.scope",
                    detail=f"该密钥不含权限“{scope}”。",
                    detail_en=f"This key does not allow {scope!r}.",
                    todo="请向平台管理员申请含该权限的密钥。",
                    todo_en="Ask the operator for a key that allows it.",
                )
            )
        return principal

    return caller


async def read_body(request: Request, *, limit_bytes: int) -> bytes:
    """Read the whole body, never more than the limit.

    Raises:
        TooLarge: it is longer; nothing of it was kept.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit_bytes:
        raise _too_large(limit_bytes)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > limit_bytes:
            raise _too_large(limit_bytes)
        parts.append(part)
    return b"".join(parts)


def _too_large(limit_bytes: int) -> TooLarge:
    return TooLarge(
        Problem(
            code="body.too_large",
            detail=f"请求内容超过上限 {limit_bytes} 字节。",
            detail_en=f"The body is longer than the limit of {limit_bytes} bytes.",
            todo="请拆分为较小的批次, 或使用 NDJSON 流式提交。",
            todo_en="Split it into smaller batches, or stream it as NDJSON.",
        )
    )
