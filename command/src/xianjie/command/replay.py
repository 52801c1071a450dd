"""Playing recorded streams through the public intake door, with the platform's clock driven by them.

Each event is submitted at the moment that its `time` states, in the name of the organ that speaks. Before
the clock moves on, everything has settled, so that terms which pass in between fire in order, each at its
own moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
import yaml

from xianjie.chassis.clock import DrivenClock
from xianjie.contracts.recorded import ORGAN_PREFIX

from .doors import Doors
from .embedded import System
from .questions import Accepted, Stream

SETTLE_SECONDS = 120.0


class Unreadable(Exception):
    """A file that was named on the command line cannot be used; the text says where and why."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a stream: an event, as it will be submitted."""

    stream: str
    number: int
    at: datetime
    organ: str
    body: bytes


@dataclass(slots=True)
class Played:
    """What became of the streams.

    Attributes:
        refused: problem documents of events that the door did not accept, with stream and line.
    """

    streams: dict[str, Stream]
    refused: list[dict[str, Any]] = field(default_factory=list)


def read_streams(paths: Iterable[Path]) -> list[Line]:
    """Read streams and merge them by `time`, equal times in the order of files and lines.

    Raises:
        Unreadable: a file is missing or a line is no event with source and time.
    """
    lines = []
    for path in paths:
        try:
            text = path.read_bytes()
        except OSError as error:
            raise Unreadable(f"{path}: {error.strerror}") from error
        for number, body in enumerate(text.splitlines(), 1):
            if body.strip():
                lines.append(_line(path, number, body))
    return sorted(lines, key=lambda line: line.at)


def _line(path: Path, number: int, body: bytes) -> Line:
    try:
        event = orjson.loads(body)
        at = datetime.fromisoformat(event["time"])
        organ = event["source"].removeprefix(ORGAN_PREFIX)
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise Unreadable(f"{path}:{number}: not an event with source and time ({error})") from error
    if at.tzinfo is None:
        raise Unreadable(f"{path}:{number}: time {event['time']} has no offset")
    return Line(path.stem, number, at, organ, body.strip())


def read_organs(path: Path) -> list[dict[str, Any]]:
    """Read a registry of organs.

    Raises:
        Unreadable: the file is missing or does not hold a list `organs`.
    """
    try:
        held = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    except yaml.YAMLError as error:
        raise Unreadable(f"{path}: {error}") from error
    if not isinstance(held, dict) or not isinstance(held.get("organs"), list):
        raise Unreadable(f"{path}: a list `organs` is expected")
    return list(held["organs"])


async def settle(system: System) -> None:
    """Wait until nothing is on its way.

    Raises:
        TimeoutError: it did not settle within `SETTLE_SECONDS`.
    """
    async with asyncio.timeout(SETTLE_SECONDS):
        while not await system.settled():  # noqa: ASYNC110  no event says that nothing moves any more
            await asyncio.sleep(0.002)


async def play(lines: Sequence[Line], *, system: System, doors: Doors, clock: DrivenClock) -> Played:
    """Submit the lines in their order, the clock following their times."""
    keys = {
        organ: await doors.issue_key(organ, ["publish"])
        for organ in dict.fromkeys(line.organ for line in lines)
    }
    played = Played({line.stream: Stream(line.stream) for line in lines})
    taken: set[tuple[str, str]] = set()
    for at, together in groupby(lines, key=lambda line: line.at):
        await move(clock, at, system)
        for organ, batch in groupby(together, key=lambda line: line.organ):
            await _submit(list(batch), key=keys[organ], doors=doors, played=played, taken=taken)
        await settle(system)
    return played


async def move(clock: DrivenClock, to: datetime, system: System) -> None:
    """Move the clock and let everything happen that falls due on the way."""
    if to > clock.now():
        clock.set(to)
        await settle(system)


async def _submit(
    batch: Sequence[Line], *, key: str, doors: Doors, played: Played, taken: set[tuple[str, str]]
) -> None:
    verdicts = await doors.publish([line.body for line in batch], key=key)
    for line, verdict in zip(batch, verdicts, strict=True):
        if verdict["verdict"] not in ("accepted", "repeated"):
            played.refused.append({"stream": line.stream, "line": line.number, **verdict})
            continue
        receipt = verdict["receipt"]
        identity = (receipt["source"], receipt["id"])
        if identity not in taken:
            taken.add(identity)
            event = Accepted(
                receipt["subject"], datetime.fromisoformat(receipt["recordedat"]), receipt["digest"]
            )
            played.streams[line.stream].accepted.append(event)
