"""What the service tells the rest of the platform: notification.sent and notification.settled."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final, Literal

import orjson

from xianjie.chassis.bus import Message
from xianjie.contracts.recorded import PLATFORM_PREFIX, Ref
from xianjie.notification.domain.messages import InboxMessage

TOPIC: Final = "notification.events"
SOURCE: Final = f"{PLATFORM_PREFIX}notification"
CHANNEL: Final = "inbox"

Settlement = Literal["read", "acknowledged", "expired"]


def sent(message: InboxMessage) -> Message:
    """Return the event that this message stands in the recipient's inbox."""
    data: dict[str, Any] = {
        "to_organ": message.recipient,
        "about": message.about._asdict(),
        "channel": CHANNEL,
    }
    if message.must_answer_by:
        data["must_answer_by"] = _instant(message.must_answer_by)
    return _event(
        "notification.sent",
        ref=sent_ref(message.id),
        subject=message.id,
        at=message.created_at,
        cause=message.about,
        data=data,
    )


def settled(message_id: str, *, state: Settlement, at: datetime) -> Message:
    """Return the event that a message reached a state.

    Args:
        message_id: id of the message.
        state: what it reached.
        at: aware instant at which it did.
    """
    cause = sent_ref(message_id)
    return _event(
        "notification.settled",
        ref=settled_ref(message_id, state=state),
        subject=message_id,
        at=at,
        cause=cause,
        data={"notification": cause._asdict(), "state": state},
    )


def sent_ref(message_id: str) -> Ref:
    """Return the identity of the event that the message was sent."""
    return Ref(SOURCE, f"{message_id}.sent")


def settled_ref(message_id: str, *, state: Settlement) -> Ref:
    """Return the identity of the event that the message reached the state; each state is reached once."""
    return Ref(SOURCE, f"{message_id}.{state}")


def _event(name: str, *, ref: Ref, subject: str, at: datetime, cause: Ref, data: dict[str, Any]) -> Message:
    type_ = f"cn.xianjie.{name}.v1"
    instant = _instant(at)
    event = {
        "specversion": "1.0",
        "id": ref.id,
        "source": ref.source,
        "type": type_,
        "subject": subject,
        "time": instant,
        "datacontenttype": "application/json",
        "dataschema": f"urn:xianjie:schema:{type_}",
        "recordedat": instant,
        "causationid": cause.text,
        "partitionkey": subject,
        "data": {"occurred": {"precision": "instant", "value": instant}, **data},
    }
    return Message(topic=TOPIC, key=subject, id=ref.text, body=orjson.dumps(event))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
