"""Folding everything again gives what is kept, and finds what somebody changed."""

from __future__ import annotations

import pytest
from tests.transfer.case_answers import laws, stream
from tests.transfer.conftest import TakeIn
from tests.transfer.telling import MET, CaseFile, moment

from xianjie.chassis.database import Database
from xianjie.transfer import handlers
from xianjie.transfer import rebuild as rebuilding
from xianjie.transfer.handlers import CASE_EVENTS
from xianjie.transfer.rebuild import Compared, rebuild


async def compared(database: Database) -> dict[str, Compared]:
    return {each.subject: each async for each in rebuild(database, laws=laws())}


@pytest.mark.parametrize("name", ["PC-058", "PC-250", "RC-001"])
async def test_after_a_run_every_case_stands_as_its_events_say(
    database: Database, take_in: TakeIn, name: str
) -> None:
    events = sorted(stream(name), key=lambda event: event.recorded_at)
    for event in events:
        await take_in([event])
    found = await compared(database)
    assert found.keys() == {event.subject for event in events if event.name in CASE_EVENTS}
    assert all(each.equal for each in found.values())


async def test_after_terms_fired_the_fold_is_still_equal(database, take_in: TakeIn, bench, clock) -> None:
    case = CaseFile()
    case.facts("2026-03-02 09:00", sales_fen=MET)
    case.approved("2026-03-04 17:40")
    await take_in(case.events)
    clock.set(moment("2026-08-01 00:00"))
    async with database.transaction() as tx:
        assert await handlers.wake(tx, upto=clock.now(), limit=10, bench=bench) == 1
    assert [each.equal for each in (await compared(database)).values()] == [True]


async def test_a_changed_event_and_a_changed_state_are_found(database: Database, take_in: TakeIn) -> None:
    cases = [CaseFile(f"ag-130999-market_regulation/C{number}") for number in range(3)]
    for case in cases:
        case.facts("2026-03-02 09:00", sales_fen=MET)
        case.approved("2026-03-04 17:40")
        await take_in(case.events)
    async with database.transaction() as tx:
        await tx.execute("delete from event where subject = $1 and name = 'transfer.approved'", cases[0].case)
        await tx.execute("update case_file set state_digest = 'sha-256:0' where subject = $1", cases[1].case)
    found = await compared(database)
    assert [found[case.case].equal for case in cases] == [False, False, True]


async def test_no_page_is_lost(database: Database, take_in: TakeIn, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "PAGE", 2)
    for number in range(5):
        case = CaseFile(f"ag-130999-market_regulation/C{number}")
        case.assessed("2026-03-02 09:00")
        await take_in(case.events)
    assert len(await compared(database)) == 5
