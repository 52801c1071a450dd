"""Moving a case forward in time: each moment at which something was recorded or a term passed, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from xianjie.contracts.recorded import RecordedEvent, Ref
from xianjie.lawbook.bundle import Lawbook

from .organs import Organs
from .snapshot import Snapshot, take
from .standing import Decision, Standing, compare, finding_id
from .view import Found


@dataclass(frozen=True, slots=True)
class Seen:
    """A finding as it was last seen on the way, also one that ended before the way did."""

    found: Found
    first_seen: datetime
    last_seen: datetime


@dataclass(frozen=True, slots=True)
class Progress:
    """A case after it was moved forward.

    Attributes:
        findings: everything seen at one of the moments passed, by finding id.
        evaluated_until: the moment of the snapshot; nothing before it has to be looked at again.
        wake_at: when to look again although nothing happens.
    """

    snapshot: Snapshot
    standing: Standing
    decisions: tuple[Decision, ...]
    findings: Mapping[str, Seen]
    evaluated_until: datetime
    wake_at: datetime | None


def advance(
    subject: str,
    events: Sequence[RecordedEvent],
    *,
    standing: Standing,
    after: datetime | None,
    wake_at: datetime | None,
    upto: datetime,
    law: Lawbook,
    organs: Organs,
    law_change: Ref | None = None,
) -> Progress | None:
    """Look at the case at each moment in (after, upto] at which something changes.

    Args:
        standing: what was said up to `after`.
        after: the moment up to which the case was evaluated; None: never.
        wake_at: the next moment at which a term passes, as the last evaluation found it.
        upto: the moment up to which to go; timers up to it fire in order, each at its own moment.
        law_change: the event that put this law into use, where the case was evaluated under another one.

    Returns:
        None where nothing was to be done. An event that was recorded at or before `after` (it travelled
        longer than the timers wait) is taken in at the next moment, at the latest at `upto`.
    """
    moments = sorted({event.recorded_at for event in events if after is None or event.recorded_at > after})
    pending = [moment for moment in moments if moment <= upto]
    if after is not None and not pending and (wake_at is None or wake_at > upto):
        pending = [max(after, upto)]  # an event that was overtaken by a timer
    decisions: list[Decision] = []
    seen: dict[str, Seen] = {}
    snapshot: Snapshot | None = None
    while True:
        candidates = pending[:1] + ([wake_at] if wake_at is not None and wake_at <= upto else [])
        if not candidates:
            break
        moment = min(candidates)
        by_the_law = snapshot is None and moment not in pending
        pending = [later for later in pending if later > moment]
        snapshot = take(subject, events, at=moment, law=law, organs=organs)
        standing, said = compare(
            standing, snapshot, law_digest=law.digest, law_change=law_change if by_the_law else None
        )
        decisions += said
        for found in snapshot.findings:
            key = finding_id(subject, found)
            first = seen[key].first_seen if key in seen else moment
            seen[key] = Seen(found, first, moment)
        wake_at = snapshot.next_change
    if snapshot is None:
        return None
    return Progress(snapshot, standing, tuple(decisions), seen, snapshot.at, wake_at)
