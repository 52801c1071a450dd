"""What the platform has said of a case so far, and what it has to say now.

A decision of the platform is an event of the catalogue like any other: it is published, becomes a leaf
of the log and is never taken back, only followed by another. `compare` finds the decisions that lead from
what was said to a new snapshot; saying the same thing again is no decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from xianjie.contracts.recorded import Ref
from xianjie.lawbook.procedure.rules import Level

from .clocks import Clock
from .judging import CaseJudgement
from .snapshot import Snapshot
from .view import Found

_SETTLED = frozenset({"met", "late"})


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of the platform.

    Attributes:
        name: type of the event without prefix and version.
        about: what it is about (a clock, a finding, an offence and party); with name and moment it is unique.
        planned: the moment to which it belongs: when the event was recorded, or when the term was over.
        cause: event that led to it, None where only time passed.
    """

    name: str
    about: str
    subject: str
    planned: datetime
    data: Mapping[str, Any]
    cause: Ref | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What has been said: JSON values only, stored with the case.

    Attributes:
        clocks: by clock id: due as announced, revision, rungs warned of, expired, closed state.
        judgements: by offence and party: the members that make a judgement another one.
        findings: by finding id: highest level reached and whether it is open.
    """

    clocks: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    judgements: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    findings: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @classmethod
    def from_json(cls, value: Mapping[str, Any]) -> Standing:
        """Read what `as_json` wrote."""
        return cls(value.get("clocks", {}), value.get("judgements", {}), value.get("findings", {}))

    def as_json(self) -> dict[str, Any]:
        """Return the value to store."""
        return {
            "clocks": dict(self.clocks),
            "judgements": dict(self.judgements),
            "findings": dict(self.findings),
        }


def compare(
    standing: Standing, snapshot: Snapshot, *, law_digest: str, law_change: Ref | None = None
) -> tuple[Standing, list[Decision]]:
    """Return the new standing and the decisions that lead to it, in the order judgement, clock, finding.

    Args:
        law_change: the event that put this law into use, where that is why the case is looked at: it is
            named as the cause of what is judged or counted anew.
    """
    judgements, judged = _judgements(standing, snapshot, law_digest, law_change)
    clocks, timed = _clocks(standing, snapshot, law_change)
    findings, found = _findings(standing, snapshot)
    return Standing(clocks=clocks, judgements=judgements, findings=findings), [*judged, *timed, *found]


def _judgements(
    standing: Standing, snapshot: Snapshot, law_digest: str, law_change: Ref | None
) -> tuple[dict[str, Mapping[str, Any]], list[Decision]]:
    said = dict(standing.judgements)
    decisions = []
    for judgement in snapshot.judgements:
        key = f"{judgement.offence}@{judgement.party or ''}"
        members = judgement.as_decision()
        if said.get(key) != members:
            said[key] = members
            data = {**members, "law_digest": law_digest}
            cause = law_change or _last_event(judgement)
            decisions.append(_decide(snapshot, "judgement.computed", key, data, cause))
    return said, decisions


def _last_event(judgement: CaseJudgement) -> Ref | None:
    return judgement.rests_on[-1] if judgement.rests_on else None


def _clocks(
    standing: Standing, snapshot: Snapshot, law_change: Ref | None
) -> tuple[dict[str, Mapping[str, Any]], list[Decision]]:
    said = dict(standing.clocks)
    decisions: list[Decision] = []
    present = {clock.id: clock for clock in snapshot.clocks}
    for clock_id, clock in present.items():
        before = said.get(clock_id)
        after, events = _one_clock(clock, before, snapshot, law_change)
        said[clock_id] = after
        decisions.extend(events)
    for clock_id, before in standing.clocks.items():
        if clock_id not in present and before.get("closed") is None:
            said[clock_id] = {**before, "closed": "withdrawn"}
            data = {"clock": clock_id, "state": "withdrawn"}
            decisions.append(_decide(snapshot, "clock.closed", clock_id, data, law_change))
    return said, decisions


def _one_clock(
    clock: Clock, before: Mapping[str, Any] | None, snapshot: Snapshot, law_change: Ref | None
) -> tuple[dict[str, Any], list[Decision]]:
    """Return what is to be remembered of a clock, and the decisions: started, warned, expired, closed.

    A clock that was closed and runs again, because the act that closed it was withdrawn, is announced again.
    """
    decisions = []
    due = clock.due.as_event()
    started = clock.started_by.text
    again = before is not None and before["closed"] is not None and clock.stopped_by is None
    if before is None or again or before["due"] != due or before["started_by"] != started:
        revision = 0 if before is None else before["revision"] + 1
        after: dict[str, Any] = {
            "due": due,
            "started_by": started,
            "revision": revision,
            "rungs": [] if before is None else before["rungs"],
            "expired": False,
            "closed": None,
        }
        cause = law_change or clock.started_by
        decisions.append(_decide(snapshot, "clock.started", clock.id, clock.announcement(revision), cause))
    else:
        after = dict(before)
    if clock.stopped_by is None and clock.state in ("running", "warned", "unknown"):
        for rung in clock.rungs_passed(snapshot.at):
            if rung not in after["rungs"]:
                after["rungs"] = [*after["rungs"], rung]
                data: dict[str, Any] = {"clock": clock.id, "rung": rung}
                decisions.append(_decide(snapshot, "clock.warned", f"{clock.id}@{rung}", data))
    if clock.state == "late" and not after["expired"]:
        after["expired"] = True
        data = {"clock": clock.id, "due_passed": due, "fired_late_by_seconds": 0}
        decisions.append(_decide(snapshot, "clock.expired", clock.id, data, clock.stopped_by))
    closed = clock.state if clock.stopped_by is not None and clock.state in _SETTLED else None
    if closed is not None and after["closed"] != closed:
        data = {"clock": clock.id, "state": closed, "closed_by": _reference(clock.stopped_by)}
        decisions.append(_decide(snapshot, "clock.closed", clock.id, data, clock.stopped_by))
    after["closed"] = closed
    return after, decisions


def _findings(standing: Standing, snapshot: Snapshot) -> tuple[dict[str, Mapping[str, Any]], list[Decision]]:
    said = dict(standing.findings)
    decisions: list[Decision] = []
    present = {finding_id(snapshot.subject, found): found for found in snapshot.findings}
    for key, found in present.items():
        before = said.get(key)
        if before is None or (found.open and not before["open"]) or found.level > Level[before["level"]]:
            decisions.append(_raised(snapshot, key, found))
        highest = found.level if before is None else max(found.level, Level[before["level"]])
        was_open = before is not None and before["open"]
        said[key] = {"level": highest.name, "open": found.open}
        if not found.open and (was_open or before is None):
            decisions.append(_closed(snapshot, key, found.evidence[-1]))
    for key, before in standing.findings.items():
        if key not in present and before["open"]:
            said[key] = {**before, "open": False}
            decisions.append(_closed(snapshot, key, _latest_recorded(snapshot)))
    return said, decisions


def finding_id(subject: str, found: Found) -> str:
    """Return the identifier of a finding: rule, case and what tells it apart, in that order."""
    return f"{found.rule}|{subject}|{found.key}"


def _raised(snapshot: Snapshot, key: str, found: Found) -> Decision:
    data = {
        "finding": key,
        "rule": found.rule,
        "level": found.level.name,
        "responsible": found.organ,
        "evidence": [_reference(ref) for ref in found.evidence],
        "confidence": str(found.confidence),
        "note": found.detail_zh,
    }
    return _decide(snapshot, "finding.raised", f"{key}@{found.level.name}", data, found.evidence[0])


def _closed(snapshot: Snapshot, key: str, cause: Ref | None) -> Decision:
    data: dict[str, Any] = {"finding": key}
    if cause is not None:
        data["closed_by"] = _reference(cause)
    return _decide(snapshot, "finding.closed", key, data, cause)


def _latest_recorded(snapshot: Snapshot) -> Ref | None:
    events = snapshot.history.events
    return max(events, key=lambda event: event.event.recorded_at).ref if events else None


def _reference(ref: Ref | None) -> dict[str, str] | None:
    return None if ref is None else {"source": ref.source, "id": ref.id}


def _decide(
    snapshot: Snapshot, name: str, about: str, data: Mapping[str, Any], cause: Ref | None = None
) -> Decision:
    return Decision(
        name=name, about=about, subject=snapshot.subject, planned=snapshot.at, data=data, cause=cause
    )
