"""Starting what is measured, each in a process and a temporary directory of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psutil  # type: ignore[import-untyped]

from xianjie.chassis.postgres_data import SUPERUSER
from xianjie.command.places import Places

START_SECONDS = 60.0
STOP_SECONDS = 30.0

_COMMAND = "from xianjie.command.main import main; main()"
#: The whole embedded system, as `xianjie up` serves it.
EMBEDDED = (sys.executable, "-c", _COMMAND, "up", "--port", "0", "--data")
#: The intake service with its relay and nothing behind it, as in the cluster shape.
DOOR_ALONE = (sys.executable, "-m", "bench.door_alone")

# Lines of postmaster.pid, from 0: PostgreSQL documents the file in its source (miscadmin.h).
_PORT_LINE, _SOCKET_LINE = 3, 4


class ServerFailed(Exception):
    """A measured process did not start or did not stay; the text carries its last words."""


@dataclass(frozen=True, slots=True)
class Server:
    """A process that serves HTTP."""

    url: str
    process: asyncio.subprocess.Process

    def resident_mb(self) -> float:
        """Return the resident memory of the process in MB of 10^6 bytes."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 1e6

    def cpu_seconds(self) -> tuple[float, float]:
        """Return the processor seconds so far of the process and of its PostgreSQL."""
        process = psutil.Process(self.process.pid)
        return _spent(process), sum(map(_spent, process.children(recursive=True)))

    @contextmanager
    def frozen(self) -> Iterator[None]:
        """Stop the process where it is for a while, so that a limit has the machine to itself."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)


@dataclass(frozen=True, slots=True)
class Instance(Server):
    """A part of the platform with its own PostgreSQL.

    Attributes:
        places: its data directory.
    """

    places: Places

    @property
    def admin_key(self) -> str:
        """The first key."""
        return self.places.admin_key.read_text(encoding="utf-8").strip()

    def dsn(self, database: str) -> str:
        """Return the superuser's URL of the instance's PostgreSQL.

        Limits run on the same server and, like the services, through its unix socket.
        """
        cluster = self.places.cluster
        password = cluster.with_name(cluster.name + ".password").read_text(encoding="ascii").strip()
        lines = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        host, port = quote(lines[_SOCKET_LINE], safe=""), lines[_PORT_LINE]
        return f"postgresql://{SUPERUSER}:{quote(password)}@/{database}?host={host}&port={port}"


@contextmanager
def temporary_directory() -> Iterator[Path]:
    """Yield a directory that the database, which may run as another user, can pass through."""
    with tempfile.TemporaryDirectory(prefix="xianjie-bench-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@asynccontextmanager
async def instance(command: Sequence[str]) -> AsyncIterator[Instance]:
    """Run a part of the platform on an empty temporary directory, which is removed afterwards.

    Args:
        command: `EMBEDDED` or `DOOR_ALONE`; the directory is appended.
    """
    with temporary_directory() as directory:
        async with _running([*command, str(directory)], directory / "stderr") as (url, process):
            yield Instance(url, process, Places(directory))


@asynccontextmanager
async def group_commit(dsn: str) -> AsyncIterator[Server]:
    """Run the limit of the single POST: bare asyncpg with group commit behind uvicorn."""
    with temporary_directory() as directory:
        command = [sys.executable, "-m", "bench.group_commit", dsn]
        async with _running(command, directory / "stderr") as (url, process):
            yield Server(url, process)


@asynccontextmanager
async def _running(
    command: Sequence[str], errors: Path
) -> AsyncIterator[tuple[str, asyncio.subprocess.Process]]:
    with errors.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
    try:
        yield await _ready(process, errors), process
        if process.returncode is not None:
            raise ServerFailed(f"{' '.join(command)} ended: {_last_words(errors)}")
    finally:
        await _stop(process)


async def _ready(process: asyncio.subprocess.Process, errors: Path) -> str:
    """Return the address from the line `ready <url>`."""
    assert process.stdout is not None
    async with asyncio.timeout(START_SECONDS):
        line = (await process.stdout.readline()).decode()
    word, _, url = line.strip().partition(" ")
    if word != "ready":
        raise ServerFailed(f"not ready: {line!r} {_last_words(errors)}")
    return url


async def _stop(process: asyncio.subprocess.Process) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(signal.SIGCONT)
        process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _spent(process: psutil.Process) -> float:
    try:
        times = process.cpu_times()
    except psutil.NoSuchProcess:  # a worker of the database that has ended meanwhile
        return 0.0
    return float(times.user + times.system)


def _last_words(errors: Path) -> str:
    return "\n".join(errors.read_text(encoding="utf-8", errors="replace").splitlines()[-10:])
