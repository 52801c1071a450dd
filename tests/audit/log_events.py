"""Events as they stand on the bus, and a log that is read as strangers read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from xianjie.chassis.bus import Message
from xianjie.tlog.notes import SigningKey

ORIGIN = "xianjie.example/log"
KEY = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))
SIGNED_AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
AGENCY = "urn:xianjie:organ:ag-130900-market"
PLATFORM = "urn:xianjie:platform:transfer"


def event(number: int, *, source: str = AGENCY, **data: Any) -> dict[str, Any]:
    """An accepted event."""
    return {
        "specversion": "1.0",
        "id": f"EV-{number}",
        "source": source,
        "type": "cn.xianjie.case.transferred.v1",
        "subject": f"ag-130900-market/CASE-{number % 7}",
        "time": "2024-05-06T09:00:00+08:00",
        "recordedat": "2024-05-06T01:00:02.5Z",
        "data": {"occurred": {"precision": "day", "value": "2024-05-05"}, "note": "据查", **data},
    }


def body(number: int, *, source: str = AGENCY, **data: Any) -> bytes:
    """The same event as it travels."""
    return orjson.dumps(event(number, source=source, **data))


def bodies(first: int, after: int) -> list[bytes]:
    """Events by number."""
    return [body(number) for number in range(first, after)]


def message(number: int, *, topic: str = "intake.events", source: str = AGENCY) -> Message:
    """The same event on a topic."""
    accepted = event(number, source=source)
    return Message(topic, accepted["subject"], f"{source}#{accepted['id']}", orjson.dumps(accepted), {})
