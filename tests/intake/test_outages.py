"""The database away, full of work, or hit by a defect: nothing is acknowledged that is not durable."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import orjson
import pytest
from tests.intake.builders import AGENCY, BATCH, NOW, ORGANS, STREAM, Intake, ListBus, bearer, event
from tests.intake.conftest import IntakeFor

from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.database import Database
from xianjie.chassis.migrations import DATABASE, migrate, service_schema
from xianjie.chassis.postgres import EmbeddedPostgres, PostgresSettings
from xianjie.contracts.canonical import digest
from xianjie.contracts.errors import Unavailable
from xianjie.intake.domain.arrivals import Arrival, examine
from xianjie.intake.domain.verdicts import Verdict, Word
from xianjie.intake.main import build
from xianjie.intake.rest.collector import Collector
from xianjie.intake.settings import IntakeSettings


@pytest.fixture
async def server(postgres_home: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server of its own, that the test may stop."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]  # the same before and after
    small = {"shared_buffers": "32MB"}
    settings = PostgresSettings(data=postgres_home / "intake-outage", port=port, parameters=small)
    async with EmbeddedPostgres(settings) as started:
        yield started


async def test_nothing_is_acknowledged_while_the_database_is_away(server: EmbeddedPostgres) -> None:
    schema = service_schema("intake", password="of-the-test")
    await migrate(server.admin_dsn(), [schema])
    reached = server.settings_for(
        user="intake", password="of-the-test", schema="intake", database=DATABASE, pool_size=2
    )
    database = await Database.connect(reached)
    clock, bus = DrivenClock(NOW), ListBus()
    service = await build(settings=IntakeSettings(), database=database, bus=bus, clock=clock)
    client = httpx2.AsyncClient(transport=httpx2.ASGITransport(app=service.app), base_url="http://intake")
    async with client:
        intake = Intake(service, database, clock, bus, client)
        await intake.register(ORGANS)
        assert (await intake.post(event(id="before"))).status_code == 201
        await server.stop()
        one = orjson.dumps(event(id="during"))
        for body, headers in ((one, None), (b"[" + one + b"]", BATCH), (one, STREAM)):
            answer = await (intake.post(body, headers=headers) if headers else intake.post(body))
            assert answer.status_code == 503
            assert int(answer.headers["retry-after"]) >= 1
            assert answer.json()["code"] == "database.away"
        assert (await client.get("/readyz")).status_code == 503
        await server.start()
        async with asyncio.timeout(20):
            while (answer := await intake.post(one)).status_code == 503:
                pass
        assert answer.status_code == 201
        assert (await intake.counts())["event"] == len(ORGANS) + 2
        assert (await client.get("/readyz")).status_code == 200
    await database.close()


async def test_a_read_only_database_acknowledges_nothing(intake: Intake) -> None:
    name = intake.database.settings.database
    async with intake.database.transaction() as tx:
        await tx.execute(f"alter role intake in database {name} set default_transaction_read_only = on")
        # sessions that are open already keep the old setting
        await tx.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = $1 and pid <> pg_backend_pid()",
            name,
        )
        await tx.execute("set default_transaction_read_only = on")
    answer = await intake.post(event())
    assert answer.status_code == 503
    assert (await intake.counts())["event"] == len(ORGANS)


async def test_a_stream_says_from_which_line_on_nothing_was_taken(intake_for: IntakeFor) -> None:
    intake = await intake_for(commit_items=2)
    await intake.register(ORGANS)
    async with intake.database.transaction() as tx:
        # the third chunk meets a server that has no room left
        await tx.execute(
            """create function full_disk() returns trigger language plpgsql as $$
               begin raise exception using errcode = '53100', message = 'disk full'; end $$"""
        )
        await tx.execute(
            "create trigger full_disk before insert on event for each row when (new.id = 'S-5') "
            "execute function full_disk()"
        )
    body = b"\n".join(orjson.dumps(event(id=f"S-{number}")) for number in range(1, 9))
    answer = await intake.post(body, headers=STREAM)
    told = [orjson.loads(text) for text in answer.content.splitlines()]
    assert [verdict["verdict"] for verdict in told] == ["accepted"] * 4 + ["unavailable"]
    assert told[-1]["row"] == 5
    assert told[-1]["problems"][0]["todo"]
    assert (await intake.counts())["event"] == len(ORGANS) + 4


def arrival(id: str) -> Arrival:
    """Return an arrival with one event."""
    body = orjson.dumps(event(id=id))
    return Arrival(body, digest(body), "api", AGENCY, "key_1", NOW, (examine(body),))


async def collector_that(database_for: Any, accept: Any, *, waiting_limit: int = 100) -> Collector:
    """Return a collector with its own acceptance."""
    database = await database_for("intake")
    return Collector(database, accept, items=500, size=1 << 20, waiting_limit=waiting_limit)


async def test_requests_that_come_together_share_a_transaction(database_for: Any) -> None:
    groups: list[int] = []

    async def accept(_: object, arrivals: list[Arrival]) -> list[list[Verdict]]:
        groups.append(len(arrivals))
        await asyncio.sleep(0)
        return [[Verdict(Word.ACCEPTED)] for _ in arrivals]

    collector = await collector_that(database_for, accept)
    await asyncio.gather(*(collector.submit(arrival(str(number))) for number in range(50)))
    assert sum(groups) == 50
    assert len(groups) <= 2
    assert collector.idle


async def test_a_defect_that_one_event_uncovers_hits_its_sender_alone(database_for: Any) -> None:
    async def accept(_: object, arrivals: list[Arrival]) -> list[list[Verdict]]:
        if any(item.ref is not None and item.ref.id == "poison" for each in arrivals for item in each.items):
            raise ZeroDivisionError
        return [[Verdict(Word.ACCEPTED)] for _ in arrivals]

    collector = await collector_that(database_for, accept)
    sent = [arrival(id) for id in ("1", "2", "poison", "3")]
    answers = await asyncio.gather(*map(collector.submit, sent), return_exceptions=True)
    assert [type(answer) for answer in answers] == [list, list, ZeroDivisionError, list]


async def test_a_caller_that_goes_away_does_not_take_the_others_with_it(database_for: Any) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def accept(_: object, arrivals: list[Arrival]) -> list[list[Verdict]]:
        begun.set()
        await go_on.wait()
        return [[Verdict(Word.ACCEPTED)] for _ in arrivals]

    collector = await collector_that(database_for, accept)
    gone = asyncio.create_task(collector.submit(arrival("1")))
    stays = asyncio.create_task(collector.submit(arrival("2")))
    await begun.wait()
    gone.cancel()
    go_on.set()
    assert [verdict.word for verdict in await stays] == [Word.ACCEPTED]


async def test_a_crowd_is_sent_away_instead_of_filling_the_memory(database_for: Any) -> None:
    async def accept(_: object, arrivals: list[Arrival]) -> list[list[Verdict]]:
        return [[Verdict(Word.ACCEPTED)] for _ in arrivals]

    collector = await collector_that(database_for, accept, waiting_limit=3)
    sent = [collector.submit(arrival(str(number))) for number in range(5)]
    answers = await asyncio.gather(*sent, return_exceptions=True)
    assert [isinstance(answer, Unavailable) for answer in answers] == [False] * 3 + [True] * 2


async def test_the_relay_carries_accepted_events_to_the_bus(intake: Intake, eventually: Any) -> None:
    await intake.post(event())
    assert not await intake.service.settled()
    [relay] = [asyncio.ensure_future(task()) for task in intake.service.tasks]
    await eventually(intake.service.settled)
    relay.cancel()
    await asyncio.gather(relay, return_exceptions=True)
    assert [message.key for message in intake.bus.published] == [entry["id"] for entry in ORGANS] + [
        event()["subject"]
    ]


async def test_a_restarted_service_knows_what_the_one_before_it_accepted(intake: Intake) -> None:
    receipt = (await intake.post(event())).json()
    again = await build(
        settings=IntakeSettings(), database=intake.database, bus=intake.bus, clock=intake.clock
    )
    transport = httpx2.ASGITransport(app=again.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://intake") as client:
        headers = {"content-type": "application/cloudevents+json"} | bearer(intake.keys[AGENCY])
        answer = await client.post("/v1/events", content=orjson.dumps(event()), headers=headers)
        assert (answer.status_code, answer.json()) == (200, receipt)
        new = await client.post("/v1/events", content=orjson.dumps(event(id="E-2")), headers=headers)
        assert new.json()["position"] == receipt["position"] + 1
