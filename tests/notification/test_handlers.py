"""What one transaction does with facts: one message for each recipient, nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from itertools import permutations
from typing import Any

import asyncpg
import pytest
from tests.notification.builders import (
    AGENCY,
    MEETING,
    NOW,
    POLICE,
    PROCURATORATE,
    clock_expired,
    clock_started,
    clock_warned,
    deliveries,
    event,
    finding,
    organ_changed,
    registry,
)

from xianjie.chassis.database import Database
from xianjie.contracts.canonical import event_digest
from xianjie.contracts.envelope import read_event
from xianjie.notification.consumer import handle
from xianjie.notification.domain.arrivals import ClockUnknown
from xianjie.notification.rulebook import load_rules
from xianjie.notification.settings import RULES

BREACH = [
    ("finding_breach", AGENCY),
    ("finding_breach_supervision", PROCURATORATE),
    ("finding_breach_supervision", MEETING),
]


async def count(database: Database, table: str) -> int:
    async with database.read() as tx:
        return await tx.fetchval(f"select count(*) from {table}")


async def test_a_finding_makes_one_message_per_recipient_however_often_it_is_delivered(take_in, sent) -> None:
    await take_in(*registry())
    for _ in range(3):
        await take_in(finding(), finding())
    assert await sent() == BREACH


async def test_a_repeated_fact_makes_no_second_message_even_where_the_inbox_has_forgotten_it(
    take_in, sent, database, published
) -> None:
    await take_in(*registry(), finding())
    before = await published()
    async with database.transaction() as tx:
        await tx.execute("delete from inbox")
    await take_in(finding())
    assert await sent() == BREACH
    assert await published() == before


async def test_every_message_starts_its_ledger_and_is_announced_once(take_in, database, published) -> None:
    await take_in(*registry(), finding())
    async with database.read() as tx:
        ledger = await tx.fetch("select message, state, attempt, channel from delivery order by seq")
        awaiting = await tx.fetch("select must_answer_by from awaiting")
    assert [row["state"] for row in ledger] == ["queued", "delivered"] * 3
    assert len(awaiting) == 1
    announced = await published()
    assert [each["data"]["to_organ"] for each in announced] == [AGENCY, PROCURATORATE, MEETING]
    assert [each["subject"] for each in announced] == [row["message"] for row in ledger[::2]]
    assert announced[0]["causationid"] == "urn:xianjie:platform:transfer#f-1"
    assert announced[0]["data"]["must_answer_by"] == "2026-09-13T01:00:00Z"


async def test_what_is_announced_keeps_to_the_catalogue(take_in, published) -> None:
    await take_in(*registry(), finding(), clock_started())
    announced = await published()
    assert len(announced) == 4
    for each in announced:
        # The platform sets these two itself; the door refuses them from outside.
        outside = {name: value for name, value in each.items() if name != "recordedat"}
        assert event_digest(read_event(outside)) == event_digest(each)


async def test_other_events_are_passed_over(take_in, sent) -> None:
    mention = event("record.withdrawn", {"reason": "cn.xianjie.finding.raised.v1"}, id="w-1")
    await take_in(mention, event("judgement.computed", {}, id="j-1"))
    assert await sent() == []


async def test_clocks_are_remembered_between_batches(take_in, sent) -> None:
    await take_in(*registry(), clock_started())
    await take_in(clock_warned())
    await take_in(clock_expired())
    assert await sent() == [
        ("duty_opened", POLICE),
        ("warned_late", POLICE),
        ("expired", POLICE),
        ("expired_supervision", PROCURATORATE),
        ("expired_supervision", MEETING),
    ]


async def test_an_older_revision_of_a_clock_never_replaces_a_newer_one(take_in, database) -> None:
    await take_in(clock_started(id="c-9", revision=1, bearer=PROCURATORATE))
    await take_in(clock_started(id="c-1", revision=0))
    async with database.read() as tx:
        assert await tx.fetchval("select bearer from clock") == PROCURATORATE


async def test_a_warning_of_an_unknown_clock_leaves_nothing_behind(take_in, database) -> None:
    with pytest.raises(ClockUnknown):
        await take_in(*registry(), clock_warned())
    assert await count(database, "organ") == 0
    await take_in(clock_started(), clock_warned())
    assert await count(database, "message") == 2


async def test_a_fact_before_its_registry_reaches_everybody_once_the_registry_is_there(
    take_in, sent, database
) -> None:
    await take_in(finding())
    assert await sent() == [("finding_breach", AGENCY)]
    await take_in(organ_changed(POLICE))
    assert await count(database, "unrouted") == 1
    await take_in(*registry())
    assert await sent() == BREACH
    assert await count(database, "unrouted") == 0


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_whatever_arrives_first_the_supervisor_is_told_exactly_once(take_in, sent, order) -> None:
    arrivals = [organ_changed(AGENCY), organ_changed(PROCURATORATE), finding()]
    for place in order:
        await take_in(arrivals[place])
    assert sorted(await sent()) == sorted(BREACH[:2])


async def test_a_prefecture_that_is_registered_later_ends_the_wait(take_in, sent) -> None:
    prefecture = "pr-130900-pr"
    await take_in(organ_changed(AGENCY), finding())
    assert await sent() == [("finding_breach", AGENCY)]
    await take_in(organ_changed(prefecture, level="prefecture"))
    assert await sent() == [("finding_breach", AGENCY), ("finding_breach_supervision", prefecture)]


async def test_a_superior_that_is_registered_later_ends_the_wait(take_in, sent) -> None:
    await take_in(organ_changed(AGENCY), finding())
    await take_in(organ_changed(AGENCY, parent="ag-130000-tax", valid_from="2021-01-01"))
    assert await sent() == [("finding_breach", AGENCY), ("finding_breach_supervision", "ag-130000-tax")]


async def test_a_fact_and_its_organ_in_two_transactions_at_once_lose_nothing(
    take_in, sent, database, clock, eventually
) -> None:
    await take_in(organ_changed(AGENCY))
    handler = handle(rules=load_rules(RULES), titles={}, clock=clock)
    async with database.transaction() as tx:
        await handler(tx, deliveries(finding()))
        # The fact is kept but not committed: the procuratorate must not arrive without seeing it.
        bringing = asyncio.ensure_future(take_in(organ_changed(PROCURATORATE)))
        await eventually(lambda: waits_for_lock(database))
    await bringing
    assert await sent() == BREACH[:2]


async def test_an_organ_that_commits_while_a_fact_looks_for_it_is_found(
    take_in, sent, database, clock, eventually
) -> None:
    await take_in(organ_changed(AGENCY))
    handler = handle(rules=load_rules(RULES), titles={}, clock=clock)
    async with database.transaction() as tx:
        await handler(tx, deliveries(organ_changed(PROCURATORATE)))
        telling = asyncio.ensure_future(take_in(finding()))
        await eventually(lambda: waits_for_lock(database))
    await telling
    assert await sent() == BREACH[:2]
    assert await count(database, "unrouted") == 0


async def waits_for_lock(database: Database) -> bool:
    async with database.read() as tx:
        return bool(
            await tx.fetchval("select count(*) from pg_locks where locktype = 'advisory' and not granted")
        )


async def test_a_merged_agency_is_told_through_its_successor(take_in, sent) -> None:
    heir = "ag-130999-tax-2"
    merged = organ_changed(AGENCY, change="merged", successors=[heir], valid_from="2026-01-01")
    await take_in(*registry(), merged, finding())
    assert (await sent())[0] == ("finding_breach", heir)


async def test_a_change_that_is_not_yet_in_force_changes_nothing_yet(take_in, sent) -> None:
    later = organ_changed(AGENCY, change="merged", successors=["ag-130999-tax-2"], valid_from="2027-01-01")
    await take_in(*registry(), later, finding())
    assert await sent() == BREACH


async def test_a_renamed_organ_is_named_by_its_newest_name(take_in, database) -> None:
    renamed = organ_changed(AGENCY, change="renamed", name="示范县税务局", valid_from="2026-01-01")
    await take_in(*registry(), renamed, finding())
    async with database.read() as tx:
        body = await tx.fetchval("select body_zh from message where recipient = $1", PROCURATORATE)
    assert body.startswith("示范县税务局办理的案件")


async def test_a_correction_of_the_same_day_replaces_what_was_recorded_before(take_in, database) -> None:
    corrected: dict[str, Any] = organ_changed(AGENCY, name="示范县税务局", event_id="o-2")
    corrected["recordedat"] = (NOW + timedelta(hours=1)).isoformat()
    await take_in(corrected, *registry(), finding())
    async with database.read() as tx:
        body = await tx.fetchval("select body_zh from message where recipient = $1", PROCURATORATE)
    assert body.startswith("示范县税务局办理的案件")


@pytest.mark.parametrize("table", ["message", "delivery", "receipt"])
@pytest.mark.parametrize("statement", ["delete from {}", "update {} set {} = null", "truncate {} cascade"])
async def test_what_is_evidence_can_only_be_added_to(take_in, database, table, statement) -> None:
    await take_in(*registry(), finding())
    column = "reader" if table == "receipt" else "level" if table == "message" else "channel"
    with pytest.raises(asyncpg.RaiseError, match="append-only"):
        async with database.transaction() as tx:
            await tx.execute(statement.format(table, column))
