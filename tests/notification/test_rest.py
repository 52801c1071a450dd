"""The door: inbox, receipts, ledger, feed, messages of a case."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx2
import pytest
from schemathesis.specs.openapi.checks import ignored_auth, positive_data_acceptance
from tests.notification.builders import (
    AGENCY,
    CASE,
    MEETING,
    NOW,
    POLICE,
    PROCURATORATE,
    clock_started,
    finding,
    registry,
)
from tests.serving import nothing_breaks

from xianjie.chassis.web import Principal
from xianjie.command.documents import written
from xianjie.notification.main import application
from xianjie.notification.openapi import document

SCOPES = {PROCURATORATE: {"oversight"}, "platform": {"admin"}}


async def verify(key: str) -> Principal | None:
    """A key of these tests is the id of its organ."""
    if key == "nobody":
        return None
    return Principal(organ=key, kind=key[:2].upper(), scopes=frozenset({"publish"} | SCOPES.get(key, set())))


@pytest.fixture
async def client(database, clock) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=application(database=database, clock=clock, verify=verify))
    async with httpx2.AsyncClient(transport=transport, base_url="http://notification.test") as client:
        yield client


def as_(organ: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {organ}"}


async def inbox(client: httpx2.AsyncClient, organ: str = AGENCY, **params: Any) -> dict[str, Any]:
    answer = await client.get("/v1/inbox", headers=as_(organ), params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_an_inbox_shows_what_when_why_and_until_when(client, take_in) -> None:
    await take_in(*registry(), finding())
    shown = await inbox(client)
    (message,) = shown["messages"]
    assert (shown["unread"], shown["cursor"]) == (1, None)
    assert message["recipient"] == AGENCY
    assert message["about"] == {"source": "urn:xianjie:platform:transfer", "id": "f-1"}
    assert (message["rule"], message["level"], message["urgency"]) == ("finding_breach", "breach", "urgent")
    assert message["must_answer_by"] == "2026-09-13T01:00:00Z"
    assert message["must_answer_by_basis"]["zh"] == "本平台服务目标，不是法定期限"
    assert message["read_at"] is None and message["acknowledged_at"] is None


async def test_an_organ_sees_only_its_own_messages(client, take_in) -> None:
    await take_in(*registry(), finding())
    foreign = (await inbox(client, AGENCY))["messages"][0]["id"]
    assert (await inbox(client, POLICE))["messages"] == []
    assert {each["recipient"] for each in (await inbox(client, PROCURATORATE))["messages"]} == {PROCURATORATE}
    feed = (await client.get("/v1/feed", headers=as_(POLICE))).json()
    assert feed["messages"] == []
    for organ in (POLICE, PROCURATORATE, "platform"):
        for ask in (
            client.post(f"/v1/inbox/{foreign}/read", headers=as_(organ)),
            client.post(f"/v1/inbox/{foreign}/acknowledge", headers=as_(organ)),
            client.get(f"/v1/inbox/{foreign}/deliveries", headers=as_(organ)),
        ):
            refused = await ask
            missing = await client.post("/v1/inbox/ntf_none/read", headers=as_(organ))
            assert refused.status_code == missing.status_code == 404
            # Whether the message exists is not told either.
            assert refused.json() == missing.json()
    assert (await inbox(client, AGENCY))["unread"] == 1


async def test_a_message_is_read_once_by_the_one_who_read_it_first(client, take_in, clock, published) -> None:
    await take_in(*registry(), finding())
    before = len(await published())
    id_ = (await inbox(client))["messages"][0]["id"]
    first = await client.post(f"/v1/inbox/{id_}/read", headers=as_(AGENCY), json={"reader": "desk-7"})
    assert first.json()["read_at"] == "2026-09-10T01:00:00Z"
    clock.set(NOW + timedelta(hours=1))
    again = await client.post(f"/v1/inbox/{id_}/read", headers=as_(AGENCY), json={"reader": "desk-8"})
    assert again.json() == first.json()
    assert (await inbox(client))["unread"] == 0
    ledger = (await client.get(f"/v1/inbox/{id_}/deliveries", headers=as_(AGENCY))).json()
    assert [row["state"] for row in ledger["deliveries"]] == ["queued", "delivered", "read"]
    assert ledger["receipt"] == {"organ": AGENCY, "reader": "desk-7", "at": "2026-09-10T01:00:00Z"}
    settled = (await published())[before:]
    assert [each["data"]["state"] for each in settled] == ["read"]
    # Who read is personal data of the organ and stays out of the log.
    assert "by_officer" not in settled[0]["data"]


async def test_acknowledging_proves_reading_and_is_announced_once(
    client, take_in, database, published
) -> None:
    await take_in(*registry(), finding())
    before = len(await published())
    id_ = (await inbox(client))["messages"][0]["id"]
    answers = await asyncio.gather(
        *(client.post(f"/v1/inbox/{id_}/acknowledge", headers=as_(AGENCY)) for _ in range(4))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["acknowledged_at"] for answer in answers} == {"2026-09-10T01:00:00Z"}
    assert [each["data"]["state"] for each in (await published())[before:]] == ["read", "acknowledged"]
    async with database.read() as tx:
        assert await tx.fetchval("select count(*) from awaiting") == 0


async def test_the_unread_count_follows_reading(client, take_in) -> None:
    await take_in(*registry(), *(finding(id=f"f-{number}") for number in range(3)))
    assert (await inbox(client))["unread"] == 3
    newest = (await inbox(client))["messages"][0]["id"]
    await client.post(f"/v1/inbox/{newest}/read", headers=as_(AGENCY))
    unread = await inbox(client, unread="true")
    assert unread["unread"] == 2
    assert newest not in [each["id"] for each in unread["messages"]]
    assert len((await inbox(client))["messages"]) == 3


async def test_an_inbox_is_read_in_pages_newest_first_without_gap_or_double(client, take_in) -> None:
    # Two at each moment: the id decides between them.
    moments = [NOW + timedelta(hours=number // 2) for number in range(7)]
    await take_in(*(finding(id=f"f-{number}", at=at) for number, at in enumerate(moments)))
    whole = (await inbox(client))["messages"]
    pages, cursor = [], None
    while True:
        page = await inbox(client, limit=3, **({"cursor": cursor} if cursor else {}))
        pages.append([each["id"] for each in page["messages"]])
        cursor = page["cursor"]
        if cursor is None:
            break
    assert [len(page) for page in pages] == [3, 3, 1]
    assert [id_ for page in pages for id_ in page] == [each["id"] for each in whole]
    assert [each["created_at"] for each in whole] == sorted(
        (each["created_at"] for each in whole), reverse=True
    )


async def test_an_inbox_is_filtered_by_moment_and_case(client, take_in) -> None:
    other = "ag-130999-tax/X-2"
    await take_in(finding(), finding(id="f-2", subject=other, at=NOW + timedelta(hours=2)))
    since = (NOW + timedelta(hours=1)).isoformat()
    assert [each["subject"] for each in (await inbox(client, since=since))["messages"]] == [other]
    assert [each["subject"] for each in (await inbox(client, subject=CASE))["messages"]] == [CASE]


async def test_the_feed_goes_on_where_its_reader_stopped(client, take_in) -> None:
    await take_in(*(finding(id=f"f-{number}", level="notice") for number in range(3)))
    first = (await client.get("/v1/feed", headers=as_(AGENCY), params={"limit": 2})).json()
    assert ([each["about"]["id"] for each in first["messages"]], first["more"]) == (["f-0", "f-1"], True)
    then = (await client.get("/v1/feed", headers=as_(AGENCY), params={"cursor": first["cursor"]})).json()
    assert ([each["about"]["id"] for each in then["messages"]], then["more"]) == (["f-2"], False)


async def test_oversight_sees_every_message_about_a_case_in_order(client, take_in) -> None:
    await take_in(*registry(), finding(), clock_started(), finding(id="f-2", subject="ag-130999-tax/X-2"))
    seen, cursor = [], None
    while True:
        params = {"subject": CASE, "limit": 3} | ({"cursor": cursor} if cursor else {})
        page = (await client.get("/v1/messages", headers=as_(PROCURATORATE), params=params)).json()
        seen += [(each["rule"], each["recipient"]) for each in page["messages"]]
        cursor = page["cursor"]
        if cursor is None:
            break
    assert sorted(seen) == [
        ("duty_opened", POLICE),
        ("finding_breach", AGENCY),
        ("finding_breach_supervision", MEETING),
        ("finding_breach_supervision", PROCURATORATE),
    ]


async def test_an_operator_sees_which_facts_wait_for_the_registry(client, take_in) -> None:
    await take_in(finding())
    (waiting,) = (await client.get("/v1/unrouted", headers=as_("platform"))).json()
    assert (waiting["rule"], waiting["concerned"]) == ("finding_breach_supervision", AGENCY)
    assert waiting["waits_for"] == [f"organ:{AGENCY}"]


@pytest.mark.parametrize(
    ("path", "organ", "status", "code"),
    [
        ("/v1/inbox", "nobody", 401, "caller.unknown"),
        ("/v1/feed", "nobody", 401, "caller.unknown"),
        (f"/v1/messages?subject={CASE}", AGENCY, 403, "caller.scope"),
        ("/v1/unrouted", PROCURATORATE, 403, "caller.scope"),
        ("/v1/inbox?cursor=%2B%2B", AGENCY, 400, "cursor.malformed"),
        ("/v1/feed?cursor=abc", AGENCY, 400, "cursor.malformed"),
        ("/v1/inbox?limit=0", AGENCY, 400, "request.greater_than_equal"),
        ("/v1/inbox?since=2026-09-10T00:00:00", AGENCY, 400, "request.timezone_aware"),
        ("/v1/messages", PROCURATORATE, 400, "request.missing"),
    ],
)
async def test_a_refusal_is_a_bilingual_problem_document(client, path, organ, status, code) -> None:
    answer = await client.get(path, headers=as_(organ))
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert problem["detail"] and problem["detail_en"] and problem["todo"]


async def test_a_name_is_no_mark_of_a_reader(client, take_in) -> None:
    await take_in(finding())
    id_ = (await inbox(client))["messages"][0]["id"]
    answer = await client.post(f"/v1/inbox/{id_}/read", headers=as_(AGENCY), json={"reader": "张三"})
    assert answer.status_code == 400
    assert (await inbox(client))["unread"] == 1


async def test_the_committed_openapi_document_is_what_the_door_says(root: Path) -> None:
    committed = (root / "docs/schemas/openapi-notification.json").read_text(encoding="utf-8")
    now = written(await document())
    assert json.loads(committed) == json.loads(now), "run: python -m xianjie.command.documents write"


async def test_nothing_that_a_machine_thinks_of_breaks_the_document(database, clock, take_in) -> None:
    """Left out: whether a message is the caller's stands in no JSON Schema, and here every key is good."""
    await take_in(*registry(), finding())
    app = application(database=database, clock=clock, verify=verify)
    excluded = [positive_data_acceptance, ignored_auth]
    await nothing_breaks(app, await document(), headers=as_(AGENCY), excluded=excluded)
