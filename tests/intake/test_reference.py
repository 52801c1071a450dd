"""The reference streams and registry, through the public door."""

from __future__ import annotations

from pathlib import Path

import orjson
import yaml
from tests.intake.builders import BATCH, STREAM, Intake, bearer
from tests.intake.conftest import IntakeFor


def events_by_organ(reference: Path) -> dict[str, list[bytes]]:
    """Return the lines of all streams by the organ that speaks."""
    lines: dict[str, list[bytes]] = {}
    for path in sorted((reference / "cases" / "streams").glob("*.ndjson")):
        for line in path.read_bytes().splitlines():
            organ = orjson.loads(line)["source"].removeprefix("urn:xianjie:organ:")
            lines.setdefault(organ, []).append(line)
    return lines


async def submit(intake: Intake, lines: dict[str, list[bytes]]) -> list[str]:
    """Submit everything, half as streams and half as arrays; return the verdicts."""
    verdicts: list[str] = []
    for number, (organ, texts) in enumerate(sorted(lines.items())):
        if number % 2:
            answer = await intake.post(b"\n".join(texts), of=organ, headers=STREAM)
            told = [orjson.loads(text) for text in answer.content.splitlines()]
        else:
            answer = await intake.post(b"[" + b",".join(texts) + b"]", of=organ, headers=BATCH)
            told = answer.json()
        assert len(told) == len(texts)
        verdicts += [verdict["verdict"] for verdict in told]
    return verdicts


async def test_every_line_of_the_streams_is_accepted_once(intake_for: IntakeFor, reference: Path) -> None:
    intake = await intake_for()
    organs = yaml.safe_load((reference / "cases" / "organs.yaml").read_bytes())["organs"]
    await intake.register(organs)
    lines = events_by_organ(reference)
    sent = [orjson.loads(text) for texts in lines.values() for text in texts]
    distinct = len({(event["source"], event["id"]) for event in sent})

    verdicts = await submit(intake, lines)
    assert set(verdicts) == {"accepted", "repeated"}
    assert verdicts.count("accepted") == distinct
    first = await intake.counts()
    assert first["event"] == first["outbox"] == distinct + len(organs)
    assert first["refusal"] == first["conflict"] == 0

    assert set(await submit(intake, lines)) == {"repeated"}
    second = await intake.counts()
    assert second | {"submission": 0} == first | {"submission": 0}  # arrivals are noted, nothing else changes

    admin = bearer(intake.keys["admin"])
    again = await intake.client.put("/v1/organs", json={"organs": organs}, headers=admin)
    assert {entry["change"] for entry in again.json()["organs"]} == {None}
    assert await intake.counts() == second
