"""The facts of a case that a filing standard asks for.

Source: catalogue of events, section "Values": the value used for judging is the last one recorded for fact
and party, whoever recorded it; the day of the act is the end of the conduct.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.standards.values import UNKNOWN, FactValue, Interval, yuan_of_fen

from .history import CaseEvent, History

_WITH_FACTS = ("evidence.recorded", "penalty.decided", "judgment.rendered")
_SUSPECT_ROLES = frozenset({"suspect", "controlling_person", "offender_convicted"})
_SUBJECT_TYPE = {"natural_person": "individual", "unit": "unit"}


@dataclass(frozen=True, slots=True)
class FactRecord:
    """One recorded value: `party` is None where the record speaks of the case as a whole."""

    fact: str
    party: str | None
    value: FactValue
    event: CaseEvent


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """Everything recorded that bears on a standard, in the order in which it was recorded."""

    records: tuple[FactRecord, ...]
    conducts: tuple[tuple[CaseEvent, Span | None, Span | None], ...]
    searched: frozenset[str]
    findings: Mapping[str, bool]
    parties: Mapping[str, str]

    @classmethod
    def of(cls, history: History, *, until: CaseEvent | None = None) -> CaseFacts:
        """Collect the facts of the case, optionally only those recorded up to one event."""
        events = sorted(history.events, key=_recorded)
        if until is not None:
            events = [event for event in events if _recorded(event) <= _recorded(until)]
        return cls(
            records=tuple(record for event in events for record in _records(event)),
            conducts=tuple(conduct for event in events for conduct in _conduct(event)),
            searched=frozenset(
                name
                for event in events
                for group in event.data.get("searched", ())
                for name in group["facts"]
            ),
            findings={
                finding["node"]: finding["value"]
                for event in events
                if event.name == "assessment.declared"
                for finding in event.data.get("node_findings", ())
            },
            parties=_parties(events),
        )

    def for_party(self, party: str | None) -> dict[str, FactValue]:
        """Return the value of each fact for one party, or for all parties together.

        Together means one joint offence: a boolean holds if it holds for anyone, a number is the largest
        recorded for one party. Amounts of several parties are not added: they often state the same goods.
        """
        values: dict[str, FactValue] = {}
        if party is not None:
            for record in self.records:
                if record.party in (party, None):
                    values[record.fact] = record.value
            kind = _SUBJECT_TYPE.get(self.parties.get(party, ""))
            if kind is not None:
                values.setdefault("subject_type", kind)
            return values
        last: dict[tuple[str, str | None], FactValue] = {}
        for record in self.records:
            last[record.fact, record.party] = record.value
        for (fact, _), value in last.items():
            values[fact] = value if fact not in values else _joint(values[fact], value)
        kinds = {_SUBJECT_TYPE.get(kind) for kind in self.parties.values()}
        if len(kinds) == 1 and None not in kinds:
            values.setdefault("subject_type", kinds.pop() or "")
        return values

    def act_days(self, party: str | None, *, asked: date) -> tuple[date | None, date]:
        """Return the first and the last possible day of the act, both the same where the day is certain.

        None as first day means: from the first catalogued version of the offence.
        """
        began: Span | None = None
        ended: Span | None = None
        for event, event_began, event_ended in self.conducts:
            concerned = event.data.get("parties")
            if party is None or concerned is None or party in concerned:
                began, ended = event_began or began, event_ended or ended
        if ended is not None and ended.is_one_day and ended.last_day is not None:
            return ended.last_day, ended.last_day
        if ended is None and began is not None and began.is_one_day and began.first_day is not None:
            return began.first_day, began.first_day
        first = ended.first_day if ended is not None and ended.first_day is not None else None
        if began is not None and began.first_day is not None and (first is None or first < began.first_day):
            first = began.first_day
        last = asked if ended is None or ended.last_day is None else min(ended.last_day, asked)
        return first, max(last, first) if first is not None else last


def _recorded(event: CaseEvent) -> tuple[Any, ...]:
    return (event.event.recorded_at, event.event.released_at, event.ref)


def _records(event: CaseEvent) -> list[FactRecord]:
    if event.name not in _WITH_FACTS:
        return []
    return [
        FactRecord(fact["fact"], fact.get("party"), value_of_event(fact["value"]), event)
        for fact in event.data.get("facts", ())
    ]


def _conduct(event: CaseEvent) -> list[tuple[CaseEvent, Span | None, Span | None]]:
    conduct = event.data.get("conduct")
    if conduct is None:
        return []
    began, ended = conduct.get("began"), conduct.get("ended")
    return [
        (
            event,
            None if began is None else Span.of_occurred(began),
            None if ended is None else Span.of_occurred(ended),
        )
    ]


def _parties(events: Sequence[CaseEvent]) -> dict[str, str]:
    """Return the parties a standard is applied to, with their kind; the last identification counts."""
    roles: dict[str, tuple[str, str]] = {}
    for event in events:
        if event.name == "party.identified":
            roles[event.data["party"]] = (event.data["role"], event.data["kind"])
    return {party: kind for party, (role, kind) in roles.items() if role in _SUSPECT_ROLES}


def _joint(one: FactValue, other: FactValue) -> FactValue:
    if isinstance(one, bool) and isinstance(other, bool):
        return one or other
    if isinstance(one, str) or isinstance(other, str):
        return one if one == other else UNKNOWN
    if one is UNKNOWN or other is UNKNOWN:
        return True if True in (one, other) else UNKNOWN
    return max(one, other, key=_lower_bound)


def value_of_event(value: Mapping[str, Any]) -> FactValue:
    """Return a fact value of an event as the law reads it: money in yuan or dollars, bounds as an interval.

    Source: catalogue of events, `fact_value`: exactly one member; facts of unit CNY are fen there.
    """
    ((kind, stated),) = value.items()
    if kind == "unknown":
        return UNKNOWN
    if kind == "interval":
        unit = stated["unit"]
        return Interval(
            min=_number(unit, stated.get("min")),
            max=_number(unit, stated.get("max")),
            min_open=stated.get("min_open", False),
            max_open=stated.get("max_open", False),
        )
    if kind in ("bool", "enum"):
        return stated  # type: ignore[no-any-return]
    return _number(kind, stated)  # type: ignore[return-value]


def _number(unit: str, stated: Any) -> int | Decimal | None:
    if stated is None:
        return None
    if unit in ("fen", "usd_cents"):
        return yuan_of_fen(stated)
    return Decimal(stated) if unit == "decimal" else int(stated)


def _lower_bound(value: FactValue) -> Decimal:
    """Return the least that a number can be, for comparing what was recorded for several parties."""
    if isinstance(value, Interval):
        return Decimal(0) if value.min is None else Decimal(value.min)  # type: ignore[arg-type]
    return Decimal(value)  # type: ignore[arg-type]
