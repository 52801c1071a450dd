"""Every accepted event has one receipt, one place in its case and one leaf, however often it is sent."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.system import log_reading
from tests.system.started import System, processes_in, xianjie
from tests.system.stranger import Identity, Stranger, identity, read_stream

from xianjie.contracts.catalogue import EVENT_TYPES

pytestmark = pytest.mark.system

SETTLE_SECONDS = 60.0
SAMPLE = 40  # every so many-th event has its proof verified


@dataclass(slots=True)
class Journey:
    """A running system that has taken in the real cases.

    Attributes:
        verdicts: what the door said when each event came for the first time.
    """

    system: System
    stranger: Stranger
    events: dict[Identity, dict[str, Any]]
    verdicts: dict[Identity, dict[str, Any]]

    @property
    def receipts(self) -> dict[Identity, dict[str, Any]]:
        """The receipt of each event, as it was first given."""
        return {of: verdict["receipt"] for of, verdict in self.verdicts.items()}

    async def places(self) -> Counter[tuple[str, Identity]]:
        """Count how often each event stands in each case."""
        cases = {event["subject"] for event in self.events.values() if _is_of_a_case(event)}
        return Counter(
            [
                (case, identity(event))
                for case in sorted(cases)
                for event in await self.stranger.events_of(case)
            ]
        )

    async def leaves(self) -> Counter[str]:
        """Count how many leaves hold each event, by its digest."""
        found = await self.stranger.leaves([receipt["digest"] for receipt in self.receipts.values()])
        return Counter(leaf["digest"] for leaf in found)


def real_events(root: Path) -> dict[Identity, dict[str, Any]]:
    streams = sorted((root / "cases" / "streams").glob("RC-*.ndjson"))
    return {identity(event): event for path in streams for event in read_stream(path)}


@pytest.fixture(scope="module")
async def journey(root: Path, postgres_home: Path) -> AsyncIterator[Journey]:
    system = System(postgres_home / "every-event-once")
    await system.start()
    try:
        events = real_events(root)
        stranger = Stranger.of(system.url, admin=system.admin_key)
        await stranger.register(root / "cases" / "organs.yaml")
        await stranger.get_keys(sorted({source for source, _ in events}))
        verdicts = await stranger.send_all(list(events.values()))
        await stranger.settled(seconds=SETTLE_SECONDS)
        journey = Journey(system, stranger, events, verdicts)
        yield journey
        await journey.stranger.http.aclose()
    finally:
        await system.stop()


async def test_every_event_is_accepted_with_one_receipt_that_can_be_asked_for(journey: Journey) -> None:
    assert Counter(verdict["verdict"] for verdict in journey.verdicts.values()) == {
        "accepted": len(journey.events)
    }
    positions = [receipt["position"] for receipt in journey.receipts.values()]
    assert len(set(positions)) == len(journey.events)
    for of, given in journey.receipts.items():
        assert await journey.stranger.receipt(of) == given


async def test_every_event_has_one_place_in_its_case(journey: Journey) -> None:
    expected = {(event["subject"], of): 1 for of, event in journey.events.items() if _is_of_a_case(event)}
    assert await journey.places() == expected


async def test_every_event_is_one_leaf_of_the_log(journey: Journey) -> None:
    digests = [receipt["digest"] for receipt in journey.receipts.values()]
    assert await journey.leaves() == dict.fromkeys(digests, 1)
    published = Counter(entry["digest"] for entry in await log_reading.entries(journey.stranger))
    assert set(published.values()) == {1}
    assert set(digests) <= set(published)


async def test_the_log_proves_that_it_holds_an_event(journey: Journey) -> None:
    sample = list(journey.receipts.values())[::SAMPLE]
    assert len(sample) > 10
    for receipt in sample:
        await log_reading.require_inclusion(journey.stranger, receipt["digest"])


async def test_events_that_come_again_change_nothing(journey: Journey) -> None:
    before = await journey.places(), await journey.leaves(), await journey.stranger.checkpoint()
    for _ in range(2):
        verdicts = await journey.stranger.send_all(list(journey.events.values()))
        assert {verdict["verdict"] for verdict in verdicts.values()} == {"repeated"}
        assert {of: verdict["receipt"] for of, verdict in verdicts.items()} == journey.receipts
    await journey.stranger.settled(seconds=SETTLE_SECONDS)
    assert (await journey.places(), await journey.leaves(), await journey.stranger.checkpoint()) == before


async def test_one_event_that_comes_again_is_answered_as_repeated(journey: Journey) -> None:
    of, event = next(iter(journey.events.items()))
    answer = await journey.stranger.send_one(event)
    assert (answer.status_code, answer.json()) == (200, journey.receipts[of])


async def test_log_and_cases_verify_while_the_system_runs(journey: Journey) -> None:
    size = (await log_reading.opened(journey.stranger, await journey.stranger.checkpoint())).size
    verified = await xianjie("log", "verify", journey.system.url)
    assert verified.code == 0, verified.out
    assert f"{size} 条" in verified.out
    rebuilt = await xianjie("rebuild", "--compare", "--data", journey.system.data)
    assert rebuilt.code == 0, rebuilt.out
    cases = {event["subject"] for event in journey.events.values() if _is_of_a_case(event)}
    assert f"{len(cases)} cases folded again, 0 differ" in rebuilt.out
    parked = await xianjie("parked", "list", "--data", journey.system.data)
    assert parked.code == 0, parked.out


async def test_a_stopped_system_leaves_nothing_running_and_finds_its_data_again(journey: Journey) -> None:
    data = journey.system.data
    before = await journey.stranger.checkpoint()
    await journey.stranger.http.aclose()
    assert processes_in(data)
    assert await journey.system.stop() == 0
    assert processes_in(data) == []

    rebuilt = await xianjie("rebuild", "--compare", "--data", data)
    assert rebuilt.code == 0, rebuilt.out
    assert processes_in(data) == []

    await journey.system.start()
    again = Stranger.of(journey.system.url, admin=journey.system.admin_key)
    again.keys = journey.stranger.keys
    journey.stranger = again
    await again.settled(seconds=SETTLE_SECONDS)
    assert await again.checkpoint() == before
    of, event = next(iter(journey.events.items()))
    assert (await again.send_one(event)).json() == journey.receipts[of]


def _is_of_a_case(event: dict[str, Any]) -> bool:
    return EVENT_TYPES[event["type"]].subject == "case"
