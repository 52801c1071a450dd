"""What a service hands to the composition root."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from fastapi import FastAPI


@dataclass(frozen=True, slots=True)
class Service:
    """One service, put together but not yet running.

    Attributes:
        name: `intake`, `transfer`, `notification` or `audit`; also its prefix in the embedded shape.
        app: the HTTP door, with paths that begin below the prefix.
        tasks: endless loops (relay, consumer, timers); each ends only by cancellation.
        settled: whether nothing is waiting: outbox empty, subscriptions drained, no timer due.
    """

    name: str
    app: FastAPI
    tasks: tuple[Callable[[], Awaitable[None]], ...]
    settled: Callable[[], Awaitable[bool]]
