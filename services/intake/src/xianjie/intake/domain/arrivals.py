"""What arrived at the door, examined for its form only; nothing here knows a caller's rights."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import orjson

from xianjie.contracts.canonical import NOT_IN_DIGEST, canonical, digest
from xianjie.contracts.envelope import read_event
from xianjie.contracts.errors import Malformed, Problem
from xianjie.contracts.recorded import ORGAN_PREFIX, PLATFORM_PREFIX, Ref
from xianjie.intake.domain.years import years_outside

# In canonical bytes a member that is exactly an event reference, and a text that is exactly an organ id,
# look like this and nothing else does: quotation marks inside a text are escaped there.
_REFERENCE: Final = re.compile(rb'\{"id":"([A-Za-z0-9._-]{1,64})","source":"(urn:xianjie:[a-z0-9_:-]+)"\}')
_ORGAN: Final = re.compile(
    rb'[:\[,]"((?:ag|ps|pr|ct|jc|gov|jm|other)-[0-9]{6}-[a-z_0-9]+(?:-[0-9]{1,3})?)"(?=[,}\]])'
)
_CLAIM: Final = re.compile(r"[!-~]{1,200}")
REGISTRY_CHANNEL: Final = "registry"
REGISTRY_SOURCE: Final = PLATFORM_PREFIX + "intake"
_NO_PARTS: Final[Mapping[str, bytes]] = {}


@dataclass(frozen=True, slots=True)
class Item:
    """One event as it arrived.

    Attributes:
        event: the validated event; None when its form is broken.
        parts: canonical bytes of each attribute.
        digest: of the event, or of the bytes that arrived when the form is broken.
        ref: source and id as far as they could be read.
        problems: why the form is broken; empty for a valid event.
        row: line of a stream, counted from 1; None elsewhere.
    """

    event: Mapping[str, Any] | None
    parts: Mapping[str, bytes]
    digest: str
    ref: Ref | None
    problems: tuple[Problem, ...] = ()
    row: int | None = None

    def references(self) -> list[Ref]:
        """Return the events that the data refer to."""
        found = _REFERENCE.findall(self.parts["data"])
        return [Ref(source.decode(), event_id.decode()) for event_id, source in found]

    def organs(self) -> list[str]:
        """Return the organs that the data name."""
        return [found.decode() for found in _ORGAN.findall(self.parts["data"])]

    def canonical(self) -> bytes:
        """Return the canonical bytes of the event as its source said it."""
        return _joined(self.parts)

    def body(self, *, recorded_at: datetime) -> bytes:
        """Return the canonical bytes of the event as it is published."""
        assert self.event is not None
        stamped = dict(self.parts)
        stamped["recordedat"] = canonical(instant_text(recorded_at))
        stamped["partitionkey"] = canonical(self.event["subject"])
        return _joined(stamped)


@dataclass(frozen=True, slots=True)
class Arrival:
    """One request, or one chunk of a stream, with everything it holds.

    Attributes:
        original: the bytes as they came.
        original_digest: of these bytes.
        channel: `api`, `batch`, `stream`, `file` or `registry`.
        organ: organ of the key.
        key_id: the key.
        arrived_at: when the platform had it.
        items: the events in it, in order.
        stream: of the chunks that came in one request.
        chunk: number of the chunk, counted from 0.
    """

    original: bytes
    original_digest: str
    channel: str
    organ: str
    key_id: str
    arrived_at: datetime
    items: tuple[Item, ...]
    stream: UUID | None = None
    chunk: int | None = None

    @property
    def source(self) -> str:
        """The source that this arrival is counted for, whatever its items claim."""
        return REGISTRY_SOURCE if self.channel == REGISTRY_CHANNEL else ORGAN_PREFIX + self.organ


def examine(raw: bytes, *, row: int | None = None) -> Item:
    """Check the form of one event: encoding, JSON, envelope and data, as the catalogue declares them.

    Args:
        raw: one CloudEvent in structured JSON.
        row: line of the stream, for the problems.
    """
    try:
        event = read_event(raw)
        # Attributes other than data are texts, whose canonical form is that of the serializer.
        parts = {name: orjson.dumps(event[name]) for name in event if name != "data"}
        parts["data"] = canonical(event["data"])
    except Malformed as broken:
        return Item(None, _NO_PARTS, digest(raw), _claimed(raw), broken.problems, row)
    ref = Ref(event["source"], event["id"])
    outside = years_outside(event, parts)
    if outside:
        return Item(None, _NO_PARTS, digest(raw), ref, outside, row)
    name = digest(_joined({name: part for name, part in parts.items() if name not in NOT_IN_DIGEST}))
    return Item(event, parts, name, ref, (), row)


def unreadable(raw: bytes, *problems: Problem, row: int | None = None) -> Item:
    """Return the item for bytes that were not even looked at as an event."""
    return Item(None, _NO_PARTS, digest(raw), None, problems, row)


def _claimed(raw: bytes) -> Ref | None:
    """Return source and id of a broken event where they can be read, so that its sender finds it again."""
    try:
        event = orjson.loads(raw)
        source, event_id = event["source"], event["id"]
        if _CLAIM.fullmatch(source) and _CLAIM.fullmatch(event_id):
            return Ref(source, event_id)
    except (ValueError, TypeError, LookupError):
        pass
    return None


def instant_text(instant: datetime) -> str:
    """Return the RFC 3339 text in UTC, with microseconds, as `recordedat` carries it."""
    return instant.isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _joined(parts: Mapping[str, bytes]) -> bytes:
    """Return the RFC 8785 object of attributes; their names are lower-case ASCII."""
    return b"{" + b",".join(b'"%b":%b' % (name.encode(), parts[name]) for name in sorted(parts)) + b"}"
