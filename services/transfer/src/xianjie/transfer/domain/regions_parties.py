"""Whom an act concerns: the parties it names, under the identities that stand.

Source: catalogue of events, common field `parties` (absent means all parties of the case), section 5
(two identities are joined only by a person, `party.merged`) and section 6 (regions kept per party).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from xianjie.contracts.recorded import Ref
from xianjie.transfer.domain.history import CaseEvent, History

LIABLE_ROLES = frozenset({"suspect", "offender_convicted"})
PARTY_LISTS = ("suspects", "defendants", "parties_spared", "persons", "parties_concerned")
# Fields that lead from an act to the act whose parties it concerns.
SAME_PARTIES_AS = ("judgment", "non_prosecution", "about", "in_answer_to", "suspension", "started_by")
NAMING_ACTS = (
    "case.filed",
    "case.withdrawn",
    "coercive_measure.taken",
    "coercive_measure.ended",
    "arrest.requested",
    "arrest.decided",
    "investigation.terminated",
    "prosecution.requested",
    "prosecution.instituted",
    "prosecution.declined",
    "judgment.rendered",
    "penalty_opinion.issued",
    "reverse.transferred",
)


def chain(event: CaseEvent, history: History, *fields: str) -> Iterator[CaseEvent]:
    """The event and the events that it answers, the nearest first, along the given reference fields."""
    seen: set[Ref] = set()
    current: CaseEvent | None = event
    while current is not None and current.ref not in seen:
        yield current
        seen.add(current.ref)
        refs = (current.ref_in(name) for name in fields)
        current = next((found for ref in refs if (found := history.get(ref)) is not None), None)


class Parties:
    """The parties of one case.

    Attributes:
        liable: those who may be liable, in order of appearance: suspects, and whoever a criminal act
            names; without parties that were replaced or that left by a split of the case.
    """

    def __init__(self, history: History) -> None:
        self._history = history
        self._survivors: dict[str, str] = {}
        for event in history.named("party.merged"):
            merged, surviving = event.data["merged_party"], event.data["surviving_party"]
            if event.data["undo"]:
                self._survivors.pop(merged, None)
            elif self.identity(surviving) != merged:
                self._survivors[merged] = surviving
        self.liable = self._liable()

    def identity(self, party: str) -> str:
        """The identity that a party goes by after the mergers that stand."""
        while party in self._survivors:
            party = self._survivors[party]
        return party

    @property
    def merged(self) -> tuple[str, ...]:
        """The identities that go by another one."""
        return tuple(self._survivors)

    def named(self, event: CaseEvent) -> frozenset[str]:
        """The parties that an act, or else the act it answers, names; empty when it concerns all."""
        if event.name == "clock.expired":
            clocks = self._history.named("clock.started")
            event = next((clock for clock in clocks if clock.data["clock"] == event.data["clock"]), event)
        for act in chain(event, self._history, *SAME_PARTIES_AS):
            named = {party for field in PARTY_LISTS for party in act.data.get(field) or ()}
            named |= {item["party"] for item in act.data.get("per_party") or ()}
            if named or (named := set(act.data.get("parties") or ())):
                return frozenset(map(self.identity, named))
        return frozenset()

    def verdict(self, event: CaseEvent, party: str) -> str | None:
        """The court's verdict on the party, None where the judgment has none."""
        items: Iterable[dict[str, str]] = event.data.get("per_party") or ()
        return next((item["verdict"] for item in items if self.identity(item["party"]) == party), None)

    def _liable(self) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for event in self._history.named("party.identified", *NAMING_ACTS):
            if event.name == "party.identified":
                if event.data["role"] in LIABLE_ROLES:
                    found.setdefault(self.identity(event.data["party"]))
                if (replaced := event.data.get("replaces")) is not None:
                    found.pop(self.identity(replaced), None)
            else:
                found |= dict.fromkeys(sorted(self.named(event)))
        for event in self._history.named("case.split"):
            for party in event.data.get("parties_moved") or ():
                found.pop(self.identity(party), None)
        return tuple(found)
