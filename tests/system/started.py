"""A whole system as a process of its own, started and stopped as an operator does it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

from xianjie.command.places import Places

COMMAND = Path(sys.executable).with_name("xianjie")
START_SECONDS = 60.0
STOP_SECONDS = 60.0
LOOK_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class Finished:
    """What a command left behind: exit code, standard output, standard error."""

    code: int
    out: str
    err: str


async def xianjie(*arguments: str | Path, seconds: float = 60.0) -> Finished:
    """Run one command to its end.

    Raises:
        TimeoutError: it did not end in time; it is killed.
    """
    process = await asyncio.create_subprocess_exec(
        COMMAND, *map(str, arguments), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(seconds):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.communicate()
        raise
    assert process.returncode is not None
    return Finished(process.returncode, out.decode(), err.decode())


class NotReady(Exception):
    """The system ended before it said that it was ready; carries what it said last."""


@dataclass(slots=True)
class System:
    """One `xianjie up` on one data directory; may be started again after it has ended."""

    data: Path
    url: str = ""
    _process: asyncio.subprocess.Process | None = field(default=None, repr=False)

    @property
    def admin_key(self) -> str:
        """The first key."""
        return Places(self.data).admin_key.read_text(encoding="utf-8").strip()

    @property
    def postmaster(self) -> int:
        """Process id of the database server that owns the directory at present, 0 if none does."""
        try:
            written = (Places(self.data).cluster / "postmaster.pid").read_text(encoding="ascii")
            return int(written.splitlines()[0])
        except (OSError, ValueError, IndexError):
            return 0

    async def start(self) -> None:
        """Start, return when it says `ready <url>`.

        Raises:
            NotReady: it ended instead, or said something else.
        """
        said = self.data.with_name(self.data.name + ".log")
        with said.open("ab") as errors:
            self._process = await asyncio.create_subprocess_exec(
                COMMAND,
                *("up", "--data", str(self.data), "--port", "0"),
                stdout=asyncio.subprocess.PIPE,
                stderr=errors,
            )
        assert self._process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            line = (await self._process.stdout.readline()).decode()
        word, _, url = line.strip().partition(" ")
        if word != "ready":
            raise NotReady("\n".join(said.read_text(encoding="utf-8", errors="replace").splitlines()[-5:]))
        self.url = url

    async def stop(self) -> int:
        """Ask it to stop, return its exit code."""
        return await self._end(signal.SIGTERM)

    async def kill(self) -> None:
        """End it as a power cut does: nothing in it gets a chance to tidy up."""
        assert await self._end(signal.SIGKILL) == -signal.SIGKILL

    async def _end(self, number: signal.Signals) -> int:
        process, self._process = self._process, None
        if process is None:
            return 0
        assert process.stdout is not None
        if process.returncode is None:
            process.send_signal(number)
        async with asyncio.timeout(STOP_SECONDS):
            await process.stdout.read()
            return await process.wait()


def processes_in(directory: Path) -> list[int]:
    """Return the processes that name something below a directory or work in it, zombies left out."""
    inside = os.fsencode(directory)
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            words.append(bytes((entry / "cwd").readlink()))
        except OSError:  # it ended while we looked, or it is not ours
            continue
        if any(word == inside or inside + b"/" in word for word in words):
            found.append(int(entry.name))
    return sorted(found)


def alive(pid: int) -> bool:
    """Whether a process is there."""
    return Path(f"/proc/{pid}").exists()


async def until_gone(pid: int, *, seconds: float) -> None:
    """Return when a process is there no more.

    Raises:
        TimeoutError: it still is.
    """
    async with asyncio.timeout(seconds):
        while alive(pid):  # noqa: ASYNC110
            # It is not our child, so there is nothing to wait on.
            await asyncio.sleep(LOOK_SECONDS)
