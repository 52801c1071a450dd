"""Which rows of the procedure apply to a case: by sector, by category, by what is challenged, by the day.

The rule stands in the rows themselves (`applies`, `replaces`, `beside_general`); no sector is named here.
Source: catalogue of events, section 3.1 items 6 and 7; procedure 0.2: a sector row overrides the general row.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Literal

from xianjie.lawbook.procedure.rows import OrganKind, Row, Trigger

Relation = Literal["starts", "opens", "stops", "suspends", "resumes", "extends"]


def moved_by(
    rows: Iterable[Row], relation: Relation, *, event_type: str, data: Mapping[str, Any]
) -> tuple[tuple[Row, Trigger], ...]:
    """Return the rows whose clocks an event starts, opens, stops and so on, each with the trigger that fits.

    Extensions and suspensions name their row in the event: of those only the named row is returned.
    """
    named = data.get("row") if relation in {"extends", "suspends"} else None
    return tuple(
        (row, trigger)
        for row in rows
        for trigger in getattr(row.events, relation)
        if trigger.type == event_type and trigger.fits(data) and named in (None, row.id)
    )


def applicable(
    rows: Iterable[Row], *, sector: str | None, category: str | None, on: date | None = None
) -> tuple[Row, ...]:
    """Return those of some rows that apply to a case, special rows before general ones.

    Args:
        rows: rows that an event has moved, or all rows of one stem.
        sector: code of the enforcement agency's sector, None when unknown or no agency is in the case.
        category: category of the case at the police, None while it is not stated; then the sector decides.
        on: day of the start; rows whose text was not in force or is disabled on that day are left out, so
            that the general row comes back for the time before the sector had a text of its own.
    """
    chosen = [row for row in rows if _alive(row, on) and _fits(row, sector, category)]
    replaced = {row.replaces for row in chosen if row.replaces and not row.beside_general}
    left = [row for row in chosen if row.id not in replaced]
    return tuple(sorted(left, key=lambda row: row.replaces is None))


def which_rows(
    rows: Mapping[str, Row], stem: str, *, sector: str | None, category: str | None, on: date | None = None
) -> tuple[Row, ...]:
    """Return the row that governs a step, then the general row where it runs on beside it.

    `stem` is the id of the general row, or for steps that only sectors know their common beginning.
    """
    family = [
        row
        for row in rows.values()
        if stem in (row.id, row.replaces) or (stem not in rows and row.id.startswith(f"{stem}_"))
    ]
    return applicable(family, sector=sector, category=category, on=on)


def which_row(
    rows: Mapping[str, Row], stem: str, *, sector: str | None, category: str | None, on: date | None = None
) -> Row | None:
    """Return the row that governs a step, None when none was in force. See `which_rows`."""
    return next(iter(which_rows(rows, stem, sector=sector, category=category, on=on)), None)


def reconsideration_rows(rows: Iterable[Row], *, challenged_type: str, emitter: OrganKind) -> tuple[Row, ...]:
    """Return those of some rows that fit a request for reconsideration.

    Args:
        rows: rows that a request or a decision on it has moved; rows that name no challenged decision stay.
        challenged_type: type of the event that the request is directed against.
        emitter: kind of the organ that recorded the request (a person's request is recorded by the organ).
    """
    return tuple(
        row
        for row in rows
        if (not row.applies.challenged or challenged_type in row.applies.challenged)
        and (not row.applies.emitters or emitter in row.applies.emitters)
    )


def _alive(row: Row, day: date | None) -> bool:
    if day is None:
        return any(version.enabled for version in row.versions)
    version = row.version_on(day)
    return version is not None and version.enabled


def _fits(row: Row, sector: str | None, category: str | None) -> bool:
    sectors, categories = row.applies.sectors, row.applies.categories
    if categories and category is not None:
        return category in categories
    if sectors:
        return sector in sectors
    return not categories
