"""The embedded shape: one process with every service, its own PostgreSQL and the bus inside it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog
import uvicorn
from fastapi import FastAPI

from xianjie.audit import main as audit
from xianjie.audit.settings import AuditSettings
from xianjie.chassis.bus_postgres import PostgresBus
from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Database
from xianjie.chassis.migrations import migrate
from xianjie.chassis.postgres import EmbeddedPostgres, PostgresSettings
from xianjie.chassis.running import run_services
from xianjie.chassis.service import Service
from xianjie.intake import main as intake
from xianjie.intake.handlers.keys import issue_key
from xianjie.intake.settings import IntakeSettings
from xianjie.lawbook.bundle import Lawbook
from xianjie.notification import main as notification
from xianjie.notification.settings import NotificationSettings
from xianjie.transfer import main as transfer
from xianjie.transfer.settings import TransferSettings
from xianjie.transfer.store.bundles import KeptLaws

from .gateway import gateway
from .places import LAW, ROLES, WORKING_ROLES, Places, schemas, write_secret

log = structlog.get_logger("xianjie.command")

_POOL_SIZES = {"intake": 6, "transfer": 6, "notification": 4, "audit": 4, "bus": 10}


@dataclass(frozen=True, slots=True)
class System:
    """A running system.

    Attributes:
        url: address of its doors.
        admin_key: the first key, for loading organs and issuing further keys.
    """

    url: str
    admin_key: str
    services: tuple[Service, ...]
    postgres: EmbeddedPostgres

    async def settled(self) -> bool:
        """Whether nothing is on its way: outboxes empty, subscriptions drained, no timer due."""
        for service in self.services:
            if not await service.settled():
                return False
        return True


@asynccontextmanager
async def running(places: Places, *, port: int, clock: Clock, patient: bool = True) -> AsyncIterator[System]:
    """Start everything, yield the running system, stop everything in the opposite order.

    Args:
        port: TCP port of the doors on 127.0.0.1; 0 takes a free one.
        patient: whether timers wait a moment for events that are still on their way (a driven clock does
            not need it: whoever drives it waits until all is settled).
    """
    async with AsyncExitStack() as stack:
        laws = await asyncio.to_thread(KeptLaws.open, LAW, kept=places.laws)
        postgres = await stack.enter_async_context(
            EmbeddedPostgres(PostgresSettings(data=places.cluster, parameters={"max_connections": "120"}))
        )
        await asyncio.to_thread(laws.keep)
        passwords = places.passwords(ROLES)
        await migrate(postgres.admin_dsn(), schemas(passwords))
        databases = {}
        for schema, role in WORKING_ROLES.items():
            settings = postgres.settings_for(
                user=role, password=passwords[role], schema=schema, pool_size=_POOL_SIZES[schema]
            )
            databases[schema] = await Database.connect(settings)
            stack.push_async_callback(databases[schema].close)
        services = await _services(databases, places=places, clock=clock, laws=laws, patient=patient)
        admin_key = await _admin_key(databases["intake"], places, clock)
        stop = asyncio.Event()
        loops = asyncio.create_task(run_services(services, stop))
        stack.push_async_callback(_end, loops, stop)
        server, door = await _open_door(gateway(services), port)
        stack.push_async_callback(_close_door, server, door)
        bound = server.servers[0].sockets[0].getsockname()[1]
        yield System(f"http://127.0.0.1:{bound}", admin_key, services, postgres)


async def _services(
    databases: dict[str, Database], *, places: Places, clock: Clock, laws: KeptLaws, patient: bool
) -> tuple[Service, ...]:
    """Put the services together, in the order in which a case travels through them."""
    bus = PostgresBus(databases["bus"])
    doors = IntakeSettings() if patient else IntakeSettings(requests_per_second=None)
    keys = intake.known_keys(doors, databases["intake"], clock)
    verify = keys.find_key
    return (
        await intake.build(settings=doors, database=databases["intake"], bus=bus, clock=clock, keys=keys),
        await transfer.build(
            settings=TransferSettings(timer_grace_seconds=2.0 if patient else 0.0),
            database=databases["transfer"],
            bus=bus,
            clock=clock,
            laws=laws,
            verify=verify,
        ),
        await notification.build(
            settings=NotificationSettings(),
            database=databases["notification"],
            bus=bus,
            clock=clock,
            verify=verify,
            titles=titles(laws.current),
        ),
        await audit.build(
            settings=AuditSettings(key_file=places.log_key), database=databases["audit"], bus=bus, clock=clock
        ),
    )


def titles(law: Lawbook) -> dict[str, tuple[str, str]]:
    """Return the titles of terms and rules, for messages that people read."""
    rows = {row.id: (row.title_zh, row.title_en) for row in law.clocks.values()}
    return rows | {rule.id: (rule.title_zh, rule.title_en) for rule in law.rules.by_id.values()}


async def _admin_key(database: Database, places: Places, clock: Clock) -> str:
    """Return the operator's key; made when the file is not there, so a lost file is replaced by a new key."""
    if places.admin_key.exists():
        return places.admin_key.read_text(encoding="utf-8").strip()
    async with database.transaction() as tx:
        issued = await issue_key(tx, organ="platform", scopes=("admin", "oversight"), issued_at=clock.now())
    write_secret(places.admin_key, issued.key)
    return issued.key


class PortRefusal(Exception):
    """The door cannot be opened on the port; the text says why."""


class _Door(uvicorn.Server):
    """A server that leaves signals to the command."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def _open_door(app: FastAPI, port: int) -> tuple[_Door, asyncio.Task[None]]:
    try:
        listening = socket.create_server(("127.0.0.1", port))
    except (OSError, OverflowError) as error:
        raise PortRefusal(f"端口 / port {port}: {error}") from error
    config = uvicorn.Config(app, log_config=None, access_log=False, timeout_graceful_shutdown=5)
    server = _Door(config)
    door = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started:
        if door.done():
            door.result()
            raise RuntimeError(f"the door on port {port} closed while it was opened")
        await asyncio.sleep(0.005)
    return server, door


async def _close_door(server: _Door, door: asyncio.Task[None]) -> None:
    server.should_exit = True
    await door


async def _end(loops: asyncio.Task[None], stop: asyncio.Event) -> None:
    stop.set()
    await loops
