"""A client of the public HTTP doors, as an agency's system or a procurator's tool would write it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import httpx2
import orjson

_PAGE = 50


class DoorError(Exception):
    """A door answered with a problem, whose document the text carries, or cannot be reached."""


class Doors:
    """Calls on one running system, with one key for each speaker."""

    def __init__(self, url: str, *, admin_key: str, reader_key: str | None = None) -> None:
        self._client = httpx2.AsyncClient(base_url=url, timeout=60.0)
        self._admin_key = admin_key
        self._reader_key = reader_key or admin_key

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def load_organs(self, organs: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Register organs; those that are known unchanged stay as they are."""
        answer: dict[str, Any] = await self._call(
            "PUT", "/intake/v1/organs", key=self._admin_key, json={"organs": list(organs)}
        )
        return answer

    async def issue_key(self, organ: str, scopes: Sequence[str]) -> str:
        """Issue a key for an organ; it is shown this once."""
        body = {"organ": organ, "scopes": list(scopes)}
        answer = await self._call("POST", "/intake/v1/keys", key=self._admin_key, json=body)
        return str(answer["key"])

    async def publish(self, events: Sequence[bytes], *, key: str) -> list[dict[str, Any]]:
        """Submit events of one source in one batch; return one verdict for each, in order."""
        verdicts: list[dict[str, Any]] = await self._call(
            "POST",
            "/intake/v1/events",
            key=key,
            content=b"[" + b",".join(events) + b"]",
            headers={"content-type": "application/cloudevents-batch+json"},
        )
        return verdicts

    async def cases(
        self, subjects: Sequence[str], *, as_of: datetime, known_at: datetime
    ) -> list[dict[str, Any]]:
        """Return cases as they were true at one moment and known at another, in the order asked."""
        found: list[dict[str, Any]] = []
        for start in range(0, len(subjects), _PAGE):
            query = [("subject", subject) for subject in subjects[start : start + _PAGE]]
            query += [("as_of", as_of.isoformat()), ("known_at", known_at.isoformat())]
            answer = await self._get("/transfer/v1/cases", query)
            found += answer["cases"]
        return found

    async def overview(self) -> list[dict[str, Any]]:
        """Return every case as it stands now."""
        found: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = await self._get("/transfer/v1/cases", [("cursor", cursor), ("limit", "200")])
            found += page["cases"]
            if page.get("next") is None:
                return found
            cursor = page["next"]

    async def leaves(self, digests: Sequence[str], *, until: datetime) -> int:
        """Return how many leaves of the log hold these events, of those recorded up to a moment."""
        pages = [digests[start : start + _PAGE] for start in range(0, len(digests), _PAGE)]
        answers = await asyncio.gather(
            *(self._get("/audit/v1/leaves", [("digest", digest) for digest in page]) for page in pages)
        )
        leaves = [leaf for answer in answers for leaf in answer["leaves"]]
        return sum(1 for leaf in leaves if datetime.fromisoformat(leaf["recorded"]) <= until)

    async def receipt(self, source: str, event_id: str) -> dict[str, Any]:
        """Return the receipt of one event."""
        return await self._get(f"/intake/v1/receipts/{quote(source, safe='')}/{quote(event_id, safe='')}", [])

    async def _get(self, path: str, query: Sequence[tuple[str, str]]) -> dict[str, Any]:
        answer: dict[str, Any] = await self._call("GET", path, key=self._reader_key, params=list(query))
        return answer

    async def _call(
        self, method: str, path: str, *, key: str, headers: Mapping[str, str] | None = None, **rest: Any
    ) -> Any:
        said = {"authorization": f"Bearer {key}", **(headers or {})}
        try:
            return _read(await self._client.request(method, path, headers=said, **rest))
        except (httpx2.TransportError, httpx2.InvalidURL) as error:
            raise DoorError(f"{self._client.base_url}: 无法连接 / cannot be reached: {error}") from error


def _read(response: httpx2.Response) -> Any:
    if response.status_code >= 400:
        raise DoorError(f"{response.request.method} {response.request.url.path}: {response.text}")
    return orjson.loads(response.content)
