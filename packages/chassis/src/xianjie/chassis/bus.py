"""The port of the event bus: what a transport must promise, whichever it is.

Promises, each checked by the contract suite in tests/chassis/bus_contract.py:

* `publish` returns when the messages are durable; messages of one key that were published one after the
  other are delivered in that order;
* every group receives every message of its topics at least once;
* what was fetched but not acknowledged is delivered again to the next holder of the subscription;
* what was acknowledged is not delivered to this group again, a crash between handling and acknowledging
  aside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol


@dataclass(frozen=True, slots=True)
class Message:
    """One message as it travels.

    Attributes:
        topic: name of the stream, for example `intake.events`.
        key: what order is kept for: the subject.
        id: unique over all topics and publishers; the inbox knows a repeated message by it.
        body: the event, JSON in UTF-8.
        headers: short texts beside the body, for example the trace context.
    """

    topic: str
    key: str
    id: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Position(NamedTuple):
    """Where a message stands in its topic; only the adapter reads meaning into it."""

    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message handed to a group, with the place to acknowledge it by."""

    message: Message
    position: Position


class Subscription(Protocol):
    """One member of a group that reads topics."""

    async def fetch(self, *, limit: int, wait_seconds: float) -> list[Delivery]:
        """Return at most `limit` further messages in order, an empty list if none came in time.

        Raises:
            Unavailable: the bus does not answer; the next call starts after what was acknowledged.
        """
        ...

    async def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """Record durably that these messages and all before them in their partitions are done.

        Raises:
            Unavailable: nothing was recorded; the messages come again.
        """
        ...

    async def lag(self) -> int:
        """Return how many messages of the topics this group has not acknowledged.

        Raises:
            Unavailable: the bus does not answer.
        """
        ...

    async def close(self) -> None:
        """Leave the group. What was not acknowledged goes to another member."""
        ...


class Bus(Protocol):
    """A durable, ordered, replayable log of messages."""

    async def publish(self, messages: Sequence[Message]) -> None:
        """Append the messages; they are durable when this returns.

        Raises:
            Unavailable: they may or may not have been stored, publish them again.
        """
        ...

    def subscribe(self, *, group: str, topics: Sequence[str]) -> Subscription:
        """Return a new member of `group`; a new group starts at the oldest message kept.

        All members of one group name the same topics.
        """
        ...
