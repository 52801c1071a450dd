"""An accepted event as the services carry it: validated once at the door, light afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import orjson

TYPE_PREFIX = "cn.xianjie."
ORGAN_PREFIX = "urn:xianjie:organ:"
PLATFORM_PREFIX = "urn:xianjie:platform:"


class Ref(NamedTuple):
    """Identity of an event: `source` and `id` together are unique."""

    source: str
    id: str

    @property
    def text(self) -> str:
        """The reference in one string, `<source>#<id>`, as in the extension `causationid`."""
        return f"{self.source}#{self.id}"


@dataclass(frozen=True, slots=True)
class RecordedEvent:
    """One event of the catalogue after intake accepted it.

    Attributes:
        ref: source and id.
        name: type without prefix and version, for example `case.transferred`.
        subject: case id, or the id that the type's `subject` names.
        released_at: `time`, the instant at which the source released the record.
        recorded_at: `recordedat`, the instant at which the platform took it in.
        data: the validated data object, as JSON values. Not to be changed.
    """

    ref: Ref
    name: str
    subject: str
    released_at: datetime
    recorded_at: datetime
    data: dict[str, Any]

    @classmethod
    def from_json(cls, body: bytes) -> RecordedEvent:
        """Read an event from the bus.

        Args:
            body: CloudEvent in structured JSON with the extension `recordedat`.

        Raises:
            KeyError: a required attribute is missing; intake never publishes such an event.
        """
        event = orjson.loads(body)
        return cls(
            ref=Ref(event["source"], event["id"]),
            name=short_name(event["type"]),
            subject=event["subject"],
            released_at=datetime.fromisoformat(event["time"]),
            recorded_at=datetime.fromisoformat(event["recordedat"]),
            data=event["data"],
        )

    @property
    def organ(self) -> str | None:
        """The organ that speaks, None when the platform speaks."""
        return (
            self.ref.source.removeprefix(ORGAN_PREFIX) if self.ref.source.startswith(ORGAN_PREFIX) else None
        )

    @property
    def acting_organ(self) -> str | None:
        """The organ that acted: `by_organ` where another organ recorded the act."""
        by_organ: str | None = self.data.get("by_organ")
        return by_organ or self.organ


def short_name(type_: str) -> str:
    """Return `case.transferred` for `cn.xianjie.case.transferred.v1`."""
    return type_.removeprefix(TYPE_PREFIX).rpartition(".v")[0]
