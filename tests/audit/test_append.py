"""Appending to a real PostgreSQL: duplicates, crashes, two appenders, privileges."""

from __future__ import annotations

import asyncio
import sys
from time import perf_counter
from typing import Any

import asyncpg
import pytest
from tests.audit.log_events import KEY, ORIGIN, SIGNED_AT, bodies, body
from tests.postgres_fixtures import DatabaseFor

from xianjie.audit import domain, handlers, store
from xianjie.chassis.database import Database, Transaction
from xianjie.contracts.errors import Conflicting, Unavailable
from xianjie.tlog.checkpoints import open_checkpoint
from xianjie.tlog.growth import Frontier

LOG = ("leaf", "node", "checkpoint")


@pytest.fixture
async def writer(database_for: DatabaseFor) -> Database:
    """The log as the running service holds it."""
    return await database_for("audit", role="audit_writer")


async def append(database: Database, events: list[bytes]) -> int:
    async with database.transaction() as tx:
        return await handlers.append(tx, events, key=KEY, signed_at=SIGNED_AT)


async def require_consistent(database: Database) -> int:
    """The stored leaves lead to the signed root, and every event stands in them once; return the size."""
    async with database.read() as tx:
        rows = await tx.fetch("select index, leaf_hash, source, id from leaf order by index")
        signed = await store.last_checkpoint(tx)
        head = await store.head(tx, ORIGIN)
    assert [row["index"] for row in rows] == list(range(len(rows)))
    assert len({(row["source"], row["id"]) for row in rows}) == len(rows)
    whole = Frontier().appended([row["leaf_hash"] for row in rows]).frontier
    assert head.frontier == whole
    if signed is None:
        assert rows == []
        return 0
    checkpoint = open_checkpoint(signed.note, [KEY.verifier])
    assert (checkpoint.origin, checkpoint.size, checkpoint.root) == (ORIGIN, len(rows), whole.root)
    assert signed.signed_at == SIGNED_AT
    return checkpoint.size


async def test_leaves_stand_in_the_order_of_delivery(writer: Database) -> None:
    numbers = [5, 1, 4, 2, 3]
    await append(writer, [body(number) for number in numbers[:2]])
    await append(writer, [body(number) for number in numbers[2:]])
    async with writer.read() as tx:
        ids = await tx.fetch("select id from leaf order by index")
    assert [row["id"] for row in ids] == [f"EV-{number}" for number in numbers]


async def test_every_event_is_exactly_one_leaf_after_duplicates(writer: Database) -> None:
    assert await append(writer, bodies(0, 300)) == 300
    assert await append(writer, bodies(200, 400)) == 100
    assert await append(writer, bodies(0, 400) + bodies(0, 400)) == 0
    assert await require_consistent(writer) == 400


async def test_a_batch_of_known_events_signs_nothing_new(writer: Database) -> None:
    await append(writer, bodies(0, 3))
    await append(writer, bodies(0, 3))
    async with writer.read() as tx:
        assert await tx.fetchval("select count(*) from checkpoint") == 1


async def test_one_id_for_two_contents_leaves_the_log_as_it_was(writer: Database) -> None:
    await append(writer, bodies(0, 3))
    with pytest.raises(Conflicting):
        await append(writer, [body(7), body(1, note="改过")])
    assert await require_consistent(writer) == 3


class Dying:
    """A connection whose process dies at its nth statement."""

    def __init__(self, tx: Transaction, lasts: int) -> None:
        self._tx, self._lasts = tx, lasts

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._tx, name)

        async def counted(*arguments: Any, **named: Any) -> Any:
            if self._lasts == 0:
                raise ConnectionResetError("the process died here")
            self._lasts -= 1
            return await method(*arguments, **named)

        return counted


async def test_a_crash_after_any_statement_leaves_the_log_whole_and_the_retry_completes_it(
    writer: Database,
) -> None:
    await append(writer, bodies(0, 250))
    deaths = 0
    while True:
        try:
            async with writer.transaction() as tx:
                dying = Dying(tx, deaths)
                await handlers.append(dying, bodies(250, 520), key=KEY, signed_at=SIGNED_AT)  # type: ignore[arg-type]
            break
        except (ConnectionResetError, Unavailable):
            deaths += 1
            assert await require_consistent(writer) == 250
    assert deaths == 7  # turn, known events, last checkpoint, edge, and the three writes
    assert await require_consistent(writer) == 520


async def test_two_appenders_at_once_never_fork(database_for: DatabaseFor) -> None:
    first = await database_for("audit", role="audit_writer")
    second = await database_for("audit", role="audit_writer")
    batches = [
        append(first if number % 2 else second, bodies(number * 30, number * 30 + 50)) for number in range(20)
    ]
    added = await asyncio.gather(*batches)
    assert sum(added) == await require_consistent(first) == 620


async def test_a_second_growth_from_the_same_size_is_refused_by_the_tables(writer: Database) -> None:
    await append(writer, bodies(0, 10))
    async with writer.read() as tx:
        head = await store.head(tx, ORIGIN)
    growths = [domain.grow(head, [domain.leaf_of(body(number))] * 1, key=KEY) for number in (10, 11)]
    longer = domain.grow(head, [domain.leaf_of(body(number)) for number in (12, 13)], key=KEY)
    async with writer.transaction() as tx:
        await store.append(tx, growths[0], signed_at=SIGNED_AT)
    for fork in (growths[1], longer):
        with pytest.raises(asyncpg.UniqueViolationError):
            async with writer.transaction() as tx:
                await store.append(tx, fork, signed_at=SIGNED_AT)
    assert await require_consistent(writer) == 11


async def test_a_log_that_was_touched_behind_its_back_does_not_grow(database_for: DatabaseFor) -> None:
    owner = await database_for("audit")
    await append(owner, bodies(0, 10))
    async with owner.transaction() as tx:
        await tx.execute("alter table leaf disable trigger only_grows")
        await tx.execute("update leaf set leaf_hash = $1 where index = 4", bytes(32))
    with pytest.raises(Unavailable, match=r"audit\.log\.broken"):
        await append(owner, bodies(10, 20))


@pytest.mark.parametrize("table", LOG)
@pytest.mark.parametrize("statement", ["update {} set {} = {}", "delete from {}", "truncate {} cascade"])
@pytest.mark.parametrize("role", ["audit_writer", None])
async def test_neither_the_service_nor_the_owner_changes_the_log(
    database_for: DatabaseFor, table: str, statement: str, role: str | None
) -> None:
    database = await database_for("audit", role=role)
    await append(database, bodies(0, 300))
    column = {"leaf": "entry", "node": "hash", "checkpoint": "note"}[table]
    with pytest.raises(asyncpg.InsufficientPrivilegeError) as refusal:
        async with database.transaction() as tx:
            await tx.execute(statement.format(table, column, column))
    said = "permission denied" if role else "the log only grows"
    assert said in str(refusal.value)
    assert await require_consistent(database) == 300


@pytest.mark.parametrize(
    "statement",
    [
        "alter table leaf disable trigger all",
        "drop table leaf",
        "drop trigger only_grows on leaf",
        "create table x ()",
    ],
)
async def test_the_service_cannot_take_the_walls_down(writer: Database, statement: str) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with writer.transaction() as tx:
            await tx.execute(statement)


async def test_the_service_may_use_its_messaging_tables(writer: Database) -> None:
    async with writer.transaction() as tx:
        await tx.execute("insert into inbox (group_name, message_id) values ('audit', 'a')")
        await tx.execute("update inbox set message_id = 'b'")
        await tx.execute("delete from inbox")


async def test_two_thousand_leaves_are_appended_at_once(
    writer: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    await append(writer, bodies(0, 100))
    batch = bodies(100, 2100)
    begun = perf_counter()
    assert await append(writer, batch) == 2000
    seconds = perf_counter() - begun
    with capsys.disabled():
        sys.stdout.write(f"\n2000 leaves in {seconds:.3f} s: {2000 / seconds:,.0f} leaves/s\n")
    assert await require_consistent(writer) == 2100
