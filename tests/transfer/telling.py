"""A case told act by act, each at the moment that the test states, and what the domain makes of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from tests.transfer.case_answers import law, organs
from tests.transfer.story import AGENCY, CASE, GREEN, POLICE, PROCURATORATE, A

from xianjie.chassis.bus import Delivery, Message, Position
from xianjie.contracts.catalogue import EVENT_TYPES
from xianjie.contracts.recorded import ORGAN_PREFIX, PLATFORM_PREFIX, TYPE_PREFIX, RecordedEvent, Ref
from xianjie.lawbook.bundle import Lawbook
from xianjie.transfer.domain.clocks import Clock
from xianjie.transfer.domain.progress import Progress, advance
from xianjie.transfer.domain.snapshot import Snapshot, take
from xianjie.transfer.domain.standing import Decision, Standing
from xianjie.transfer.domain.view import Found

__all__ = ["AGENCY", "CASE", "GREEN", "POLICE", "PROCURATORATE", "A"]

GREEN_CASE = f"{GREEN}/C1"
OFFENCE = "fake_substandard_products"  # met from sales of 50,000 yuan on
MET, BELOW = 5_000_000, 4_999_999  # fen


def moment(text: str) -> datetime:
    """`2026-03-02 10:00` in Shanghai; a day alone is its beginning."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


def ref(event: RecordedEvent) -> dict[str, str]:
    return {"source": event.ref.source, "id": event.ref.id}


class CaseFile:
    """Events of one case; what is recorded later than it happened says so."""

    def __init__(self, case: str = CASE) -> None:
        self.case = case
        self.agency = case.partition("/")[0]
        self.events: list[RecordedEvent] = []
        self._numbers = itertools.count(1)

    def tell(
        self,
        name: str,
        at: str,
        /,
        *,
        organ: str = "",
        recorded: str | None = None,
        occurred: Mapping[str, Any] | None = None,
        **data: Any,
    ) -> RecordedEvent:
        happened, known = moment(at), moment(recorded or at)
        when = occurred or {"precision": "instant", "value": happened.isoformat()}
        fields = {
            key: ref(value) if isinstance(value, RecordedEvent) else value for key, value in data.items()
        }
        whole = {"occurred": dict(when), **fields}
        EVENT_TYPES[f"{TYPE_PREFIX}{name}.v1"].data_model.model_validate(
            whole
        )  # nothing that no organ may say
        identity = Ref(
            ORGAN_PREFIX + (organ or self.agency), f"{self.case.partition('/')[2]}-{next(self._numbers):02}"
        )
        event = RecordedEvent(identity, name, self.case, known, known, whole)
        self.events.append(event)
        return event

    def facts(
        self, at: str, *, party: str | None = None, ended: str | None = "", **told: Any
    ) -> RecordedEvent:
        """Record facts: `sales_fen=...`, others by their name and value; `ended` None leaves the day open."""
        values = {"adulterated_or_substandard": {"bool": True}}
        if "sales_fen" in told:
            values["sales_amount"] = {"fen": told.pop("sales_fen")}
        conduct = told.pop("conduct", None)
        if conduct is None and ended is not None:
            conduct = {"ended": {"precision": "day", "value": ended or at[:10]}}
        recorded, organ = told.pop("recorded", None), told.pop("organ", "")
        values |= told
        facts = [
            {"fact": name, "value": value, "certainty": "measured"} | ({"party": party} if party else {})
            for name, value in values.items()
        ]
        more = {} if conduct is None else {"conduct": conduct}
        return self.tell("evidence.recorded", at, recorded=recorded, organ=organ, facts=facts, **more)

    def assessed(self, at: str, result: str = "met", **data: Any) -> RecordedEvent:
        return self.tell("assessment.declared", at, offence=OFFENCE, result=result, **data)

    def team(self, at: str) -> RecordedEvent:
        return self.tell("team.designated", at, team=[{"role": "甲"}, {"role": "乙"}])

    def reported(self, at: str, **data: Any) -> RecordedEvent:
        return self.tell("transfer.reported", at, to_head={"role": "主要负责人"}, **data)

    def approved(self, at: str, **data: Any) -> RecordedEvent:
        return self.tell("transfer.approved", at, approver_role="principal", **data)

    def transferred(self, at: str, **data: Any) -> RecordedEvent:
        fields = {"to_organ": POLICE, "ground": "standard_met", "offences": [OFFENCE], **data}
        return self.tell("case.transferred", at, **fields)

    def received(self, at: str, transfer: RecordedEvent, **data: Any) -> RecordedEvent:
        return self.tell("transfer.received", at, organ=POLICE, transfer=transfer, **data)

    def filed(self, at: str, **data: Any) -> RecordedEvent:
        return self.tell("case.filed", at, organ=POLICE, **{"origin": "transfer", **data})

    def served(self, kind: str, about: RecordedEvent, at: str, **data: Any) -> RecordedEvent:
        return self.tell("notice.served", at, kind=kind, about=about, **data)

    def withdrawn(self, event: RecordedEvent, at: str) -> RecordedEvent:
        organ = event.organ or ""
        return self.tell("record.withdrawn", at, organ=organ, event=event, reason="录入错误")

    def penalty(self, at: str, **data: Any) -> RecordedEvent:
        return self.tell("penalty.decided", at, outcome="penalty", per_party=[], **data)

    def snapshot(self, at: str, *, known_at: str | None = None, under: Lawbook | None = None) -> Snapshot:
        known = None if known_at is None else moment(known_at)
        return take(
            self.case, self.events, at=moment(at), law=under or law(), organs=organs(), known_at=known
        )

    def clocks(self, row: str, at: str) -> list[Clock]:
        return [clock for clock in self.snapshot(at).clocks if clock.row.id == row]

    def clock(self, row: str, at: str) -> Clock:
        (clock,) = self.clocks(row, at)
        return clock

    def found(self, rule: str, at: str) -> list[Found]:
        return [found for found in self.snapshot(at).findings if found.rule == rule]

    def progress(self, upto: str, *, after: Progress | None = None) -> Progress:
        moved = advance_on(self.case, self.events, upto=moment(upto), after=after)
        assert moved is not None
        return moved


def advance_on(
    case: str, events: Sequence[RecordedEvent], *, upto: datetime, after: Progress | None = None
) -> Progress | None:
    """Move a case on from where it stands, through JSON as the store does it."""
    standing = {} if after is None else orjson.loads(orjson.dumps(after.standing.as_json()))
    return advance(
        case,
        events,
        standing=Standing.from_json(standing),
        after=None if after is None else after.evaluated_until,
        wake_at=None if after is None else after.wake_at,
        upto=upto,
        law=law(),
        organs=organs(),
    )


def said(decisions: Iterable[Decision], name: str) -> list[Decision]:
    return [decision for decision in decisions if decision.name == name]


def body(event: RecordedEvent) -> bytes:
    """The event as the bus carries it."""
    return orjson.dumps(
        {
            "specversion": "1.0",
            "id": event.ref.id,
            "source": event.ref.source,
            "type": f"{TYPE_PREFIX}{event.name}.v1",
            "subject": event.subject,
            "time": event.released_at.isoformat(),
            "recordedat": event.recorded_at.isoformat(),
            "datacontenttype": "application/json",
            "data": event.data,
        }
    )


def deliveries(events: Iterable[RecordedEvent]) -> list[Delivery]:
    return [
        Delivery(Message("intake.events", event.subject, event.ref.text, body(event)), Position(0, place))
        for place, event in enumerate(events)
    ]


def told_of_organ(at: str, **organ: Any) -> RecordedEvent:
    """An entry of the registry as intake tells it."""
    identity = Ref(f"{PLATFORM_PREFIX}intake", f"organ-{organ['id']}-{at}")
    known = moment(at)
    occurred = {"precision": "instant", "value": known.isoformat()}
    data = {"occurred": occurred, "change": "registered", "organ": organ, "valid_from": at[:10]}
    return RecordedEvent(identity, "organ.changed", organ["id"], known, known, data)
