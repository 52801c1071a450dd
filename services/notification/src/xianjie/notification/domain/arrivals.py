"""What a batch of events of the platform brings: organs, clocks and facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from xianjie.contracts.recorded import RecordedEvent, Ref
from xianjie.notification.domain import facts
from xianjie.notification.domain.due import Words
from xianjie.notification.domain.facts import Clock, Fact
from xianjie.notification.domain.registry import Organ

READ: Final = ("organ.changed", "finding.raised", "clock.started", "clock.warned", "clock.expired")
"""The events that matter here, without prefix and version; every other one is passed over."""

_ABOUT_A_CLOCK: Final[Mapping[str, Callable[..., Fact]]] = {
    "clock.warned": facts.clock_warned,
    "clock.expired": facts.clock_expired,
}


class ClockUnknown(Exception):
    """A clock warned or expired that nobody announced: the order of its case is broken."""


@dataclass(frozen=True, slots=True)
class ToldOrgan:
    """A version of an organ and who told it.

    Attributes:
        organ: the version.
        ref: the event organ.changed.
        recorded_at: the instant at which the platform took that event in.
    """

    organ: Organ
    ref: Ref
    recorded_at: datetime


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What a batch brings, each in the order of the batch."""

    organs: tuple[ToldOrgan, ...]
    clocks: tuple[Clock, ...]
    facts: tuple[Fact, ...]


def clocks_named(events: Iterable[RecordedEvent]) -> frozenset[str]:
    """Return the ids of the clocks that the events name without describing them."""
    return frozenset(event.data["clock"] for event in events if event.name in _ABOUT_A_CLOCK)


def arrivals(
    events: Sequence[RecordedEvent], *, known: Mapping[str, Clock], titles: Mapping[str, Words]
) -> Arrivals:
    """Read a batch in its order.

    Args:
        events: events named in READ; others are passed over.
        known: clocks announced before this batch, by id.
        titles: row or rule id to its title.

    Raises:
        ClockUnknown: clock.warned or clock.expired without clock.started before it.
    """
    clocks = dict(known)
    organs, started, found = [], [], []
    for event in events:
        if event.name == "organ.changed":
            organs.append(ToldOrgan(_organ(event), event.ref, event.recorded_at))
        elif event.name == "finding.raised":
            found.append(facts.finding_raised(event, titles=titles))
        elif event.name == "clock.started":
            clock = Clock.started(event)
            clocks[clock.id] = clock
            started.append(clock)
            found.append(facts.clock_started(event, titles=titles))
        elif event.name in _ABOUT_A_CLOCK:
            named = clocks.get(event.data["clock"])
            if named is None:
                raise ClockUnknown(f"{event.ref.text} names clock {event.data['clock']}")
            found.append(_ABOUT_A_CLOCK[event.name](event, named, titles=titles))
    return Arrivals(tuple(organs), tuple(started), tuple(found))


def _organ(event: RecordedEvent) -> Organ:
    told = event.data["organ"]
    return Organ(
        id=told["id"],
        name=told["name"],
        kind=told["kind"],
        level=told["level"],
        region=told["region"],
        parent=told.get("parent"),
        change=event.data["change"],
        successors=tuple(event.data.get("successors", ())),
        valid_from=date.fromisoformat(event.data["valid_from"]),
    )
