"""Where the time goes on the way from accepted to settled: the whole system under cProfile, once."""

from __future__ import annotations

import asyncio
import pstats
import signal
import sys
from pathlib import Path
from typing import Any

import httpx2
from rich.console import Console
from rich.table import Table

from xianjie.command.doors import Doors

from .observation import Observer
from .servers import instance, temporary_directory
from .settled import SETTLE_SECONDS, copies, ready_agencies

CASES = 240
LINES = 25

_Function = tuple[str, int, str]


async def run() -> None:
    """Profile one round and print the functions that cost most."""
    with temporary_directory() as directory:
        stats = directory / "stats"
        async with instance((sys.executable, "-m", "bench.profiled", str(stats))) as system:
            doors = Doors(system.url, admin_key=system.admin_key)
            try:
                agencies = await ready_agencies(doors)
                async with httpx2.AsyncClient(base_url=system.url, timeout=60.0) as client:
                    observer = Observer(client, system.admin_key)
                    for wave in copies("warm", 8):
                        await agencies.publish(wave)
                    await observer.settle(SETTLE_SECONDS)
                    system.process.send_signal(signal.SIGUSR1)
                    for wave in copies("profiled", CASES):
                        await agencies.publish(wave)
                    await observer.settle(SETTLE_SECONDS)
                    system.process.send_signal(signal.SIGUSR2)
                    async with asyncio.timeout(SETTLE_SECONDS):
                        await client.get("/healthz")
            finally:
                await doors.close()
        _show(pstats.Stats(str(stats)), events=CASES * 8)


def _show(stats: pstats.Stats, *, events: int) -> None:
    table_of: dict[_Function, Any] = stats.stats  # type: ignore[attr-defined]
    working = sum(row[2] for function, row in table_of.items() if not _is_idle(function))
    console = Console(width=150)
    for title, column in (("own time", 2), ("with what it calls", 3)):
        table = Table(title=f"costs: functions by {title}", title_justify="left")
        for name in ("function", "calls", "own s", "with callees s", "share of work", "µs per event"):
            table.add_column(name, justify="left" if name == "function" else "right", overflow="fold")
        ordered = sorted(table_of.items(), key=lambda item: item[1][column], reverse=True)
        shown = [item for item in ordered if not _is_idle(item[0]) and (column == 2 or _is_ours(item[0]))]
        for function, row in shown[:LINES]:
            share, each = row[column] / working, row[column] / events * 1e6
            table.add_row(
                _name(function),
                f"{row[1]:,}",
                f"{row[2]:.2f}",
                f"{row[3]:.2f}",
                f"{share:.1%}",
                f"{each:,.0f}",
            )
        console.print(table)
    console.print(
        f"  {events:,} events, {working:.1f} s of work under the profiler (which slows calls down)."
    )


def _is_idle(function: _Function) -> bool:
    return function[2] in ("<method 'poll' of 'select.epoll' objects>", "run_forever", "_run_once")


def _is_ours(function: _Function) -> bool:
    return "/xianjie/" in function[0]


def _name(function: _Function) -> str:
    path, line, name = function
    if "/xianjie/" in path:
        return f"{path.rpartition('/xianjie/')[2]}:{line} {name}"
    return name if path == "~" else f"{'/'.join(Path(path).parts[-2:])}:{line} {name}"
