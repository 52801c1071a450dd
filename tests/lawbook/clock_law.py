"""What the tests of the clocks share: the law of this repository, and short ways to write times."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from xianjie.lawbook.procedure.calendars import Calendar
from xianjie.lawbook.procedure.clocks import Due, Extension, Row, Suspension, due, load_rows
from xianjie.lawbook.procedure.times import CHINA, Span

LAW = Path(__file__).resolve().parents[2] / "law"


@cache
def calendar() -> Calendar:
    """The holiday arrangements of the repository."""
    return Calendar.load(LAW / "calendars")


@cache
def rows() -> Mapping[str, Row]:
    """The rows of the repository."""
    return load_rows(LAW / "clocks")


def at(text: str) -> datetime:
    """An instant, in Asia/Shanghai unless it says otherwise."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=CHINA)


def when(text: str | date) -> Span:
    """The readings of a day or an instant."""
    if isinstance(text, date):
        return Span.of_day(text)
    return Span.of_instant(at(text)) if "T" in text else Span.of_day(date.fromisoformat(text))


def due_of(
    row: str,
    start: Span,
    *,
    extensions: tuple[Extension, ...] = (),
    suspensions: tuple[Suspension, ...] = (),
    known: Calendar | None = None,
) -> Due:
    """The due of a row whose text is the one in force on the first or last day of the start."""
    found = rows()[row]
    version = found.version_on(start.first_day or start.last_day or date(2026, 1, 1))
    assert version is not None
    return due(
        found, version, start, calendar=known or calendar(), extensions=extensions, suspensions=suspensions
    )


def extension(approved: str, rank: str, **amount: Any) -> Extension:
    """A recorded extension."""
    return Extension(when(approved), rank, **amount)
