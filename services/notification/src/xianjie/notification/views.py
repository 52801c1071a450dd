"""What callers are shown."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from xianjie.notification.domain.messages import ANSWER_LABEL
from xianjie.notification.domain.rules import Urgency


class _View(BaseModel):
    model_config = ConfigDict(frozen=True)


class EventView(_View):
    """Identity of an event."""

    source: str
    id: str


class BilingualView(_View):
    """The same words in Chinese and in English."""

    zh: str
    en: str


class MessageView(_View):
    """One message, with what its recipient has done about it."""

    id: str
    recipient: str = Field(description="organ id")
    subject: str = Field(description="case id")
    about: EventView = Field(description="the event that the message is about")
    rule: str = Field(description="rule that made the message")
    level: Literal["notice", "suspicion", "breach"] | None = Field(
        description="level of the finding, if it is one"
    )
    title_zh: str
    title_en: str
    body_zh: str
    body_en: str
    urgency: Urgency
    created_at: datetime
    must_answer_by: datetime | None = Field(
        description="a service target of the platform, never a statutory term"
    )
    must_answer_by_basis: BilingualView | None = Field(description="what kind of term must_answer_by is")
    read_at: datetime | None
    acknowledged_at: datetime | None
    expired_at: datetime | None = Field(
        description="when it was seen that no acknowledgement had come in time"
    )


class InboxView(_View):
    """One page of an inbox, newest first."""

    messages: tuple[MessageView, ...]
    unread: int = Field(description="unread messages of the organ, whatever the filters")
    cursor: str | None = Field(description="for the next page; null on the last")


class MessagesView(_View):
    """One page of the messages about a case, oldest first."""

    messages: tuple[MessageView, ...]
    cursor: str | None = Field(description="for the next page; null on the last")


class FeedView(_View):
    """The next messages of an organ in the order in which they became durable."""

    messages: tuple[MessageView, ...]
    cursor: str = Field(description="give it back to get what follows; it stays valid for ever")
    more: bool = Field(description="whether further messages are there already")


class DeliveryView(_View):
    """One row of the delivery ledger."""

    channel: str
    attempt: int
    state: Literal["queued", "delivered", "read", "acknowledged", "expired"]
    at: datetime


class ReceiptView(_View):
    """Who read the message first."""

    organ: str
    reader: str | None = Field(description="the organ's own mark for the officer, not a name")
    at: datetime


class LedgerView(_View):
    """Everything that became of one message."""

    message: str
    deliveries: tuple[DeliveryView, ...]
    receipt: ReceiptView | None


class UnroutedView(_View):
    """A fact of which no supervisor could be told yet."""

    rule: str
    about: EventView
    subject: str
    concerned: str = Field(description="organ whose supervisors are not known")
    waits_for: tuple[str, ...] = Field(
        description="arrivals that may end the wait: organ:<id>, region:<code>"
    )
    since: datetime


ANSWER_BASIS = BilingualView(zh=ANSWER_LABEL.zh, en=ANSWER_LABEL.en)
