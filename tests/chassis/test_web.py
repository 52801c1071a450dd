"""HTTP doors: every failure is a problem document, every caller is known, every body has an end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

import httpx2
import pytest
from fastapi import Depends, FastAPI, Request
from fastapi.responses import StreamingResponse
from structlog.testing import capture_logs

from xianjie.chassis.web import Principal, bearer, health_router, install_errors, read_body
from xianjie.contracts.errors import (
    Conflicting,
    Forbidden,
    Malformed,
    NotFound,
    Problem,
    Refused,
    Unavailable,
)

PROBLEM = Problem("a.code", "问题", "a problem", "办法", "a remedy", pointer="/data/x")
SECOND = Problem("b.code", "另一问题", "another", "办法", "a remedy", row=3, column="金额")
KINDS = {
    "malformed": (Malformed, 400),
    "forbidden": (Forbidden, 403),
    "missing": (NotFound, 404),
    "conflict": (Conflicting, 409),
    "refused": (Refused, 422),
    "unavailable": (Unavailable, 503),
}


async def find_key(key: str) -> Principal | None:
    keys = {"k1": frozenset({"publish"}), "k2": frozenset({"publish", "oversight"})}
    return Principal("ag-1", "enforcement_agency", keys[key]) if key in keys else None


async def holds() -> bool:
    return True


async def breaks() -> bool:
    raise OSError("gone")


async def fails() -> bool:
    return False


def application(**checks) -> FastAPI:
    app = FastAPI()
    install_errors(app)
    app.include_router(health_router(checks))

    @app.get("/v1/fail/{kind}")
    async def fail(kind: str) -> None:
        if kind == "defect":
            raise RuntimeError("身份证号 secret detail")
        raise KINDS[kind][0](PROBLEM, (SECOND,))

    @app.get("/v1/number/{number}")
    async def number(number: int) -> int:
        return number

    @app.get("/v1/oversight")
    async def oversight(caller: Annotated[Principal, Depends(bearer(find_key, scope="oversight"))]) -> str:
        return caller.organ

    @app.post("/v1/body")
    async def body(request: Request) -> int:
        return len(await read_body(request, limit_bytes=10))

    @app.get("/v1/half")
    async def half() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"one"
            raise RuntimeError("in the middle")

        return StreamingResponse(parts())

    return app


@pytest.fixture
async def client() -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(application(database=holds))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as one:
        yield one


@pytest.mark.parametrize("kind", KINDS)
async def test_every_kind_of_failure_has_its_status_and_says_what_and_where_in_two_languages(
    kind, client
) -> None:
    answer = await client.get(f"/v1/fail/{kind}")
    document = answer.json()
    assert answer.status_code == document["status"] == KINDS[kind][1]
    assert answer.headers["content-type"] == "application/problem+json"
    assert document["type"] == "urn:xianjie:problem:a.code"
    assert (document["code"], document["detail"], document["detail_en"]) == ("a.code", "问题", "a problem")
    assert (document["todo"], document["todo_en"], document["pointer"]) == ("办法", "a remedy", "/data/x")
    assert [one["code"] for one in document["errors"]] == ["a.code", "b.code"]
    assert (document["errors"][1]["row"], document["errors"][1]["column"]) == (3, "金额")
    assert "pointer" not in document["errors"][1]
    assert ("retry-after" in answer.headers) == (kind == "unavailable")


async def test_a_defect_is_answered_without_detail_and_logged_once_without_data(client) -> None:
    trace = "0af7651916cd43dd8448eb211c80319c"
    with capture_logs() as logged:
        answer = await client.get(
            "/v1/fail/defect", headers={"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
        )
    assert answer.status_code == 500
    assert answer.json()["trace_id"] == trace
    assert "secret" not in answer.text
    (line,) = logged
    assert (line["event"], line["trace_id"], line["error"]) == ("request.defect", trace, "RuntimeError")
    assert "secret" not in str(line)


async def test_half_an_answer_is_broken_off_and_not_completed(client) -> None:
    with pytest.raises(RuntimeError, match="in the middle"):
        await client.get("/v1/half")


async def test_parameters_that_do_not_fit_are_named(client) -> None:
    answer = await client.get("/v1/number/many")
    assert answer.status_code == 400
    assert answer.json()["pointer"] == "/path/number"


async def test_an_unknown_path_and_method_are_problems_too(client) -> None:
    for answer, status in ((await client.get("/nowhere"), 404), (await client.put("/v1/body"), 405)):
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == f"http.{status}"


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (None, 401),
        ("Bearer", 401),
        ("Bearer wrong", 401),
        ("Basic k2", 401),
        ("Bearer k1", 403),
        ("bearer k2", 200),
    ],
)
async def test_a_caller_is_known_by_its_key_and_allowed_by_its_scope(header, status, client) -> None:
    answer = await client.get("/v1/oversight", headers={"authorization": header} if header else {})
    assert answer.status_code == status
    assert ("www-authenticate" in answer.headers) == (status == 401)


async def test_a_body_beyond_the_limit_is_refused_whether_its_length_is_declared_or_not(client) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"xxxx"

    assert (await client.post("/v1/body", content=b"x" * 10)).json() == 10
    for content in (b"x" * 11, parts()):
        answer = await client.post("/v1/body", content=content)
        assert answer.status_code == 413
        assert answer.json()["code"] == "body.too_large"


async def test_readiness_names_what_is_missing_and_life_does_not_depend_on_it() -> None:
    transport = httpx2.ASGITransport(application(database=holds, bus=breaks, key=fails))
    async with httpx2.AsyncClient(transport=transport, base_url="http://test") as one:
        ready = await one.get("/readyz")
        assert ready.status_code == 503
        assert ready.json()["checks"] == {"database": True, "bus": False, "key": False}
        assert (await one.get("/healthz")).status_code == 200


async def test_a_service_whose_checks_hold_is_ready_and_shows_its_figures(client) -> None:
    assert (await client.get("/readyz")).status_code == 200
    figures = await client.get("/metrics")
    assert "xianjie_consumer_handled_total" in figures.text
