"""What is sent: events of about 2 KB under new ids, and real cases under other numbers."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from xianjie.command.places import REAL_CASES
from xianjie.command.replay import read_organs
from xianjie.contracts.recorded import ORGAN_PREFIX

#: Real cases of eight events each: a dangerous operation, two of tobacco, one of hazardous waste.
REAL = ("RC-033", "RC-049", "RC-052", "RC-076")

_PARTY = re.compile(rb"pty_[a-z2-7]{26}")


@dataclass(frozen=True, slots=True)
class Sender:
    """An agency's system: the organ that speaks and the key that it presents."""

    organ: str
    key: str


@dataclass(frozen=True, slots=True)
class CopiedEvent:
    """One event of a copied case."""

    organ: str
    subject: str
    id: str
    body: bytes


def registry() -> list[dict[str, Any]]:
    """Return every organ that occurs in the real cases."""
    return read_organs(REAL_CASES / "organs.yaml")


def enforcement_agencies(number: int) -> list[str]:
    """Return organs that may send the events of `events_of`."""
    return [organ["id"] for organ in registry() if organ["kind"] == "AG"][:number]


def event_template(organ: str) -> tuple[bytes, bytes, bytes]:
    """Return an evidence record of about 2 KB, cut where its number stands in id and subject.

    It is the form of a real one (RC-033-04) with facts about four parties.
    """
    parties = [f"pty_{'abcdefgh'[place] * 26}" for place in range(4)]
    facts = [
        {
            "fact": fact,
            "value": {"bool": True},
            "certainty": "stated",
            "party": party,
            "note": "关闭可燃气体报警器",
        }
        for party in parties
        for fact in ("work_safety_violation", "disabled_safety_devices_or_data")
    ]
    type_ = "cn.xianjie.evidence.recorded.v1"
    event = {
        "specversion": "1.0",
        "id": "#",
        "source": f"{ORGAN_PREFIX}{organ}",
        "type": type_,
        "subject": f"{organ}/#",
        "time": "2026-05-16T18:00:00+08:00",
        "datacontenttype": "application/json",
        "dataschema": f"urn:xianjie:schema:{type_}",
        "data": {
            "occurred": {"precision": "day", "value": "2026-05-16"},
            "source_words": "消防检查发现关闭可燃气体报警器，现场责令立即停止作业并固定证据。" * 2,
            "facts": facts,
            "conduct": {"began": {"precision": "month", "value": "2025-10"}},
        },
    }
    first, second, third = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode().split(b"#")
    return first, second, third


def events_of(organ: str, series: str, *, most: int | None = None) -> Iterator[bytes]:
    """Yield events of one organ, each of a case of its own, numbered within a series."""
    first, second, third = event_template(organ)
    number = 0
    while most is None or number < most:
        name = f"{series}-{number:08}".encode()
        yield first + name + second + name + third
        number += 1


def copied_case(case: str, number: str) -> list[CopiedEvent]:
    """Return a real case as it would be with another number and other people in it, in its order.

    Args:
        case: name of its stream.
        number: follows the original number in every id.
    """
    text = (REAL_CASES / "streams" / f"{case}.ndjson").read_bytes()
    text = text.replace(case.encode(), f"{case}.{number}".encode())
    text = _PARTY.sub(lambda found: _other_party(found[0], number), text)
    events = []
    for body in text.splitlines():
        said = json.loads(body)
        organ = said["source"].removeprefix(ORGAN_PREFIX)
        events.append(CopiedEvent(organ, said["subject"], said["id"], body))
    return events


def _other_party(party: bytes, number: str) -> bytes:
    seed = hashlib.sha256(party + number.encode()).digest()
    return b"pty_" + base64.b32encode(seed)[:26].lower()
