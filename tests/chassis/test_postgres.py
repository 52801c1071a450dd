"""The embedded PostgreSQL: one owner, a safe door, and no acknowledged row lost whoever is killed."""

# The blocking looks at files are those of a test that waits for nothing else.
# ruff: noqa: ASYNC240

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest
from tests.postgres_fixtures import SMALL

from xianjie.chassis.database import Database
from xianjie.chassis.postgres import EmbeddedPostgres, PostgresRefusal, PostgresSettings
from xianjie.chassis.postgres_account import Account, account
from xianjie.chassis.postgres_data import Binaries
from xianjie.contracts.errors import Unavailable

DEBIAN = Path("/usr/lib/postgresql/15/bin")
_numbers = itertools.count()


@pytest.fixture
def data(postgres_home: Path) -> Iterator[Path]:
    home = postgres_home / f"own-{next(_numbers)}"
    yield home / "data"
    shutil.rmtree(home, ignore_errors=True)


def described(data: Path, **further) -> EmbeddedPostgres:
    return EmbeddedPostgres(PostgresSettings(data=data, parameters=SMALL, **further))


@pytest.fixture(scope="module")
async def server(postgres_home: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A server that no test of this module stops."""
    async with described(postgres_home / "undisturbed") as started:
        yield started


def administration(server: EmbeddedPostgres) -> dict[str, str]:
    """Arguments of `settings_for` that reach the server as its superuser."""
    password = Path(f"{server.data}.password").read_text().strip()
    return {"user": "postgres", "password": password, "schema": "public", "database": "postgres"}


async def one(dsn: str, query: str):
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


async def test_the_server_keeps_what_was_written_over_a_restart(data) -> None:
    async with described(data) as server:
        await one(server.admin_dsn(), "create table kept as select 1 as n")
    assert not (data / "postmaster.pid").exists()
    async with described(data) as server:
        assert await one(server.admin_dsn(), "select n from kept") == 1


async def test_it_answers_over_tcp_and_over_its_socket(server) -> None:
    assert await one(server.admin_dsn(), "select 1") == 1
    database = await Database.connect(server.settings_for(**administration(server)))
    async with database.read() as tx:
        assert await tx.fetchval("select inet_client_addr()") is None
    await database.close()


async def test_a_long_path_gets_a_short_directory_for_its_socket(postgres_home) -> None:
    data = postgres_home / ("long-" * 24) / "data"
    async with described(data) as server:
        directory = server.socket_directory
        assert len(str(directory)) < 60
        database = await Database.connect(server.settings_for(**administration(server)))
        assert await database.ping()
        await database.close()
    assert not directory.exists()


@pytest.mark.parametrize("way", ["tcp", "socket"])
async def test_a_wrong_password_is_refused(way, server) -> None:
    host = "127.0.0.1" if way == "tcp" else str(server.socket_directory)
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(
            host=host, port=server.port, user="postgres", password="wrong", database="postgres"
        )


async def test_writes_are_durable_and_logs_carry_no_statements(server) -> None:
    for name in ("fsync", "full_page_writes", "synchronous_commit", "data_checksums"):
        assert await one(server.admin_dsn(), f"show {name}") == "on"
    assert await one(server.admin_dsn(), "show listen_addresses") == "127.0.0.1"
    with pytest.raises(asyncpg.PostgresError):
        await one(server.admin_dsn(), "select 'Zhang San' from nowhere")
    logs = list((server.data / "log").glob("*.log"))
    assert logs
    assert all("Zhang San" not in log.read_text() for log in logs)


def test_durability_cannot_be_switched_off(data) -> None:
    with pytest.raises(ValueError, match="fsync"):
        PostgresSettings(data=data, parameters={"fsync": "off"})


async def test_secrets_are_readable_by_the_owner_alone(server) -> None:
    assert Path(f"{server.data}.password").stat().st_mode & 0o777 == 0o600
    assert server.data.stat().st_mode & 0o777 == 0o700


async def test_a_second_owner_is_refused_and_told_the_first_ones_pid(server) -> None:
    with pytest.raises(PostgresRefusal, match=rf"in use by the process {os.getpid()}"):
        await described(server.data).start()
    assert await one(server.admin_dsn(), "select 1") == 1, "the first owner is not disturbed"


async def test_a_directory_of_another_version_is_refused_with_the_commands_that_help(data) -> None:
    async with described(data):
        pass
    (data / "PG_VERSION").write_text("14\n")
    with pytest.raises(PostgresRefusal) as refusal:
        await described(data).start()
    said = str(refusal.value)
    for command in ("pg_dumpall", "initdb", "psql", "OLD=/usr/lib/postgresql/14/bin", str(data)):
        assert command in said


async def test_a_directory_that_holds_something_else_is_refused(data) -> None:
    data.mkdir(parents=True)
    (data / "thesis.txt").write_text("important")
    with pytest.raises(PostgresRefusal, match="not empty"):
        await described(data).start()
    assert (data / "thesis.txt").read_text() == "important"


async def test_a_lost_password_is_said(data) -> None:
    async with described(data):
        pass
    Path(f"{data}.password").unlink()
    with pytest.raises(PostgresRefusal, match="password is missing"):
        await described(data).start()


async def test_an_initdb_that_was_cut_off_is_begun_anew(data) -> None:
    unfinished = Path(f"{data}.unfinished")
    unfinished.mkdir(parents=True)
    (unfinished / "PG_VERSION").write_text("18\n")
    async with described(data) as server:
        assert await one(server.admin_dsn(), "select 1") == 1
    assert not unfinished.exists()


async def test_a_server_that_cannot_start_says_why_in_its_own_words(data) -> None:
    broken = EmbeddedPostgres(PostgresSettings(data=data, parameters={"shared_buffers": "nonsense"}))
    with pytest.raises(PostgresRefusal, match="shared_buffers"):
        await broken.start()
    async with described(data):
        pass


async def test_a_port_in_use_is_said(server, postgres_home) -> None:
    with pytest.raises(PostgresRefusal, match=r"(?i)address already in use"):
        await described(postgres_home / "second", port=server.port).start()


def test_programs_that_are_missing_or_too_old_are_refused(tmp_path) -> None:
    with pytest.raises(PostgresRefusal, match="no program"):
        Binaries.found(tmp_path)
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text("#!/bin/sh\necho 'postgres (PostgreSQL) 13.4 (Debian)'\n")
        (tmp_path / name).chmod(0o755)
    with pytest.raises(PostgresRefusal, match="PostgreSQL 13, at least 15"):
        Binaries.found(tmp_path)


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="no PostgreSQL 15 of the system is installed")
async def test_the_programs_of_the_system_serve_as_well_and_their_data_is_not_mixed(data) -> None:
    async with described(data, binaries=DEBIAN) as server:
        assert (await one(server.admin_dsn(), "show server_version")).startswith("15.")
    with pytest.raises(PostgresRefusal, match="written by PostgreSQL 15"):
        await described(data).start()


@pytest.mark.skipif(not DEBIAN.is_dir(), reason="no PostgreSQL 15 of the system is installed")
async def test_the_commands_that_the_refusal_prints_carry_the_data_over(data) -> None:
    async with described(data, binaries=DEBIAN) as server:
        await one(server.admin_dsn(), "create table kept as select 42 as n")
    with pytest.raises(PostgresRefusal) as refusal:
        await described(data).start()
    commands = "\n".join(line for line in str(refusal.value).splitlines() if line.startswith("  "))
    # The owner of the directory works on it; where root runs the tests, that is the unprivileged user.
    ours = account(None)
    home = data.parent / "owner"
    home.mkdir()
    for path in (home, Path(f"{data}.password")):
        ours.give(path)
    moved = commands.replace(str(data), str(home / "data"))
    data.rename(home / "data")
    Path(f"{data}.password").rename(home / "data.password")
    done = await asyncio.to_thread(
        subprocess.run, ["/bin/sh", "-c", moved], capture_output=True, text=True, cwd="/", **ours.process
    )
    assert done.returncode == 0, done.stdout + done.stderr
    async with described(home / "data") as server:
        assert await one(server.admin_dsn(), "select n from kept") == 42


@pytest.mark.skipif(os.geteuid() != 0, reason="only root switches users")
class TestStartedByRoot:
    async def test_the_server_runs_as_an_unprivileged_user_that_owns_the_data(self, server) -> None:
        assert server.data.stat().st_uid != 0
        assert Path(f"/proc/{server.pid}").stat().st_uid == server.data.stat().st_uid

    async def test_a_directory_that_the_user_may_not_enter_is_refused_and_left_alone(self, tmp_path) -> None:
        closed = tmp_path / "closed"
        closed.mkdir(mode=0o700)
        with pytest.raises(PostgresRefusal, match="may not enter"):
            await described(closed / "data").start()
        assert closed.stat().st_mode & 0o777 == 0o700
        assert closed.stat().st_uid == 0

    def test_a_user_that_is_missing_is_an_explained_error_and_is_not_created(self, data) -> None:
        with pytest.raises(PostgresRefusal, match=r"no unprivileged user .*xianjie-missing"):
            described(data, user="xianjie-missing")
        with pytest.raises(PostgresRefusal, match="no unprivileged user"):
            described(data, user="root")

    def test_the_user_of_the_settings_is_taken(self) -> None:
        assert account("nobody") == Account("nobody", 65534, 65534, switched=True)


async def owned_by_another_process(data: Path) -> tuple[asyncio.subprocess.Process, int, int]:
    """Start owner.py, return it with the server's port and pid."""
    owner = await asyncio.create_subprocess_exec(
        sys.executable,
        str(Path(__file__).with_name("owner.py")),
        str(data),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    assert owner.stdout is not None
    async with asyncio.timeout(60):
        ready = (await owner.stdout.readline()).split()
    return owner, int(ready[1]), int(ready[2])


async def end(owner: asyncio.subprocess.Process, with_signal: int) -> None:
    owner.send_signal(with_signal)
    await owner.wait()
    owner._transport.close()


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
async def test_an_owner_killed_outright_takes_its_server_down_cleanly(data, eventually) -> None:
    owner, _, pid = await owned_by_another_process(data)
    await end(owner, signal.SIGKILL)

    async def gone() -> bool:
        return not Path(f"/proc/{pid}/cwd").exists()

    await eventually(gone, seconds=30)
    assert not (data / "postmaster.pid").exists()
    async with described(data) as server:
        assert await one(server.admin_dsn(), "select 1") == 1
    log = "".join(file.read_text() for file in (data / "log").glob("*.log"))
    assert "database system was not properly shut down" not in log


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's parent-death signal is Linux's")
async def test_the_next_owner_may_start_while_the_former_server_still_stops(data) -> None:
    owner, _, _ = await owned_by_another_process(data)
    await end(owner, signal.SIGKILL)
    async with described(data) as server:
        assert await one(server.admin_dsn(), "select 1") == 1


async def test_ctrl_c_on_the_terminal_does_not_reach_the_server(server) -> None:
    assert os.getsid(server.pid) != os.getsid(0)


async def write_until_told(
    database: Database, writer: int, acknowledged: set[str], stop: asyncio.Event
) -> None:
    """Insert rows with ids of our own; after an interruption repeat the row whose fate is unknown."""
    for n in itertools.count():
        if stop.is_set():
            return
        row = f"{writer}-{n}"
        while row not in acknowledged:
            try:
                async with database.transaction() as tx:
                    await tx.execute("insert into rows (id) values ($1)", row)
            except Unavailable:
                await database.ping()
                continue
            acknowledged.add(row)


async def test_a_server_killed_under_four_writers_is_restarted_and_loses_no_acknowledged_row(
    data, eventually
) -> None:
    async with described(data) as server:
        await kill_under_four_writers(server, eventually)


async def kill_under_four_writers(server: EmbeddedPostgres, eventually) -> None:
    await one(server.admin_dsn(), "create table rows (place bigint generated always as identity, id text)")
    database = await Database.connect(server.settings_for(**administration(server)))
    acknowledged: set[str] = set()
    stop = asyncio.Event()
    writers = [asyncio.ensure_future(write_until_told(database, n, acknowledged, stop)) for n in range(4)]
    kills = 3
    for _ in range(kills):
        before = len(acknowledged)
        await eventually(lambda: more_than(acknowledged, before + 200), seconds=60)  # noqa: B023
        killed = server.pid
        os.kill(killed, signal.SIGKILL)
        await eventually(lambda: restarted(server, killed), seconds=60)  # noqa: B023
    last = len(acknowledged)
    await eventually(lambda: more_than(acknowledged, last + 200), seconds=60)
    stop.set()
    await asyncio.gather(*writers)
    async with database.read() as tx:
        rows = [row["id"] for row in await tx.fetch("select id from rows")]
    await database.close()
    assert set(rows) == acknowledged
    # A row may be there twice only if a kill fell between its commit and its acknowledgement.
    assert len(rows) - len(set(rows)) <= 4 * kills


async def more_than(acknowledged: set[str], count: int) -> bool:
    return len(acknowledged) > count


async def restarted(server: EmbeddedPostgres, killed: int) -> bool:
    return server.pid != killed
