"""When an act happened: the readings that a record with limited precision allows.

Source: catalogue of events, section "Time of an act". A day is never invented: an act known by its
month has 28 to 31 possible days, and every computation that starts from it carries both ends along.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any, Literal
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")
Precision = Literal["instant", "day", "month", "year", "unknown"]
_WRITTEN = (
    (re.compile(r"\d{4}"), "year"),
    (re.compile(r"\d{4}-\d{2}"), "month"),
    (re.compile(r"\d{4}-\d{2}-\d{2}"), "day"),
    (re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?"), "instant"),
)


def midnight(day: date) -> datetime:
    """Return 00:00 of the civil day in Asia/Shanghai."""
    return datetime.combine(day, time(), tzinfo=CHINA)


def civil_day(instant: datetime) -> date:
    """Return the civil day in Asia/Shanghai in which the instant falls."""
    return instant.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Span:
    """All readings of the time of one act.

    Attributes:
        first_day: earliest possible civil day in Asia/Shanghai; None when open.
        last_day: latest possible civil day; None when open.
        instant: the exact moment, only where the record gives one.
    """

    first_day: date | None
    last_day: date | None
    instant: datetime | None = None

    @classmethod
    def of_instant(cls, instant: datetime) -> Span:
        """Return the single reading of an exact moment (must be timezone-aware)."""
        day = civil_day(instant)
        return cls(day, day, instant)

    @classmethod
    def of_day(cls, day: date) -> Span:
        """Return the reading of a civil day whose hour is unknown."""
        return cls(day, day)

    @classmethod
    def of_occurred(cls, occurred: Mapping[str, Any]) -> Span:
        """Return the readings of a validated `occurred` value of an event."""
        precision: Precision = occurred["precision"]
        value: Any = occurred.get("value")
        if precision == "instant":
            return cls.of_instant(datetime.fromisoformat(value))
        if precision == "day":
            span = cls.of_day(date.fromisoformat(value))
        elif precision == "month":
            year, month = (int(part) for part in value.split("-"))
            after = date(year + month // 12, month % 12 + 1, 1)
            span = cls(date(year, month, 1), after - timedelta(days=1))
        elif precision == "year":
            span = cls(date(int(value), 1, 1), date(int(value), 12, 31))
        else:
            span = cls(None, None)
        return span.narrowed(
            not_before=_date_or_none(occurred.get("not_before")),
            not_after=_date_or_none(occurred.get("not_after")),
        )

    @classmethod
    def of_text(cls, text: str) -> Span:
        """Return the readings of a moment as people write it.

        A year `2024`, a month `2024-05`, a day `2024-05-03`, an instant `2024-05-03T10:20` (Asia/Shanghai
        unless it names its offset), or everything between two of them, `2024-05..2024-06-10`; an end that is
        left out is open.

        Raises:
            ValueError: the text is none of these, names no real day, or ends before it begins.
        """
        first, dots, last = text.partition("..")
        if not dots:
            return _written(text)
        begin = _written(first) if first else cls(None, None)
        end = _written(last) if last else cls(None, None)
        if begin.first_day is not None and end.last_day is not None and begin.first_day > end.last_day:
            raise ValueError(text)
        return cls(begin.first_day, end.last_day)

    def as_json(self) -> dict[str, str | None]:
        """Return the instant, or both days; None is open."""
        if self.instant is not None:
            return {"instant": self.instant.isoformat()}
        first, last = self.first_day, self.last_day
        return {
            "first_day": None if first is None else first.isoformat(),
            "last_day": None if last is None else last.isoformat(),
        }

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> Span:
        """Return what `as_json` wrote down; raises ValueError or KeyError for anything else."""
        if "instant" in value:
            return cls.of_instant(datetime.fromisoformat(value["instant"]))
        return cls(_date_or_none(value["first_day"]), _date_or_none(value["last_day"]))

    def narrowed(self, *, not_before: date | None = None, not_after: date | None = None) -> Span:
        """Return the span cut down to the bounds; bounds that would empty it are ignored."""
        first, last = self.first_day, self.last_day
        if not_before is not None and (first is None or first < not_before):
            first = not_before if last is None or not_before <= last else first
        if not_after is not None and (last is None or not_after < last):
            last = not_after if first is None or first <= not_after else last
        return replace(self, first_day=first, last_day=last)

    @property
    def is_one_day(self) -> bool:
        """Whether every reading falls on the same civil day."""
        return self.first_day is not None and self.first_day == self.last_day

    @property
    def earliest(self) -> datetime | None:
        """The earliest possible instant, None when open."""
        if self.instant is not None:
            return self.instant
        return None if self.first_day is None else midnight(self.first_day)

    @property
    def latest(self) -> datetime | None:
        """The latest possible instant (24:00 of the last day), None when open."""
        if self.instant is not None:
            return self.instant
        return None if self.last_day is None else midnight(self.last_day + timedelta(days=1))


def _written(text: str) -> Span:
    precision = next((name for pattern, name in _WRITTEN if pattern.fullmatch(text)), None)
    if precision is None:
        raise ValueError(text)
    if precision == "instant":
        moment = datetime.fromisoformat(text)
        return Span.of_instant(moment if moment.tzinfo else moment.replace(tzinfo=CHINA))
    return Span.of_occurred({"precision": precision, "value": text})


def _date_or_none(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
