"""Load the registry of organs, and tell the other services about every change through the bus."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from xianjie.chassis.database import Transaction
from xianjie.contracts.canonical import canonical, digest
from xianjie.contracts.errors import Malformed
from xianjie.intake.domain.arrivals import REGISTRY_SOURCE, Arrival, Item, examine
from xianjie.intake.domain.judging import Outcome, accept
from xianjie.intake.domain.registry import Organ, Registry, change_word
from xianjie.intake.domain.verdicts import Verdict, Word
from xianjie.intake.handlers.accept import ORGAN_CHANGED, keep
from xianjie.intake.handlers.registries import Registries
from xianjie.intake.store import events, organs
from xianjie.lawbook.procedure.times import CHINA, civil_day


@dataclass(frozen=True, slots=True)
class Registration:
    """What the registrar says about one organ.

    Attributes:
        organ: the version; its `valid_from` is not read.
        valid_from: first day of the version; None: if anything changed, the day on which it is registered.
    """

    organ: Organ
    valid_from: date | None


@dataclass(frozen=True, slots=True)
class Registered:
    """What became of a registration; `position` is None where nothing changed."""

    organ: Organ
    change: str | None
    position: int | None


async def register_organs(
    tx: Transaction,
    registrations: Sequence[Registration],
    *,
    arrival: Arrival,
    now: datetime,
    registries: Registries,
) -> list[Registered]:
    """Add new and changed versions and emit `organ.changed` for each; what is known already changes nothing.

    Args:
        registrations: one for each organ and day.
        arrival: the request, of channel `registry`, without items.
        now: reading of the clock.

    Raises:
        Malformed: a version does not have the form of the catalogue; nothing is kept.
    """
    head = await events.lock_head(tx)
    registry = await registries.of(tx, head.registry_revision)
    outcome = Outcome.after(head, now=now)
    outcome.submission += 1
    today = civil_day(outcome.recorded_at)
    changes = [_change(said, registry, today) for said in registrations]
    arrival, registered = _announce(changes, arrival, outcome)
    if outcome.events:
        await keep(tx, arrivals=[arrival], first_submission=head.submission + 1, outcome=outcome)
        new = [entry.organ for entry in registered if entry.change is not None]
        await organs.add(tx, organs=new, revision=head.registry_revision + 1, recorded_at=outcome.recorded_at)
    return registered


def _change(said: Registration, registry: Registry, today: date) -> tuple[Organ, str | None]:
    """Return the version that is meant and the word of its change, None when nothing changed."""
    day = said.valid_from or today
    before = registry.at(said.organ.id, day)
    if before is not None and said.valid_from is None:
        after = replace(said.organ, valid_from=before.valid_from)
        if after == before:
            return before, None
    after = replace(said.organ, valid_from=day)
    if after in registry.versions.get(after.id, ()):
        return after, None
    return after, change_word(before, after)


def _announce(
    changes: Sequence[tuple[Organ, str | None]], arrival: Arrival, outcome: Outcome
) -> tuple[Arrival, list[Registered]]:
    items: list[Item] = []
    registered: list[Registered] = []
    verdicts: list[Verdict] = []
    outcome.verdicts.append(verdicts)
    for organ, change in changes:
        if change is None:
            registered.append(Registered(organ, None, None))
            continue
        item = examine(canonical(_organ_changed(organ, change, outcome.recorded_at)))
        if item.problems:
            raise Malformed(item.problems[0], item.problems[1:])
        receipt = accept(item, (), len(items), arrival, outcome)
        items.append(item)
        verdicts.append(Verdict(Word.ACCEPTED, receipt))
        registered.append(Registered(organ, change, receipt.position))
    return replace(arrival, items=tuple(items)), registered


def _organ_changed(organ: Organ, change: str, recorded_at: datetime) -> dict[str, Any]:
    """Return the event; its id follows from what it says and when, so a retry cannot emit it twice."""
    released = recorded_at.astimezone(CHINA).isoformat(timespec="microseconds")
    data: dict[str, Any] = {
        "occurred": {"precision": "instant", "value": released},
        "change": change,
        "organ": organ.as_event_value(),
        "valid_from": organ.valid_from.isoformat(),
    }
    if organ.successors:
        data["successors"] = list(organ.successors)
    return {
        "specversion": "1.0",
        "id": "organ-" + digest(canonical(data)).removeprefix("sha-256:")[:40],
        "source": REGISTRY_SOURCE,
        "type": ORGAN_CHANGED,
        "subject": organ.id,
        "time": released,
        "datacontenttype": "application/json",
        "dataschema": f"urn:xianjie:schema:{ORGAN_CHANGED}",
        "data": data,
    }
