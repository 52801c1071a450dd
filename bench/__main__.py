"""`python -m bench [NAME...]`: run benchmarks and print their tables; without a name, all of them."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable
from importlib import import_module
from time import monotonic

from xianjie.chassis import telemetry

NAMES = ("intake", "batch", "settled", "costs", "judge", "screen")


def main(asked: list[str]) -> int:
    """Run the named benchmarks one after the other."""
    unknown = [name for name in asked if name not in NAMES]
    if unknown:
        print(
            f"没有这个基准 / no benchmark {', '.join(unknown)}; there are: {', '.join(NAMES)}",
            file=sys.stderr,
        )
        return 2
    telemetry.configure()
    for name in asked or NAMES:
        began = monotonic()
        asyncio.run(_until_told(import_module(f"bench.{name}").run))
        print(f"  ({name} took {monotonic() - began:.0f} s)\n", flush=True)
    return 0


async def _until_told(run: Callable[[], Awaitable[None]]) -> None:
    """Run to the end, or until SIGTERM; what was started is stopped and removed either way."""
    task = asyncio.ensure_future(run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    await task


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
