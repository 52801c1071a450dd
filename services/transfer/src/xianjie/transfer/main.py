"""How the service is put together; the only place that constructs."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import FastAPI

from xianjie.chassis import outbox
from xianjie.chassis.bus import Bus
from xianjie.chassis.clock import Clock
from xianjie.chassis.consumer import Consumer
from xianjie.chassis.database import Database, Transaction
from xianjie.chassis.outbox import Relay
from xianjie.chassis.service import Service
from xianjie.chassis.timers import DueTimer
from xianjie.chassis.web import Verify, health_router, install_errors

from . import handlers, rest
from .settings import TransferSettings
from .store import cases
from .store.bundles import KeptLaws

__all__ = ["TransferSettings", "application", "build"]

GROUP = "transfer"


async def build(
    *,
    settings: TransferSettings,
    database: Database,
    bus: Bus,
    clock: Clock,
    laws: KeptLaws,
    verify: Verify,
) -> Service:
    """Put the service together; nothing runs yet.

    The law is put into use: where it is another one than before, every case is due to be evaluated by it.

    Args:
        laws: the law that every judgement and due date names by its digest, and those before it.
        verify: tells who presents a key.

    Raises:
        Unavailable: the database is away.
    """
    async with database.transaction() as tx:
        activation = await handlers.put_law_in_use(tx, law=laws.current, clock=clock)
    bench = handlers.Bench(law=laws.current, clock=clock, activation=activation)

    async def wake(tx: Transaction, upto: datetime, limit: int) -> int:
        return await handlers.wake(tx, upto=upto, limit=limit, bench=bench)

    consumer = Consumer(
        database,
        bus.subscribe(group=GROUP, topics=("intake.events",)),
        group=GROUP,
        handle=handlers.handle(bench),
        limit=settings.batch,
    )
    timer = DueTimer(
        database,
        name="transfer_terms",
        channel=cases.WAKE_CHANNEL,
        next_due=cases.next_wake,
        fire=wake,
        clock=clock,
        batch=settings.timer_batch,
        grace=timedelta(seconds=settings.timer_grace_seconds),
        read_until=consumer.read_until,
    )

    async def settled() -> bool:
        return await consumer.settled() and await timer.settled() and await outbox.drained(database)

    return Service(
        name="transfer",
        app=application(database=database, clock=clock, laws=laws, verify=verify),
        tasks=(consumer.run, timer.run, Relay(database, bus).run),
        settled=settled,
    )


def application(*, database: Database, clock: Clock, laws: KeptLaws, verify: Verify) -> FastAPI:
    """Return the HTTP door."""
    app = FastAPI(
        title="衔接：移送与监督 / Xianjie transfer",
        version="1",
        description="案件的状态、期限、标准判断和监督线索。Cases, clocks, judgements and findings.",
        docs_url=None,
        redoc_url=None,
    )
    install_errors(app)
    app.include_router(health_router({"database": database.ping}))
    app.include_router(rest.router(database=database, clock=clock, laws=laws, verify=verify))
    return app
