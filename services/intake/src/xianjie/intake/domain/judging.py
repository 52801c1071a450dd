"""The verdict on everything that arrived together, as one pure function.

The caller holds the lock of the head, so what it knows about earlier events is complete.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from xianjie.contracts.canonical import digest
from xianjie.contracts.errors import Problem
from xianjie.contracts.recorded import Ref
from xianjie.intake.domain import problems
from xianjie.intake.domain.arrivals import Arrival, Item
from xianjie.intake.domain.doubts import Tolerance, doubts_of
from xianjie.intake.domain.emission import admit, speaks_for_itself
from xianjie.intake.domain.registry import Registry
from xianjie.intake.domain.verdicts import Doubt, Receipt, Verdict, Word
from xianjie.lawbook.procedure.times import civil_day


@dataclass(frozen=True, slots=True)
class Head:
    """Where the last transaction ended.

    Attributes:
        position: of the last accepted event, 0 before the first.
        submission: number of the last arrival.
        registry_revision: of the registry in force.
        recorded_at: of the last accepted event.
    """

    position: int
    submission: int
    registry_revision: int
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class AcceptedEvent:
    """An event that becomes a row and a message."""

    receipt: Receipt
    body: bytes
    released_at: datetime
    submission: int
    place: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """An item whose contract is broken, with the reasons."""

    submission: int
    place: int
    organ: str
    ref: Ref | None
    problems: tuple[Problem, ...]
    arrived_at: datetime


@dataclass(frozen=True, slots=True)
class Conflict:
    """A second content under a name that is taken."""

    id: str
    first: Receipt
    second_digest: str
    second_body: bytes
    submission: int
    place: int
    arrived_at: datetime


@dataclass(slots=True)
class Outcome:
    """Everything that the transaction writes and answers, growing while items are judged.

    Attributes:
        position, submission: numbers given out last.
        recorded_at: of everything that is accepted in this transaction.
        verdicts: one list for each arrival.
    """

    position: int
    submission: int
    recorded_at: datetime
    verdicts: list[list[Verdict]] = field(default_factory=list)
    events: list[AcceptedEvent] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    conflicts: dict[str, Conflict] = field(default_factory=dict)

    @classmethod
    def after(cls, head: Head, *, now: datetime) -> Outcome:
        """Begin where the last transaction ended; recording never goes back behind it."""
        return cls(head.position, head.submission, max(now, head.recorded_at))


@dataclass(frozen=True, slots=True)
class Judge:
    """Judges one transaction's arrivals.

    Attributes:
        known: receipts of the events that are already kept, of all refs and references of the arrivals.
        registry: in force at the moment.
        head: where the last transaction ended.
        now: reading of the clock; recording never goes back behind the head.
        tolerance: for doubts.
    """

    known: Mapping[Ref, Receipt]
    registry: Registry
    head: Head
    now: datetime
    tolerance: Tolerance

    def judge(self, arrivals: Sequence[Arrival]) -> Outcome:
        """Return the outcome; items are judged one after the other, across all arrivals."""
        outcome = Outcome.after(self.head, now=self.now)
        kept = dict(self.known)
        day = civil_day(outcome.recorded_at)
        for arrival in arrivals:
            outcome.submission += 1
            outcome.verdicts.append(
                [
                    self._item(item, place, arrival=arrival, outcome=outcome, kept=kept, day=day)
                    for place, item in enumerate(arrival.items)
                ]
            )
        return outcome

    def _item(
        self,
        item: Item,
        place: int,
        *,
        arrival: Arrival,
        outcome: Outcome,
        kept: dict[Ref, Receipt],
        day: date,
    ) -> Verdict:
        if item.event is None or item.ref is None:
            return _refuse(item, item.problems, place, arrival, outcome)
        not_own = speaks_for_itself(item.event, organ=arrival.organ)
        if not_own is not None:
            return _refuse(item, (not_own,), place, arrival, outcome)
        first = kept.get(item.ref)
        if first is not None:
            if first.digest == item.digest:
                return Verdict(Word.REPEATED, first, row=item.row)
            return _conflict(item, first, place, arrival, outcome)
        admission = admit(item.event, registry=self.registry, day=day)
        if admission.problems:
            return _refuse(item, admission.problems, place, arrival, outcome)
        doubts = doubts_of(
            item,
            registry=self.registry,
            is_known=kept.__contains__,
            recorded_at=outcome.recorded_at,
            tolerance=self.tolerance,
        )
        receipt = accept(item, (*admission.doubts, *doubts), place, arrival, outcome)
        kept[item.ref] = receipt
        return Verdict(Word.ACCEPTED, receipt, row=item.row)


def accept(item: Item, doubts: Sequence[Doubt], place: int, arrival: Arrival, outcome: Outcome) -> Receipt:
    """Give a valid event the next position and return its receipt."""
    assert item.event is not None
    assert item.ref is not None
    outcome.position += 1
    receipt = Receipt(
        ref=item.ref,
        type=item.event["type"],
        subject=item.event["subject"],
        digest=item.digest,
        position=outcome.position,
        recorded_at=outcome.recorded_at,
        original=arrival.original_digest,
        warnings=tuple(doubt.as_json() for doubt in doubts),
    )
    outcome.events.append(
        AcceptedEvent(
            receipt=receipt,
            body=item.body(recorded_at=outcome.recorded_at),
            released_at=datetime.fromisoformat(item.event["time"]),
            submission=outcome.submission,
            place=place,
        )
    )
    return receipt


def _refuse(
    item: Item, reasons: tuple[Problem, ...], place: int, arrival: Arrival, outcome: Outcome
) -> Verdict:
    rows = tuple(replace(problem, row=item.row) for problem in reasons) if item.row else reasons
    outcome.refusals.append(
        Refusal(outcome.submission, place, arrival.organ, item.ref, rows, arrival.arrived_at)
    )
    return Verdict(Word.REFUSED, problems=rows, row=item.row)


def _conflict(item: Item, first: Receipt, place: int, arrival: Arrival, outcome: Outcome) -> Verdict:
    """Keep the second content; its number follows from both, so a repeated conflict is the same one."""
    number = digest(f"{first.ref.text} {item.digest}".encode()).removeprefix("sha-256:")[:32]
    outcome.conflicts.setdefault(
        number,
        Conflict(
            id=number,
            first=first,
            second_digest=item.digest,
            second_body=item.canonical(),
            submission=outcome.submission,
            place=place,
            arrived_at=arrival.arrived_at,
        ),
    )
    problem = replace(problems.other_content(first.ref, number), row=item.row)
    return Verdict(Word.CONFLICT, first, (problem,), number, item.row)
