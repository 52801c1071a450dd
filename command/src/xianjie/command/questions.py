"""Questions about past cases, put to the query doors, and answers in the published form.

Source: interface, section 3. The schema of an answer is checked in the tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from xianjie.lawbook.procedure.times import midnight

from .doors import Doors

_CLOCK_MEMBERS = ("subject", "row", "party", "started_by", "due", "state")
_JUDGEMENT_MEMBERS = (
    "subject",
    "party",
    "offence",
    "version",
    "result",
    "enumerated",
    "deciding",
    "missing_facts",
)
_FINDING_MEMBERS = ("subject", "rule", "level", "open", "evidence", "organ", "basis")


@dataclass(frozen=True, slots=True)
class Accepted:
    """An event that the door took, once for each source and id."""

    subject: str
    recorded_at: datetime
    digest: str


@dataclass(slots=True)
class Stream:
    """What became of one stream: its accepted events in the order in which they came."""

    name: str
    accepted: list[Accepted] = field(default_factory=list)

    def until(self, moment: datetime) -> list[Accepted]:
        """Return what was accepted up to the moment."""
        return [event for event in self.accepted if event.recorded_at <= moment]


def moment_of(as_of: str) -> datetime:
    """Return the instant that a question means: itself, or of a date its last moment in Asia/Shanghai."""
    if len(as_of) == len("2026-01-01"):
        return midnight(date.fromisoformat(as_of) + timedelta(days=1)) - timedelta(microseconds=1)
    return datetime.fromisoformat(as_of)


async def answer(question: Mapping[str, Any], stream: Stream, doors: Doors) -> dict[str, Any]:
    """Ask the query doors about every case of a stream at one moment."""
    moment = moment_of(question["as_of"])
    known = stream.until(moment)
    subjects = list(dict.fromkeys(event.subject for event in known))
    cases = await doors.cases(subjects, as_of=moment, known_at=moment)
    return {
        "case_id": question["case_id"],
        "as_of": question["as_of"],
        "regions": {case["subject"]: case["regions"] for case in cases},
        "judgements": _all(cases, "judgements", _JUDGEMENT_MEMBERS),
        "clocks": _all(cases, "clocks", _CLOCK_MEMBERS),
        "findings": _all(cases, "findings", _FINDING_MEMBERS),
        "receipts": len(known),
        "leaves": await doors.leaves([event.digest for event in known], until=moment),
    }


def _all(cases: Sequence[Mapping[str, Any]], kind: str, members: Sequence[str]) -> list[dict[str, Any]]:
    """Return the items of all cases; the members that the form names come first, all others follow."""
    return [
        {name: item[name] for name in members} | {k: v for k, v in item.items() if k not in members}
        for case in cases
        for item in case[kind]
    ]
