"""When a period ends: a day, an instant, an interval of readings, open, or counted in two ways."""

from __future__ import annotations

from typing import Annotated, Any, Final, Literal, NamedTuple, Self

from pydantic import ConfigDict, Discriminator, Field, Tag, model_validator

from xianjie.contracts.scalars import Date, DateOrInstant, Instant, Many, OrAbsent, Text
from xianjie.contracts.values import Value, wrong


class Readings(Value):
    """The days between which a due day lies; an absent bound is open."""

    earliest: OrAbsent[Date] = Field(default=None, title="最早")
    latest: OrAbsent[Date] = Field(default=None, title="最晚")


def _day_or_readings(value: Any) -> str:
    return "readings" if isinstance(value, dict | Readings) else "day"


DayOrReadings = Annotated[
    Annotated[Date, Tag("day")] | Annotated[Readings, Tag("readings")], Discriminator(_day_or_readings)
]


class _Members(NamedTuple):
    """Members that a kind of due needs, and those that it may have beside them."""

    needed: tuple[str, ...] = ()
    allowed: tuple[str, ...] = ()


_KINDS: Final = {
    "day": _Members(needed=("day",)),
    "instant": _Members(needed=("instant",)),
    "interval": _Members(allowed=("earliest", "latest")),
    "open": _Members(allowed=("earliest", "latest")),
    "dual": _Members(needed=("calendar", "working")),
}
_MEMBERS: Final = frozenset(name for members in _KINDS.values() for part in members for name in part)


def _rule(kind: str, members: _Members) -> dict[str, Any]:
    closed = sorted(_MEMBERS - {*members.needed, *members.allowed})
    properties = {"kind": {"const": kind}} | dict.fromkeys(closed, False)
    return {"properties": properties, "required": [*members.needed]}


class Due(Value):
    """The end of a period with the count that led to it.

    `day` lasts until 24:00, `instant` is the moment itself, `interval` holds the readings of an imprecise
    start, `open` waits for a receipt, `dual` counts in calendar and in working days.
    Source: catalogue of events, section 3.1; procedure, section 2.5.
    """

    model_config = ConfigDict(json_schema_extra={"oneOf": [_rule(*item) for item in _KINDS.items()]})

    kind: Literal["day", "instant", "interval", "open", "dual"] = Field(title="种类")
    day: OrAbsent[Date] = Field(default=None, title="到期日")
    instant: OrAbsent[Instant] = Field(default=None, title="到期时刻")
    earliest: OrAbsent[DateOrInstant] = Field(default=None, title="最早", description="absent: open")
    latest: OrAbsent[DateOrInstant] = Field(default=None, title="最晚", description="absent: open")
    calendar: OrAbsent[DayOrReadings] = Field(default=None, title="按自然日")
    working: OrAbsent[DayOrReadings] = Field(default=None, title="按工作日")
    derivation: Many[Text] = Field(title="计算过程", description="the count, line by line")

    @model_validator(mode="after")
    def _has_the_members_of_its_kind(self) -> Self:
        members = _KINDS[self.kind]
        given = self.model_fields_set & _MEMBERS
        for name in members.needed:
            if name not in given:
                raise wrong("due_needs", name, kind=self.kind, member=name)
        for name in sorted(given - {*members.needed, *members.allowed}):
            raise wrong("due_excludes", name, kind=self.kind, member=name)
        return self
