"""The service whole: from the bus to the inbox and back to the bus."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import httpx2
import orjson
import pytest
from tests.notification.builders import (
    AGENCY,
    MEETING,
    NOW,
    PROCURATORATE,
    clock_warned,
    finding,
    message,
    registry,
)

from xianjie.chassis.bus_postgres import PostgresBus
from xianjie.chassis.service import Service
from xianjie.chassis.web import Principal
from xianjie.notification.main import NotificationSettings, build
from xianjie.notification.rulebook import RulesInvalid


async def nobody(_: str) -> Principal | None:
    return None


@pytest.fixture
async def bus(database_for) -> PostgresBus:
    return PostgresBus(await database_for("bus"))


@pytest.fixture
async def service(database, bus, clock) -> Service:
    settings = NotificationSettings(fetch_wait_seconds=0.5)
    titles = {"nt4_approved_not_sent": ("批准移送后未移送", "Approved but not sent")}
    return await build(
        settings=settings, database=database, bus=bus, clock=clock, verify=nobody, titles=titles
    )


@asynccontextmanager
async def running(service: Service) -> AsyncIterator[None]:
    tasks = [asyncio.create_task(task()) for task in service.tasks]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def test_a_finding_on_the_bus_becomes_messages_and_events_once(
    service, bus, sent, database, eventually
) -> None:
    await bus.publish([message(each) for each in registry()])
    await bus.publish([message(finding())])
    assert not await service.settled()
    async with running(service):
        await eventually(service.settled)
        await bus.publish([message(finding())])
        await eventually(service.settled)
    assert await sent() == [
        ("finding_breach", AGENCY),
        ("finding_breach_supervision", PROCURATORATE),
        ("finding_breach_supervision", MEETING),
    ]
    async with database.read() as tx:
        assert await tx.fetchval("select title_zh from message order by seq limit 1") == (
            "请立即核查：批准移送后未移送"
        )
    reader = bus.subscribe(group="test", topics=("notification.events",))
    announced = await reader.fetch(limit=10, wait_seconds=0.0)
    await reader.close()
    assert [orjson.loads(each.message.body)["data"]["to_organ"] for each in announced] == [
        AGENCY,
        PROCURATORATE,
        MEETING,
    ]
    assert all(each.message.key == orjson.loads(each.message.body)["subject"] for each in announced)


async def test_silence_is_seen_when_the_clock_moves_though_nobody_opens_a_page(
    service, bus, clock, sent, eventually
) -> None:
    await bus.publish([message(each) for each in (*registry(), finding())])
    async with running(service):
        await eventually(service.settled)
        clock.set(NOW + timedelta(days=4))
        assert not await service.settled()
        await eventually(service.settled)
    assert (await sent())[3:] == [("unanswered", PROCURATORATE), ("unanswered", MEETING)]


async def test_an_answer_that_is_overdue_when_its_fact_arrives_is_seen_at_once(
    service, bus, clock, sent, eventually
) -> None:
    async with running(service):
        await eventually(service.settled)
        clock.set(NOW + timedelta(days=30))
        await bus.publish([message(each) for each in (*registry(), finding())])
        # Not merely settled: the relay of nobody else stands between the bus and this service.
        await eventually(lambda: is_escalated(sent))
    assert len(await sent()) == 5


async def is_escalated(sent) -> bool:
    return ("unanswered", MEETING) in await sent()


async def test_the_service_is_ready_when_its_database_answers(service) -> None:
    transport = httpx2.ASGITransport(app=service.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://notification.test") as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]) == (200, {"database": True})


async def test_a_service_with_rules_that_are_wrong_does_not_start(
    database, bus, clock, tmp_path: Path
) -> None:
    (tmp_path / "rules.yaml").write_text("- {id: x}\n", encoding="utf-8")
    with pytest.raises(RulesInvalid, match=r"rules\.yaml:1: fact: Field required"):
        await build(
            settings=NotificationSettings(rules=tmp_path),
            database=database,
            bus=bus,
            clock=clock,
            verify=nobody,
            titles={},
        )


async def test_a_case_with_an_unknown_clock_is_parked_and_the_others_go_on(
    service, bus, sent, database, eventually
) -> None:
    await bus.publish([message(each) for each in registry()])
    await bus.publish([message(clock_warned()), message(finding(subject="ag-130999-tax/X-2"))])
    async with running(service):
        await eventually(service.settled, seconds=20)
    assert len(await sent()) == 3
    async with database.read() as tx:
        parked = await tx.fetch("select key, reason from parked")
    assert [row["key"] for row in parked] == ["ag-130999-tax/X-1"]
    assert "ClockUnknown" in parked[0]["reason"]
