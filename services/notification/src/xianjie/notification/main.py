"""How the service is put together."""

from __future__ import annotations

from collections.abc import Mapping
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
from xianjie.notification import handlers, rest
from xianjie.notification.consumer import GROUP, TOPICS, handle
from xianjie.notification.domain.due import Words
from xianjie.notification.rulebook import load_rules
from xianjie.notification.settings import NotificationSettings
from xianjie.notification.store.messages import AWAITED_CHANNEL, next_answer_due

__all__ = ["NotificationSettings", "application", "build"]


async def build(
    *,
    settings: NotificationSettings,
    database: Database,
    bus: Bus,
    clock: Clock,
    verify: Verify,
    titles: Mapping[str, tuple[str, str]],
) -> Service:
    """Put the service together; nothing runs yet.

    Args:
        settings: what may vary.
        database: with the schema of the service on its search path.
        bus: where events come from and go to.
        clock: when it is.
        verify: tells who presents a key.
        titles: row or rule id of law/ to its Chinese and English title; an id without one is shown as it is.

    Raises:
        RulesInvalid: the rules cannot be used; every fault is named.
    """
    rules = load_rules(settings.rules)
    words = {id_: Words(*title) for id_, title in titles.items()}
    consumer = Consumer(
        database,
        bus.subscribe(group=GROUP, topics=TOPICS),
        group=GROUP,
        handle=handle(rules=rules, titles=words, clock=clock),
        limit=settings.batch_messages,
        wait_seconds=settings.fetch_wait_seconds,
    )

    async def expire(tx: Transaction, until: datetime, limit: int) -> int:
        return await handlers.expire(tx=tx, rules=rules, time=clock, until=until, limit=limit)

    timer = DueTimer(
        database,
        name="unanswered_messages",
        channel=AWAITED_CHANNEL,
        next_due=next_answer_due,
        fire=expire,
        clock=clock,
        batch=settings.expiry_batch_messages,
        grace=timedelta(seconds=settings.expiry_grace_seconds),
    )

    async def settled() -> bool:
        return await consumer.settled() and await timer.settled() and await outbox.drained(database)

    return Service(
        name="notification",
        app=application(database=database, clock=clock, verify=verify),
        tasks=(Relay(database, bus).run, consumer.run, timer.run),
        settled=settled,
    )


def application(*, database: Database, clock: Clock, verify: Verify) -> FastAPI:
    """Return the HTTP door."""
    app = FastAPI(
        title="衔接：通知 / Xianjie notification",
        version="1",
        description="收件箱、投递台账、拉取接口。Inbox, delivery ledger, pull feed.",
        docs_url=None,
        redoc_url=None,
    )
    install_errors(app)
    app.include_router(health_router({"database": database.ping}))
    app.include_router(rest.router(database=database, clock=clock, verify=verify))
    return app
