"""The query door: both axes of time, lists, who may ask, and what a wrong question gets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.serving import nothing_breaks
from tests.transfer.case_answers import law, laws
from tests.transfer.conftest import TakeIn
from tests.transfer.telling import AGENCY, GREEN, MET, OFFENCE, CaseFile, moment

from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.database import Database
from xianjie.chassis.web import Principal
from xianjie.command.documents import differing, documents, main
from xianjie.transfer.main import application
from xianjie.transfer.openapi import document

CASE = f"/v1/cases/{AGENCY}/C1"
KEYS = {
    "overseer": frozenset({"oversight"}),
    "operator": frozenset({"admin"}),
    "agency": frozenset({"publish"}),
}
Ask = Callable[..., Awaitable[Any]]


async def verify(key: str) -> Principal | None:
    return Principal(organ="pr-130999-pr", kind="PR", scopes=KEYS[key]) if key in KEYS else None


@pytest.fixture
def app(database: Database, clock: DrivenClock) -> FastAPI:
    clock.set(moment("2026-06-01 00:00"))
    return application(database=database, clock=clock, laws=laws(), verify=verify)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://transfer.test") as client:
        yield client


@pytest.fixture
def ask(client: httpx2.AsyncClient) -> Ask:
    async def get(path: str, *, status: int = 200, key: str = "overseer", **params: Any) -> Any:
        answer = await client.get(path, params=params, headers={"Authorization": f"Bearer {key}"})
        assert answer.status_code == status, answer.text
        return answer.json()

    return get


@pytest.fixture
async def story(database: Database, take_in: TakeIn) -> CaseFile:
    """Approved on 4 March; sent on the 6th, which the platform learnt on the 9th."""
    case = CaseFile()
    case.facts("2026-03-02 09:00", sales_fen=MET)
    case.assessed("2026-03-02 10:00")
    case.approved("2026-03-04 17:40")
    case.transferred("2026-03-06 10:00", recorded="2026-03-09 10:00")
    for event in case.events:
        await take_in([event])
    return case


def states(answer: dict[str, Any], row: str) -> list[str]:
    return [clock["state"] for clock in answer["clocks"] if clock["row"] == row]


async def test_a_case_is_shown_as_it_stood_on_a_day(ask: Ask, story: CaseFile) -> None:
    early = await ask(CASE, as_of="2026-03-03")
    assert early["regions"]["transfer"] == "assessed_met" and early["clocks"] == [] == early["findings"]
    assert early["as_of"] == "2026-03-03T23:59:59.999999+08:00" and early["agency"] == AGENCY
    later = await ask(CASE, as_of="2026-03-05T10:00:00+08:00")
    assert states(later, "transfer_to_police") == ["running"]
    now = await ask(CASE)
    assert now["regions"]["transfer"] == "transferred" and states(now, "transfer_to_police") == ["late"]
    (judgement,) = [each for each in now["judgements"] if each["offence"] == OFFENCE]
    assert judgement["result"] == "met" and judgement["explanation_zh"]


async def test_what_the_platform_did_not_know_yet_is_not_there(ask: Ask, story: CaseFile) -> None:
    """On 7 March the case was with the police, and the platform thought that it was not."""
    known_then = await ask(CASE, as_of="2026-03-07", known_at="2026-03-07")
    assert known_then["regions"]["transfer"] == "transfer_approved"
    assert [each["open"] for each in known_then["findings"] if each["rule"].startswith("nt4")] == [True]
    known_now = await ask(CASE, as_of="2026-03-07")
    assert known_now["regions"]["transfer"] == "transferred"
    assert len((await ask(f"{CASE}/events", known_at="2026-03-07"))["events"]) == 3
    assert len((await ask(f"{CASE}/events"))["events"]) == 4


async def test_a_finding_is_shown_from_the_moment_on_at_which_it_was_made(ask: Ask, story: CaseFile) -> None:
    def of_rule(answer: dict[str, Any]) -> list[bool]:
        return [each["open"] for each in answer["findings"] if each["rule"] == "nt4_approved_not_sent"]

    assert of_rule(await ask(f"{CASE}/findings", as_of="2026-03-05T17:00:00+08:00")) == []
    found = await ask(f"{CASE}/findings", as_of="2026-03-08")
    assert of_rule(found) == [True]
    assert of_rule(await ask(f"{CASE}/findings")) == [False]
    (finding,) = [each for each in found["findings"] if each["rule"] == "nt4_approved_not_sent"]
    assert (finding["level"], finding["organ"]) == ("breach", AGENCY)
    assert finding["title_zh"] and finding["title_en"] and finding["counter_zh"] and finding["basis"]


async def test_a_finding_that_a_later_record_refutes_is_gone_and_stays_in_the_timeline(
    ask: Ask, take_in: TakeIn
) -> None:
    case = CaseFile()
    case.approved("2026-03-04 17:40")
    case.transferred("2026-03-05 09:00", recorded="2026-03-09 10:00")
    for event in case.events:
        await take_in([event])
    assert (await ask(f"{CASE}/findings"))["findings"] == [
        each for each in (await ask(CASE))["findings"] if not each["rule"].startswith("nt4")
    ]
    lines = (await ask(f"{CASE}/timeline"))["timeline"]
    told = [line["name"] for line in lines if "nt4" in str(line["data"].get("finding"))]
    assert told == ["finding.raised", "finding.closed"]


async def test_the_timeline_tells_events_and_decisions_as_they_became_known(
    ask: Ask, story: CaseFile
) -> None:
    lines = (await ask(f"{CASE}/timeline"))["timeline"]
    assert [line["id"] for line in lines if line["kind"] == "event"] == [e.ref.id for e in story.events]
    assert [line["name"] for line in lines][:2] == ["cn.xianjie.evidence.recorded.v1", "judgement.computed"]
    early = (await ask(f"{CASE}/timeline", known_at="2026-03-03"))["timeline"]
    assert early == lines[: len(early)] and 0 < len(early) < len(lines)


async def test_each_part_of_a_case_can_be_asked_for_alone(ask: Ask, story: CaseFile) -> None:
    whole = await ask(CASE, as_of="2026-03-10")
    for part in ("clocks", "judgements", "findings"):
        assert await ask(f"{CASE}/{part}", as_of="2026-03-10") == {part: whole[part]}
    (clock,) = [each for each in whole["clocks"] if each["row"] == "transfer_to_police"]
    assert clock["derivation"] and clock["due"] == {"instant": "2026-03-05T18:00:00+08:00"}


async def test_named_cases_are_answered_together_and_unknown_ones_left_out(ask: Ask, story: CaseFile) -> None:
    answer = await ask("/v1/cases", subject=[story.case, f"{AGENCY}/unknown"], as_of="2026-03-10")
    assert [case["subject"] for case in answer["cases"]] == [story.case]
    assert answer["cases"][0] == await ask(CASE, as_of="2026-03-10")


async def test_the_list_of_cases_goes_on_where_its_cursor_stands(ask: Ask, take_in: TakeIn) -> None:
    for number in range(5):
        case = CaseFile(f"{AGENCY}/C{number}")
        case.approved("2026-03-04 17:40")
        await take_in(case.events)
    green = CaseFile(f"{GREEN}/C9")
    green.assessed("2026-03-02 10:00")
    await take_in(green.events)
    seen, cursor = [], ""
    while cursor is not None:
        page = await ask("/v1/cases", limit=4, cursor=cursor)
        seen += page["cases"]
        cursor = page["next"]
    assert [case["subject"] for case in seen] == sorted([green.case, *(f"{AGENCY}/C{n}" for n in range(5))])
    assert [clock["row"] for clock in seen[-1]["clocks"]] == ["transfer_to_police"]
    assert [case["agency"] for case in (await ask("/v1/cases", agency=GREEN))["cases"]] == [GREEN]
    assert await ask("/v1/cases", agency="ag-000000-nobody") == {"cases": [], "next": None}


async def test_findings_are_listed_newest_first_and_filtered(
    ask: Ask, take_in: TakeIn, story: CaseFile
) -> None:
    later = CaseFile(f"{AGENCY}/C2")
    later.reported("2026-03-12 10:00")
    later.tell("notice.served", "2026-04-01 10:00", kind="other", about=later.events[0])
    for event in later.events:
        await take_in([event])
    open_ones = (await ask("/v1/findings"))["findings"]
    assert "nt3_decision_overdue" in [each["rule"] for each in open_ones]
    assert all(each["open"] for each in open_ones)
    every = (await ask("/v1/findings", open_only=False))["findings"]
    moments = [each["first_seen"] for each in every]
    assert moments == sorted(moments, reverse=True) and len(every) > len(open_ones)
    nt4 = (await ask("/v1/findings", open_only=False, rule="nt4_approved_not_sent"))["findings"]
    assert [(each["level"], each["open"], each["subject"]) for each in nt4] == [("breach", False, story.case)]
    assert (await ask("/v1/findings", level="breach", organ="ag-000000-nobody"))["findings"] == []
    assert len((await ask("/v1/findings", open_only=False, limit=1))["findings"]) == 1


async def test_the_events_of_a_merged_case_are_shown_with_the_one_that_goes_on(
    ask: Ask, take_in: TakeIn
) -> None:
    away, stays = CaseFile(f"{AGENCY}/C2"), CaseFile()
    away.reported("2026-03-02 10:00")
    stays.assessed("2026-03-02 11:00")
    away.tell("case.merged", "2026-03-03 10:00", into=stays.case, reason="同一案件")
    await take_in([*away.events, *stays.events])
    shown = (await ask(f"{CASE}/events"))["events"]
    assert {event["subject"] for event in shown} == {away.case, stays.case}


async def test_a_case_that_the_platform_does_not_know_is_said_in_both_languages(ask: Ask) -> None:
    for part in ("", "/events", "/timeline", "/clocks", "/judgements", "/findings"):
        problem = await ask(f"/v1/cases/{AGENCY}/none{part}", status=404)
        assert problem["code"] == "case.unknown"
        assert "没有" in problem["detail"] and f"{AGENCY}/none" in problem["detail_en"]
        assert problem["todo"] and problem["todo_en"]


async def test_a_case_is_unknown_before_its_first_record(ask: Ask, story: CaseFile) -> None:
    await ask(CASE, known_at="2026-03-01", status=404)
    await ask(CASE, known_at="2026-03-02")


NO_MOMENTS = (
    "yesterday",
    "2026-02-30",
    "2026-03-01T10:00:00",
    "",
    "0001-01-01",
    "9999-12-31",
    "9999-12-31T23:59:59-12:00",
    "0001-01-01T00:00:00+08:00",
)


@pytest.mark.parametrize("name", ["as_of", "known_at"])
async def test_what_is_no_moment_is_refused_with_its_place(ask: Ask, story: CaseFile, name: str) -> None:
    for text in NO_MOMENTS:
        problem = await ask(CASE, status=400, **{name: text})
        assert (problem["code"], problem["pointer"]) == ("query.not_a_moment", f"/{name}"), text
        assert name in problem["detail"] and name in problem["detail_en"] and problem["todo"]


async def test_the_farthest_moments_are_answered(ask: Ask, story: CaseFile) -> None:
    for as_of in ("1900-01-02", "2199-12-30"):
        assert (await ask(CASE, as_of=as_of))["subject"] == story.case


async def test_only_overseers_may_ask(ask: Ask, client: httpx2.AsyncClient, story: CaseFile) -> None:
    for path in ("/v1/cases", "/v1/findings", CASE, f"{CASE}/events", f"{CASE}/timeline", f"{CASE}/clocks"):
        assert (await client.get(path)).status_code == 401
        await ask(path, key="stranger", status=401)
        refused = await ask(path, key="agency", status=403)
        assert refused["code"] == "scope.missing" and "oversight" in refused["detail_en"]
        await ask(path, key="operator")


async def test_the_committed_documents_are_what_the_services_serve(
    client: httpx2.AsyncClient, root: Path
) -> None:
    differs = differing(root / "docs" / "schemas", await documents())
    assert not differs, f"run: python -m xianjie.command.documents write  # {differs}"
    assert (await client.get("/openapi.json")).json() == await document(law=law())


async def test_the_documents_are_written_where_they_differ_and_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> int:
        return main(arguments, folder=tmp_path)

    assert await asyncio.to_thread(run, "check") == 1
    assert len(capsys.readouterr().out.split()) == 4
    assert await asyncio.to_thread(run, "write") == 0
    assert await asyncio.to_thread(run, "check") == 0
    (tmp_path / "openapi-audit.json").write_text("{}", encoding="utf-8")
    capsys.readouterr()
    assert await asyncio.to_thread(run, "check") == 1
    assert capsys.readouterr().out == "openapi-audit.json\n"
    assert await asyncio.to_thread(run, "scribble") == 2


async def test_nothing_that_a_machine_thinks_of_breaks_the_document(app: FastAPI, story: CaseFile) -> None:
    """One check is left out: that a case exists and a moment is one cannot be written in a JSON Schema."""
    described = await document(law=law())
    headers = {"Authorization": "Bearer overseer"}
    await nothing_breaks(app, described, headers=headers, excluded=[positive_data_acceptance])
