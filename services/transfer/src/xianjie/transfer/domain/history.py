"""What counts of a case's events: corrected, in order, each with the readings of its time.

Source: catalogue of events, sections 1 (nothing is deleted), 3 (time of an act), 3.2 (order and
folds) and 11 (references that have not arrived). Two sets of the same events give the same history
in whatever order they came in, however often each was delivered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from xianjie.contracts.recorded import RecordedEvent, Ref
from xianjie.lawbook.procedure.times import Span, civil_day
from xianjie.transfer.domain.corrections import Records, as_ref
from xianjie.transfer.domain.organs import kind_of

PLATFORM = "SYS"
BEGINNING = datetime.min.replace(tzinfo=UTC)
END = datetime.max.replace(tzinfo=UTC)

# References without which an event says nothing: it takes effect when the other event is there
# (catalogue, section 11). Events that state their own effect (a filing, a reverse transfer) wait for nothing.
WAITS_FOR: Mapping[str, tuple[str, ...]] = {
    "measure.ended": ("measure",),
    "penalty.executed": ("decision",),
    "penalty.revised": ("decision",),
    "transfer.received": ("transfer",),
    "transfer.rejected": ("transfer",),
    "supplement.supplied": ("request",),
    "reconsideration.requested": ("against",),
    "reconsideration.decided": ("request",),
    "notice.served": ("about",),
    "judgment.appealed": ("judgment",),
    "judgment.finalized": ("judgment",),
    "sentence.executed": ("judgment",),
    "fine.offset": ("judgment", "penalty"),
    "reply.given": ("in_answer_to",),
    "explanation.given": ("request",),
    "explanation.accepted": ("explanation",),
    "supervision.closed": ("opened_by",),
    "reverse_review.handed_over": ("non_prosecution",),
    "reverse_review.registered": ("non_prosecution",),
    "penalty_opinion.issued": ("non_prosecution",),
    "period.resumed": ("suspension",),
    "dispute.settled": ("dispute",),
}

# Acts that the law puts before an act, where a case has one of each. Used only to narrow an unknown
# day; the references of an event say the same for the acts that it names.
LEGALLY_BEFORE: Mapping[str, tuple[str, ...]] = {
    "transfer.reported": ("team.designated",),
    "transfer.approved": ("team.designated", "transfer.reported"),
    "transfer.refused": ("team.designated", "transfer.reported"),
    "case.transferred": ("team.designated", "transfer.reported", "transfer.approved"),
    "transfer.received": ("case.transferred",),
    "transfer.returned": ("case.transferred", "transfer.received"),
    "case.declined": ("case.transferred", "transfer.received"),
    "case.withdrawn": ("case.filed",),
    "prosecution.requested": ("case.filed",),
    "prosecution.instituted": ("case.filed", "prosecution.requested"),
    "prosecution.declined": ("case.filed", "prosecution.requested"),
    "trial.opened": ("prosecution.instituted",),
    "judgment.rendered": ("case.filed", "prosecution.requested", "prosecution.instituted"),
    "judgment.finalized": ("judgment.rendered",),
    "reverse_review.registered": ("prosecution.declined", "reverse_review.handed_over"),
    "penalty_opinion.issued": ("prosecution.declined",),
}


@dataclass(frozen=True, slots=True)
class CaseEvent:
    """An event as it counts at the moment asked about.

    Attributes:
        event: as recorded, never changed.
        data: the data after the corrections known at that moment; equal to `event.data` without any.
        span: the readings of the time of the act, an unknown day narrowed as far as certain acts allow.
        corrected_by: the corrections that stand, oldest first; the last one gives `data`.
    """

    event: RecordedEvent
    data: Mapping[str, Any]
    span: Span
    corrected_by: tuple[Ref, ...] = ()

    @property
    def ref(self) -> Ref:
        """Source and id."""
        return self.event.ref

    @property
    def name(self) -> str:
        """The type without prefix and version."""
        return self.event.name

    @property
    def organ(self) -> str | None:
        """The organ that acted, None when the platform speaks."""
        return self.data.get("by_organ") or self.event.organ

    @property
    def kind(self) -> str:
        """Kind of the organ that acted: AG, PS, PR, CT, JC, GOV, JM, OTHER, or SYS for the platform."""
        organ = self.organ
        return PLATFORM if organ is None else kind_of(organ)

    def ref_in(self, field: str) -> Ref | None:
        """The event that a field names, None when the field is absent or no single reference."""
        return as_ref(self.data.get(field))

    def certainly_after(self, other: CaseEvent) -> bool:
        """Whether no reading of the two acts puts this one before the other."""
        earliest, latest = self.span.earliest, other.span.latest
        return earliest is not None and latest is not None and earliest >= latest


@dataclass(frozen=True)
class History:
    """The events of one case that count at a moment.

    Attributes:
        subject: id of the case; the events of cases merged into it belong to it.
        events: the events in effect, in the order of the catalogue (section 3.2); only where readings
            overlap does an event come after those that it names.
        withdrawn: records that their source withdrew; shown, without effect.
        waiting: records that refer to one which has not arrived or was withdrawn; without effect yet.
        unfit: corrections whose replacement is no whole data of the type; without effect.
    """

    subject: str
    events: tuple[CaseEvent, ...]
    withdrawn: tuple[RecordedEvent, ...] = ()
    waiting: tuple[RecordedEvent, ...] = ()
    unfit: tuple[RecordedEvent, ...] = ()

    @cached_property
    def _by_ref(self) -> dict[Ref, CaseEvent]:
        return {event.ref: event for event in self.events}

    @cached_property
    def _by_name(self) -> dict[str, list[CaseEvent]]:
        found: dict[str, list[CaseEvent]] = defaultdict(list)
        for event in self.events:
            found[event.name].append(event)
        return dict(found)

    def named(self, *names: str) -> tuple[CaseEvent, ...]:
        """The events of these types, in fold order."""
        if len(names) == 1:
            return tuple(self._by_name.get(names[0], ()))
        return tuple(event for event in self.events if event.name in names)

    def get(self, ref: Ref | None) -> CaseEvent | None:
        """The event in effect with this identity."""
        return None if ref is None else self._by_ref.get(ref)

    def last(self, *names: str) -> CaseEvent | None:
        """The last event of these types in fold order."""
        found = self.named(*names)
        return found[-1] if found else None

    @classmethod
    def of(
        cls,
        subject: str,
        events: Iterable[RecordedEvent],
        *,
        as_of: datetime | None = None,
        elsewhere: Collection[Ref] = frozenset(),
    ) -> History:
        """Read the history of a case from what the platform knew.

        Args:
            subject: id of the case asked about.
            events: what was known, in any order, with any repetition. Events of other cases count
                only if those were merged into this one by `as_of`; `party.merged` always counts.
            as_of: moment in the world; acts whose every reading is later are left out. Corrections
                and withdrawals that are known count whenever they were made. None: no bound.
            elsewhere: known events of other cases, so that a reference to one of them does not wait.
        """
        known: dict[Ref, RecordedEvent] = {}
        for event in sorted(events, key=_arrival):
            known.setdefault(event.ref, event)
        records = Records(known)
        effective = {
            ref: _counted(event, records) for ref, event in known.items() if ref not in records.voided
        }
        in_time = {
            ref: event
            for ref, event in _resolved(effective).items()
            if as_of is None or (event.span.earliest or BEGINNING) <= as_of
        }
        own = _merged_into(subject, in_time.values())
        waiting = _waiting(effective, elsewhere)
        mine = [
            event for event in in_time.values() if event.event.subject in own or event.name == "party.merged"
        ]
        return cls(
            subject=subject,
            events=_in_order(event for event in mine if event.ref not in waiting),
            withdrawn=tuple(
                event for ref, event in known.items() if ref in records.voided and event.subject in own
            ),
            waiting=tuple(event.event for event in mine if event.ref in waiting),
            unfit=tuple(event.event for event in mine if event.ref in records.unfit),
        )


def fold_order(event: CaseEvent) -> tuple[datetime, datetime, datetime, str, str]:
    """The order of folds: latest reading, earliest reading, recording, source, id (catalogue 3.2)."""
    span = event.span
    return (span.latest or END, span.earliest or BEGINNING, event.event.recorded_at, *event.ref)


def references(data: Mapping[str, Any]) -> frozenset[Ref]:
    """The earlier acts that an event names.

    Left out are `inconsistent_with`, since which of two contradicting records is the earlier act is
    open, and `event`, which names a record to be corrected or withdrawn, not an act.
    """
    found: set[Ref] = set()
    for field, value in data.items():
        if field in ("inconsistent_with", "event"):
            continue
        for item in value if isinstance(value, list) else (value,):
            if (ref := as_ref(item)) is not None:
                found.add(ref)
    return frozenset(found)


def _in_order(events: Iterable[CaseEvent]) -> tuple[CaseEvent, ...]:
    """Sort by fold order, but never an answer before what it answers, if their times allow both.

    An answer of the same day as its request, or of a day within the month of it, would otherwise
    stand first by its source or its precision: a reference proves the order of two acts.
    """
    by_ref = {event.ref: event for event in sorted(events, key=fold_order)}
    placed: dict[Ref, CaseEvent] = {}
    begun: set[Ref] = set()
    for first in by_ref.values():
        path = [first] if first.ref not in begun else []
        while path:  # down to what is named first, without recursion: chains may be long
            event = path[-1]
            begun.add(event.ref)
            named = (by_ref.get(ref) for ref in sorted(references(event.data)) if ref not in begun)
            before = next((act for act in named if act and not act.certainly_after(event)), None)
            if before is None:
                placed[event.ref] = path.pop()
            else:
                path.append(before)
    return tuple(placed.values())


def _arrival(event: RecordedEvent) -> tuple[datetime, Ref]:
    return (event.recorded_at, event.ref)


def _counted(event: RecordedEvent, records: Records) -> CaseEvent:
    data = records.data(event.ref)
    return CaseEvent(event, data, Span.of_occurred(data["occurred"]), records.corrections(event.ref))


def _waiting(known: Mapping[Ref, CaseEvent], elsewhere: Collection[Ref]) -> set[Ref]:
    """The events whose needed references are not there, or wait themselves."""
    waiting: set[Ref] = set()
    pending = [
        (ref, needed)
        for ref, event in known.items()
        for field in WAITS_FOR.get(event.name, ())
        if (needed := event.ref_in(field)) is not None and needed not in elsewhere
    ]
    while True:
        more = {ref for ref, needed in pending if needed not in known or needed in waiting} - waiting
        if not more:
            return waiting
        waiting |= more


def _merged_into(subject: str, events: Iterable[CaseEvent]) -> set[str]:
    """The case and every case merged into it, directly or through another."""
    merges = [(event.data["into"], event.event.subject) for event in events if event.name == "case.merged"]
    own = {subject}
    while True:
        more = {merged for into, merged in merges if into in own} - own
        if not more:
            return own
        own |= more


def _resolved(events: Mapping[Ref, CaseEvent]) -> dict[Ref, CaseEvent]:
    """Narrow acts of unknown time by the certain acts around them."""
    unknown = [event for event in events.values() if _is_unknown(event)]
    if not unknown:
        return dict(events)
    certain = [event for event in events.values() if event.span.is_one_day]
    counts = Counter((event.event.subject, event.name) for event in events.values())
    narrowed = {event.ref: _narrowed(event, certain, counts) for event in unknown}
    return {ref: narrowed.get(ref, event) for ref, event in events.items()}


def _is_unknown(event: CaseEvent) -> bool:
    return event.data["occurred"]["precision"] == "unknown" and not event.span.is_one_day


def _narrowed(event: CaseEvent, certain: list[CaseEvent], counts: Mapping[tuple[str, str], int]) -> CaseEvent:
    occurred = event.data["occurred"]
    span = event.span
    if occurred.get("not_before") is None:
        before = [act.span.last_day for act in certain if _must_precede(act, event, counts)]
        span = span.narrowed(not_before=max(filter(None, before), default=None))
    if occurred.get("not_after") is None:
        after: list[date | None] = [
            act.span.first_day for act in certain if _must_precede(event, act, counts)
        ]
        bound = min(filter(None, after), default=None)
        recorded = civil_day(event.event.recorded_at)
        span = span.narrowed(not_after=recorded if bound is None else bound)
        if span.last_day is None:  # recorded before what must precede it: no reading is left to narrow
            span = span.narrowed(not_after=span.first_day)
    return CaseEvent(event.event, event.data, span, event.corrected_by)


def _must_precede(first: CaseEvent, second: CaseEvent, counts: Mapping[tuple[str, str], int]) -> bool:
    if first.ref in references(second.data):
        return True
    return (
        first.name in LEGALLY_BEFORE.get(second.name, ())
        and first.event.subject == second.event.subject
        and counts[first.event.subject, first.name] == 1
        and counts[second.event.subject, second.name] == 1
    )
