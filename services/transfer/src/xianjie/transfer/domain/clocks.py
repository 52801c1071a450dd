"""Clocks at work: which terms run in a case, for whom, until when, and how they stand.

The rows of the law say which events start, open, stop, suspend and extend a term; here they meet the
events of one case. Source: catalogue of events, section 3.1; procedure, sections 2 and 6.4.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from xianjie.contracts.recorded import Ref
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure import clocks as law_clocks
from xianjie.lawbook.procedure.clocks import ClockState, Due, Suspension
from xianjie.lawbook.procedure.rows import Row, Trigger, Version
from xianjie.lawbook.procedure.rules import Level
from xianjie.lawbook.procedure.times import Span
from xianjie.lawbook.questions.due_questions import DueQuestion, answer
from xianjie.lawbook.replay.recording import due_record

from .history import CaseEvent, History, references
from .organs import Organs, kind_of
from .rows_of_case import CaseRows
from .stops import extensions_of, stop_of, suspensions_of

_ROLE_KINDS = {
    "enforcement_agency": "AG",
    "public_security_organ": "PS",
    "procuratorate": "PR",
    "court": "CT",
    "supervision_organ": "JC",
    "government": "GOV",
    "joint_meeting": "JM",
}
_NOT_RUN = frozenset({"off", "no_number", "bar"})


@dataclass(frozen=True)
class Clock:
    """One term of one case.

    Attributes:
        began: the act from which the clock is known: the act that opens it, or that starts it.
        start: readings of the start; open at the end while only the opening act is known.
        started_by: the event from which the term is counted, while unknown the act that opens it.
        stopped_by: the event that did the duty or ended the term.
        bearer: organ that must act.
        question: everything that the law was asked for `due`.
        general, general_over: the term of the general row beside a special one, and whether it has passed.
    """

    subject: str
    row: Row
    version: Version
    began: Ref
    started_by: Ref
    start: Span
    due: Due
    state: str
    stopped_by: Ref | None
    bearer: str
    highest_level: Level
    at: datetime
    question: DueQuestion
    general: Due | None = None
    general_over: bool = False

    @property
    def id(self) -> str:
        """Row, case and the act from which the clock is known: stable when the receipt becomes known."""
        return f"{self.row.id}|{self.subject}|{self.began.text}"

    @property
    def basis(self) -> tuple[str, ...]:
        """The article that gives the limit."""
        source = self.version.source
        return (f"{source.instrument} {source.article}".strip(),)

    @cached_property
    def next_change(self) -> datetime | None:
        """The next instant at which the state or a warning changes although nothing happens."""
        if self.stopped_by is not None:
            return None
        moments = [rung.at for rung in law_clocks.rungs(self.due, self.start) if rung.at > self.at]
        for due in (self.due, self.general):
            change = None if due is None else law_clocks.next_change(due, self.at)
            if change is not None:
                moments.append(change)
        return min(moments, default=None)

    def rungs_passed(self, at: datetime) -> list[str]:
        """Return the warnings whose moment has come, in order."""
        return [rung.name for rung in law_clocks.rungs(self.due, self.start) if rung.at <= at]

    def announcement(self, revision: int) -> dict[str, Any]:
        """Return the data of `clock.started`, without the time of the act."""
        return {
            "clock": self.id,
            "row": self.row.id,
            "bearer": self.bearer,
            "started_by": {"source": self.started_by.source, "id": self.started_by.id},
            "due": self.due.as_event(),
            "revision": revision,
            "provisional": self.due.provisional,
        }

    def record(self, law_digest: str) -> dict[str, Any]:
        """Return the record by which the end of the term can be counted again: question, answer and law."""
        return due_record(self.question, self.due, law=law_digest)

    def as_json(self) -> dict[str, Any]:
        """Return the clock in the words of the answers, with its count line by line."""
        return {
            "id": self.id,
            "subject": self.subject,
            "row": self.row.id,
            "title_zh": self.row.title_zh,
            "title_en": self.row.title_en,
            "party": None,
            "started_by": self.started_by.id,
            "started_by_source": self.started_by.source,
            "stopped_by": None if self.stopped_by is None else self.stopped_by.id,
            "bearer": self.bearer,
            "due": self.due.as_json(),
            "state": self.state,
            "provisional": self.due.provisional,
            "basis": list(self.basis),
            "grade": self.version.grade,
            "derivation": [{"zh": line.zh, "en": line.en} for line in self.due.lines],
        }


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a term began: the act that opens it and the act that starts it; either may be missing.

    Attributes:
        began: the act from which the clock is known, different for every beginning of a row.
    """

    opening: CaseEvent | None
    start: CaseEvent | None
    began: Ref

    @property
    def known(self) -> CaseEvent:
        """The act from which the term is counted, while that is unknown the act that opens it."""
        return self.start or self.opening  # type: ignore[return-value]  # one of them is there

    @property
    def chain(self) -> tuple[Ref, ...]:
        """Both acts."""
        return tuple(event.ref for event in (self.opening, self.start) if event is not None)

    @property
    def span(self) -> Span:
        """Readings of the start: from the opening act on, without an end, while no receipt is recorded."""
        return self.known.span if self.start is not None else Span(self.known.span.first_day, None)


@dataclass(frozen=True, slots=True)
class _Case:
    """What a term depends on besides its row and its beginning."""

    history: History
    rows: CaseRows
    law: Lawbook
    at: datetime


def run_clocks(history: History, *, at: datetime, law: Lawbook, organs: Organs) -> tuple[Clock, ...]:
    """Return every clock of the case at the moment, by row and beginning; terms that lapsed are left out."""
    if any(event.event.subject == history.subject for event in history.named("case.merged")):
        return ()  # the case goes on in another one, and so do its terms (procedure, section 6)
    case = _Case(history, CaseRows(history, law, organs), law, at)
    found = [
        clock
        for row in case.rows.candidates()
        if row.kind not in _NOT_RUN
        for clock in _clocks_of_row(case, row)
    ]
    # A request after its own term starts no duty to decide on it (R310 9(1)).
    late_requests = {clock.stopped_by for clock in found if clock.state == ClockState.lapsed}
    running = (
        clock for clock in found if clock.state != ClockState.lapsed and clock.began not in late_requests
    )
    return tuple(sorted(running, key=lambda clock: (clock.row.id, clock.began)))


def _clocks_of_row(case: _Case, row: Row) -> Iterator[Clock]:
    beginnings = [
        beginning for beginning in _beginnings(row, case.history) if case.rows.applies(row, beginning.known)
    ]
    for beginning in beginnings:
        version = _version(row, beginning.span)
        if version is not None and version.limit is not None:
            others = {ref for other in beginnings for ref in other.chain} - set(beginning.chain)
            yield _clock(case, row, version, beginning, others)


def _clock(case: _Case, row: Row, version: Version, beginning: Beginning, others: set[Ref]) -> Clock:
    """Return the clock, also a lapsed one: a right not used, a duty that absence does not disprove."""
    stop = stop_of(row, chain=beginning.chain, others=others, start=beginning.span, history=case.history)
    suspensions = suspensions_of(row, case.history)
    question = DueQuestion(
        row=row.id,
        start=beginning.span,
        extensions=extensions_of(row, case.history),
        suspensions=suspensions,
    )
    due = _due(case.law, row, version, question)
    state = law_clocks.state(
        row,
        due,
        stop=None if stop is None else stop.span,
        at=case.at,
        suspended=any(_stands_still(suspension, case.at) for suspension in suspensions),
        by_act=stop is None or not _falls_away(row, stop),
    )
    general = _general_term(case, row, beginning)
    general_over = general is not None and (
        law_clocks.state(row, general, stop=None if stop is None else stop.span, at=case.at)
        is ClockState.late
    )
    return Clock(
        subject=case.history.subject,
        row=row,
        version=version,
        began=beginning.began,
        started_by=beginning.known.ref,
        start=beginning.span,
        due=due,
        state=str(state),
        stopped_by=None if stop is None else stop.ref,
        bearer=_bearer(row, beginning.known, case.history),
        highest_level=Level.breach if general_over else case.rows.level(row, version),
        at=case.at,
        question=question,
        general=general,
        general_over=general_over,
    )


def _due(law: Lawbook, row: Row, version: Version, question: DueQuestion) -> Due:
    """Return the answer to the question; one text governs unless the start may lie on both sides of a change.

    The texts are looked up only then: this is done for every term at every event.
    """
    start = question.start
    if start.is_one_day or start.first_day is None or start.last_day is None:
        return law_clocks.due(
            row,
            version,
            start,
            calendar=law.calendar,
            extensions=question.extensions,
            suspensions=question.suspensions,
        )
    return answer(law, question)


def _general_term(case: _Case, row: Row, beginning: Beginning) -> Due | None:
    """Return the term of the general row beside that of a special one for the police's filing review.

    The term of the category decides the breach; passing the three days of R310 8 before it is shown as a
    notice. A special row whose text was not read in full only postpones the breach of the general one.
    Source: owner's decision 2; procedure, section 6, "Basis".
    """
    general = case.law.clocks.get(row.replaces or "")
    if general is None or general.id != "filing_decision":
        return None
    version = _version(general, beginning.span)
    if version is None or version.limit is None:
        return None
    return law_clocks.due(general, version, beginning.span, calendar=case.law.calendar)


def _falls_away(row: Row, stop: CaseEvent) -> bool:
    """Whether the event ends the ground of the term without being the act."""
    return any(
        trigger.falls_away
        for trigger in row.events.stops
        if trigger.name == stop.name and trigger.fits(stop.data)
    )


def _stands_still(suspension: Suspension, at: datetime) -> bool:
    """Whether the term stands still at the moment under some reading."""
    begun = suspension.begin.earliest is None or suspension.begin.earliest <= at
    ended = suspension.end is not None and suspension.end.latest is not None and suspension.end.latest <= at
    return begun and not ended


def _beginnings(row: Row, history: History) -> Iterator[Beginning]:
    """Yield each beginning of a term of the row.

    A receipt belongs to the act that it names. Until it is recorded the term is open (section 3.1 item 4).
    """
    starts = _matching(row.events.starts, history)
    for opening in _matching(row.events.opens, history):
        own = [start for start in starts if opening.ref in references(start.data)]
        starts = [start for start in starts if start not in own]
        yield Beginning(opening, own[0] if own else None, opening.ref)
        yield from (Beginning(opening, again, again.ref) for again in own[1:])
    yield from (Beginning(None, start, start.ref) for start in starts)


def _matching(triggers: Sequence[Trigger], history: History) -> list[CaseEvent]:
    by_name: dict[str, list[Trigger]] = {}
    for trigger in triggers:
        by_name.setdefault(trigger.name, []).append(trigger)
    return [
        event
        for event in history.named(*by_name)
        if any(trigger.fits(event.data) for trigger in by_name[event.name])
    ]


def _version(row: Row, start: Span) -> Version | None:
    """Return the text in force on the day of the start, by its latest reading; else the newest."""
    for day in (start.last_day, start.first_day):
        if day is not None:
            return row.version_on(day) if row.runs_on(day) else None
    running = [version for version in row.versions if version.enabled and version.limit is not None]
    return running[-1] if running else None


def _bearer(row: Row, known: CaseEvent, history: History) -> str:
    """Return the organ that must act: the addressee, the emitter, else the last organ of its kind."""
    kinds = {_ROLE_KINDS[role] for role in row.bearer if role in _ROLE_KINDS}
    addressee = known.data.get("to_organ")
    if addressee is not None and kind_of(addressee) in kinds:
        return str(addressee)
    if known.kind in kinds and known.organ is not None:
        return known.organ
    acted = [event.organ for event in history.events if event.organ is not None and event.kind in kinds]
    opener = history.subject.partition("/")[0]
    if acted:
        return acted[-1]
    return opener if kind_of(opener) in kinds else known.organ or opener
