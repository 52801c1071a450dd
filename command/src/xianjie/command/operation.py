"""Commands of the operator: registry, keys, parked cases."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from xianjie.audit import main as audit
from xianjie.audit.consumer import handle as audit_handle
from xianjie.audit.settings import AuditSettings
from xianjie.chassis import parking
from xianjie.chassis.bus import Delivery
from xianjie.chassis.clock import SystemClock
from xianjie.chassis.database import Transaction
from xianjie.intake.handlers.keys import issue_key
from xianjie.lawbook.bundle import Lawbook
from xianjie.notification.consumer import handle as notification_handle
from xianjie.notification.domain.due import Words
from xianjie.notification.rulebook import load_rules
from xianjie.notification.settings import NotificationSettings
from xianjie.transfer import handlers as transfer_handlers

from .attaching import attached
from .doors import Doors
from .embedded import titles
from .places import LAW, Places
from .replay import Unreadable, read_organs

Say = Callable[[str], None]
Handle = Callable[[Transaction, Sequence[Delivery]], Awaitable[None]]
CONSUMERS = ("transfer", "notification", "audit")


async def load_organs(file: Path, *, url: str, data: Path, say: Say) -> int:
    """Register the organs of a file with a running system.

    Raises:
        Unreadable: the file, or the key in the data directory.
        DoorError: the system refused them, or cannot be reached.
    """
    organs = read_organs(file)
    try:
        admin_key = Places(data).admin_key.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise Unreadable(f"{error.filename}: {error.strerror}") from error
    doors = Doors(url, admin_key=admin_key)
    try:
        answer = await doors.load_organs(organs)
    finally:
        await doors.close()
    changed = [organ for organ in answer["organs"] if organ["change"] is not None]
    say(f"机关 {len(answer['organs'])} 个，变更 {len(changed)} 个 / {len(changed)} organs changed")
    return 0


async def issue(organ: str, scopes: Sequence[str], *, data: Path, say: Say, complain: Say) -> int:
    """Issue a key for an organ; it is printed once and kept nowhere."""
    async with attached(Places(data)) as databases, databases["intake"].transaction() as tx:
        issued = await issue_key(tx, organ=organ, scopes=tuple(scopes), issued_at=SystemClock().now())
    say(issued.key)
    complain(f"密钥编号 / id, for revoking it: {issued.id}")
    return 0


async def list_parked(data: Path, *, say: Say) -> int:
    """List the cases that are set aside in any service; exit code 1 if there are any."""
    found = 0
    async with attached(Places(data)) as databases:
        for service in CONSUMERS:
            async with databases[service].read() as tx:
                for parked in await parking.parked_keys(tx):
                    found += 1
                    say(
                        f"{parked.group}  {parked.key}  {parked.messages} 条  {parked.since}: {parked.reason}"
                    )
    say(f"搁置 {found} 件 / {found} parked")
    return 1 if found else 0


async def show_parked(service: str, key: str, *, data: Path, say: Say) -> int:
    """Print the events that wait for a parked case."""
    async with attached(Places(data)) as databases, databases[service].read() as tx:
        messages = await parking.parked_messages(tx, group=service, key=key)
    if not messages:
        raise _not_parked(service, key)
    for message in messages:
        say(message.body.decode("utf-8", "replace"))
    return 0


async def resume_parked(service: str, key: str, *, data: Path, say: Say) -> int:
    """Handle the events of a parked case again, in order; exit code 1 if some still wait."""
    places = Places(data)
    async with attached(places) as databases:
        async with databases[service].read() as tx:
            if not await parking.parked_messages(tx, group=service, key=key):
                raise _not_parked(service, key)
        handle = _handler(service, places)
        done = await parking.resume(databases[service], group=service, key=key, handle=handle)
    say(f"已处理 {done.handled} 条，仍待 {done.remaining} 条 / {done.handled} handled, {done.remaining} wait")
    if done.reason:
        say(done.reason)
    return 1 if done.remaining else 0


def _not_parked(service: str, key: str) -> Unreadable:
    return Unreadable(f"{service} 没有搁置 {key}，见 xianjie parked list / {service} has not parked {key}")


def _handler(service: str, places: Places) -> Handle:
    """Return what the service does with its events."""
    clock = SystemClock()
    if service == "audit":
        key = audit.signing_key(AuditSettings(key_file=places.log_key))
        return audit_handle(key=key, clock=clock)
    law = Lawbook.load(LAW)
    if service == "transfer":
        return transfer_handlers.handle(transfer_handlers.Bench(law=law, clock=clock))
    words = {name: Words(*both) for name, both in titles(law).items()}
    return notification_handle(rules=load_rules(NotificationSettings().rules), titles=words, clock=clock)
