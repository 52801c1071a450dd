"""The intake service with its relay and nothing behind it: `python -m bench.door_alone DIRECTORY`.

The same parts as in the embedded shape, in a process that no consumer shares.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

import uvicorn

from xianjie.chassis import telemetry
from xianjie.chassis.bus_postgres import PostgresBus
from xianjie.chassis.clock import SystemClock
from xianjie.chassis.database import Database
from xianjie.chassis.migrations import bus_schema, migrate, service_schema
from xianjie.chassis.postgres import EmbeddedPostgres, PostgresSettings
from xianjie.chassis.running import run_services
from xianjie.command.gateway import gateway
from xianjie.command.places import Places, write_secret
from xianjie.command.serving import stop_on_signals
from xianjie.intake import main as intake
from xianjie.intake.handlers.keys import issue_key
from xianjie.intake.settings import IntakeSettings


class _Door(uvicorn.Server):
    """A server that leaves signals to `stop_on_signals`."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(data: Path) -> None:
    """Serve until a signal."""
    places, clock, stop = Places(data), SystemClock(), stop_on_signals()
    async with AsyncExitStack() as stack:
        parameters = {"max_connections": "120"}  # as in the embedded shape
        settings = PostgresSettings(data=places.cluster, parameters=parameters)
        postgres = await stack.enter_async_context(EmbeddedPostgres(settings))
        passwords = places.passwords(("intake", "bus"))
        schemas = [
            service_schema("intake", password=passwords["intake"], roles=None),
            bus_schema(password=passwords["bus"]),
        ]
        await migrate(postgres.admin_dsn(), schemas)
        databases = {}
        for name in ("intake", "bus"):
            reached = postgres.settings_for(user=name, password=passwords[name], schema=name, pool_size=6)
            databases[name] = await Database.connect(reached)
            stack.push_async_callback(databases[name].close)
        service = await intake.build(
            settings=IntakeSettings(),
            database=databases["intake"],
            bus=PostgresBus(databases["bus"]),
            clock=clock,
        )
        async with databases["intake"].transaction() as tx:
            issued = await issue_key(tx, organ="platform", scopes=("admin",), issued_at=clock.now())
        write_secret(places.admin_key, issued.key)
        loops = asyncio.create_task(run_services([service], stop))
        door = _Door(uvicorn.Config(gateway([service]), port=0, log_config=None, access_log=False))
        serving = asyncio.create_task(door.serve())
        while not door.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.005)
        sys.stdout.write(f"ready http://127.0.0.1:{door.servers[0].sockets[0].getsockname()[1]}\n")
        sys.stdout.flush()
        await stop.wait()
        door.should_exit = True
        await serving
        await loops


if __name__ == "__main__":
    telemetry.configure()
    asyncio.run(serve(Path(sys.argv[1])))
