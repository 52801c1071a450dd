"""What one batch writes: all of it or nothing, once, and in the same number of round trips."""

from __future__ import annotations

from typing import Any, cast

import pytest
from tests.transfer.case_answers import law, stream
from tests.transfer.conftest import TakeIn
from tests.transfer.telling import (
    AGENCY,
    GREEN,
    MET,
    CaseFile,
    deliveries,
    moment,
    told_of_organ,
)
from tests.transfer.watching import PulledPlug, Watched, contents, published

from xianjie.chassis.database import Database, Transaction
from xianjie.contracts.recorded import RecordedEvent
from xianjie.transfer import handlers
from xianjie.transfer.domain.organs import Organs
from xianjie.transfer.domain.snapshot import take
from xianjie.transfer.handlers import Bench
from xianjie.transfer.store import cases


def late_case(number: str = "C1") -> CaseFile:
    """Met, approved and sent too late: clocks, judgements, a finding, and their ends."""
    case = CaseFile(f"{AGENCY}/{number}")
    case.facts("2026-03-02 09:00", sales_fen=MET)
    case.assessed("2026-03-02 10:00")
    case.approved("2026-03-04 17:40")
    case.transferred("2026-03-06 10:00")
    return case


def merged_cases() -> list[RecordedEvent]:
    away, stays = late_case("C1"), CaseFile(f"{AGENCY}/C2")
    stays.facts("2026-03-02 10:00", sales_fen=MET)
    away.tell("case.merged", "2026-03-09 10:00", into=stays.case, reason="同一案件")
    return [*away.events, *stays.events]


async def statements(
    database: Database, bench: Bench, events: list[RecordedEvent], *, end_before: int | None = None
) -> int:
    async with database.transaction() as tx:
        watched = Watched(tx, end_before=end_before)
        await handlers.take_in(cast(Transaction, watched), deliveries(events), bench=bench)
    return watched.statements


async def rows(database: Database, query: str, *arguments: Any) -> list[dict[str, Any]]:
    async with database.read() as tx:
        return [dict(row) for row in await tx.fetch(query, *arguments)]


async def test_a_batch_leaves_event_state_answers_decisions_and_messages(database, take_in: TakeIn) -> None:
    case = late_case()
    await take_in(case.events)
    held = await contents(database)
    assert {table: len(held[table]) for table in ("event", "case_file", "judgement", "inbox")} == {
        "event": 4,
        "case_file": 1,
        "judgement": len(case.snapshot("2026-03-06 10:00").judgements),
        "inbox": 4,
    }
    snapshot = case.snapshot("2026-03-06 10:00")
    (file,) = held["case_file"]
    assert (file["subject"], file["agency"], file["state_digest"]) == (case.case, AGENCY, snapshot.digest)
    assert file["evaluated_until"] == moment("2026-03-06 10:00") and file["wake_at"] == snapshot.next_change
    assert {row["id"]: row["state"] for row in held["clock"]} == {c.id: c.state for c in snapshot.clocks}
    (finding,) = [row for row in held["finding"] if row["rule"] == "nt4_approved_not_sent"]
    assert (finding["level"], finding["open"]) == ("breach", False)
    assert finding["view"]["open"] is False and finding["organ"] == AGENCY
    assert finding["first_seen"] == moment("2026-03-05 18:00").replace(microsecond=1)


async def test_a_crash_after_any_statement_leaves_nothing(database: Database, bench: Bench) -> None:
    told = [
        told_of_organ("2026-03-01 10:00", id=AGENCY, name="局", kind="AG", level="county", region="130999")
    ]
    events = [*told, *merged_cases()]
    number = 1
    while True:
        try:
            sent = await statements(database, bench, events, end_before=number)
        except PulledPlug:
            assert not any((await contents(database)).values()), f"statement {number}"
            number += 1
        else:
            break
    assert number == sent + 1 > 10  # it was ended before every one of them, then went through
    held = await contents(database)
    assert all(held[table] for table in ("event", "case_file", "decision", "outbox"))


async def test_a_repeated_delivery_changes_nothing(database, take_in: TakeIn) -> None:
    events = merged_cases()
    assert await take_in(events) == len(events)
    before = await contents(database)
    assert await take_in(events) == 0
    assert await contents(database) == before


async def test_an_event_that_comes_again_under_another_message_is_said_once(database, bench: Bench) -> None:
    events = late_case().events
    await statements(database, bench, events)
    before = await contents(database)
    await statements(database, bench, events[1:3])
    after = await contents(database)
    assert after == before


async def test_one_batch_and_one_event_at_a_time_lead_to_the_same(database_for, bench: Bench) -> None:
    database = await database_for("transfer")
    events = late_case().events
    for event in events:
        await statements(database, bench, [event])
    single = await contents(database)
    async with database.transaction() as tx:
        for table in ("event", "case_file", "clock", "judgement", "finding", "decision", "outbox"):
            await tx.execute(f"delete from {table}")
    await statements(database, bench, events)
    assert await contents(database) == single


async def test_cases_of_one_batch_do_not_move_each_other_in_time(database, take_in: TakeIn) -> None:
    """The records of one case may still be on the way when a later one of another is there."""
    early, later = CaseFile(f"{AGENCY}/C1"), CaseFile(f"{AGENCY}/C2")
    early.approved("2026-03-04 17:40")
    later.facts("2026-03-20 09:00", sales_fen=MET)
    await take_in([*early.events, *later.events])
    until = await rows(database, "select subject, evaluated_until from case_file order by subject")
    assert [row["evaluated_until"] for row in until] == [
        moment("2026-03-04 17:40"),
        moment("2026-03-20 09:00"),
    ]
    assert not [
        event for event in await published(database) if event["type"] == "cn.xianjie.clock.expired.v1"
    ]
    early.transferred("2026-03-05 09:00")
    await take_in(early.events)
    states = await rows(database, "select state from clock where row = 'transfer_to_police'")
    assert states == [{"state": "met"}]


async def test_a_merged_case_goes_on_in_the_other_one(database, take_in: TakeIn) -> None:
    away, stays = CaseFile(f"{AGENCY}/C1"), CaseFile(f"{AGENCY}/C2")
    away.reported("2026-03-02 10:00")
    stays.facts("2026-03-02 11:00", sales_fen=MET)
    await take_in([*away.events, *stays.events])
    merge = away.tell("case.merged", "2026-03-03 10:00", into=stays.case, reason="同一案件")
    await take_in([merge])
    clocks = await rows(database, "select subject, row from clock order by subject, row")
    assert clocks == [{"subject": stays.case, "row": "head_decision"}]
    (until,) = await rows(database, "select evaluated_until from case_file where subject = $1", stays.case)
    assert until["evaluated_until"] == merge.recorded_at
    late = away.approved("2026-03-04 10:00")  # still written under the old number
    await take_in([late])
    (state,) = await rows(database, "select state from clock where row = 'head_decision'")
    assert state["state"] == "met"


async def test_a_merge_into_a_case_that_nobody_told_of_opens_it(database, take_in: TakeIn) -> None:
    away = late_case()
    away.tell("case.merged", "2026-03-09 10:00", into=f"{AGENCY}/C9", reason="同一案件")
    await take_in(away.events)
    files = await rows(database, "select subject, evaluated_until from case_file order by subject")
    assert [row["subject"] for row in files] == [away.case, f"{AGENCY}/C9"]
    assert all(row["evaluated_until"] == moment("2026-03-09 10:00") for row in files)


async def test_the_registry_takes_over_what_is_newer_and_the_sector_follows(
    database, take_in: TakeIn
) -> None:
    organ = {"id": AGENCY, "name": "甲局", "kind": "AG", "level": "county", "region": "130999"}
    green = told_of_organ("2026-03-02 10:00", **organ, sector="ecology_environment")
    older = told_of_organ("2026-03-01 10:00", **organ, sector="market_regulation")
    await take_in([green])
    await take_in([older])
    async with database.read() as tx:
        assert (await cases.load_organs(tx)).sector(AGENCY) == "ecology_environment"
    case = CaseFile()
    case.reported("2026-03-03 10:00")
    await take_in(case.events)
    assert await rows(database, "select row from clock") == [{"row": "head_decision_env"}]
    again = told_of_organ("2026-03-04 10:00", **organ, sector="market_regulation")
    last = told_of_organ("2026-03-05 10:00", **organ, sector="tax")
    await take_in([again, last])
    assert [row["data"]["sector"] for row in await rows(database, "select data from organ")] == ["tax"]


async def test_an_event_of_something_else_opens_no_case(database, take_in: TakeIn) -> None:
    organ = {"id": GREEN, "name": "乙局", "kind": "AG", "level": "county", "region": "130999"}
    await take_in([told_of_organ("2026-03-02 10:00", **organ)])
    held = await contents(database)
    assert len(held["organ"]) == 1 and not held["event"] and not held["case_file"]


async def test_a_batch_costs_the_same_round_trips_whatever_its_size(database_for, bench: Bench) -> None:
    database = await database_for("transfer")
    counts = [
        await statements(
            database,
            bench,
            [event for number in range(size) for event in late_case(f"S{size}-{number}").events],
        )
        for size in (1, 7, 40)
    ]
    assert len(set(counts)) == 1 and counts[0] <= 15, counts


async def test_each_decision_is_kept_and_goes_out_once_with_the_same_name(database, take_in: TakeIn) -> None:
    for event in late_case().events:
        await take_in([event])
    sent = await published(database)
    kept = await rows(
        database, "select id, name, subject, planned, recorded_at, data from decision order by position"
    )
    assert [event["id"] for event in sent] == [row["id"] for row in kept]
    assert len({event["id"] for event in sent}) == len(sent) > 8
    for event, row in zip(sent, kept, strict=True):
        assert event["type"] == f"cn.xianjie.{row['name']}.v1" and event["data"] == row["data"]
        assert event["subject"] == event["key"] == row["subject"] == event["partitionkey"]
        assert event["message"] == f"{event['source']}#{event['id']}"
        assert moment("2026-03-01 00:00") < row["planned"] == row["recorded_at"]
    causes = [event.get("causationid") for event in sent if event["type"].endswith("judgement.computed.v1")]
    assert causes and all(causes)


@pytest.mark.parametrize("name", ["PC-025", "PC-058", "RC-001"])
async def test_a_real_stream_leaves_what_the_domain_says(database, bench: Bench, name: str) -> None:
    events = [event for event in stream(name) if event.name in handlers.CASE_EVENTS]
    for event in sorted(events, key=lambda event: event.recorded_at):
        await statements(database, bench, [event])
    files = await rows(database, "select subject, state_digest, evaluated_until from case_file")
    assert {row["subject"] for row in files} == {event.subject for event in events}
    unregistered = Organs({})  # the registry never spoke: sectors are read from the identifiers
    for row in files:
        into = {event.subject: event.data["into"] for event in events if event.name == "case.merged"}
        own = [event for event in events if row["subject"] in (event.subject, into.get(event.subject))]
        at = row["evaluated_until"]
        assert row["state_digest"] == take(row["subject"], own, at=at, law=law(), organs=unregistered).digest
