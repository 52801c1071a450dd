"""How intake is put together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from fastapi import FastAPI

from xianjie.chassis import outbox
from xianjie.chassis.bus import Bus
from xianjie.chassis.clock import Clock
from xianjie.chassis.database import Database, Transaction
from xianjie.chassis.outbox import Relay
from xianjie.chassis.service import Service
from xianjie.chassis.web import health_router, install_errors
from xianjie.intake.domain.arrivals import Arrival
from xianjie.intake.domain.doubts import Tolerance
from xianjie.intake.domain.verdicts import Verdict
from xianjie.intake.handlers.accept import accept_batch
from xianjie.intake.handlers.registries import Registries
from xianjie.intake.queries import Keys
from xianjie.intake.rest.access import access
from xianjie.intake.rest.administration import keys_router, registry_router
from xianjie.intake.rest.allowance import Allowance
from xianjie.intake.rest.answers import Rendering
from xianjie.intake.rest.collector import Collector
from xianjie.intake.rest.deciding import deciding_router
from xianjie.intake.rest.document import install_document
from xianjie.intake.rest.door import Door
from xianjie.intake.rest.events import events_router
from xianjie.intake.rest.reading import evidence_router, worklist_router
from xianjie.intake.settings import IntakeSettings


def known_keys(settings: IntakeSettings, database: Database, clock: Clock) -> Keys:
    """Return what knows the keys; one for each process, so that a revoked key is forgotten everywhere."""
    return Keys(
        database, clock, lifetime=timedelta(seconds=settings.key_cache_seconds), size=settings.key_cache_size
    )


async def build(
    *, settings: IntakeSettings, database: Database, bus: Bus, clock: Clock, keys: Keys | None = None
) -> Service:
    """Put the service together; nothing runs before its tasks are started, but the app answers at once."""
    registries = Registries()
    tolerance = Tolerance(
        late_after=timedelta(days=settings.late_after_days),
        clock_skew=timedelta(seconds=settings.clock_skew_seconds),
    )

    async def accept(tx: Transaction, arrivals: Sequence[Arrival]) -> list[list[Verdict]]:
        return await accept_batch(tx, arrivals, now=clock.now(), registries=registries, tolerance=tolerance)

    collector = Collector(
        database,
        accept,
        items=settings.commit_items,
        size=settings.commit_bytes,
        waiting_limit=settings.waiting_limit,
    )

    async def settled() -> bool:
        return collector.idle and await outbox.drained(database)

    app = application(settings, database, clock, collector, registries, keys=keys)
    return Service(name="intake", app=app, tasks=(Relay(database, bus).run,), settled=settled)


def application(
    settings: IntakeSettings,
    database: Database,
    clock: Clock,
    collector: Collector,
    registries: Registries,
    *,
    keys: Keys | None = None,
) -> FastAPI:
    """Return the HTTP door of the service."""
    keys = keys or known_keys(settings, database, clock)
    allowed = access(keys)
    door = Door(
        settings=settings,
        collector=collector,
        clock=clock,
        rendering=Rendering(prefix=settings.public_prefix),
        allowance=None
        if settings.requests_per_second is None
        else Allowance(per_second=settings.requests_per_second, burst=settings.request_burst),
    )

    async def database_answers() -> bool:
        async with database.read() as tx:
            return bool(await tx.fetchval("select true"))

    app = FastAPI(title="衔接 报送受理 Xianjie intake", version="1", docs_url=None, redoc_url=None)
    install_errors(app)
    app.include_router(health_router({"database": database_answers}))
    app.include_router(events_router(door, allowed))
    app.include_router(evidence_router(database, allowed, settings))
    app.include_router(worklist_router(database, allowed, settings))
    app.include_router(deciding_router(database, allowed, clock, settings))
    app.include_router(registry_router(database, allowed, clock, registries))
    app.include_router(keys_router(database, allowed, clock, keys))
    install_document(app)
    return app
