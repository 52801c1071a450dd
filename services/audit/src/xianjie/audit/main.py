"""How the service is put together; the only place that constructs."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI

from xianjie.audit import rest, store
from xianjie.audit.consumer import GROUP, TOPICS, handle
from xianjie.audit.keys import KeyFileError, ensure_key
from xianjie.audit.settings import AuditSettings
from xianjie.chassis.bus import Bus
from xianjie.chassis.clock import Clock
from xianjie.chassis.consumer import Consumer
from xianjie.chassis.database import Database
from xianjie.chassis.service import Service
from xianjie.chassis.web import health_router, install_errors
from xianjie.tlog.checkpoints import open_checkpoint
from xianjie.tlog.notes import NoteError, SigningKey

__all__ = ["AuditSettings", "application", "build", "signing_key"]


def signing_key(settings: AuditSettings) -> SigningKey:
    """Return the key of the log; its file is made if it is not there.

    Raises:
        KeyFileError: the key file cannot be used.
        NoteError: the origin cannot name a key.
    """
    return SigningKey(settings.origin, ensure_key(settings.key_file))


async def build(*, settings: AuditSettings, database: Database, bus: Bus, clock: Clock) -> Service:
    """Put the service together; nothing runs yet.

    Args:
        settings: what may vary.
        database: with the schema of the service on its search path, as the role `audit_writer`.
        bus: where events come from; nothing goes out.
        clock: when a checkpoint is signed.

    Raises:
        KeyFileError: the key file cannot be used, or is not the one that signed the log so far.
    """
    key = await asyncio.to_thread(signing_key, settings)
    await _check_succession(database, key=key, settings=settings)
    consumer = Consumer(
        database,
        bus.subscribe(group=GROUP, topics=TOPICS),
        group=GROUP,
        handle=handle(key=key, clock=clock),
        limit=settings.batch_limit,
        wait_seconds=settings.fetch_wait_seconds,
    )

    app = application(database=database, key=key, digests_limit=settings.digests_limit)
    return Service(name="audit", app=app, tasks=(consumer.run,), settled=consumer.settled)


async def _check_succession(database: Database, *, key: SigningKey, settings: AuditSettings) -> None:
    """Refuse to go on under a key that did not sign the last checkpoint.

    A new key under the old name would look like a fork to everybody who kept the old one, and a lost key
    would be replaced in silence.
    """
    async with database.read() as tx:
        last = await store.last_checkpoint(tx)
    if last is None:
        return
    try:
        open_checkpoint(last.note, [key.verifier])
    except NoteError as error:
        raise KeyFileError(
            f"{settings.key_file}: 该密钥没有签署现有日志的最后一个检查点（{last.size} 条）。"
            "请从备份放回原密钥；原密钥确已丢失的，须以新名称另起日志。 / "
            f"this key did not sign the last checkpoint of the log ({last.size} leaves). "
            "Put the old key back from the backup; if it is lost, begin a new log under a new name."
        ) from error


def application(*, database: Database, key: SigningKey, digests_limit: int) -> FastAPI:
    """Return the HTTP door."""

    async def log_answers() -> bool:
        async with database.read() as tx:
            await store.last_checkpoint(tx)
        return True

    app = FastAPI(
        title="Xianjie audit",
        version="1",
        description="存证日志：检查点、分片、存在证明与只增证明 / "
        "The log: checkpoints, tiles, proofs of inclusion and of consistency",
        docs_url=None,
        redoc_url=None,
    )
    install_errors(app)
    app.include_router(rest.router(database=database, key=key, digests_limit=digests_limit))
    app.include_router(health_router({"log": log_answers}))
    return app
