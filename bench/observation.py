"""Watching a running system through its public doors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import perf_counter
from typing import Any

import httpx2
import orjson

from xianjie.contracts.canonical import event_digest

from .material import CopiedEvent

# Each look costs the system a little of what is being measured.
LOOK_SECONDS = 0.05
SETTLED_SECONDS = 0.05


class Observer:
    """Asks the doors with a key of the scope oversight."""

    def __init__(self, client: httpx2.AsyncClient, key: str) -> None:
        """Use the client, which knows the address."""
        self._client = client
        self._headers = {"authorization": f"Bearer {key}"}

    async def settle(self, seconds: float) -> None:
        """Return when every service says that it has settled.

        The services answer in the order in which a case travels through them, so nothing passes unseen.

        Raises:
            TimeoutError: they do not within `seconds`.
        """
        async with asyncio.timeout(seconds):
            await _until(self._is_settled, every=SETTLED_SECONDS)

    async def case(self, subject: str) -> Any:
        """Return a case as it stands."""
        return await self._get(f"/transfer/v1/cases/{subject}")

    async def notices(self, subject: str) -> int:
        """Return how many notices about a case stand in inboxes."""
        return len((await self._get("/notification/v1/messages", subject=subject, limit=500))["messages"])

    async def log_size(self) -> int:
        """Return the leaves under the newest checkpoint."""
        response = await self._client.get("/audit/v1/checkpoint")
        return int(response.text.splitlines()[1])

    async def seen(self, event: CopiedEvent, *, notices: int, since: float) -> float:
        """Return the seconds from `since` until an event has had all its effects.

        Its case has it with everything that follows (one transaction), the notices about the case are as
        many as expected, and the log has its leaf.
        """
        digest = event_digest(orjson.loads(event.body))
        looks = (
            lambda: self._is_in_case(event),
            lambda: self._has_notices(event.subject, notices),
            lambda: self._is_in_log(digest),
        )
        for look in looks:
            await _until(look)
        return perf_counter() - since

    async def _is_settled(self) -> bool:
        answer = await self._get("/readyz")
        return all(state == "settled" for state in answer["services"].values())

    async def _is_in_case(self, event: CopiedEvent) -> bool:
        timeline = await self._get(f"/transfer/v1/cases/{event.subject}/timeline", missing={})
        return any(line["id"] == event.id for line in timeline.get("timeline", ()))

    async def _has_notices(self, subject: str, number: int) -> bool:
        return number == 0 or await self.notices(subject) >= number

    async def _is_in_log(self, digest: str) -> bool:
        return bool((await self._get("/audit/v1/leaves", digest=digest))["leaves"])

    async def _get(self, path: str, *, missing: Any = None, **query: str | int) -> Any:
        response = await self._client.get(path, headers=self._headers, params=query)
        if response.status_code == 404 and missing is not None:
            return missing
        response.raise_for_status()
        return orjson.loads(response.content)


async def _until(look: Callable[[], Awaitable[bool]], *, every: float = LOOK_SECONDS) -> None:
    # The other side is another process: there is no event to wait for.
    while not await look():  # noqa: ASYNC110
        await asyncio.sleep(every)
