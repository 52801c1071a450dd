"""The service whole: from the bus to the served log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import httpx2
import orjson
import pytest
from tests.audit.log_events import PLATFORM, SIGNED_AT, event, message
from tests.postgres_fixtures import DatabaseFor

from xianjie.audit.handlers import append
from xianjie.audit.keys import KeyFileError
from xianjie.audit.main import AuditSettings, build, signing_key
from xianjie.chassis.bus import Message
from xianjie.chassis.bus_postgres import PostgresBus
from xianjie.chassis.clock import DrivenClock
from xianjie.contracts.canonical import event_digest
from xianjie.tlog.checkpoints import open_checkpoint

Eventually = Callable[[Callable[[], Awaitable[bool]]], Awaitable[None]]


async def test_what_is_on_the_bus_becomes_leaves_once(
    database_for: DatabaseFor, tmp_path: Path, eventually: Eventually
) -> None:
    bus = PostgresBus(await database_for("bus"))
    database = await database_for("audit", role="audit_writer")
    settings = AuditSettings(key_file=tmp_path / "log.pem", origin="xianjie.example/log", batch_limit=40)
    clock = DrivenClock(SIGNED_AT)
    service = await build(settings=settings, database=database, bus=bus, clock=clock)
    await bus.publish([message(number) for number in range(100)])
    await bus.publish([message(number) for number in range(50, 120)])
    await bus.publish([message(500, topic="transfer.decisions", source=PLATFORM)])
    again = message(3)
    await bus.publish([Message(again.topic, again.key, "under another message id", again.body)])
    assert not await service.settled()

    running = [asyncio.create_task(task()) for task in service.tasks]
    await eventually(service.settled)
    clock.set(SIGNED_AT + timedelta(days=1))
    await bus.publish([message(501, topic="notification.events", source=PLATFORM)])
    await eventually(service.settled)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)

    transport = httpx2.ASGITransport(app=service.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://log.test") as client:
        note = (await client.get("/v1/checkpoint")).content
        decided = event_digest(event(501, source=PLATFORM))
        leaf = (await client.get("/v1/inclusion", params={"leaf": decided})).json()
        documented = (await client.get("/openapi.json")).json()
        health = await client.get("/readyz")
    assert open_checkpoint(note, [signing_key(settings).verifier]).size == 122
    assert leaf["leaf_index"] == 121
    assert orjson.loads(leaf["entry"])["kind"] == "decision"
    assert {"/v1/checkpoint", "/v1/inclusion", "/v1/leaves", "/v1/consistency"} <= set(documented["paths"])
    assert health.status_code == 200
    async with database.read() as tx:
        assert await tx.fetchval("select max(signed_at) from checkpoint") == clock.now()
        assert await tx.fetchval("select count(*) from parked") == 0


async def test_an_event_with_the_id_of_another_is_parked_and_the_rest_goes_on(
    database_for: DatabaseFor, tmp_path: Path, eventually: Eventually
) -> None:
    bus = PostgresBus(await database_for("bus"))
    database = await database_for("audit", role="audit_writer")
    settings = AuditSettings(key_file=tmp_path / "log.pem")
    service = await build(settings=settings, database=database, bus=bus, clock=DrivenClock(SIGNED_AT))
    other = orjson.dumps(event(1, note="改过"))
    await bus.publish([message(number) for number in range(3)])
    await bus.publish([Message("intake.events", message(1).key, "other", other), message(2 + 7)])
    running = asyncio.create_task(service.tasks[0]())
    await eventually(service.settled)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    async with database.read() as tx:
        assert await tx.fetchval("select count(*) from leaf") == 4
        assert await tx.fetchval("select array_agg(id) from parked") == ["other"]


async def test_a_key_that_did_not_sign_the_log_so_far_is_refused(
    database_for: DatabaseFor, tmp_path: Path
) -> None:
    bus = PostgresBus(await database_for("bus"))
    database = await database_for("audit", role="audit_writer")
    settings = AuditSettings(key_file=tmp_path / "log.pem", origin="xianjie.example/log")
    async with database.transaction() as tx:
        body = orjson.dumps(event(1))
        await append(tx, [body], key=signing_key(settings), signed_at=SIGNED_AT)
    await build(settings=settings, database=database, bus=bus, clock=DrivenClock(SIGNED_AT))
    settings.key_file.rename(tmp_path / "lost.pem")
    with pytest.raises(KeyFileError, match="did not sign the last checkpoint"):
        await build(settings=settings, database=database, bus=bus, clock=DrivenClock(SIGNED_AT))
