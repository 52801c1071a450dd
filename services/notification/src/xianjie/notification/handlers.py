"""What the service does: take facts in, record what recipients do, see silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from xianjie.chassis import outbox
from xianjie.chassis.clock import Clock as TimeSource
from xianjie.chassis.database import Transaction
from xianjie.contracts.recorded import RecordedEvent
from xianjie.notification import events
from xianjie.notification.domain import messages
from xianjie.notification.domain.arrivals import ToldOrgan, arrivals, clocks_named
from xianjie.notification.domain.due import SHANGHAI, Words
from xianjie.notification.domain.facts import Fact, message_unanswered
from xianjie.notification.domain.messages import InboxMessage
from xianjie.notification.domain.registry import OVERSEERS, Registry, ladder
from xianjie.notification.domain.rules import Rule
from xianjie.notification.store import messages as message_store
from xianjie.notification.store import registry as registry_store
from xianjie.notification.store import routing as routing_store


async def take_in(
    batch: Sequence[RecordedEvent],
    *,
    tx: Transaction,
    rules: Sequence[Rule],
    titles: Mapping[str, Words],
    time: TimeSource,
) -> None:
    """Store organs and clocks, and make a message for every recipient of every fact, in one transaction.

    A fact whose supervisors the registry cannot tell is kept, and routed by the transaction that brings the
    organ.

    Raises:
        ClockUnknown: an event speaks of a clock that was never announced.
    """
    named = clocks_named(batch)
    known = await registry_store.clocks(tx, named) if named else {}
    brought = arrivals(batch, known=known, titles=titles)
    if brought.clocks:
        await registry_store.put_clocks(tx, brought.clocks)
    woken: list[tuple[str, Fact]] = []
    if brought.organs:
        await routing_store.lock(tx)
        await registry_store.add_organs(tx, brought.organs)
        woken = await routing_store.waiting_for(tx, _keys(brought.organs))
    await _send(messages.matching(rules, brought.facts), tx=tx, time=time, locked=bool(brought.organs))
    if woken:
        await _route_woken(woken, tx=tx, rules=rules, time=time)


async def read(id_: str, *, tx: Transaction, organ: str, reader: str | None, at: datetime) -> None:
    """Record who read the message and when; a second reading changes nothing.

    Args:
        id_: id of the message.
        tx: transaction.
        organ: organ that reads.
        reader: the organ's own opaque mark for the officer, never a name.
        at: the instant of reading.

    Raises:
        NotFound: the organ has no such message.
    """
    message = await message_store.own(tx, id_, organ=organ)
    if await message_store.add_receipt(tx, id_=message.id, organ=organ, reader=reader, at=at):
        await outbox.put(tx, [events.settled(message.id, state="read", at=at)])


async def acknowledge(id_: str, *, tx: Transaction, organ: str, reader: str | None, at: datetime) -> None:
    """Record that the organ acknowledges the message, which proves that it read it; see `read`.

    An acknowledgement after the message expired is recorded too: it is late, not void.
    """
    await read(id_, tx=tx, organ=organ, reader=reader, at=at)
    if await message_store.add_acknowledgement(tx, id_=id_, at=at):
        await outbox.put(tx, [events.settled(id_, state="acknowledged", at=at)])


async def expire(
    *, tx: Transaction, rules: Sequence[Rule], time: TimeSource, until: datetime, limit: int
) -> int:
    """Record the silence on messages whose answer was due by `until`, oldest first, and escalate it by rule.

    Returns:
        How many messages expired, at most `limit`.
    """
    overdue = await message_store.take_unanswered(tx, until=until, limit=limit)
    if not overdue:
        return 0
    planned = [(message, message.must_answer_by or until) for message in overdue]
    await message_store.add_expiries(tx, [(message.id, time.fired_at(due)) for message, due in planned])
    await outbox.put(
        tx, [events.settled(message.id, state="expired", at=time.fired_at(due)) for message, due in planned]
    )
    facts = [
        message_unanswered(
            ref=events.settled_ref(message.id, state="expired"),
            subject=message.subject,
            recipient=message.recipient,
            urgency=message.urgency,
            title=message.title,
            must_answer_by=due,
        )
        for message, due in planned
    ]
    await _send(messages.matching(rules, facts), tx=tx, time=time, locked=False)
    return len(overdue)


async def _send(
    matches: Sequence[tuple[Rule, Fact]], *, tx: Transaction, time: TimeSource, locked: bool
) -> None:
    """Route what matches; keep what cannot be routed yet.

    Args:
        matches: rules with the facts they apply to.
        tx: transaction.
        time: when it is.
        locked: whether the transaction holds the routing lock already.
    """
    if not matches:
        return
    routing = messages.route(
        matches, registry=await _registry(tx, matches, time=time), created_at=time.fired_at
    )
    if routing.unrouted and not locked:
        # Another transaction may be bringing the organ: look again when it has ended.
        await routing_store.lock(tx)
        registry = await _registry(tx, matches, time=time)
        routing = messages.route(matches, registry=registry, created_at=time.fired_at)
    if routing.unrouted:
        await routing_store.keep(tx, routing.unrouted, since=time.now())
    await _deliver(tx, routing.messages)


async def _route_woken(
    woken: Sequence[tuple[str, Fact]], *, tx: Transaction, rules: Sequence[Rule], time: TimeSource
) -> None:
    """Route facts that waited for an organ; those that still cannot be routed wait on.

    A fact whose rule is no longer in force waits on as well: no rule says whom to tell, nothing is dropped.
    """
    by_id = {rule.id: rule for rule in rules}
    matches = [(by_id[rule], fact) for rule, fact in woken if rule in by_id]
    registry = await _registry(tx, matches, time=time)
    # The recipient can see the message from now on, not from the moment of the fact: the fact waited.
    routing = messages.route(matches, registry=registry, created_at=lambda _: time.now())
    await routing_store.keep(tx, routing.unrouted, since=time.now())
    still = {(each.rule, each.fact.ref) for each in routing.unrouted}
    await routing_store.release(tx, {(rule.id, fact.ref) for rule, fact in matches} - still)
    await _deliver(tx, routing.messages)


async def _deliver(tx: Transaction, made: Sequence[InboxMessage]) -> None:
    """Put messages into inboxes and tell the platform of those that are new."""
    if not made:
        return
    added = await message_store.add(tx, made)
    new = [message for message in made if message.id in added]
    await outbox.put(tx, [events.sent(message) for message in new])
    if any(message.must_answer_by for message in new):
        await message_store.wake_timer(tx)


async def _registry(tx: Transaction, matches: Sequence[tuple[Rule, Fact]], *, time: TimeSource) -> Registry:
    today = time.now().astimezone(SHANGHAI).date()
    wanted = {organ for _, fact in matches for organ in (fact.concerned, *fact.organs.values())}
    organs = await registry_store.organs_in_force(tx, wanted, on=today)
    regions = {region for organ in organs.values() for region in ladder(organ.region)}
    return Registry(organs, await registry_store.overseers(tx, regions, on=today))


def _keys(told: Sequence[ToldOrgan]) -> set[str]:
    """Return what unrouted facts may be waiting for: the organs, and the regions of overseers."""
    organs = [each.organ for each in told]
    return {f"organ:{organ.id}" for organ in organs} | {
        f"region:{organ.region}" for organ in organs if organ.kind in OVERSEERS
    }
