"""The commands of the operator, on a running system and on wrong input."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.system.started import Finished, System, alive, processes_in, xianjie
from tests.system.stranger import Stranger, identity, read_organs, read_stream

from xianjie.chassis.bus import Message
from xianjie.chassis.bus_postgres import PostgresBus
from xianjie.chassis.database import Database
from xianjie.command.attaching import attached
from xianjie.command.places import Places

pytestmark = pytest.mark.system

SETTLE_SECONDS = 60.0
# Those that read every event of a case; notification reads the registry only.
READERS = ("transfer", "audit")


@dataclass(slots=True)
class Operated:
    """A running system, its operator's client, and the registry that was loaded by command."""

    system: System
    stranger: Stranger
    registry: Path

    async def parked(self) -> tuple[int, list[list[str]]]:
        """Return the exit code of `parked list`, and group and key of each line."""
        listed = await xianjie("parked", "list", "--data", self.system.data)
        assert (listed.code == 1) == (len(listed.out.splitlines()) > 1)
        return listed.code, [line.split()[:3] for line in listed.out.splitlines()[:-1]]

    async def waiting(self, service: str, case: str) -> list[str]:
        """Return the bodies of the events that wait for a case."""
        shown = await xianjie("parked", "show", service, case, "--data", self.system.data)
        assert shown.code == 0, shown.err
        return shown.out.splitlines()


@pytest.fixture(scope="module")
async def operated(root: Path, postgres_home: Path) -> AsyncIterator[Operated]:
    system = System(postgres_home / "operated")
    await system.start()
    try:
        registry = root / "cases" / "organs.yaml"
        loaded = await xianjie(*("organs", "load", registry, "--url", system.url, "--data", system.data))
        assert loaded.code == 0, loaded.err
        stranger = Stranger.of(system.url, admin=system.admin_key)
        yield Operated(system, stranger, registry)
        await stranger.http.aclose()
    finally:
        await system.stop()


@asynccontextmanager
async def schema(system: System, name: str) -> AsyncIterator[Database]:
    async with attached(Places(system.data)) as databases:
        yield databases[name]


def story(root: Path, stream: str, name: str) -> list[dict[str, Any]]:
    """Return the events of a stream under another name."""
    text = json.dumps(read_stream(root / "cases" / "streams" / f"{stream}.ndjson"))
    events: list[dict[str, Any]] = json.loads(text.replace(stream, name))
    return events


async def test_a_registry_is_loaded_once_and_loading_it_again_changes_nothing(operated: Operated) -> None:
    again = await xianjie(
        *("organs", "load", operated.registry, "--url", operated.system.url, "--data", operated.system.data)
    )
    assert (again.code, again.out.strip().endswith("/ 0 organs changed")) == (0, True), again.out
    known = (await operated.stranger.get("/intake/v1/organs", [("limit", "500")]))["organs"]
    assert {organ["id"] for organ in read_organs(operated.registry)} <= {organ["id"] for organ in known}


async def test_an_issued_key_opens_the_door_for_its_organ_alone(operated: Operated, root: Path) -> None:
    [event, *_] = story(root, "RC-064", "KEYED")
    organ = event["source"].rpartition(":")[2]
    issued = await xianjie("keys", "issue", "--organ", organ, "--data", operated.system.data)
    assert issued.code == 0, issued.err
    operated.stranger.keys[event["source"]] = issued.out.strip()
    accepted = await operated.stranger.send_one(event)
    assert accepted.status_code == 201, accepted.text

    [other] = [key for key in read_organs(operated.registry) if key["id"] == "ag-130999-tax"]
    foreign = await xianjie("keys", "issue", "--organ", other["id"], "--data", operated.system.data)
    operated.stranger.keys[event["source"]] = foreign.out.strip()
    refused = await operated.stranger.send_one({**event, "id": "KEYED-by-another"})
    assert refused.status_code in {403, 422}, refused.text
    assert refused.headers["content-type"].startswith("application/problem+json")


async def test_a_case_that_cannot_be_written_is_parked_alone_and_resumed_in_order(
    operated: Operated, root: Path
) -> None:
    events, others = story(root, "RC-069", "HELD"), story(root, "RC-077", "FREE")
    case, other = events[0]["subject"], others[0]["subject"]
    await operated.stranger.get_keys(sorted({event["source"] for event in [*events, *others]}))
    async with schema(operated.system, "transfer") as database, database.transaction() as tx:
        # A row that the database does not take: what a forgotten grant or a wrong check does.
        await tx.execute(f"alter table event add constraint wrong check (subject <> '{case}') not valid")

    await operated.stranger.send_all(events[:2])
    await operated.stranger.settled(seconds=SETTLE_SECONDS)
    await operated.stranger.send_all([*events[2:], *others])
    await operated.stranger.settled(seconds=SETTLE_SECONDS)
    code, listed = await operated.parked()
    assert code == 1
    assert ["transfer", case, str(len(events))] in listed
    assert [line for line in listed if other in line] == []
    assert len(await operated.stranger.events_of(other)) == len(others)
    assert {json.loads(body)["id"] for body in await operated.waiting("transfer", case)} == {
        event["id"] for event in events
    }

    resume = ("parked", "resume", "transfer", case, "--data", operated.system.data)
    still = await xianjie(*resume)
    assert (still.code, f"0 handled, {len(events)} wait" in still.out) == (1, True), still.out
    assert "CheckViolation" in still.out

    async with schema(operated.system, "transfer") as database, database.transaction() as tx:
        await tx.execute("alter table event drop constraint wrong")
    done = await xianjie(*resume)
    assert (done.code, f"{len(events)} handled, 0 wait" in done.out) == (0, True), done.out
    await operated.stranger.settled(seconds=SETTLE_SECONDS)
    assert case not in {key for _, key, _ in (await operated.parked())[1]}
    placed = [identity(event) for event in await operated.stranger.events_of(case)]
    assert sorted(placed) == sorted(identity(event) for event in events)
    rebuilt = await xianjie("rebuild", "--compare", "--data", operated.system.data)
    assert rebuilt.code == 0, rebuilt.out


async def test_a_broken_message_keeps_its_case_parked_and_nothing_behind_it_is_lost(
    operated: Operated, root: Path
) -> None:
    events = story(root, "RC-086", "BROKEN")
    case = events[0]["subject"]
    await operated.stranger.get_keys(sorted({event["source"] for event in events}))
    await operated.stranger.send_all(events[:1])
    await operated.stranger.settled(seconds=SETTLE_SECONDS)
    async with schema(operated.system, "bus") as database:
        await PostgresBus(database).publish([Message("intake.events", case, "broken", b"{ not an event")])
    await operated.stranger.settled(seconds=SETTLE_SECONDS)
    verdicts = await operated.stranger.send_all(events[1:])
    await operated.stranger.settled(seconds=SETTLE_SECONDS)

    assert {verdict["verdict"] for verdict in verdicts.values()} == {"accepted"}
    code, listed = await operated.parked()
    assert code == 1
    assert {service for service, key, _ in listed if key == case} == set(READERS)
    for service in READERS:
        before = await operated.waiting(service, case)
        resumed = await xianjie("parked", "resume", service, case, "--data", operated.system.data)
        assert resumed.code == 1
        assert f"0 handled, {len(events)} wait" in resumed.out
        assert "JSONDecodeError" in resumed.out
        assert await operated.waiting(service, case) == before
        assert before[0] == "{ not an event"
        assert {json.loads(body)["id"] for body in before[1:]} == {event["id"] for event in events[1:]}
    assert [event["id"] for event in await operated.stranger.events_of(case)] == [events[0]["id"]]


async def test_a_second_owner_of_the_data_is_sent_away_and_the_first_goes_on(operated: Operated) -> None:
    server = operated.system.postmaster
    second = await xianjie("up", "--data", operated.system.data, "--port", "0")
    _require_refusal(second, "is in use by the process")
    assert alive(server)
    assert operated.system.postmaster == server
    await operated.stranger.ready(seconds=SETTLE_SECONDS)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("rebuild", "--data", "{tmp}/nothing"), "{tmp}/nothing"),
        (("parked", "list", "--data", "{tmp}/nothing"), "{tmp}/nothing"),
        (("keys", "issue", "--organ", "ag-130999-tax", "--data", "{tmp}/nothing"), "{tmp}/nothing"),
        (("parked", "show", "transfer", "a/1", "--data", "{tmp}/nothing"), "{tmp}/nothing"),
        (("log", "verify", "{tmp}/nothing"), "{tmp}/nothing"),
        (("log", "verify", "http://127.0.0.1:1"), "http://127.0.0.1:1"),
        (("organs", "load", "{tmp}/no.yaml", "--data", "{tmp}/nothing"), "{tmp}/no.yaml"),
        (("up", "--data", "{tmp}/questions.jsonl", "--port", "0"), "{tmp}/questions.jsonl"),
        (("no-such-command",), "no-such-command"),
        (("play",), "Missing argument"),
    ],
)
async def test_wrong_use_ends_with_2_and_says_where(
    arguments: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    await asyncio.to_thread(_write, tmp_path, {"questions.jsonl": QUESTION})
    finished = await xianjie(*(word.format(tmp=tmp_path) for word in arguments))
    _require_refusal(finished, said.format(tmp=tmp_path))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("parked", "show", "unheard-of", "a/1", "--data", "{data}"), "unheard-of"),
        (("parked", "resume", "intake", "a/1", "--data", "{data}"), "intake"),
        (("parked", "show", "transfer", "a/1", "--data", "{data}"), "a/1"),
        (("parked", "resume", "transfer", "a/1", "--data", "{data}"), "a/1"),
        (("keys", "issue", "--organ", "ag-130999-tax", "--scope", "all", "--data", "{data}"), "all"),
        (("keys", "issue", "--organ", "ag-unheard-of", "--data", "{data}"), "ag-unheard-of"),
        (("organs", "load", "{tmp}/organs.yaml", "--url", "{url}", "--data", "{data}"), "/body/organs/0/id"),
        (("organs", "load", "{tmp}/organs.yaml", "--url", "http://127.0.0.1:1", "--data", "{data}"), ":1"),
        (("organs", "load", "{tmp}/organs.yaml", "--url", "nowhere", "--data", "{data}"), "nowhere"),
        (("log", "verify", "{url}", "--key", "unheard-of"), "unheard-of"),
    ],
)
async def test_wrong_use_of_a_running_system_ends_with_2_and_says_where(
    arguments: tuple[str, ...], said: str, operated: Operated, tmp_path: Path
) -> None:
    await asyncio.to_thread(_write, tmp_path, {"organs.yaml": "organs: [{id: wrong}]"})
    places = {"tmp": tmp_path, "data": operated.system.data, "url": operated.system.url}
    finished = await xianjie(*(word.format(**places) for word in arguments))
    _require_refusal(finished, said)


async def test_a_port_that_is_taken_is_named_and_nothing_is_left_running(
    operated: Operated, postgres_home: Path
) -> None:
    port = operated.system.url.rpartition(":")[2]
    second = postgres_home / "second"
    _require_refusal(await xianjie("up", "--data", second, "--port", port), f"port {port}")
    assert processes_in(second) == []
    assert alive(operated.system.postmaster)


EVENT = (
    '{"specversion":"1.0","id":"A-1","source":"urn:xianjie:organ:ag-130999-tax",'
    '"time":"2026-01-01T00:00:00+08:00"}'
)
QUESTION = '{"case_id":"A","as_of":"2026-01-01"}'


@pytest.mark.parametrize(
    ("stream", "question", "organs", "where"),
    [
        (None, QUESTION, "organs: []", "A.ndjson: No such file"),
        (f"{EVENT}\n\n{{broken\n", QUESTION, "organs: []", "A.ndjson:3: "),
        (f"{EVENT}\n[]\n", QUESTION, "organs: []", "A.ndjson:2: "),
        (EVENT.replace("+08:00", ""), QUESTION, "organs: []", "A.ndjson:1: "),
        (EVENT, None, "organs: []", "questions.jsonl: No such file"),
        (EVENT, f'{QUESTION}\n{{"case_id":"B","as_of":"2026-01-01"}}', "organs: []", "questions.jsonl:2: "),
        (EVENT, '{"case_id":"A","as_of":"soon"}', "organs: []", "questions.jsonl:1: "),
        (EVENT, '{"case_id":"A","as_of":"2026-01-01T00:00:00"}', "organs: []", "questions.jsonl:1: "),
        (EVENT, '"A"', "organs: []", "questions.jsonl:1: "),
        (EVENT, QUESTION, None, "organs.yaml: No such file"),
        (EVENT, QUESTION, "organs: {", "organs.yaml: "),
        (EVENT, QUESTION, "[]", "organs.yaml: "),
    ],
)
async def test_play_names_the_file_and_the_line_that_it_cannot_read(
    tmp_path: Path, stream: str | None, question: str | None, organs: str | None, where: str
) -> None:
    files = {"A.ndjson": stream, "questions.jsonl": question, "organs.yaml": organs}
    await asyncio.to_thread(_write, tmp_path, files)
    finished = await xianjie(
        *("play", tmp_path / "A.ndjson", "--organs", tmp_path / "organs.yaml"),
        *("--questions", tmp_path / "questions.jsonl", "--json"),
    )
    _require_refusal(finished, f"{tmp_path}/{where}")


async def test_play_prints_what_the_door_refuses_and_ends_with_1(tmp_path: Path, root: Path) -> None:
    first, second, *_ = (
        (root / "cases" / "streams" / "RC-064.ndjson").read_text(encoding="utf-8").splitlines()
    )
    wrong = json.loads(second)
    wrong["data"]["occurred"] = {"precision": "day", "value": "2020-13-01"}
    stream = f"{first}\n{json.dumps(wrong)}\n"
    asked = json.dumps({"case_id": "RC-064", "as_of": "2026-01-01"})
    await asyncio.to_thread(_write, tmp_path, {"RC-064.ndjson": stream, "questions.jsonl": asked})
    finished = await xianjie(
        *("play", tmp_path / "RC-064.ndjson", "--organs", root / "cases" / "organs.yaml"),
        *("--questions", tmp_path / "questions.jsonl", "--json"),
    )
    assert finished.code == 1, finished.err
    [refusal] = [json.loads(line) for line in finished.err.splitlines() if '"verdict"' in line]
    assert (refusal["stream"], refusal["line"], refusal["verdict"]) == ("RC-064", 2, "refused")
    assert refusal["problems"][0]["pointer"].startswith("/data/occurred")
    [answer] = [json.loads(line) for line in finished.out.splitlines()]
    assert (answer["receipts"], answer["leaves"]) == (1, 1)


def _require_refusal(finished: Finished, said: str) -> None:
    assert (finished.code, finished.out) == (2, ""), finished
    assert said in finished.err.replace("\n", ""), finished.err
    assert "Traceback" not in finished.err


def _write(where: Path, files: dict[str, str | None]) -> None:
    for name, text in files.items():
        if text is not None:
            (where / name).write_text(text, encoding="utf-8")
