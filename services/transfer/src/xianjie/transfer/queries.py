"""What the service tells: cases as they stand, as they stood, and as the platform knew them. Read-only.

A question about a moment is answered from the events by the same function that the handlers use, by the
law that was in use when the platform knew what it is asked for; what was found by then is read from the
decisions.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianjie.chassis.database import Database, Transaction
from xianjie.contracts.errors import NotFound, Problem
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.rules import Level
from xianjie.lawbook.replay.recording import line_of

from .domain.clocks import Clock
from .domain.judging import CaseJudgement
from .domain.snapshot import Snapshot, take
from .domain.standing import finding_id
from .store import answers, cases, lists
from .store import laws as laws_in_use
from .store.bundles import KeptLaws

# A clock is arithmetic over records; what may be wrong are the records.
_COUNTER_OF_A_CLOCK = (
    "办理可能已在期限内完成而没有录入，或者延长、中止没有录入。",
    "The act may have been done in time, extended or suspended, and not be recorded.",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """Both axes of time: what was true at `as_of`, as far as the platform knew at `known_at`.

    The law is part of what the platform knew: a threshold or a holiday that was entered after `known_at`
    does not change the answer.
    """

    as_of: datetime
    known_at: datetime


async def cases_at(
    database: Database, subjects: Sequence[str], *, moment: Moment, laws: KeptLaws
) -> list[dict[str, Any]]:
    """Return each case that had an event by then: regions, judgements, clocks, findings, in their order.

    Raises:
        Unavailable: the law that was in use at `known_at` cannot be read.
    """
    async with database.read() as tx:
        law, snapshots = await _snapshots(tx, subjects, moment=moment, laws=laws)
        decisions = await answers.load_decisions(tx, subjects, known_at=moment.known_at)
    found: list[dict[str, Any]] = []
    for snapshot in snapshots:
        own = [row for row in decisions if row.subject == snapshot.subject and row.planned <= moment.as_of]
        findings = _standing_findings(_findings(own, law), snapshot, law)
        found.append(_case(snapshot, findings, law_digest=law.digest))
    return found


async def records_of(database: Database, subject: str, *, moment: Moment, laws: KeptLaws) -> bytes:
    """Return the records of the case's judgements and due days, one on each line, in the order of the case.

    With the law that they name they replay bit for bit.

    Raises:
        NotFound, Unavailable: as `case_at`.
    """
    async with database.read() as tx:
        law, snapshots = await _snapshots(tx, [subject], moment=moment, laws=laws)
    if not snapshots:
        raise _unknown(subject)
    answered: tuple[CaseJudgement | Clock, ...] = (*snapshots[0].judgements, *snapshots[0].clocks)
    return b"".join(line_of(each.record(law.digest)) for each in answered)


async def list_laws(database: Database) -> list[dict[str, Any]]:
    """Return which law was in use from when on, the first one first."""
    async with database.read() as tx:
        rows = await laws_in_use.load_all(tx)
    return [{"digest": row.digest, "since": row.since.isoformat()} for row in rows]


async def bundle_of(digest: str, *, laws: KeptLaws) -> bytes:
    """Return the bundle of a law, for replaying what was decided by it.

    Raises:
        NotFound: it is not kept here.
    """
    try:
        return await asyncio.to_thread(laws.path(digest).read_bytes)
    except OSError as error:
        raise _no_bundle(digest) from error


async def _snapshots(
    tx: Transaction, subjects: Sequence[str], *, moment: Moment, laws: KeptLaws
) -> tuple[Lawbook, list[Snapshot]]:
    """Return the law that was in use, and each case that had an event by then as it stood, in their order."""
    in_use = await laws_in_use.load_in_use(tx, known_at=moment.known_at)
    organs = await cases.load_organs(tx)
    events = await cases.load_events(tx, subjects)
    law = laws.current if in_use is None else await asyncio.to_thread(laws.get, in_use.digest)
    known = {
        subject: [event for event in events[subject] if event.recorded_at <= moment.known_at]
        for subject in subjects
    }
    return law, [
        take(subject, own, at=moment.as_of, known_at=moment.known_at, law=law, organs=organs)
        for subject, own in known.items()
        if own
    ]


async def case_at(database: Database, subject: str, *, moment: Moment, laws: KeptLaws) -> dict[str, Any]:
    """Return one case.

    Raises:
        NotFound: the platform knew no event of the case at that moment.
        Unavailable: as `cases_at`.
    """
    found = await cases_at(database, [subject], moment=moment, laws=laws)
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


def _case(snapshot: Snapshot, findings: list[dict[str, Any]], *, law_digest: str) -> dict[str, Any]:
    return {
        "subject": snapshot.subject,
        "agency": snapshot.agency,
        "as_of": snapshot.at.isoformat(),
        "law_digest": law_digest,
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
    title_zh, title_en, basis = _words_of(data["rule"], law)
    return {
        "id": data["finding"],
        "subject": row.subject,
        "rule": data["rule"],
        "level": level.name,
        "open": True,
        "evidence": [reference["id"] for reference in data["evidence"]],
        "organ": data["responsible"],
        "basis": list(basis),
        "first_seen": row.planned.isoformat() if before is None else before["first_seen"],
        "confidence": data["confidence"],
        "title_zh": title_zh,
        "title_en": title_en,
        "detail_zh": data.get("note"),
        "counter_zh": rule.counter_zh if rule is not None else _COUNTER_OF_A_CLOCK[0],
        "counter_en": rule.counter_en if rule is not None else _COUNTER_OF_A_CLOCK[1],
    }


def _words_of(rule_id: str, law: Lawbook) -> tuple[str, str, tuple[str, ...]]:
    """Return both titles and the articles of a finding's rule; a later law may have neither rule nor row."""
    rule = law.rules.by_id.get(rule_id)
    if rule is not None:
        return rule.title_zh, rule.title_en, rule.basis
    row = law.clocks.get(rule_id.removeprefix("od_"))
    if row is None:
        return rule_id, rule_id, ()
    return f"逾期：{row.title_zh}", f"Overdue: {row.title_en}", law.basis_of_row(row.id)


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


def _no_bundle(digest: str) -> NotFound:
    return NotFound(
        Problem(
            code="law.unknown",
            detail=f"平台没有保存法律数据 {digest}。",
            detail_en=f"The platform keeps no law {digest}.",
            todo="请在 /v1/laws 查看平台适用过的法律数据。",
            todo_en="See /v1/laws for the laws that the platform applied.",
        )
    )
