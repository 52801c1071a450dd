"""How the service is put together."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import FastAPI

from xianjie.chassis import outbox
from xianjie.chassis.bus import Bus
from xianjie.chassis.clock import Clock
from xianjie.chassis.consumer import Consumer
from xianjie.chassis.database import Database
from xianjie.chassis.outbox import Relay
from xianjie.chassis.service import Service
from xianjie.chassis.web import Verify, bearer, health_router, install_errors
from xianjie.notification import queries, rest
from xianjie.notification.consumer import GROUP, TOPICS, handle
from xianjie.notification.domain.due import Words
from xianjie.notification.rulebook import load_rules
from xianjie.notification.settings import NotificationSettings
from xianjie.notification.timer import AnswerTimer


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
    timer = AnswerTimer(database, rules=rules, clock=clock, batch=settings.expiry_batch_messages)

    async def settled() -> bool:
        if not await consumer.settled():
            return False
        async with database.read() as tx:
            return await outbox.is_empty(tx) and not await queries.is_answer_overdue(tx, clock=clock)

    app = FastAPI(
        title="Xianjie notification",
        version="1",
        description="收件箱、投递台账、拉取接口 / Inbox, delivery ledger, pull feed",
    )
    install_errors(app)
    app.include_router(rest.router(database=database, clock=clock, caller=bearer(verify)))
    app.include_router(health_router({"database": database.ping}))
    return Service(
        name="notification",
        app=app,
        tasks=(Relay(database, bus).run, consumer.run, timer.run),
        settled=settled,
    )
