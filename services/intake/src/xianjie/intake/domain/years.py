"""Years that no record of a case can name.

Calendars end: a day after the last day of the year 9999 cannot be computed, nor an instant in UTC before the
first. One such date would stop every reader behind the door, so the door refuses it. The bounds are
technical, no law speaks of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from xianjie.contracts.errors import Problem
from xianjie.intake.domain.pointers import pointer_to

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2999

# Texts of canonical bytes that are exactly a date or an instant, and years and months of a time of an act.
_IN_RANGE: Final = "(?:19|2[0-9])[0-9]{2}"
_OUTSIDE: Final = re.compile(
    rf'"((?!{_IN_RANGE})[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}(?:T[0-9:.]+(?:Z|[+-][0-9:]+))?)"'.encode()
)
_YEAR_OR_MONTH_OUTSIDE: Final = re.compile(
    rb'"precision":"(?:year|month)"(?:,"text":"(?:[^"\\]|\\.)*")?,"value":"((?!%b)[0-9]{4}(?:-[0-9]{2})?)"'
    % _IN_RANGE.encode()
)


def years_outside(event: Mapping[str, Any], parts: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Return a problem for each date of the event that lies outside the years that can be computed with.

    Args:
        event: a valid event.
        parts: canonical bytes of its attributes.
    """
    found = _OUTSIDE.findall(parts["data"]) + _YEAR_OR_MONTH_OUTSIDE.findall(parts["data"])
    places = [(text.decode(), pointer_to(event["data"], text.decode())) for text in dict.fromkeys(found)]
    if _OUTSIDE.fullmatch(parts["time"]):
        places.append((event["time"], "/time"))
    return tuple(_outside(text, pointer) for text, pointer in places)


def _outside(text: str, pointer: str) -> Problem:
    return Problem(
        code="event.time.out_of_range",
        detail=f"时间 {text} 超出可处理的年份（{FIRST_YEAR} 至 {LAST_YEAR} 年）。",
        detail_en=f"The time {text} lies outside the years {FIRST_YEAR} to {LAST_YEAR}.",
        todo="请核对年份；时间不详时请使用 precision: unknown，不要填写虚构日期。",
        todo_en="Check the year; for an unknown time send precision unknown instead of a made-up date.",
        pointer=pointer,
    )
