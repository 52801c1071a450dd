"""A client of the public doors that shares nothing with the platform but its published interface."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import yaml

BATCH = {"content-type": "application/cloudevents-batch+json"}
ONE = {"content-type": "application/cloudevents+json"}
LOOK_SECONDS = 0.02
PAGE = 50

#: Source and id of an event.
Identity = tuple[str, str]


def identity(event: Mapping[str, Any]) -> Identity:
    """Return what names an event."""
    return event["source"], event["id"]


def read_stream(path: Path) -> list[dict[str, Any]]:
    """Return the events of a stream, in the order of its lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def read_organs(registry: Path) -> list[dict[str, Any]]:
    """Return the organs of a registry."""
    return list(yaml.load(registry.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)["organs"])


@dataclass(slots=True)
class Stranger:
    """Speaks to one running system in the name of every organ and of the operator."""

    http: httpx2.AsyncClient
    admin: str
    keys: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, url: str, *, admin: str) -> Stranger:
        """Return a client for an address."""
        return cls(httpx2.AsyncClient(base_url=url, timeout=60.0), admin)

    async def register(self, registry: Path) -> list[dict[str, Any]]:
        """Load the organs of a registry, return what became of each."""
        organs = read_organs(registry)
        answer = await self.http.put(
            "/intake/v1/organs", headers=self._bearer(self.admin), json={"organs": organs}
        )
        return list(_good(answer)["organs"])

    async def get_keys(self, sources: Iterable[str]) -> None:
        """Obtain a key for each source."""
        for source in sources:
            organ = source.rpartition(":")[2]
            answer = await self.http.post(
                "/intake/v1/keys",
                headers=self._bearer(self.admin),
                json={"organ": organ, "scopes": ["publish"]},
            )
            self.keys[source] = _good(answer)["key"]

    async def send_batch(self, events: Sequence[Mapping[str, Any]]) -> httpx2.Response:
        """Submit events of one source in one request."""
        headers = BATCH | self._bearer(self.keys[events[0]["source"]])
        return await self.http.post("/intake/v1/events", content=json.dumps(list(events)), headers=headers)

    async def send_one(self, event: Mapping[str, Any]) -> httpx2.Response:
        """Submit one event."""
        headers = ONE | self._bearer(self.keys[event["source"]])
        return await self.http.post("/intake/v1/events", content=json.dumps(event), headers=headers)

    async def send_all(self, events: Sequence[Mapping[str, Any]]) -> dict[Identity, dict[str, Any]]:
        """Submit events, one batch for each source; return the verdict on each."""
        by_source: dict[str, list[Mapping[str, Any]]] = {}
        for event in events:
            by_source.setdefault(event["source"], []).append(event)
        verdicts = {}
        for batch in by_source.values():
            answers = _good(await self.send_batch(batch))
            verdicts |= {identity(event): answer for event, answer in zip(batch, answers, strict=True)}
        return verdicts

    async def receipt(self, of: Identity) -> dict[str, Any]:
        """Return the receipt of an event."""
        source, event_id = (quote(part, safe="") for part in of)
        return dict(await self.get(f"/intake/v1/receipts/{source}/{event_id}"))

    async def events_of(self, case: str) -> list[dict[str, Any]]:
        """Return the events that stand in a case."""
        return list((await self.get(f"/transfer/v1/cases/{case}/events"))["events"])

    async def leaves(self, digests: Sequence[str]) -> list[dict[str, Any]]:
        """Return the leaves that hold these events."""
        pages = [
            await self.get("/audit/v1/leaves", [("digest", digest) for digest in page])
            for page in _pages(digests)
        ]
        return list(chain.from_iterable(page["leaves"] for page in pages))

    async def checkpoint(self) -> bytes:
        """Return the newest checkpoint, as signed."""
        answer = await self.http.get("/audit/v1/checkpoint")
        assert answer.status_code == httpx2.codes.OK, answer.text
        return answer.content

    async def settled(self, *, seconds: float) -> None:
        """Return when every service says that nothing is on its way.

        Raises:
            TimeoutError: it did not settle in time.
        """
        async with asyncio.timeout(seconds):
            while set((await self._states()).values()) != {"settled"}:  # noqa: ASYNC110
                # It lies in another process, so there is no event to wait on.
                await asyncio.sleep(LOOK_SECONDS)

    async def ready(self, *, seconds: float) -> None:
        """Return when no service misses its store.

        Raises:
            TimeoutError: one still does.
        """
        async with asyncio.timeout(seconds):
            while "unavailable" in (await self._states()).values():  # noqa: ASYNC110
                await asyncio.sleep(LOOK_SECONDS)

    async def _states(self) -> dict[str, str]:
        answer = await self.http.get("/readyz")
        assert answer.status_code in {200, 503}, answer.text
        return dict(answer.json()["services"])

    async def get(self, path: str, query: Sequence[tuple[str, str]] = ()) -> Any:
        """Read a path in the name of the operator."""
        return _good(await self.http.get(path, params=list(query), headers=self._bearer(self.admin)))

    def _bearer(self, key: str) -> dict[str, str]:
        return {"authorization": f"Bearer {key}"}


def _pages(digests: Sequence[str]) -> Iterable[Sequence[str]]:
    return (digests[start : start + PAGE] for start in range(0, len(digests), PAGE))


def _good(answer: httpx2.Response) -> Any:
    assert answer.status_code in {200, 201}, f"{answer.request.url}: {answer.status_code} {answer.text}"
    return answer.json()
