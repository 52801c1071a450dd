"""A changed law: every case is evaluated by it at once, what changes is said anew, what was said stays."""

from __future__ import annotations

from typing import Any

import pytest
from tests.transfer.installation import Installation, holiday, remark, threshold
from tests.transfer.telling import AGENCY, GREEN, MET, OFFENCE, CaseFile, deliveries, moment, told_of_organ
from tests.transfer.watching import contents

from xianjie.contracts.envelope import read_event
from xianjie.contracts.errors import Unavailable
from xianjie.transfer import handlers
from xianjie.transfer.store.bundles import KeptLaws

LATER = "2026-03-04 12:00"
REPORTED = "2026-03-03 10:00"  # a Tuesday; the head decides by Friday the 6th


def met(number: int = 1, at: str = "2026-03-02 09:00") -> CaseFile:
    case = CaseFile(f"{AGENCY}/C{number}")
    case.facts(at, sales_fen=MET)
    return case


def reported(number: int = 1) -> CaseFile:
    case = CaseFile(f"{AGENCY}/C{number}")
    case.reported(REPORTED)
    return case


def judged(case: dict[str, Any]) -> str:
    (found,) = {each["result"] for each in case["judgements"] if each["offence"] == OFFENCE}
    return str(found)


async def test_a_changed_threshold_gives_a_new_dated_judgement_and_the_old_one_stays(
    place: Installation,
) -> None:
    case = met()
    first = await place.start()
    await place.told(first, case)
    place.clock.set(moment(LATER))
    second = await place.start(threshold)
    assert second.law.digest != first.law.digest
    assert await place.wake(second) == 1
    said = await place.said("judgement.computed")
    old, new = [each for each in said if each["data"]["offence"] == OFFENCE]
    assert (old["data"]["result"], old["data"]["law_digest"]) == ("met", first.law.digest)
    assert (new["data"]["result"], new["data"]["law_digest"]) == ("insufficient", second.law.digest)
    assert new["data"]["occurred"]["value"] == new["recordedat"] == place.clock.now().isoformat()
    assert new["causationid"] == second.activation.text
    assert judged(await place.shown(case.case)) == "insufficient"
    known_then = await place.shown(case.case, known_at="2026-03-03 10:00")
    assert (judged(known_then), known_then["law_digest"]) == ("met", first.law.digest)
    assert await place.differing() == []


async def test_a_holiday_inside_a_running_term_moves_its_end_with_a_dated_revision(
    place: Installation,
) -> None:
    case = reported()
    await place.told(await place.start(), case)
    place.clock.set(moment(LATER))
    bench = await place.start(holiday)
    assert await place.wake(bench) == 1
    old, new = [each["data"] for each in await place.said("clock.started")]
    assert (old["due"]["calendar"], new["due"]["calendar"]) == ("2026-03-06", "2026-03-09")
    assert (old["revision"], new["revision"]) == (0, 1) and old["clock"] == new["clock"]
    (_, event) = await place.said("clock.started")
    assert event["causationid"] == bench.activation.text
    (clock,) = (await place.shown(case.case))["clocks"]
    assert clock["due"]["calendar"] == "2026-03-09"
    (clock,) = (await place.shown(case.case, known_at="2026-03-03 12:00"))["clocks"]
    assert clock["due"]["calendar"] == "2026-03-06"
    place.clock.set(moment("2026-03-09 00:01"))
    await place.wake(bench)
    assert not await place.said("clock.expired")  # the former end does not fire
    place.clock.set(moment("2026-03-10 00:01"))
    await place.wake(bench)
    (expired,) = await place.said("clock.expired")
    assert expired["data"]["due_passed"]["calendar"] == "2026-03-09"
    assert await place.differing() == []


async def test_what_does_not_change_is_not_said_again_and_the_case_names_the_new_law(
    place: Installation,
) -> None:
    cases = [met(1), reported(2)]
    await place.told(await place.start(), *cases)
    before = await contents(place.database)
    place.clock.set(moment(LATER))
    bench = await place.start(remark)
    assert await place.wake(bench) == 2
    after = await contents(place.database)
    assert after["judgement"] == before["judgement"] and after["clock"] == before["clock"]
    said = {row["name"] for row in after["decision"]} - {row["name"] for row in before["decision"]}
    assert said <= {"clock.warned"} and len(await place.said("lawbook.activated")) == 2
    assert {row["law_digest"] for row in after["case_file"]} == {bench.law.digest}
    assert await place.wake(bench) == 0 and await place.differing() == []


async def test_a_start_with_the_same_law_makes_nothing_due(place: Installation) -> None:
    await place.told(await place.start(), met())
    before = await contents(place.database)
    place.clock.set(moment(LATER))
    again = await place.start()
    assert again.activation is not None and await place.wake(again) == 0
    assert await contents(place.database) == before
    async with place.database.read() as tx:
        assert await tx.fetchval("select count(*) from law_in_use") == 1


async def test_a_crash_in_the_middle_of_the_cases_leaves_the_rest_due_and_each_is_said_once(
    place: Installation,
) -> None:
    cases = [met(number, f"2026-03-02 0{9 - number}:00") for number in range(5)]
    await place.told(await place.start(), *cases)
    place.clock.set(moment(LATER))
    bench = await place.start(threshold)
    assert await place.wake(bench, limit=2) == 2
    with pytest.raises(RuntimeError):
        await place.wake(bench, limit=2, crash=True)
    assert await place.differing() == []  # those that wait still stand as the former law says
    place.clock.set(moment("2026-03-04 13:00"))
    restarted = await place.start()
    assert restarted.activation == bench.activation
    assert [await place.wake(restarted, limit=2) for _ in range(3)] == [2, 1, 0]
    said = [
        each
        for each in await place.said("judgement.computed")
        if each["data"]["law_digest"] == bench.law.digest and each["data"]["offence"] == OFFENCE
    ]
    # The case that was looked at longest ago comes first; all are of the moment at which the law came.
    assert [each["subject"] for each in said] == [case.case for case in reversed(cases)]
    assert {each["data"]["occurred"]["value"] for each in said} == {
        moment(LATER).astimezone(place.clock.now().tzinfo).isoformat()
    }
    assert len({each["id"] for each in said}) == len(cases)
    assert await place.differing() == []


async def test_a_crash_before_the_law_is_in_use_leaves_nothing(place: Installation) -> None:
    await place.told(await place.start(), met())
    before = await contents(place.database)
    place.clock.set(moment(LATER))
    threshold(place.law)
    laws = KeptLaws.open(place.law, kept=place.kept)
    with pytest.raises(RuntimeError):
        async with place.database.transaction() as tx:
            await handlers.put_law_in_use(tx, law=laws.current, clock=place.clock)
            raise RuntimeError("the process ends here")
    assert await contents(place.database) == before
    assert await place.wake(await place.start()) == 1


async def test_nobody_evaluates_by_a_former_law_any_more(place: Installation) -> None:
    """A process of the former release, or a command with other law files, waits instead of judging."""
    case = met()
    former = await place.start()
    await place.told(former, case)
    place.clock.set(moment(LATER))
    await place.start(threshold)
    before = await contents(place.database)
    case.assessed("2026-03-04 10:00")
    with pytest.raises(Unavailable) as refused:
        await place.told(former, case)
    assert refused.value.problem.code == "law.superseded"
    assert await contents(place.database) == before


async def test_a_law_that_comes_back_is_in_use_again(place: Installation) -> None:
    case = met()
    first = await place.start()
    await place.told(first, case)
    original = (place.law / "standards" / f"{OFFENCE}.yaml").read_bytes()
    place.clock.set(moment(LATER))
    await place.wake(await place.start(threshold))
    place.clock.set(moment("2026-03-05 12:00"))
    third = await place.start(
        lambda law: (law / "standards" / f"{OFFENCE}.yaml").write_bytes(original) and None
    )
    assert third.law.digest == first.law.digest and third.activation != first.activation
    assert await place.wake(third) == 1
    results = [
        each["data"]["result"]
        for each in await place.said("judgement.computed")
        if each["data"]["offence"] == OFFENCE
    ]
    assert results == ["met", "insufficient", "met"]
    known = [await place.shown(case.case, known_at=at) for at in ("2026-03-03", "2026-03-04 13:00")]
    assert [judged(each) for each in known] == ["met", "insufficient"]


async def test_the_activation_is_an_event_of_the_catalogue(place: Installation) -> None:
    bench = await place.start()
    (event,) = await place.said("lawbook.activated")
    added = ("message", "key", "recordedat", "partitionkey")
    read_event({name: value for name, value in event.items() if name not in added})
    assert event["data"]["bundle_digest"] == bench.law.digest == event["subject"]


async def test_an_entry_of_the_registry_that_changes_makes_the_cases_due_that_asked_for_it(
    place: Installation,
) -> None:
    mine, other = reported(), CaseFile(f"{GREEN}/C2")
    other.reported(REPORTED)
    bench = await place.start()
    await place.told(bench, mine, other)
    organ = {"id": AGENCY, "name": "甲局", "kind": "AG", "level": "county", "region": "130999"}
    told = told_of_organ(LATER, **organ, sector="ecology_environment")
    async with place.database.transaction() as tx:
        await handlers.take_in(tx, deliveries([told]), bench=bench)
    place.clock.set(moment(LATER))
    assert await place.differing() == [mine.case]
    assert await place.wake(bench) == 1
    assert await place.differing() == []
    assert [clock["row"] for clock in (await place.shown(mine.case))["clocks"]] == ["head_decision_env"]


async def test_without_the_bundle_of_a_former_law_the_door_says_so_and_does_not_guess(
    place: Installation,
) -> None:
    case = met()
    first = await place.start()
    await place.told(first, case)
    place.clock.set(moment(LATER))
    await place.wake(await place.start(threshold))
    place.laws.path(first.law.digest).unlink()
    with pytest.raises(Unavailable) as refused:
        await place.shown(case.case, known_at="2026-03-03 10:00")
    assert refused.value.problem.code == "law.bundle_missing"
    assert judged(await place.shown(case.case)) == "insufficient"
