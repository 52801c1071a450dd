"""`xianjie play`: streams through the public door of an isolated instance, then questions about past days."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson

from xianjie.chassis.clock import DrivenClock

from .doors import Doors
from .embedded import running
from .places import Places
from .questions import answer, moment_of
from .replay import Unreadable, move, read_organs, read_streams
from .replay import play as play_lines

Say = Callable[[str], None]


async def play(
    streams: Sequence[Path], *, organs: Path, questions: Path, as_json: bool, say: Say, complain: Say
) -> int:
    """Play the streams and answer the questions in their order.

    Returns:
        1 if the door refused an event, else 0.
    """
    lines = read_streams(streams)
    registry = read_organs(organs)
    asked = read_questions(questions, {path.stem for path in streams})
    moments = [line.at for line in lines] + [moment_of(question["as_of"]) for question in asked]
    if not moments:
        return 0
    clock = DrivenClock(min(moments) - timedelta(seconds=1))
    with tempfile.TemporaryDirectory(prefix="xianjie-play-") as directory:
        os.chmod(directory, 0o755)  # noqa: PTH101  the database may run as another user and passes through
        async with running(Places(Path(directory)), port=0, clock=clock, patient=False) as system:
            doors = Doors(system.url, admin_key=system.admin_key)
            try:
                await doors.load_organs(registry)
                played = await play_lines(lines, system=system, doors=doors, clock=clock)
                await move(clock, max(moments), system)
                for refusal in played.refused:
                    complain(orjson.dumps(refusal).decode())
                for question in asked:
                    found = await answer(question, played.streams[question["case_id"]], doors)
                    say(orjson.dumps(found).decode() if as_json else _in_words(found))
            finally:
                await doors.close()
    return 1 if played.refused else 0


def read_questions(path: Path, known: set[str]) -> list[dict[str, Any]]:
    """Read questions, one JSON object per line.

    Raises:
        Unreadable: the file is missing, or a line is no question about one of the streams.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise Unreadable(f"{path}: {error.strerror}") from error
    asked = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            question = orjson.loads(line)
            if question["case_id"] not in known:
                raise Unreadable(f"{path}:{number}: no stream named {question['case_id']} is being played")
            if moment_of(question["as_of"]).tzinfo is None:
                raise ValueError("as_of has no offset")
        except (orjson.JSONDecodeError, KeyError, TypeError, ValueError) as error:
            raise Unreadable(f"{path}:{number}: not a question with case_id and as_of ({error})") from error
        asked.append(question)
    return asked


def _in_words(found: dict[str, Any]) -> str:
    """Return an answer for people: one paragraph for each case."""
    lines = [f"{found['case_id']}  {found['as_of']}  事件 {found['receipts']}  日志 {found['leaves']}"]
    for subject, regions in found["regions"].items():
        states = "，".join(
            f"{name}={regions[name]}"
            for name in ("administrative", "transfer", "criminal", "reverse")
            if regions[name]
        )
        lines.append(f"  {subject}: {states or '—'}")
        lines += [
            f"    判断 {item['offence']} {item['version'] or '—'}: {item['result']}"
            for item in found["judgements"]
            if item["subject"] == subject and item["party"] is None
        ]
        lines += [
            f"    期限 {item['row']}: {item['state']} {item['due']}"
            for item in found["clocks"]
            if item["subject"] == subject
        ]
        lines += [
            f"    线索 {item['rule']} ({item['level']}{'' if item['open'] else ', 已关闭'})"
            for item in found["findings"]
            if item["subject"] == subject
        ]
    return "\n".join(lines)
