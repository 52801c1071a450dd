"""What the service tells: cases as they stand, as they stood, and as the platform knew them. Read-only.

A question about a moment is answered from the events by the same function that the handlers use; what was
found by then is read from the decisions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianjie.chassis.database import Database
from xianjie.contracts.errors import NotFound, Problem
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.rules import Level

from .domain.snapshot import Snapshot, take
from .domain.standing import finding_id
from .store import answers, cases, lists

# A clock is arithmetic over records; what may be wrong are the records.
_COUNTER_OF_A_CLOCK = (
    "办理可能已在期限内完成而没有录入，或者延长、中止没有录入。",
    "The act may have been done in time, extended or suspended, and not be recorded.",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """Both axes of time: what was true at `as_of`, as far as the platform knew at `known_at`."""

    as_of: datetime
    known_at: datetime


async def cases_at(
    database: Database, subjects: Sequence[str], *, moment: Moment, law: Lawbook
) -> list[dict[str, Any]]:
    """Return each case that had an event by then: regions, judgements, clocks, findings, in their order."""
    async with database.read() as tx:
        organs = await cases.load_organs(tx)
        events = await cases.load_events(tx, subjects)
        decisions = await answers.load_decisions(tx, subjects, known_at=moment.known_at)
    found: list[dict[str, Any]] = []
    for subject in subjects:
        known = [event for event in events[subject] if event.recorded_at <= moment.known_at]
        if known:
            snapshot = take(subject, known, at=moment.as_of, known_at=moment.known_at, law=law, organs=organs)
            own = [row for row in decisions if row.subject == subject and row.planned <= moment.as_of]
            found.append(_case(snapshot, _standing_findings(_findings(own, law), snapshot, law)))
    return found


async def case_at(database: Database, subject: str, *, moment: Moment, law: Lawbook) -> dict[str, Any]:
    """Return one case.

    Raises:
        NotFound: the platform knew no event of the case at that moment.
    """
    found = await cases_at(database, [subject], moment=moment, law=law)
    if not found:
        raise _unknown(subject)
    return found[0]


async def events_of(database: Database, subject: str, *, known_at: datetime) -> list[dict[str, Any]]:
    """Return the events of a case as they were recorded, oldest record first.

    Raises:
        NotFound: the platform knew no event of the case at that moment.
    """
    async with database.read() as tx:
        rows = await lists.load_bodies(tx, subject, known_at=known_at)
    if not rows:
        raise _unknown(subject)
    return rows


async def timeline_of(database: Database, subject: str, *, moment: Moment) -> list[dict[str, Any]]:
    """Return events and decisions of a case in the order in which the platform knew them."""
    events = await events_of(database, subject, known_at=moment.known_at)
    async with database.read() as tx:
        decisions = await answers.load_decisions(tx, [subject], known_at=moment.known_at)
    lines = [
        {
            "at": event["recordedat"],
            "kind": "event",
            "name": event["type"],
            "id": event["id"],
            "data": event["data"],
        }
        for event in events
    ]
    lines += [
        {
            "at": row.recorded_at.isoformat(),
            "kind": "decision",
            "name": row.name,
            "id": row.id,
            "data": dict(row.data),
        }
        for row in decisions
        if row.planned <= moment.as_of
    ]
    return sorted(lines, key=lambda line: (datetime.fromisoformat(line["at"]), line["kind"] == "decision"))


async def list_cases(
    database: Database, *, cursor: str, limit: int, agency: str | None
) -> list[dict[str, Any]]:
    """Return cases as they stand now, by subject, with open findings and the next due term."""
    async with database.read() as tx:
        return await lists.load_overview(tx, cursor=cursor, limit=limit, agency=agency)


async def list_findings(
    database: Database, *, rule: str | None, level: str | None, organ: str | None, open_only: bool, limit: int
) -> list[dict[str, Any]]:
    """Return findings, newest first."""
    async with database.read() as tx:
        return await lists.load_findings(
            tx, rule=rule, level=level, organ=organ, open_only=open_only, limit=limit
        )


def _case(snapshot: Snapshot, findings: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "subject": snapshot.subject,
        "agency": snapshot.agency,
        "as_of": snapshot.at.isoformat(),
        "regions": snapshot.regions.as_json(),
        "judgements": [
            {"subject": snapshot.subject, **judgement.explained()} for judgement in snapshot.judgements
        ],
        "clocks": [clock.as_json() for clock in snapshot.clocks],
        "findings": findings,
    }


def _findings(decisions: Sequence[answers.DecisionRow], law: Lawbook) -> list[dict[str, Any]]:
    """Return every finding raised in these decisions, closed ones too, at the highest level it reached."""
    found: dict[str, dict[str, Any]] = {}
    for row in decisions:
        if row.name == "finding.raised":
            found[row.data["finding"]] = _raised(row, found.get(row.data["finding"]), law)
        elif row.name == "finding.closed" and row.data["finding"] in found:
            found[row.data["finding"]]["open"] = False
    return list(found.values())


def _standing_findings(
    findings: list[dict[str, Any]], snapshot: Snapshot, law: Lawbook
) -> list[dict[str, Any]]:
    """Leave out clocks that later records refuted, for example by an extension approved in time.

    Clocks are judged by the time of the fact, not of its record (procedure, section 6): a term that is not
    late by what is known now never was. What was said meanwhile stays in the timeline.
    """
    late = {finding_id(snapshot.subject, found) for found in snapshot.findings}
    return [
        finding for finding in findings if finding["id"] in late or not _is_of_a_clock(finding["rule"], law)
    ]


def _is_of_a_clock(rule_id: str, law: Lawbook) -> bool:
    rule = law.rules.by_id.get(rule_id)
    return rule is None or rule.kind == "clock"


def _raised(row: answers.DecisionRow, before: Mapping[str, Any] | None, law: Lawbook) -> dict[str, Any]:
    data = row.data
    level = Level[data["level"]] if before is None else max(Level[data["level"]], Level[before["level"]])
    rule = law.rules.by_id.get(data["rule"])
    row_id = data["rule"].removeprefix("od_")
    return {
        "id": data["finding"],
        "subject": row.subject,
        "rule": data["rule"],
        "level": level.name,
        "open": True,
        "evidence": [reference["id"] for reference in data["evidence"]],
        "organ": data["responsible"],
        "basis": list(rule.basis if rule is not None else law.basis_of_row(row_id)),
        "first_seen": row.planned.isoformat() if before is None else before["first_seen"],
        "confidence": data["confidence"],
        "title_zh": rule.title_zh if rule is not None else f"逾期：{law.clocks[row_id].title_zh}",
        "title_en": rule.title_en if rule is not None else f"Overdue: {law.clocks[row_id].title_en}",
        "detail_zh": data.get("note"),
        "counter_zh": rule.counter_zh if rule is not None else _COUNTER_OF_A_CLOCK[0],
        "counter_en": rule.counter_en if rule is not None else _COUNTER_OF_A_CLOCK[1],
    }


def _unknown(subject: str) -> NotFound:
    return NotFound(
        Problem(
            code="case.unknown",
            detail=f"平台在该时点没有案件 {subject} 的任何记录。",
            detail_en=f"The platform knew no event of case {subject} at that moment.",
            todo="请核对案件编号和查询时点。",
            todo_en="Check the case id and the moment asked about.",
        )
    )
