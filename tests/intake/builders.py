"""Events, organs and a service under test for the tests of intake."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx2
import orjson

from xianjie.chassis.bus import Message, Subscription
from xianjie.chassis.clock import DrivenClock
from xianjie.chassis.database import Database
from xianjie.chassis.service import Service
from xianjie.intake.handlers.keys import issue_key

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)
AGENCY = "ag-120103-market_regulation"
SUPERIOR = "ag-120000-market_regulation"
TAX = "ag-120103-tax"
POLICE = "ps-120103-ps"
PROCURATORATE = "pr-120103-pr"
COURT = "ct-120103-ct"
GOVERNMENT = "gov-120103-gov"
MEETING = "jm-120103-jm"
CASE = f"{AGENCY}/2026-001"
PARTY = "pty_c33sqqpns5sabpnniscbnmus5b"

ONE = {"content-type": "application/cloudevents+json"}
BATCH = {"content-type": "application/cloudevents-batch+json"}
STREAM = {"content-type": "application/x-ndjson"}


def organ(organ_id: str, kind: str, *, level: str = "county", **more: Any) -> dict[str, Any]:
    """Return one organ as `PUT /v1/organs` takes it."""
    region = organ_id.split("-")[1]
    return {
        "id": organ_id,
        "name": f"机关 {organ_id}",
        "kind": kind,
        "level": level,
        "region": region,
        **more,
    }


ORGANS = [
    organ(AGENCY, "AG", sector="market_regulation"),
    organ(SUPERIOR, "AG", level="province", sector="market_regulation"),
    organ(TAX, "AG", sector="tax", parent=SUPERIOR),
    organ(POLICE, "PS"),
    organ(PROCURATORATE, "PR"),
    organ(COURT, "CT"),
    organ(GOVERNMENT, "GOV"),
    organ(MEETING, "JM"),
]


def source(organ_id: str) -> str:
    """Return the source of an organ."""
    return f"urn:xianjie:organ:{organ_id}"


def event(
    name: str = "inspection.conducted", *, of: str = AGENCY, id: str = "E-1", data: Any = None, **more: Any
) -> dict[str, Any]:
    """Return a valid event released at 09:30 on 5 March 2026 in China about an act of that morning."""
    type_ = f"cn.xianjie.{name}.v1"
    said = {"occurred": {"precision": "day", "value": "2026-03-05"}} | (data or {})
    return {
        "specversion": "1.0",
        "id": id,
        "source": source(of),
        "type": type_,
        "subject": CASE,
        "time": "2026-03-05T09:30:00+08:00",
        "datacontenttype": "application/json",
        "dataschema": f"urn:xianjie:schema:{type_}",
        "data": said,
    } | more


@dataclass
class ListBus:
    """A bus that remembers what was published; the bus itself is tested with the chassis."""

    published: list[Message] = field(default_factory=list)

    async def publish(self, messages: Sequence[Message]) -> None:
        """Remember the messages."""
        self.published += messages

    def subscribe(self, *, group: str, topics: Sequence[str]) -> Subscription:
        """Nobody reads here."""
        raise NotImplementedError


@dataclass
class Intake:
    """The service under test with its own database, and keys for every organ of `ORGANS`."""

    service: Service
    database: Database
    clock: DrivenClock
    bus: ListBus
    client: httpx2.AsyncClient
    keys: dict[str, str] = field(default_factory=dict)

    async def key(self, organ_id: str, *scopes: str) -> str:
        """Issue a key as the command does at the first start."""
        async with self.database.transaction() as tx:
            issued = await issue_key(
                tx, organ=organ_id, scopes=scopes or ("publish",), issued_at=self.clock.now()
            )
        return issued.key

    async def register(self, organs: Sequence[dict[str, Any]]) -> None:
        """Register organs and give each a key."""
        admin = self.keys.setdefault("admin", await self.key("platform", "admin"))
        answer = await self.client.put("/v1/organs", json={"organs": list(organs)}, headers=bearer(admin))
        assert answer.status_code == 200, answer.text
        for entry in organs:
            self.keys[entry["id"]] = await self.key(entry["id"])

    async def post(self, body: Any, *, of: str = AGENCY, headers: dict[str, str] = ONE) -> httpx2.Response:
        """Submit bytes, or a value as JSON, with the key of an organ."""
        content = body if isinstance(body, bytes) else orjson.dumps(body)
        return await self.client.post("/v1/events", content=content, headers=headers | bearer(self.keys[of]))

    async def get(self, path: str, *, of: str = AGENCY) -> httpx2.Response:
        """Ask with the key of an organ."""
        return await self.client.get(path, headers=bearer(self.keys[of]))

    async def counts(self) -> dict[str, int]:
        """Return the number of rows of each table that events reach."""
        tables = ("event", "outbox", "original", "submission", "refusal", "conflict")
        async with self.database.read() as tx:
            return {table: await tx.fetchval(f"select count(*) from {table}") for table in tables}


def bearer(key: str) -> dict[str, str]:
    """Return the header that carries a key."""
    return {"authorization": f"Bearer {key}"}
