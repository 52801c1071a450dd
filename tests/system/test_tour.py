"""What `make run` does: real cases are loaded once, also after a kill, and never into other data."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest
from tests.system.started import COMMAND, System, processes_in, xianjie

pytestmark = pytest.mark.system

LOAD_SECONDS = 120.0


async def toured(data: Path) -> list[str]:
    """Start the tour, return what it prints up to the file of the key, and stop it with Ctrl-C."""
    process = await begun(data)
    assert process.stdout is not None
    lines: list[str] = []
    async with asyncio.timeout(LOAD_SECONDS):
        while not lines or not lines[-1].startswith("查询密钥"):
            line = await process.stdout.readline()
            assert line, "the tour ended before it served"
            lines.append(line.decode().rstrip())
        process.send_signal(signal.SIGINT)
        assert await process.wait() == 0
    return lines


async def begun(data: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        COMMAND,
        *("tour", "--data", str(data), "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def test_a_tour_that_was_killed_is_loaded_whole_and_a_further_one_changes_nothing(
    postgres_home: Path,
) -> None:
    data = postgres_home / "tour"
    killed = await begun(data)
    assert killed.stderr is not None
    async with asyncio.timeout(LOAD_SECONDS):
        while "正在载入" not in (await killed.stderr.readline()).decode():
            assert killed.returncode is None
    killed.kill()
    await killed.communicate()
    assert not (data / "real-cases-loaded").exists()

    first = await toured(data)
    assert processes_in(data) == []
    again = await toured(data)
    table, served = first[:-2], first[-2:]
    assert again[:-2] == table
    assert sum(line.startswith("│RC-") for line in table) >= 58
    assert served[0].startswith("服务地址 / address: http://127.0.0.1:")
    assert served[1].endswith(str(data / "secrets" / "admin.key"))
    compared = await xianjie("rebuild", "--compare", "--data", data)
    assert compared.code == 0, compared.out


async def test_the_data_of_agencies_never_meets_a_tour(postgres_home: Path) -> None:
    system = System(postgres_home / "agencies")
    await system.start()
    assert await system.stop() == 0
    refused = await xianjie("tour", "--data", system.data, "--port", "0")
    assert (refused.code, refused.out) == (2, "")
    assert str(system.data) in refused.err and "xianjie up" in refused.err
    assert processes_in(system.data) == []
