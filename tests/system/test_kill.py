"""Killing the platform and its database while events come in loses nothing and doubles nothing.

A client sends events all the while and, after each kill, sends again whatever it holds no receipt for: the
same ids, the same content. `ROUNDS` in the environment says how often something is killed.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.system import log_reading
from tests.system.started import System, until_gone, xianjie
from tests.system.stranger import Identity, Stranger, identity, read_stream

pytestmark = [pytest.mark.system, pytest.mark.timeout(900)]

ROUNDS = int(os.environ.get("ROUNDS", "20"))
ROUND_SECONDS = 30.0
SETTLE_SECONDS = 120.0
# Two cases, four speakers, judgements, terms and findings.
TEMPLATE = "RC-063"
LANES = 6
TOGETHER = 5
PARTY = re.compile(r"pty_[a-z2-7]{26}")

Event = dict[str, Any]


def copy_of(template: Sequence[Event], name: str) -> list[Event]:
    """Return the same story about other cases and other people, under other ids."""

    def other(party: re.Match[str]) -> str:
        seed = hashlib.sha256(f"{name} {party[0]}".encode()).digest()
        return "pty_" + base64.b32encode(seed)[:25].decode().lower() + party[0][-1]

    text = json.dumps(template).replace(TEMPLATE, name)
    copied: list[Event] = json.loads(PARTY.sub(other, text))
    return copied


@dataclass(slots=True)
class Client:
    """Sends events and remembers what was acknowledged.

    Attributes:
        receipts: what the door acknowledged, by event; never forgotten, whatever was killed.
        heard: how often which answer came; `gone` where the connection broke.
    """

    stranger: Stranger
    receipts: dict[Identity, dict[str, Any]] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)
    _awaited: int = 0
    _reached: asyncio.Event = field(default_factory=asyncio.Event)

    async def acknowledged(self, further: int) -> None:
        """Return when so many further receipts have come."""
        self._reached.clear()
        self._awaited = len(self.receipts) + further
        await self._reached.wait()

    async def send(self, groups: Iterable[Sequence[Event]]) -> None:
        """Send each group once, several at a time; what is not acknowledged is left for later."""
        waiting = list(groups)[::-1]

        async def lane() -> None:
            while waiting:
                await self._send(waiting.pop())

        async with asyncio.TaskGroup() as lanes:
            for _ in range(LANES):
                lanes.create_task(lane())

    async def send_until_acknowledged(self, events: Sequence[Event]) -> None:
        """Send again whatever has no receipt, until everything has one."""
        while missing := [event for event in events if identity(event) not in self.receipts]:
            await self.send(in_batches(missing))
            await asyncio.sleep(0.02)

    async def _send(self, events: Sequence[Event]) -> None:
        try:
            if len(events) == 1:
                answer = await self.stranger.send_one(events[0])
            else:
                answer = await self.stranger.send_batch(events)
        except httpx2.TransportError:
            self.heard["gone"] += 1
            return
        self.heard[str(answer.status_code)] += 1
        if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
            assert answer.headers["retry-after"]
            return
        assert answer.status_code in {200, 201}, answer.text
        told = answer.json()
        receipts = [told] if len(events) == 1 else [verdict["receipt"] for verdict in told]
        for event, receipt in zip(events, receipts, strict=True):
            # An event that was committed but not acknowledged is acknowledged now, with its first receipt.
            assert self.receipts.setdefault(identity(event), receipt) == receipt
        if len(self.receipts) >= self._awaited:
            self._reached.set()


def in_batches(events: Sequence[Event]) -> list[Sequence[Event]]:
    """Return the events in batches of one source."""
    by_source: dict[str, list[Event]] = {}
    for event in events:
        by_source.setdefault(event["source"], []).append(event)
    return [
        own[start : start + TOGETHER] for own in by_source.values() for start in range(0, len(own), TOGETHER)
    ]


@dataclass(slots=True)
class Trial:
    """One data directory on which something is killed again and again."""

    system: System
    client: Client
    template: list[Event]
    copies: dict[str, list[Event]] = field(default_factory=dict)

    def further_copy(self) -> list[Event]:
        """Return events that were never sent before."""
        name = f"K{len(self.copies):03}"
        self.copies[name] = copy_of(self.template, name)
        return self.copies[name]

    async def round(self, number: int) -> None:
        """Kill something while events come in, then bring everything through."""
        one_by_one, together = self.further_copy(), self.further_copy()
        groups = [*([event] for event in one_by_one), *in_batches(together)]
        groups.sort(key=len, reverse=number % 2 == 0)
        async with asyncio.timeout(ROUND_SECONDS):
            sending = asyncio.create_task(self.client.send(groups))
            await self.client.acknowledged(1 + 7 * number % 13)
            await (self.kill_system, self.kill_database, self.kill_both)[number % 3]()
            await sending
            await self.client.send_until_acknowledged([*one_by_one, *together])

    async def kill_system(self) -> None:
        """The process of the services dies; somebody starts it again."""
        await self.system.kill()
        await self.start_again()

    async def kill_database(self) -> None:
        """The database server dies; its owner starts it again, nobody else does anything."""
        broken = self.client.heard["gone"]
        former = self.system.postmaster
        os.kill(former, signal.SIGKILL)
        await until_gone(former, seconds=10)
        await self.client.stranger.ready(seconds=ROUND_SECONDS)
        assert self.system.postmaster not in {0, former}
        assert self.client.heard["gone"] == broken, "the door was shut while only the database was away"

    async def kill_both(self) -> None:
        """A power cut; somebody starts the system again."""
        former = self.system.postmaster
        os.kill(former, signal.SIGKILL)
        await self.system.kill()
        await until_gone(former, seconds=10)
        await self.start_again()

    async def start_again(self) -> None:
        """Start the system on its data; the client finds its new address."""
        await self.system.start()
        stranger = Stranger.of(self.system.url, admin=self.system.admin_key)
        stranger.keys = self.client.stranger.keys
        former, self.client.stranger = self.client.stranger, stranger
        await former.http.aclose()


@pytest.fixture(scope="module")
async def trial(root: Path, postgres_home: Path) -> AsyncIterator[Trial]:
    """The data directory after all rounds, settled; its last copy was sent in peace."""
    system = System(postgres_home / "killed")
    await system.start()
    try:
        stranger = Stranger.of(system.url, admin=system.admin_key)
        template = read_stream(root / "cases" / "streams" / f"{TEMPLATE}.ndjson")
        await stranger.register(root / "cases" / "organs.yaml")
        await stranger.get_keys(sorted({event["source"] for event in template}))
        trial = Trial(system, Client(stranger), template)
        for number in range(ROUNDS):
            await trial.round(number)
        await trial.client.send_until_acknowledged(trial.further_copy())
        await trial.client.stranger.settled(seconds=SETTLE_SECONDS)
        yield trial
        await trial.client.stranger.http.aclose()
    finally:
        await system.stop()


async def test_what_was_acknowledged_keeps_its_receipt(trial: Trial) -> None:
    sent = {identity(event) for events in trial.copies.values() for event in events}
    receipts = trial.client.receipts
    assert set(receipts) == sent
    assert len({receipt["position"] for receipt in receipts.values()}) == len(sent)
    for of, receipt in receipts.items():
        assert await trial.client.stranger.receipt(of) == receipt


async def test_the_kills_were_felt_and_no_answer_was_a_defect(trial: Trial) -> None:
    heard = trial.client.heard
    sys.stdout.write(f"{ROUNDS} rounds, {len(trial.client.receipts)} events, heard {dict(heard)}\n")
    assert set(heard) <= {"200", "201", "503", "gone"}, heard
    assert heard["503"] or ROUNDS < 5, heard
    assert heard["gone"] or not ROUNDS, heard


async def test_every_event_stands_once_in_its_case(trial: Trial) -> None:
    for events in trial.copies.values():
        wanted = Counter((event["subject"], identity(event)) for event in events)
        cases = sorted({event["subject"] for event in events})
        placed = [
            (case, identity(event)) for case in cases for event in await trial.client.stranger.events_of(case)
        ]
        assert Counter(placed) == wanted


async def test_every_event_is_one_leaf_and_every_leaf_one_event(trial: Trial) -> None:
    digests = [receipt["digest"] for receipt in trial.client.receipts.values()]
    leaves = await trial.client.stranger.leaves(digests)
    assert Counter(leaf["digest"] for leaf in leaves) == dict.fromkeys(digests, 1)
    entries = await log_reading.entries(trial.client.stranger)
    assert Counter(Counter(entry["digest"] for entry in entries).values()) == {1: len(entries)}


async def test_each_copy_of_the_story_ends_as_the_one_sent_in_peace(trial: Trial) -> None:
    told = {name: await _outcome(trial, name) for name in trial.copies}
    [*killed, (_, peaceful)] = told.items()
    assert peaceful["findings"]
    assert {name: outcome for name, outcome in killed if outcome != peaceful} == {}


async def test_each_finding_and_each_decision_is_there_once(trial: Trial) -> None:
    findings, decisions = [], []
    for case in _cases(trial):
        held = await trial.client.stranger.get(f"/transfer/v1/cases/{case}/findings")
        findings += [finding["id"] for finding in held["findings"]]
        told = await trial.client.stranger.get(f"/transfer/v1/cases/{case}/timeline")
        decisions += [line["id"] for line in told["timeline"] if line["kind"] == "decision"]
    assert findings
    assert [each for each, count in Counter(findings).items() if count > 1] == []
    assert [each for each, count in Counter(decisions).items() if count > 1] == []


async def test_log_and_cases_verify_after_all_kills(trial: Trial) -> None:
    verified = await xianjie("log", "verify", trial.system.url)
    assert verified.code == 0, verified.out
    rebuilt = await xianjie("rebuild", "--compare", "--data", trial.system.data)
    assert rebuilt.code == 0, rebuilt.out
    assert f"{len(_cases(trial))} cases folded again, 0 differ" in rebuilt.out
    parked = await xianjie("parked", "list", "--data", trial.system.data)
    assert parked.code == 0, parked.out


def _cases(trial: Trial) -> list[str]:
    return sorted({event["subject"] for events in trial.copies.values() for event in events})


async def _outcome(trial: Trial, name: str) -> dict[str, Any]:
    """Return how the cases of a copy stand, without what names the copy."""
    cases = sorted({event["subject"] for event in trial.copies[name]})
    outcome: dict[str, Any] = {"regions": [], "clocks": Counter(), "findings": Counter()}
    for case in cases:
        held = await trial.client.stranger.get(f"/transfer/v1/cases/{case}")
        suffix = case.partition(name)[2]
        outcome["regions"].append({**held["regions"], "parties": len(held["regions"]["parties"])})
        outcome["clocks"] += Counter((suffix, clock["row"], clock["state"]) for clock in held["clocks"])
        outcome["findings"] += Counter(
            (suffix, each["rule"], each["level"]) for each in held["findings"] if each["open"]
        )
    return outcome
