"""The state of a case: five regions that run beside each other, folded from its events.

Source: procedure of the linkage, section 3; catalogue of events, section 6 and the last item of
section 1 (a later step proves the earlier ones that it needs). Nobody types a state, and nothing is
refused: an event that fits nowhere is kept and shown as a contradiction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from xianjie.contracts.recorded import Ref
from xianjie.lawbook.procedure.times import Span
from xianjie.transfer.domain import regions_agency as agency
from xianjie.transfer.domain import regions_criminal as criminal
from xianjie.transfer.domain.history import CaseEvent, History
from xianjie.transfer.domain.regions_guards import GUARDS, UNNAMED, Course
from xianjie.transfer.domain.regions_parties import Parties
from xianjie.transfer.domain.regions_rows import STAYS, Order, Row
from xianjie.transfer.domain.supervision import Instance, supervise

_AGENCY_ACTS = ("inspection.conducted", "measure.taken", "evidence.recorded", "penalty.proposed")


@dataclass(frozen=True, slots=True)
class PartyState:
    """States of one party; None where nothing of the region has begun for it."""

    criminal: str | None
    reverse: str | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """An event that fits no transition and is certainly later than the one that gave the state."""

    event: Ref
    name: str
    region: str
    state: str | None
    party: str | None = None


@dataclass(frozen=True)
class Regions:
    """Where a case stands.

    Attributes:
        administrative, transfer, criminal, reverse, duty: states of procedure 3.1; None where nothing
            of the region has begun, or where the parties have fared differently and no single state is true.
        supervision: state of each instance, in the order of opening.
        instances: the same instances with the events that opened and moved them.
        parties: the two regions that are kept per party.
        contradictions: events that fit no transition, in fold order.
        effective_judgments: readings of when a judgment on a party first became effective, by each identity
            of the party; by the empty one where nobody is named.
    """

    administrative: str | None
    transfer: str | None
    criminal: str | None
    reverse: str | None
    duty: str | None
    supervision: tuple[str, ...]
    parties: Mapping[str, PartyState]
    contradictions: tuple[Contradiction, ...]
    instances: tuple[Instance, ...] = ()
    effective_judgments: Mapping[str, Span] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The item of `regions` in an answer."""
        return {
            "administrative": self.administrative,
            "transfer": self.transfer,
            "criminal": self.criminal,
            "reverse": self.reverse,
            "duty": self.duty,
            "supervision": list(self.supervision),
            "parties": {
                party: {"criminal": state.criminal, "reverse": state.reverse}
                for party, state in self.parties.items()
            },
        }


class _Region:
    """One region of one case or party on its way through the events.

    Attributes:
        state: where it stands; None where nothing has begun.
        first: the event that first led to each state it was in.
    """

    def __init__(self, name: str, rows: Mapping[str, tuple[Row, ...]], ranks: Mapping[str, int]) -> None:
        self.name = name
        self.state: str | None = None
        self.first: dict[str, CaseEvent] = {}
        self._since: CaseEvent | None = None
        self._rows = rows
        self._ranks = ranks

    def take(self, event: CaseEvent, course: Course, party: str) -> Contradiction | None:
        """Move by the event; tell when it contradicts the state.

        An event that fits no row but may be older than the act that gave the state is an earlier
        step whose time is known less well, not a contradiction.
        """
        of_type = self._rows.get(event.name)
        if of_type is None:
            return None
        rows = [
            row
            for row in of_type
            if _selects(row, event, course, party) and GUARDS[row.guard](event, course, party)
        ]
        if not rows:
            return None
        row = next(
            (row for row in rows if self.state in row.came_from and self._is_open_to(row, event)), None
        )
        if row is None:
            row = next((row for row in rows if row.leads_on and self._is_short_of(row)), None)
        if row is not None:
            self._follow(row, event)
            return None
        if self._is_later(event) and all(row.to != self.state for row in rows):
            return Contradiction(event.ref, event.name, self.name, self.state, party or None)
        return None

    def _follow(self, row: Row, event: CaseEvent) -> None:
        if row.to != STAYS:
            self.state, self._since = row.to, event
            self.first.setdefault(row.to, event)

    def _is_open_to(self, row: Row, event: CaseEvent) -> bool:
        return not row.anew or self._is_later(event)

    def _is_later(self, event: CaseEvent) -> bool:
        return self._since is None or event.certainly_after(self._since)

    def _is_short_of(self, row: Row) -> bool:
        """Whether the row starts only from states that lie ahead: the steps between were not recorded."""
        if self.state is None:
            return True
        return self._ranks[self.state] < min(
            (self._ranks[state] for state in row.came_from if state is not None), default=-1
        )


def _selects(row: Row, event: CaseEvent, course: Course, party: str) -> bool:
    if event.kind not in row.emitters:
        return False
    if not row.values:
        return True
    value = course.parties.verdict(event, party) if row.field == "verdict" else event.data.get(row.field)
    return (str(value).lower() if isinstance(value, bool) else value) in row.values


def _by_event(rows: Iterable[Row]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        found[row.event] = (*found.get(row.event, ()), row)
    return found


def _ranks(order: Order) -> dict[str, int]:
    return {
        state: rank
        for rank, states in enumerate(order)
        for state in (states if isinstance(states, tuple) else (states,))
    }


_A_ROWS, _A_RANKS = _by_event(agency.ADMINISTRATIVE), _ranks(agency.ADMINISTRATIVE_ORDER)
_T_ROWS, _T_RANKS = _by_event(agency.TRANSFER), _ranks(agency.TRANSFER_ORDER)
_C_ROWS, _C_RANKS = _by_event(criminal.CRIMINAL), _ranks(criminal.CRIMINAL_ORDER)
_R_ROWS, _R_RANKS = _by_event(criminal.REVERSE), _ranks(criminal.REVERSE_ORDER)
_J_ROWS, _J_RANKS = _by_event(criminal.DUTY), _ranks(criminal.DUTY_ORDER)


def fold(history: History, *, sectors: Callable[[str], str | None]) -> Regions:
    """Fold the events of a case into its state.

    Args:
        history: what counts at the moment asked about.
        sectors: sector of an agency by organ id, for example `ecology_environment`; None if unknown.
    """
    parties = Parties(history)
    course = Course(history, sectors, parties)
    case = (
        _Region("administrative", _A_ROWS, _A_RANKS),
        _Region("transfer", _T_ROWS, _T_RANKS),
        _Region("duty", _J_ROWS, _J_RANKS),
    )
    tracks = parties.liable or (UNNAMED,)
    on_trial = {party: _Region("criminal", _C_ROWS, _C_RANKS) for party in tracks}
    returned = {party: _Region("reverse", _R_ROWS, _R_RANKS) for party in tracks}
    contradictions: list[Contradiction | None] = []
    for event in history.events:
        course.take(event)
        contradictions += [region.take(event, course, UNNAMED) for region in case]
        if event.name not in _C_ROWS and event.name not in _R_ROWS:
            continue
        named = parties.named(event)
        if event.name in _C_ROWS:
            concerned = _concerned(on_trial, named, criminal.CRIMINAL_LEFT)
            contradictions += [on_trial[party].take(event, course, party) for party in concerned]
        if event.name in _R_ROWS:
            concerned = _concerned_in_reverse(event, named, on_trial=on_trial, returned=returned)
            contradictions += [returned[party].take(event, course, party) for party in concerned]
    administrative, transfer, duty = (region.state for region in case)
    if transfer is None and (administrative is not None or _has_a_matter(history)):
        transfer = "unassessed"
    instances = supervise(history)
    return Regions(
        administrative=administrative,
        transfer=transfer,
        criminal=_furthest(on_trial.values(), _C_RANKS, criminal.CRIMINAL_LEFT),
        reverse=_furthest(returned.values(), _R_RANKS, criminal.REVERSE_LEFT),
        duty=duty,
        supervision=tuple(instance.state for instance in instances),
        parties={party: PartyState(on_trial[party].state, returned[party].state) for party in parties.liable},
        contradictions=tuple(item for item in contradictions if item is not None),
        instances=instances,
        effective_judgments=_effective(on_trial, parties),
    )


def _effective(on_trial: Mapping[str, _Region], parties: Parties) -> dict[str, Span]:
    found = {
        party: region.first["judgment_effective"].span
        for party, region in on_trial.items()
        if "judgment_effective" in region.first
    }
    survivors = {merged: parties.identity(merged) for merged in parties.merged}
    return found | {merged: found[party] for merged, party in survivors.items() if party in found}


def _concerned(
    regions: Mapping[str, _Region], named: frozenset[str], left: frozenset[str]
) -> tuple[str, ...]:
    """Whom an act concerns: the parties named, else all that are still in the region, else all."""
    if named:
        return tuple(party for party in regions if party in named)
    return tuple(party for party, region in regions.items() if region.state not in left) or tuple(regions)


def _concerned_in_reverse(
    event: CaseEvent,
    named: frozenset[str],
    *,
    on_trial: Mapping[str, _Region],
    returned: Mapping[str, _Region],
) -> tuple[str, ...]:
    """The same in the reverse region, opened for a party only by a non-prosecution or a transfer."""
    begun = tuple(party for party, region in returned.items() if region.state is not None)
    if event.name in ("penalty.decided", "reply.given", "clock.expired"):
        return tuple(party for party in begun if not named or party in named)
    if named:
        return tuple(party for party in returned if party in named)
    spared = tuple(party for party, region in on_trial.items() if region.state in criminal.CRIMINAL_LEFT)
    return begun or spared or tuple(returned)


def _furthest(regions: Iterable[_Region], ranks: Mapping[str, int], left: frozenset[str]) -> str | None:
    """The furthest state of the parties still in the region, of all where none is; None when it is not one.

    Source: catalogue of events, section 6; owner's decision 14.
    """
    begun = {region.state for region in regions if region.state is not None}
    states = begun - left or begun
    if not states:
        return None
    top = max(ranks[state] for state in states)
    furthest = {state for state in states if ranks[state] == top}
    return furthest.pop() if len(furthest) == 1 else None


def _has_a_matter(history: History) -> bool:
    """Whether an agency has begun to look into something, also before it has filed a case."""
    return any(event.kind == "AG" for event in history.named(*_AGENCY_ACTS))
