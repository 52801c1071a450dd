"""The feed: an outage, a restart or two transactions at once never make a reader miss a message."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.notification.builders import AGENCY, NOW, deliveries, finding, registry

from xianjie.chassis.database import Database
from xianjie.contracts.errors import Malformed
from xianjie.notification import queries
from xianjie.notification.consumer import handle
from xianjie.notification.cursors import FeedCursor, PageCursor
from xianjie.notification.rulebook import load_rules
from xianjie.notification.settings import RULES


async def pull(
    database: Database, cursor: str | None = None, *, limit: int = 100
) -> tuple[list[str], str, bool]:
    """The ids of the facts behind the next messages of the agency, the cursor, and whether there are more."""
    async with database.read() as tx:
        page = await queries.feed(tx, organ=AGENCY, after=FeedCursor.read(cursor), limit=limit)
    return [each.about.id for each in page.messages], page.cursor, page.more


async def test_the_feed_is_read_in_pages_from_the_beginning_to_the_end(take_in, database) -> None:
    for number in range(5):
        await take_in(finding(id=f"f-{number}"))
    first, cursor, more = await pull(database, limit=3)
    assert (first, more) == (["f-0", "f-1", "f-2"], True)
    second, cursor, more = await pull(database, cursor, limit=3)
    assert (second, more) == (["f-3", "f-4"], False)
    assert await pull(database, cursor) == ([], cursor, False)
    await take_in(finding(id="f-5"))
    assert (await pull(database, cursor))[0] == ["f-5"]


async def test_messages_of_one_batch_keep_the_order_of_their_facts(take_in, database) -> None:
    await take_in(*(finding(id=f"f-{number}", level="notice") for number in (3, 1, 2)))
    assert (await pull(database))[0] == ["f-3", "f-1", "f-2"]


async def test_the_feed_misses_nothing_across_two_concurrent_transactions(take_in, database, clock) -> None:
    await take_in(*registry())
    handler = handle(rules=load_rules(RULES), titles={}, clock=clock)
    slow_may_commit = asyncio.Event()
    slow_has_written = asyncio.Event()

    async def slow() -> None:
        async with database.transaction() as tx:
            await handler(tx, deliveries(finding(id="slow")))
            slow_has_written.set()
            await slow_may_commit.wait()

    async with asyncio.TaskGroup() as group:
        group.create_task(slow())
        await slow_has_written.wait()
        # It began later, has the higher number and commits first.
        await take_in(finding(id="fast"))
        seen, cursor, _ = await pull(database)
        assert seen == []
        slow_may_commit.set()
    after, cursor, _ = await pull(database, cursor)
    assert after == ["slow", "fast"]
    assert (await pull(database, cursor))[0] == []


async def test_a_transaction_that_fails_holds_nothing_back_for_ever(take_in, database, clock) -> None:
    handler = handle(rules=load_rules(RULES), titles={}, clock=clock)
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await handler(tx, deliveries(finding(id="failed")))
            raise RuntimeError("the process was killed here")
    await take_in(finding(id="next"))
    assert (await pull(database))[0] == ["next"]


@given(tx=st.integers(0, 2**64 - 1), seq=st.integers(0, 2**63 - 1))
def test_a_feed_cursor_is_read_as_it_was_written(tx: int, seq: int) -> None:
    assert FeedCursor.read(FeedCursor(tx, seq).text()) == FeedCursor(tx, seq)


@given(at=st.datetimes(timezones=st.just(NOW.tzinfo)), id_=st.text(st.characters(codec="utf-8"), max_size=30))
def test_a_page_cursor_is_read_as_it_was_written(at, id_: str) -> None:
    assert PageCursor.read(PageCursor(at, id_).text()) == PageCursor(at, id_)


@given(st.text(max_size=60) | st.binary(max_size=40).map(lambda raw: raw.hex()))
def test_any_other_text_is_refused_as_a_cursor(text: str) -> None:
    for kind in (FeedCursor, PageCursor):
        with pytest.raises(Malformed) as caught:
            kind.read(text)
        assert caught.value.problem.code == "cursor.malformed"


def test_a_cursor_of_one_list_is_no_cursor_of_another() -> None:
    with pytest.raises(Malformed):
        FeedCursor.read(PageCursor(NOW, "ntf_x").text())
    with pytest.raises(Malformed):
        PageCursor.read(FeedCursor(1, 1).text())
