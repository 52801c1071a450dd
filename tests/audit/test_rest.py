"""The log as strangers see it: through the HTTP door, and as exported files."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from schemathesis.specs.openapi.checks import positive_data_acceptance
from tests.audit.log_events import KEY, ORIGIN, SIGNED_AT, bodies, event
from tests.postgres_fixtures import DatabaseFor
from tests.serving import nothing_breaks

from xianjie.audit import handlers, rest
from xianjie.audit.export import export
from xianjie.audit.main import application
from xianjie.audit.openapi import document
from xianjie.chassis.database import Database
from xianjie.chassis.web import install_errors
from xianjie.contracts.canonical import event_digest
from xianjie.tlog.checkpoints import open_checkpoint
from xianjie.tlog.merkle import EMPTY_ROOT, leaf_hash, verify_consistency, verify_inclusion
from xianjie.tlog.notes import VerifierKey
from xianjie.tlog.verify import DirectoryReader, verify

SIZE = 600


@pytest.fixture
async def writer(database_for: DatabaseFor) -> Database:
    return await database_for("audit", role="audit_writer")


@pytest.fixture
async def client(writer: Database) -> AsyncIterator[httpx2.AsyncClient]:
    app = FastAPI()
    install_errors(app)
    app.include_router(rest.router(database=writer, key=KEY, digests_limit=200))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://log.test/v1/") as asking:
        yield asking


async def append(database: Database, first: int, after: int) -> None:
    async with database.transaction() as tx:
        await handlers.append(tx, bodies(first, after), key=KEY, signed_at=SIGNED_AT)


class Served:
    """Reads the log through the door, from the thread of the verifier."""

    def __init__(self, client: httpx2.AsyncClient, loop: asyncio.AbstractEventLoop) -> None:
        self._client, self._loop = client, loop

    def read(self, path: str) -> bytes | None:
        answer = asyncio.run_coroutine_threadsafe(self._client.get(path), self._loop).result(30)
        return answer.content if answer.status_code == 200 else None


@pytest.mark.parametrize("batches", [[0], [0, 1], [0, 255, 256], [0, 256, 300, SIZE]])
async def test_the_served_log_verifies_at_every_size(
    writer: Database, client: httpx2.AsyncClient, batches: list[int]
) -> None:
    for first, after in pairwise(batches):
        await append(writer, first, after)
    served = Served(client, asyncio.get_running_loop())
    verification = await asyncio.to_thread(verify, served, KEY.verifier)
    assert verification.faults == ()
    assert verification.leaves == batches[-1]


async def test_partial_tiles_of_earlier_checkpoints_are_still_served(
    writer: Database, client: httpx2.AsyncClient
) -> None:
    await append(writer, 0, 300)
    paths = ["tile/0/001.p/44", "tile/1/000.p/1", "tile/entries/001.p/44"]
    before = [(await client.get(path)).content for path in paths]
    await append(writer, 300, SIZE)
    assert [(await client.get(path)).content for path in paths] == before


async def test_an_edited_leaf_is_found_by_whoever_reads_the_served_log(
    database_for: DatabaseFor, client: httpx2.AsyncClient
) -> None:
    owner = await database_for("audit")
    await append(owner, 0, 300)
    async with owner.transaction() as tx:
        await tx.execute("alter table leaf disable trigger only_grows")
        await tx.execute("update leaf set entry = $1 where index = 270", b"forged")
    served = Served(client, asyncio.get_running_loop())
    verification = await asyncio.to_thread(verify, served, KEY.verifier)
    assert [(fault.code, fault.leaf) for fault in verification.faults] == [("entry.changed", 270)]


async def test_every_leaf_has_an_inclusion_proof_that_holds(
    writer: Database, client: httpx2.AsyncClient
) -> None:
    await append(writer, 0, SIZE)
    for number in range(SIZE):
        digest = event_digest(event(number))
        proved = (await client.get("inclusion", params={"leaf": digest})).json()
        checkpoint = open_checkpoint(proved["checkpoint"].encode(), [KEY.verifier])
        assert proved["tree_size"] == checkpoint.size == SIZE
        assert proved["leaf_index"] == number
        assert proved["leaf_hash"] == leaf_hash(proved["entry"].encode()).hex()
        assert digest in proved["entry"]
        verify_inclusion(
            leaf=bytes.fromhex(proved["leaf_hash"]),
            index=number,
            size=SIZE,
            proof=[bytes.fromhex(value) for value in proved["proof"]],
            root=checkpoint.root,
        )


async def test_the_log_proves_that_it_only_grew(writer: Database, client: httpx2.AsyncClient) -> None:
    checkpoints = [open_checkpoint((await client.get("checkpoint")).content, [KEY.verifier])]
    assert (checkpoints[0].size, checkpoints[0].root) == (0, EMPTY_ROOT)
    for first, after in [(0, 1), (1, 255), (255, 257), (257, 300), (300, SIZE)]:
        await append(writer, first, after)
        checkpoints.append(open_checkpoint((await client.get("checkpoint")).content, [KEY.verifier]))
    for at, old in enumerate(checkpoints):
        for new in checkpoints[at:]:
            sizes = {"from": old.size, "to": new.size}
            proved = (await client.get("consistency", params=sizes)).json()
            assert {name: proved[name] for name in sizes} == sizes
            proof = [bytes.fromhex(value) for value in proved["proof"]]
            verify_consistency(old=old.size, new=new.size, old_root=old.root, new_root=new.root, proof=proof)
    newest = (await client.get("consistency", params={"from": 1})).json()
    assert newest["to"] == SIZE


async def test_leaves_are_found_by_digest_and_unknown_ones_left_out(
    writer: Database, client: httpx2.AsyncClient
) -> None:
    await append(writer, 0, 5)
    digests = [event_digest(event(number)) for number in (4, 77, 1)]
    answer = (await client.get("leaves", params={"digest": digests})).json()
    assert answer == {
        "leaves": [
            {"digest": digests[2], "index": 1, "recorded": "2024-05-06T01:00:02.500000Z"},
            {"digest": digests[0], "index": 4, "recorded": "2024-05-06T01:00:02.500000Z"},
        ]
    }


async def test_types_and_caching_are_those_of_the_specification(
    writer: Database, client: httpx2.AsyncClient
) -> None:
    await append(writer, 0, 256)
    checkpoint = await client.get("checkpoint")
    assert checkpoint.headers["content-type"] == "text/plain; charset=utf-8"
    assert checkpoint.headers["cache-control"] == "no-cache"
    assert checkpoint.text.startswith(f"{ORIGIN}\n256\n")
    for path in ("tile/0/000", "tile/1/000.p/1", "tile/entries/000"):
        tile = await client.get(path)
        assert tile.headers["content-type"] == "application/octet-stream"
        assert "immutable" in tile.headers["cache-control"]


async def test_the_public_key_opens_the_checkpoint(writer: Database, client: httpx2.AsyncClient) -> None:
    await append(writer, 0, 1)
    key = VerifierKey.parse((await client.get("key")).text.strip())
    assert key == KEY.verifier
    assert open_checkpoint((await client.get("checkpoint")).content, [key]).size == 1


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("tile/0/001", 404, "audit.tile.unknown"),
        ("tile/0/000.p/11", 404, "audit.tile.unknown"),
        ("tile/1/000.p/1", 404, "audit.tile.unknown"),
        ("tile/entries/000", 404, "audit.tile.unknown"),
        ("tile/0/0", 404, "audit.tile.unknown"),
        ("tile/63/x999/x999/x999/x999/x999/x999/999", 404, "audit.tile.unknown"),
        ("inclusion?leaf=sha-256:" + "0" * 64, 404, "audit.leaf.unknown"),
        ("inclusion?leaf=" + "0" * 64, None, "audit.digest.malformed"),
        ("leaves?digest=x", None, "audit.digest.malformed"),
        ("leaves?" + "&".join(["digest=sha-256:" + "0" * 64] * 201), None, "audit.digests.too_many"),
        ("consistency?from=11", 404, "audit.size.unknown"),
        ("consistency?from=1&to=11", 404, "audit.size.unknown"),
        ("consistency?from=5&to=4", None, "audit.sizes.disordered"),
    ],
)
async def test_what_cannot_be_answered_is_a_problem_in_two_languages(
    writer: Database, client: httpx2.AsyncClient, path: str, status: int | None, code: str
) -> None:
    await append(writer, 0, 10)
    answer = await client.get(path)
    assert 400 <= answer.status_code < 500
    assert status in (None, answer.status_code)
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["code"] == code
    assert any("一" <= letter <= "鿿" for letter in problem["detail"])
    assert problem["detail_en"].isascii()


@pytest.mark.parametrize(
    "path", ["inclusion", "leaves", "consistency", "consistency?from=-1", "consistency?from=x"]
)
async def test_a_question_that_lacks_its_parameter_is_refused(client: httpx2.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"].startswith("application/problem+json")


async def test_nothing_that_is_published_names_a_case_or_an_event(
    writer: Database, client: httpx2.AsyncClient
) -> None:
    await append(writer, 0, 20)
    for path in ("checkpoint", "tile/0/000.p/20", "tile/entries/000.p/20"):
        content = (await client.get(path)).content
        assert b"EV-" not in content
        assert b"CASE" not in content
        assert "据查".encode() not in content


async def test_an_export_is_the_log_in_files(writer: Database, tmp_path: Path) -> None:
    for size, (first, after) in {300: (0, 300), SIZE: (300, SIZE)}.items():
        await append(writer, first, after)
        assert await export(writer, tmp_path / "log", key=KEY) == size
        verification = verify(DirectoryReader(tmp_path / "log"), KEY.verifier)
        assert verification.faults == ()
        assert verification.leaves == size
    assert not list((tmp_path / "log").rglob(".*"))


async def test_an_empty_log_is_exported_as_a_checkpoint_alone(writer: Database, tmp_path: Path) -> None:
    assert await export(writer, tmp_path, key=KEY) == 0
    exported = DirectoryReader(tmp_path)
    assert not exported.directory.joinpath("tile").exists()
    assert b64encode(EMPTY_ROOT) in (exported.read("checkpoint") or b"")
    assert verify(exported, KEY.verifier).holds


async def test_nothing_that_a_machine_thinks_of_breaks_the_document(writer: Database) -> None:
    """One check is left out: how long the log is, so whether a place is in it, stands in no JSON Schema."""
    await append(writer, 0, 300)
    app = application(database=writer, key=KEY, digests_limit=200)
    await nothing_breaks(app, await document(), headers={}, excluded=[positive_data_acceptance])
