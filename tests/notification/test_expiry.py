"""Silence: a message that was not acknowledged in time expires once, is evidence, and is escalated once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest
from tests.notification.builders import (
    AGENCY,
    MEETING,
    NOW,
    PROCURATORATE,
    deliveries,
    finding,
    organ_changed,
    registry,
)

from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.database import Database
from xianjie.notification import handlers
from xianjie.notification.consumer import handle
from xianjie.notification.rulebook import load_rules
from xianjie.notification.settings import RULES
from xianjie.notification.store.messages import next_answer_due

DAY = timedelta(days=1)
RULEBOOK = load_rules(RULES)
ESCALATED = [("unanswered", PROCURATORATE), ("unanswered", MEETING)]


@pytest.fixture
def expire(database: Database, clock: DrivenClock) -> Callable[..., Awaitable[int]]:
    """Expire what is due on the clock; return how many messages that were."""

    async def fire(*, limit: int = 100) -> int:
        async with database.transaction() as tx:
            return await handlers.expire(tx=tx, rules=RULEBOOK, time=clock, until=clock.now(), limit=limit)

    return fire


async def message_of(database: Database, organ: str) -> str:
    async with database.read() as tx:
        return await tx.fetchval("select id from message where recipient = $1 order by seq limit 1", organ)


async def states(database: Database, message: str) -> list[tuple[str, object]]:
    async with database.read() as tx:
        rows = await tx.fetch("select state, at from delivery where message = $1 order by seq", message)
    return [(row["state"], row["at"]) for row in rows]


async def acknowledge(database: Database, message: str, *, at: datetime) -> None:
    async with database.transaction() as tx:
        await handlers.acknowledge(message, tx=tx, organ=AGENCY, reader=None, at=at)


async def test_an_unanswered_message_expires_and_escalates_once(
    take_in, expire, clock, database, published
) -> None:
    await take_in(*registry(), finding())
    before = len(await published())
    assert await expire() == 0
    clock.set(NOW + 4 * DAY)
    assert await expire() == 1
    assert await expire() == 0
    message = await message_of(database, AGENCY)
    # The moment is the planned one: no time passes between two settings of a driven clock.
    assert await states(database, message) == [
        ("queued", NOW),
        ("delivered", NOW),
        ("expired", NOW + 3 * DAY),
    ]
    new = (await published())[before:]
    assert [(each["type"], each["data"].get("state")) for each in new] == [
        ("cn.xianjie.notification.settled.v1", "expired"),
        ("cn.xianjie.notification.sent.v1", None),
        ("cn.xianjie.notification.sent.v1", None),
    ]
    settled = new[0]
    assert settled["data"]["notification"]["id"] == f"{message}.sent"
    assert [each["data"]["to_organ"] for each in new[1:]] == [PROCURATORATE, MEETING]
    assert new[1]["data"]["about"] == {"source": settled["source"], "id": settled["id"]}
    assert new[1]["time"] == "2026-09-13T01:00:00Z"


async def test_an_escalation_says_who_was_silent_and_that_the_moment_is_not_statutory(
    take_in, expire, clock, database
) -> None:
    await take_in(*registry(), finding())
    clock.set(NOW + 4 * DAY)
    await expire()
    async with database.read() as tx:
        row = await tx.fetchrow("select * from message where rule = 'unanswered' limit 1")
    assert "示范县税务局稽查局未在2026年9月13日09:00前签收" in row["body_zh"]
    assert "不是法定期限" in row["body_zh"] and "not a statutory term" in row["body_en"]
    assert row["must_answer_by"] is None


async def test_an_acknowledged_message_never_expires(take_in, expire, clock, database, sent) -> None:
    await take_in(*registry(), finding())
    await acknowledge(database, await message_of(database, AGENCY), at=NOW + DAY)
    clock.set(NOW + 10 * DAY)
    assert await expire() == 0
    assert len(await sent()) == 3


async def test_a_message_that_was_only_read_still_expires(take_in, expire, clock, database) -> None:
    await take_in(*registry(), finding())
    async with database.transaction() as tx:
        message = await message_of(database, AGENCY)
        await handlers.read(message, tx=tx, organ=AGENCY, reader=None, at=NOW)
    clock.set(NOW + 4 * DAY)
    assert await expire() == 1


async def test_a_late_acknowledgement_stands_beside_the_expiry(take_in, expire, clock, database) -> None:
    await take_in(*registry(), finding())
    clock.set(NOW + 4 * DAY)
    await expire()
    message = await message_of(database, AGENCY)
    await acknowledge(database, message, at=NOW + 5 * DAY)
    assert [state for state, _ in await states(database, message)] == [
        "queued",
        "delivered",
        "expired",
        "read",
        "acknowledged",
    ]


async def test_answers_expire_oldest_first_over_several_batches(take_in, expire, clock, published) -> None:
    later = [finding(id=f"f-{hour}", at=NOW + timedelta(hours=hour)) for hour in (5, 2, 4, 1, 3)]
    await take_in(*later)
    clock.set(NOW + 30 * DAY)
    assert [await expire(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    times = [each["time"] for each in await published() if each["data"].get("state") == "expired"]
    assert len(times) == 5
    assert times == sorted(times)


async def test_two_timers_at_once_expire_each_message_once(take_in, clock, database, sent) -> None:
    await take_in(*registry(), *(finding(id=f"f-{number}") for number in range(20)))
    clock.set(NOW + 4 * DAY)

    async def fire() -> int:
        async with database.transaction() as tx:
            return await handlers.expire(tx=tx, rules=RULEBOOK, time=clock, until=clock.now(), limit=7)

    fired = await asyncio.gather(*(fire() for _ in range(4)))
    assert sum(fired) == 20
    assert len([rule for rule, _ in await sent() if rule == "unanswered"]) == 40


async def test_the_timer_knows_the_earliest_answer_that_is_open(take_in, database) -> None:
    await take_in(*registry())
    async with database.read() as tx:
        assert await next_answer_due(tx) is None
    await take_in(finding(id="f-2", at=NOW + DAY), finding())
    async with database.read() as tx:
        assert await next_answer_due(tx) == NOW + 3 * DAY


async def test_an_escalation_without_known_supervisors_waits_for_them(take_in, expire, clock, sent) -> None:
    await take_in(finding())
    clock.set(NOW + 4 * DAY)
    await expire()
    assert await sent() == [("finding_breach", AGENCY)]
    await take_in(organ_changed(AGENCY), organ_changed(PROCURATORATE))
    assert sorted(await sent()) == sorted(
        [
            ("finding_breach", AGENCY),
            ("finding_breach_supervision", PROCURATORATE),
            ("unanswered", PROCURATORATE),
        ]
    )


async def test_a_crash_before_the_commit_leaves_the_silence_to_the_next_look(
    take_in, expire, clock, database, sent
) -> None:
    await take_in(*registry(), finding())
    clock.set(NOW + 4 * DAY)
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await handlers.expire(tx=tx, rules=RULEBOOK, time=clock, until=clock.now(), limit=10)
            raise RuntimeError("the process was killed here")
    assert len(await sent()) == 3
    assert await expire() == 1
    assert (await sent())[3:] == ESCALATED


async def test_a_fact_that_waited_gives_its_supervisor_the_full_time(database, clock) -> None:
    handler = handle(rules=RULEBOOK, titles={}, clock=clock)
    async with database.transaction() as tx:
        await handler(tx, deliveries(finding()))
    clock.set(NOW + 2 * DAY)
    async with database.transaction() as tx:
        await handler(tx, deliveries(*registry()))
    async with database.read() as tx:
        made = await tx.fetch("select recipient, created_at from message order by seq")
    assert {row["recipient"]: row["created_at"] for row in made} == {
        AGENCY: NOW,
        PROCURATORATE: NOW + 2 * DAY,
        MEETING: NOW + 2 * DAY,
    }
