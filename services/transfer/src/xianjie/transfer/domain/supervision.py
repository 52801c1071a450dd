"""Supervision by the procuratorate and the joint meeting: instances, each with its own state.

Source: procedure of the linkage, 3.1 (S) and 3.4 (23, 40 to 48, 57); catalogue of events, section 6:
an instance is opened by a suggestion, an opening, a request for reasons, an urging, a listing or an
instrument, and closed by the act demanded or by `supervision.closed`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from xianjie.contracts.recorded import Ref
from xianjie.transfer.domain.history import CaseEvent, History

# What the act demanded is, by the matter of the instance. Only a filing answers an order to file.
DEMANDED: Mapping[str, frozenset[str]] = {
    "not_filed": frozenset({"case.filed"}),
    "overdue": frozenset({"case.filed", "case.declined"}),
    "withdrawn": frozenset({"case.filed"}),
    "wrongly_filed": frozenset({"case.withdrawn"}),
    "not_transferred": frozenset({"case.transferred"}),
    "not_investigated": frozenset({"prosecution.requested", "case.withdrawn"}),
}
MATTER_OF_EXPLANATION = {"not_filed": "not_filed", "overdue": "overdue", "filed": "wrongly_filed"}
MATTER_OF_ORDER = {"file": "not_filed", "withdraw": "wrongly_filed"}
FILING_MATTERS = frozenset({"not_filed", "overdue", "withdrawn"})
STATE_OF_INSTRUMENT = {
    "correction_notice": "s_correction_issued",
    "correction_opinion": "s_correction_issued",
    "report_to_higher": "s_escalated",
}
SUBSTANTIAL_REPLIES = frozenset({"result", "agrees", "complied"})
CLOSED = frozenset({"s_closed", "s_reasons_valid"})
ORDERED = frozenset({"s_filing_ordered", "s_correction_issued", "s_escalated"})


@dataclass(frozen=True, slots=True)
class Instance:
    """One supervision.

    Attributes:
        opened_by: the event that opened it.
        state: of procedure 3.1, region S.
        matter: `supervision_subject` of the catalogue, None where the opening event does not tell.
        ordered: whether the procuratorate has ordered the filing or the withdrawal.
        events: the events that opened and moved it, in fold order.
    """

    opened_by: Ref
    state: str
    matter: str | None
    ordered: bool
    events: tuple[Ref, ...]


def supervise(history: History) -> tuple[Instance, ...]:
    """Fold the supervision of a case, in the order in which the instances were opened."""
    docket = _Docket(history)
    for event in history.events:
        step = _STEPS.get(event.name)
        if step is not None:
            step(docket, event)
        docket.answer(event)
    return tuple(
        Instance(
            opened_by=running.events[0].ref,
            state=running.state,
            matter=running.matter,
            ordered=running.ordered,
            events=tuple(event.ref for event in running.events),
        )
        for running in docket.instances
    )


@dataclass(slots=True)
class _Running:
    state: str
    matter: str | None
    events: list[CaseEvent]
    ordered: bool = False

    @property
    def is_open(self) -> bool:
        return self.state not in CLOSED

    def move(self, event: CaseEvent, state: str | None = None) -> None:
        self.state = state or self.state
        self.events.append(event)


@dataclass(slots=True)
class _Docket:
    """The instances of a case on the way through its events."""

    history: History
    instances: list[_Running] = field(default_factory=list)
    passed: list[CaseEvent] = field(default_factory=list)

    def holding(self, ref: Ref | None) -> _Running | None:
        """The instance to which an event belongs."""
        return next((one for one in self.instances for event in one.events if event.ref == ref), None)

    def pending(self, *matters: str | None, states: frozenset[str]) -> _Running | None:
        """The last open instance about one of the matters in one of the states."""
        found = (one for one in reversed(self.instances) if one.matter in matters and one.state in states)
        return next(found, None)

    def open(self, event: CaseEvent, state: str, matter: str | None) -> _Running:
        """Open an instance; an act demanded that may have come after it answers it at once."""
        running = _Running(state, matter, [event])
        self.instances.append(running)
        self.look_back(running, event)
        return running

    def join(self, running: _Running, event: CaseEvent, state: str) -> None:
        """Move an instance on by an act of supervision, with the same look back."""
        running.move(event, state)
        self.look_back(running, event)

    def look_back(self, running: _Running, event: CaseEvent) -> None:
        """Fold order of acts with unknown time is a convention: it must not leave a demand open."""
        for act in self.passed:
            if not event.certainly_after(act):
                _answer_one(running, act)

    def answer(self, event: CaseEvent) -> None:
        """Let an act of an agency or of the police close what demanded it."""
        if event.name not in _ANSWERS:
            return
        self.passed.append(event)
        for running in self.instances:
            if not running.events[0].certainly_after(event):
                _answer_one(running, event)


_ANSWERS = frozenset().union(*DEMANDED.values(), {"transfer.refused"})


def _answer_one(running: _Running, act: CaseEvent) -> None:
    if not running.is_open or running.matter is None:
        return
    if act.name == "transfer.refused":
        if running.state == "s_transfer_opinion":
            running.move(act, "s_escalated")
    elif act.name in DEMANDED.get(running.matter, ()):
        if running.ordered and running.matter in FILING_MATTERS:
            if act.name == "case.filed" and running.state in ORDERED:
                running.move(act, "s_filed_under_order")
        else:
            running.move(act, "s_closed")


def _suggested(docket: _Docket, event: CaseEvent) -> None:
    docket.open(event, "s_opened", event.data["subject_matter"])


def _opened(docket: _Docket, event: CaseEvent) -> None:
    """An opening takes up the suggestion that it names, or the only one that waits on the matter."""
    matter = event.data["subject_matter"]
    running = docket.holding(event.ref_in("suggestion"))
    if running is None and event.data.get("suggestion") is None:
        running = docket.pending(matter, states=frozenset({"s_opened"}))
        if running is not None and running.events[-1].name != "supervision.suggested":
            running = None
    if running is None:
        docket.open(event, "s_opened", matter)
    else:
        running.move(event)


def _explanation_requested(docket: _Docket, event: CaseEvent) -> None:
    matter = MATTER_OF_EXPLANATION[event.data["kind"]]
    wanted = FILING_MATTERS if matter in FILING_MATTERS else {matter}
    running = docket.pending(*wanted, states=frozenset({"s_opened"}))
    if running is None:
        docket.open(event, "s_explanation_requested", matter)
    else:
        docket.join(running, event, "s_explanation_requested")


def _explanation_given(docket: _Docket, event: CaseEvent) -> None:
    running = docket.holding(event.ref_in("request"))
    if running is not None:
        running.move(event)


def _explanation_accepted(docket: _Docket, event: CaseEvent) -> None:
    running = docket.holding(event.ref_in("explanation"))
    if running is None:
        given = docket.history.get(event.ref_in("explanation"))
        running = docket.holding(given.ref_in("request") if given else None)
    if running is not None and running.is_open:
        running.move(event, "s_reasons_valid")


def _ordered(docket: _Docket, event: CaseEvent) -> None:
    matter = MATTER_OF_ORDER[event.data["order"]]
    wanted = FILING_MATTERS if matter in FILING_MATTERS else {matter}
    running = docket.pending(*wanted, states=frozenset({"s_opened", "s_explanation_requested"}))
    if running is None:
        running = docket.open(event, "s_filing_ordered", None)
    else:
        running.move(event, "s_filing_ordered")
    running.matter, running.ordered = matter, True
    docket.look_back(running, event)


def _issued(docket: _Docket, event: CaseEvent) -> None:
    """An instrument goes with the instance whose events it rests on, else with the order it presses."""
    kind = event.data["kind"]
    refs = [Ref(ref["source"], ref["id"]) for ref in event.data.get("about") or ()]
    running = next((found for ref in refs if (found := docket.holding(ref)) is not None), None)
    if running is None and kind in ("correction_notice", "report_to_higher", "urging_letter"):
        pressed = ORDERED if kind != "urging_letter" else frozenset({"s_filed_under_order"})
        running = next(
            (one for one in reversed(docket.instances) if one.ordered and one.state in pressed), None
        )
    if running is None:
        docket.open(event, STATE_OF_INSTRUMENT.get(kind, "s_opened"), None)
    elif running.is_open and running.state != "s_filed_under_order":
        running.move(event, STATE_OF_INSTRUMENT.get(kind))
    else:
        running.move(event)


def _urged(docket: _Docket, event: CaseEvent) -> None:
    running = docket.pending("not_transferred", states=frozenset({"s_opened"}))
    if running is None:
        docket.open(event, "s_transfer_opinion", "not_transferred")
    else:
        docket.join(running, event, "s_transfer_opinion")


def _listed(docket: _Docket, event: CaseEvent) -> None:
    docket.open(event, "s_opened", None)


def _replied(docket: _Docket, event: CaseEvent) -> None:
    """A substantial reply is the act that an instrument without an order behind it demands (PRR 553)."""
    answered = docket.history.get(event.ref_in("in_answer_to"))
    running = docket.holding(answered.ref) if answered and answered.name == "supervision.issued" else None
    if running is not None and running.is_open and running.matter is None:
        is_done = event.data["content"] in SUBSTANTIAL_REPLIES
        running.move(event, "s_closed" if is_done else None)


def _closed(docket: _Docket, event: CaseEvent) -> None:
    running = docket.holding(event.ref_in("opened_by"))
    if running is not None:
        running.move(event, "s_closed" if running.is_open else None)


_STEPS: Mapping[str, Callable[[_Docket, CaseEvent], None]] = {
    "supervision.suggested": _suggested,
    "supervision.opened": _opened,
    "explanation.requested": _explanation_requested,
    "explanation.given": _explanation_given,
    "explanation.accepted": _explanation_accepted,
    "supervision.ordered": _ordered,
    "supervision.issued": _issued,
    "transfer.urged": _urged,
    "case.listed": _listed,
    "reply.given": _replied,
    "supervision.closed": _closed,
}
