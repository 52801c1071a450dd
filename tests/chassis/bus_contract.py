"""What every bus must do. A test module of an adapter subclasses `BusContract` and gives it a `bus`
fixture."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from xianjie.chassis.bus import Bus, Delivery, Message, Subscription

WAIT_SECONDS = 20.0


def message(number: int, *, key: str = "case-1", topic: str = "intake.events") -> Message:
    """Return a message that tells itself apart from every other."""
    return Message(
        topic, key, f"{topic}/{number}", f'{{"n":{number}}}'.encode(), {"traceparent": f"00-{number}"}
    )


async def take(subscription: Subscription, count: int, *, limit: int = 1000) -> list[Delivery]:
    """Fetch until `count` messages came; fails after a deadline."""
    taken: list[Delivery] = []
    async with asyncio.timeout(WAIT_SECONDS):
        while len(taken) < count:
            taken += await subscription.fetch(limit=min(limit, count - len(taken)), wait_seconds=1.0)
    return taken


def ids(deliveries: Sequence[Delivery]) -> list[str]:
    """Return the ids in order of delivery."""
    return [delivery.message.id for delivery in deliveries]


class BusContract:
    """The promises of `xianjie.chassis.bus`, in words that no transport is named in."""

    @pytest.fixture
    async def bus(self) -> Bus:
        """Return an empty bus of the adapter under test."""
        raise NotImplementedError

    async def test_a_message_arrives_whole(self, bus: Bus) -> None:
        sent = Message(
            "intake.events", "案件-1", "urn:a#1", "移送".encode(), {"traceparent": "00-1", "备注": "值"}
        )
        subscription = bus.subscribe(group="transfer", topics=["intake.events"])
        await bus.publish([sent])
        assert [delivery.message for delivery in await take(subscription, 1)] == [sent]
        await subscription.close()

    async def test_nothing_is_published_by_an_empty_batch(self, bus: Bus) -> None:
        await bus.publish([])
        subscription = bus.subscribe(group="transfer", topics=["intake.events"])
        assert await subscription.fetch(limit=10, wait_seconds=0.0) == []
        await subscription.close()

    async def test_order_is_kept_for_each_key(self, bus: Bus) -> None:
        subscription = bus.subscribe(group="transfer", topics=["intake.events"])
        sent = [message(n, key=f"case-{n % 7}") for n in range(300)]
        for start in range(0, 300, 50):
            await bus.publish(sent[start : start + 50])
        taken = await take(subscription, 300, limit=37)
        for key in {m.key for m in sent}:
            assert [d.message for d in taken if d.message.key == key] == [m for m in sent if m.key == key]
        await subscription.close()

    async def test_a_fetch_returns_no_more_than_its_limit(self, bus: Bus) -> None:
        subscription = bus.subscribe(group="transfer", topics=["intake.events"])
        await bus.publish([message(n) for n in range(10)])
        first = await take(subscription, 1)
        assert len(first) == 1
        assert len(await take(subscription, 9, limit=4)) == 9
        await subscription.close()

    async def test_a_new_group_starts_at_the_oldest_message(self, bus: Bus) -> None:
        await bus.publish([message(n) for n in range(5)])
        subscription = bus.subscribe(group="late", topics=["intake.events"])
        assert len(await take(subscription, 5)) == 5
        await subscription.close()

    async def test_every_group_receives_every_message(self, bus: Bus) -> None:
        groups = [bus.subscribe(group=name, topics=["intake.events"]) for name in ("transfer", "audit")]
        await bus.publish([message(n) for n in range(20)])
        for subscription in groups:
            assert ids(await take(subscription, 20)) == [f"intake.events/{n}" for n in range(20)]
            await subscription.close()

    async def test_a_group_receives_only_its_topics(self, bus: Bus) -> None:
        subscription = bus.subscribe(group="audit", topics=["intake.events", "transfer.decisions"])
        topics = ("intake.events", "notification.events", "transfer.decisions")
        await bus.publish([message(n, topic=topic) for n in range(5) for topic in topics])
        taken = await take(subscription, 10)
        assert {d.message.topic for d in taken} == {"intake.events", "transfer.decisions"}
        assert await subscription.fetch(limit=10, wait_seconds=0.2) == []
        await subscription.close()

    async def test_what_was_not_acknowledged_comes_again_to_the_next_member(self, bus: Bus) -> None:
        await bus.publish([message(n) for n in range(10)])
        first = bus.subscribe(group="transfer", topics=["intake.events"])
        taken = await take(first, 10)
        await first.acknowledge(taken[:4])
        await first.close()
        second = bus.subscribe(group="transfer", topics=["intake.events"])
        assert ids(await take(second, 6)) == ids(taken[4:])
        await second.close()

    async def test_what_was_acknowledged_does_not_come_again(self, bus: Bus) -> None:
        await bus.publish([message(n) for n in range(10)])
        first = bus.subscribe(group="transfer", topics=["intake.events"])
        await first.acknowledge(await take(first, 10))
        await first.close()
        second = bus.subscribe(group="transfer", topics=["intake.events"])
        await bus.publish([message(99)])
        assert ids(await take(second, 1)) == ["intake.events/99"]
        await second.close()

    async def test_acknowledging_again_or_nothing_is_harmless(self, bus: Bus) -> None:
        subscription = bus.subscribe(group="transfer", topics=["intake.events"])
        await bus.publish([message(n) for n in range(3)])
        taken = await take(subscription, 3)
        await subscription.acknowledge([])
        await subscription.acknowledge(taken)
        await subscription.acknowledge(taken[:1])
        assert await subscription.lag() == 0
        await subscription.close()

    async def test_the_lag_counts_what_is_not_acknowledged(self, bus: Bus) -> None:
        subscription = bus.subscribe(group="transfer", topics=["intake.events"])
        await bus.publish([message(n) for n in range(8)])
        assert await subscription.lag() == 8
        taken = await take(subscription, 8)
        assert await subscription.lag() == 8
        await subscription.acknowledge(taken[:3])
        assert await subscription.lag() == 5
        await subscription.close()

    async def test_a_waiting_member_is_woken_by_a_message(self, bus: Bus) -> None:
        subscription = bus.subscribe(group="transfer", topics=["intake.events"])
        await subscription.fetch(limit=1, wait_seconds=0.0)
        waiting = asyncio.ensure_future(take(subscription, 1))
        await bus.publish([message(1)])
        assert ids(await waiting) == ["intake.events/1"]
        await subscription.close()

    async def test_two_members_of_a_group_lose_nothing_when_one_leaves(self, bus: Bus) -> None:
        members = [bus.subscribe(group="transfer", topics=["intake.events"]) for _ in range(2)]
        seen: set[str] = set()

        async def read(member: Subscription, until: int) -> None:
            while len(seen) < until:
                deliveries = await member.fetch(limit=7, wait_seconds=0.2)
                seen.update(ids(deliveries))
                await member.acknowledge(deliveries)

        async with asyncio.timeout(WAIT_SECONDS):
            await bus.publish([message(n, key=f"case-{n}") for n in range(40)])
            await asyncio.gather(*(read(member, 40) for member in members))
            await members[0].close()
            await bus.publish([message(n, key=f"case-{n}") for n in range(40, 80)])
            await read(members[1], 80)
        assert len(seen) == 80
        assert await members[1].lag() == 0
        await members[1].close()

    async def test_concurrent_publishers_lose_nothing(self, bus: Bus) -> None:
        subscription = bus.subscribe(group="audit", topics=["intake.events"])

        async def publish(writer: int) -> None:
            for n in range(20):
                await bus.publish([message(writer * 100 + n, key=f"case-{writer}")])

        reading = asyncio.ensure_future(take(subscription, 80))
        await asyncio.gather(*(publish(writer) for writer in range(4)))
        taken = await reading
        for writer in range(4):
            own = [d.message.id for d in taken if d.message.key == f"case-{writer}"]
            assert own == [f"intake.events/{writer * 100 + n}" for n in range(20)]
        await subscription.close()
