"""Everything that is true of a case at one moment, computed from its events alone.

The same function answers the live service, a question about a past day and the rebuild, so they cannot
disagree. Arrival order and repeated deliveries do not matter.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianjie.contracts.canonical import canonical, digest
from xianjie.contracts.recorded import RecordedEvent
from xianjie.lawbook.bundle import Lawbook
from xianjie.lawbook.procedure.times import civil_day, midnight

from .clocks import Clock, run_clocks
from .findings import detect
from .history import History
from .judging import CaseJudgement, judgements_at
from .organs import AskedOrgans, Organs
from .regions import Regions, fold
from .view import CaseView, Found, Later


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A case at the moment `at`.

    Attributes:
        organs_asked: the organs whose entries in the registry it depends on.
        next_change: the next instant at which something changes although nothing happens; None: never.
    """

    subject: str
    at: datetime
    history: History
    regions: Regions
    clocks: tuple[Clock, ...]
    judgements: tuple[CaseJudgement, ...]
    findings: tuple[Found, ...]
    agency: str
    organs_asked: frozenset[str]
    next_change: datetime | None

    def as_json(self) -> dict[str, Any]:
        """Return the state without its moment, in the words of the answers."""
        return {
            "regions": self.regions.as_json(),
            "judgements": [judgement.as_json() for judgement in self.judgements],
            "clocks": [clock.as_json() for clock in self.clocks],
            "findings": sorted(f"{found.rule}#{found.key}" for found in self.findings if found.open),
        }

    @property
    def digest(self) -> str:
        """The digest of the state, the same for every fold of the same events at the same moment."""
        return digest(canonical(self.as_json()))


def take(
    subject: str,
    events: Iterable[RecordedEvent],
    *,
    at: datetime,
    law: Lawbook,
    organs: Organs,
    known_at: datetime | None = None,
) -> Snapshot:
    """Fold, judge and time a case.

    Args:
        events: events of the case and of the cases merged into it, in any order.
        at: the moment in the world; acts that had not happened by then do not count.
        known_at: leave out what the platform recorded after this instant; default: `at`.
    """
    horizon = at if known_at is None else known_at
    known = [event for event in events if event.recorded_at <= horizon]
    asked = AskedOrgans(organs)
    history = History.of(subject, known, as_of=at)
    regions = fold(history, sectors=asked.sector)
    clocks = run_clocks(history, at=at, law=law, organs=asked)
    view = CaseView(
        subject=subject,
        at=at,
        history=history,
        regions=regions,
        clocks=clocks,
        judgements=judgements_at(history, law, asked, at=at, regions=regions),
        law=law,
        organs=asked,
    )
    outcomes = list(detect(view))
    moments = [outcome.at for outcome in outcomes if isinstance(outcome, Later)]
    moments += [clock.next_change for clock in clocks if clock.next_change is not None]
    # A later law that is milder governs what is not decided yet, so a judgement may change with the law.
    law_changes = law.standards.next_change(civil_day(at)) if view.judgements else None
    if law_changes is not None:
        moments.append(midnight(law_changes))
    return Snapshot(
        subject=subject,
        at=at,
        history=history,
        regions=regions,
        clocks=clocks,
        judgements=view.judgements,
        findings=tuple(outcome for outcome in outcomes if isinstance(outcome, Found)),
        agency=view.agency,
        organs_asked=frozenset(asked.asked),
        next_change=min((moment for moment in moments if moment > at), default=None),
    )
