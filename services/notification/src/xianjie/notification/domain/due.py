"""Due dates and moments in words for people, in the time of Asia/Shanghai."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")


class Words(NamedTuple):
    """The same words in Chinese and in English."""

    zh: str
    en: str


def moment_in_words(at: datetime) -> Words:
    """Say an instant to the minute, on the clock of Asia/Shanghai.

    Args:
        at: aware instant.
    """
    local = at.astimezone(SHANGHAI)
    return Words(
        zh=f"{local.year}年{local.month}月{local.day}日{local:%H:%M}",
        en=f"{local:%Y-%m-%d %H:%M} (UTC+8)",
    )


def due_in_words(due: Mapping[str, Any]) -> Words:
    """Say when a clock is due.

    Args:
        due: value of type `due` of the catalogue: kind day, instant, interval, open or dual, with the
            members of its kind.
    """
    match due["kind"]:
        case "day" | "instant" as kind:
            return _reading(due[kind])
        case "interval":
            return _between(due)
        case "dual":
            calendar, working = _reading(due["calendar"]), _reading(due["working"])
            return Words(
                zh=f"{calendar.zh}（按自然日），{working.zh}（按工作日）",
                en=f"{calendar.en} (calendar days), {working.en} (working days)",
            )
        case _:
            return Words(zh="尚不能确定", en="cannot be determined yet")


def _reading(value: str | Mapping[str, Any]) -> Words:
    if not isinstance(value, str):
        return _between(value)
    if "T" in value:
        return moment_in_words(datetime.fromisoformat(value))
    return Words(zh=value, en=value)


def _between(bounds: Mapping[str, Any]) -> Words:
    earliest, latest = bounds.get("earliest"), bounds.get("latest")
    if earliest is None and latest is None:
        return Words(zh="尚不能确定", en="cannot be determined yet")
    if earliest == latest and earliest is not None:
        return _reading(earliest)
    start = _reading(earliest) if earliest is not None else None
    end = _reading(latest) if latest is not None else None
    if start and end:
        return Words(zh=f"{start.zh}至{end.zh}之间", en=f"between {start.en} and {end.en}")
    if start:
        return Words(zh=f"不早于{start.zh}", en=f"not before {start.en}")
    assert end is not None
    return Words(zh=f"不晚于{end.zh}", en=f"not after {end.en}")
