"""How each source is doing: what came, what became of it, and when it was last heard of."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from xianjie.intake.domain.arrivals import Arrival
from xianjie.intake.domain.judging import Outcome
from xianjie.intake.domain.verdicts import Word


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """Counts of one source; of one transaction here, of all time in the store.

    Attributes:
        source: source of the organ whose key sent it.
        accepted, repeated, conflicting, refused: number of items with that verdict.
        last_arrived_at: of anything, refused or not.
        last_released_at: latest `time` of an accepted event; None before the first.
        last_position: of its last accepted event.
    """

    source: str
    accepted: int
    repeated: int
    conflicting: int
    refused: int
    last_arrived_at: datetime
    last_released_at: datetime | None
    last_position: int | None


def health_of(arrivals: Sequence[Arrival], outcome: Outcome) -> list[SourceHealth]:
    """Return what one transaction adds to the health of its sources, by source."""
    words: dict[str, Counter[Word]] = {}
    arrived: dict[str, datetime] = {}
    for arrival, verdicts in zip(arrivals, outcome.verdicts, strict=True):
        words.setdefault(arrival.source, Counter()).update(verdict.word for verdict in verdicts)
        arrived[arrival.source] = max(arrived.get(arrival.source, arrival.arrived_at), arrival.arrived_at)
    released: dict[str, datetime] = {}
    positions: dict[str, int] = {}
    for event in outcome.events:
        source = event.receipt.ref.source
        released[source] = max(released.get(source, event.released_at), event.released_at)
        positions[source] = event.receipt.position
    return [
        SourceHealth(
            source=source,
            accepted=count[Word.ACCEPTED],
            repeated=count[Word.REPEATED],
            conflicting=count[Word.CONFLICT],
            refused=count[Word.REFUSED],
            last_arrived_at=arrived[source],
            last_released_at=released.get(source),
            last_position=positions.get(source),
        )
        for source, count in sorted(words.items())
    ]
