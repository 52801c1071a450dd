"""Wrong requests: none looks like a fault of the platform, each is told what, where and what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any, NamedTuple

import httpx2
import orjson
import pytest
from tests.intake.builders import AGENCY, BATCH, CASE, ONE, ORGANS, Intake, bearer, event, source

DIGEST = "sha-256:" + "0" * 64


class Wrong(NamedTuple):
    """A body that the contract does not allow, and where the fault is."""

    what: str
    body: bytes
    pointer: str | None


def changed(pointer: str, value: Any) -> Wrong:
    """An attribute with a wrong value."""
    return Wrong(f"{pointer}={value!r:.40}", orjson.dumps(event() | {pointer[1:]: value}), pointer)


def lacking(name: str) -> Wrong:
    """An attribute left out."""
    sent = event()
    del sent[name]
    return Wrong(f"no {name}", orjson.dumps(sent), f"/{name}")


def in_data(pointer: str, **data: Any) -> Wrong:
    """Data with a fault."""
    return Wrong(f"data {data!r:.60}", orjson.dumps(event(data=data)), pointer)


def text(what: str, body: bytes, pointer: str | None = "") -> Wrong:
    """A text that is no event at all."""
    return Wrong(what, body, pointer)


EVENT = orjson.dumps(event())
ATTRIBUTES = (
    "specversion",
    "id",
    "source",
    "type",
    "subject",
    "time",
    "datacontenttype",
    "dataschema",
    "data",
)
OCCURRED = "/data/occurred"
DOCUMENT = {"id": "1", "kind": "other", "title": "x", "digest": DIGEST}
BEYOND = EVENT.replace(b'"precision":"day"', b'"precision":9007199254740993')

WRONG = [
    *(lacking(name) for name in ATTRIBUTES),
    *(changed(f"/{name}", None) for name in ATTRIBUTES),
    *(changed(f"/{name}", 7) for name in ATTRIBUTES),
    changed("/specversion", "0.3"),
    changed("/id", ""),
    changed("/id", "a" * 65),
    changed("/id", "有中文"),
    changed("/id", "a b"),
    changed("/id", "a\x00b"),
    changed("/source", "urn:xianjie:organ:xx-1"),
    changed("/source", "https://example.org"),
    changed("/source", "urn:xianjie:organ:AG-120103-TAX"),
    changed("/source", "urn:xianjie:platform:transfer"),
    changed("/source", source("ag-120103-tax")),
    changed("/type", "cn.xianjie.case.filled.v1"),
    changed("/type", ""),
    changed("/subject", "2026-001"),
    changed("/subject", CASE + "/x"),
    changed("/subject", ""),
    changed("/time", "2026-03-05"),
    changed("/time", "2026-03-05T09:30:00"),
    changed("/time", "2026-02-30T09:30:00+08:00"),
    changed("/time", "昨天"),
    changed("/datacontenttype", "application/xml"),
    changed("/dataschema", "urn:xianjie:schema:cn.xianjie.case.filed.v1"),
    changed("/data", []),
    changed("/recordedat", "2026-03-05T09:30:00+08:00"),
    changed("/causationid", "x"),
    changed("/sequence", "01"),
    changed("/sequence", 1),
    changed("/handling", "everybody"),
    changed("/jws", "x"),
    changed("/traceparent", "x"),
    changed("/unknownattribute", "x"),
    changed("/partitionkey", ""),
    in_data("/data/nonsense", nonsense=1),
    in_data("/data/obvious_crime", obvious_crime="yes"),
    in_data("/data/obvious_crime", obvious_crime=None),
    in_data("/data/by_organ", by_organ="nobody"),
    in_data("/data/note", note="长" * 4001),
    in_data("/data/note", note="e\u0301"),
    in_data("/data/parties/0", parties=["张三"]),
    in_data("/data/documents/0/digest", documents=[DOCUMENT | {"digest": "x"}]),
    in_data("/data/documents/0/kind", documents=[DOCUMENT | {"kind": "y"}]),
    in_data(f"{OCCURRED}/precision", occurred={"precision": "week", "value": "2026-W10"}),
    in_data(f"{OCCURRED}/value", occurred={"precision": "day"}),
    in_data(f"{OCCURRED}/value", occurred={"precision": "day", "value": "2026-03"}),
    in_data(f"{OCCURRED}/value", occurred={"precision": "unknown", "value": "2026-03-05"}),
    in_data(f"{OCCURRED}/value", occurred={"precision": "day", "value": "2026-02-29"}),
    in_data(OCCURRED, occurred="2026-03-05"),
    text("nothing", b""),
    text("white space", b"  \n"),
    text("an array", b"[" + EVENT + b"]"),
    text("a number", b"1"),
    text("null", b"null"),
    text("cut off", EVENT[:-20]),
    text("two events", EVENT + EVENT),
    text("a comma too many", EVENT[:-1] + b",}"),
    text("single quotes", EVENT.replace(b'"', b"'")),
    text("not a number", EVENT.replace(b'"precision":"day"', b'"precision":NaN')),
    text("GBK", orjson.dumps(event(data={"note": "中文"})).decode().encode("gbk")),
    text("UTF-16", EVENT.decode().encode("utf-16")),
    text("byte order mark", b"\xef\xbb\xbf" + EVENT),
    text("half a surrogate", EVENT.replace(b'"E-1"', b'"\\ud800"')),
    text("a member twice", EVENT.replace(b'"id":"E-1"', b'"id":"E-1","id":"E-2"'), "/id"),
    text(
        "beyond 2^53",
        EVENT.replace(b'"precision":"day"', b'"precision":9007199254740993'),
        "/data/occurred/precision",
    ),
    text("an endless number", EVENT.replace(b'"E-1"', b"1" * 5000), None),
    text("an infinite number", EVENT.replace(b'"E-1"', b"1e999"), None),
    text("too deep", EVENT[:-1] + b',"x":' + b"[" * 100 + b"]" * 100 + b"}", None),
    text("very deep", b"[" * 400_000, None),
    text("form data", b"id=1&source=2"),
    text("XML", b"<event/>"),
    text("binary", bytes(range(256))),
]


def assert_told(answer: httpx2.Response, status: int) -> dict[str, Any]:
    """Check that a problem document says everything that it has to, and return it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem: dict[str, Any] = answer.json()
    assert problem["status"] == status
    for said in [problem, *problem.get("errors", [])]:
        assert all(said[name] for name in ("code", "detail", "detail_en", "todo", "todo_en"))
        assert any("一" <= letter <= "鿿" for letter in said["detail"])
        assert said["detail_en"].isprintable()
    return problem


async def test_every_broken_event_is_refused_with_its_place_and_kept(intake: Intake) -> None:
    for number, wrong in enumerate(WRONG, start=1):
        problem = assert_told(await intake.post(wrong.body), 422)
        places = [told.get("pointer") for told in problem["errors"]]
        assert wrong.pointer is None or wrong.pointer in places, (wrong.what, problem)
        async with intake.database.read() as tx:
            assert await tx.fetchval("select count(*) from refusal") == number, wrong.what
            kept = await tx.fetchval("select count(*) from original where body = $1", wrong.body)
        assert kept == 1, wrong.what
    assert len(WRONG) >= 60
    assert (await intake.counts())["event"] == len(ORGANS)


async def test_a_broken_event_holds_up_nothing_else_in_its_batch(intake: Intake) -> None:
    for wrong in WRONG:
        answer = await intake.post(b"[" + EVENT + b"," + wrong.body + b"]", headers=BATCH)
        if answer.status_code == 200:
            verdicts = [verdict["verdict"] for verdict in answer.json()]
            assert verdicts[0] in ("accepted", "repeated"), wrong.what
            assert set(verdicts[1:]) <= {"refused"}, wrong.what
        else:
            # the array itself cannot be read, so no item of it can be told from another
            assert_told(answer, 422)
    assert (await intake.counts())["event"] == len(ORGANS) + 1


async def post(intake: Intake, content: Any, headers: dict[str, str]) -> httpx2.Response:
    """Send a request with exactly these headers."""
    return await intake.client.post("/v1/events", content=content, headers=headers)


@pytest.mark.parametrize(
    ("content_type", "more"),
    [
        ("text/plain", {}),
        ("application/json", {}),
        ("application/xml", {}),
        ("multipart/form-data; boundary=x", {}),
        ("nonsense", {}),
        ("", {}),
        ("application/cloudevents+json; charset=gbk", {}),
        ("application/cloudevents+json; charset=utf-16", {}),
        ("application/cloudevents+json", {"content-encoding": "gzip"}),
        ("application/x-ndjson", {"content-encoding": "br"}),
    ],
)
async def test_another_format_is_not_read(intake: Intake, content_type: str, more: dict[str, str]) -> None:
    headers = {"content-type": content_type} | more | bearer(intake.keys[AGENCY])
    assert_told(await post(intake, EVENT, headers), 415)
    assert (await intake.counts())["submission"] == 1


@pytest.mark.parametrize(
    "content_type",
    ["application/cloudevents+json; charset=utf-8", 'Application/CloudEvents+JSON;charset="UTF-8"'],
)
async def test_the_content_type_may_say_that_it_is_utf_8(intake: Intake, content_type: str) -> None:
    headers = {"content-type": content_type} | bearer(intake.keys[AGENCY])
    assert (await post(intake, EVENT, headers)).status_code == 201


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer xj_unknown",
        "Basic eDp5",
        "Bearer 密钥",
        "Bearer " + "x" * 10_000,
    ],
)
async def test_nobody_comes_in_without_a_key(intake: Intake, authorization: str | None) -> None:
    headers: dict[str, Any] = dict(ONE)
    if authorization is not None:
        headers["authorization"] = authorization.encode()
    answer = await post(intake, EVENT, headers)
    assert_told(answer, 401)
    assert "bearer" in answer.headers["www-authenticate"].lower()


async def test_a_key_does_only_what_its_scopes_allow(intake: Intake) -> None:
    reading = await intake.key(AGENCY, "oversight")
    assert_told(await post(intake, EVENT, ONE | bearer(reading)), 403)
    publishing = bearer(intake.keys[AGENCY])
    for method, path, body in (
        ("PUT", "/v1/organs", {"organs": ORGANS[:1]}),
        ("POST", "/v1/keys", {"organ": AGENCY}),
        ("DELETE", "/v1/keys/key_0123456789abcdef", None),
    ):
        assert_told(await intake.client.request(method, path, json=body, headers=publishing), 403)


async def test_a_single_event_beyond_the_limit_is_not_read_to_its_end(intake: Intake) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50_000_000:
            sent += 1 << 16
            yield b" " * (1 << 16)

    stated = ONE | bearer(intake.keys[AGENCY]) | {"content-length": "50000000"}
    problem = assert_told(await post(intake, endless(), stated), 413)
    assert problem["code"] == "event.too_large"
    assert sent <= 1 << 16
    assert_told(await post(intake, b" " * ((1 << 20) + 1), ONE | bearer(intake.keys[AGENCY])), 413)
    largest = EVENT + b" " * ((1 << 20) - len(EVENT))
    assert (await intake.post(largest)).status_code == 201


async def test_an_array_beyond_the_limits_is_refused_as_a_whole(intake_for: Any) -> None:
    intake = await intake_for(batch_limit_items=2, batch_limit_bytes=5_000, event_limit_bytes=1_000)
    await intake.register(ORGANS)
    many = [event(id=str(number)) for number in range(3)]
    assert assert_told(await intake.post(many, headers=BATCH), 422)["code"] == "batch.too_many"
    assert_told(await intake.post(b" " * 5_001, headers=BATCH), 413)
    long = event(id="L", data={"note": "x" * 1_000})
    verdicts = (await intake.post([long, event()], headers=BATCH)).json()
    assert [verdict["verdict"] for verdict in verdicts] == ["refused", "accepted"]
    assert verdicts[0]["problems"][0]["code"] == "event.too_large"


async def test_an_empty_array_is_an_answer_without_verdicts(intake: Intake) -> None:
    answer = await intake.post(b" [ ] ", headers=BATCH)
    assert (answer.status_code, answer.json()) == (200, [])


async def test_a_key_that_asks_too_often_is_told_how_long_to_wait(intake_for: Any) -> None:
    intake = await intake_for(requests_per_second=2, request_burst=3)
    await intake.register(ORGANS)
    answers = [await intake.post(event(id=str(number))) for number in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert_told(answers[3], 429)
    assert answers[3].headers["retry-after"] == "1"
    assert (await intake.post(event(of="ps-120103-ps"), of="ps-120103-ps")).status_code == 201
    intake.clock.set(intake.clock.now() + timedelta(seconds=1))
    answers = [await intake.post(event(id=f"2-{number}")) for number in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/events", 405),
        ("GET", "/v1/nothing", 404),
        ("GET", "/v1/receipts/nonsense/E-1", 400),
        ("GET", "/v1/originals/nonsense", 400),
        ("GET", f"/v1/originals/{DIGEST}", 404),
        ("GET", "/v1/sources?limit=0", 400),
        ("GET", "/v1/sources?limit=many", 400),
        ("GET", "/v1/refusals?cursor=x", 400),
        ("GET", "/v1/organs?cursor=x", 400),
        ("GET", "/v1/organs?kind=XX", 400),
        ("GET", "/v1/conflicts?state=lost", 400),
        ("POST", "/v1/conflicts/x/decision", 400),
    ],
)
async def test_a_wrong_question_is_told_so(intake: Intake, method: str, path: str, status: int) -> None:
    assert_told(await intake.client.request(method, path, headers=bearer(intake.keys[AGENCY])), status)
