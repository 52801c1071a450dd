"""The embedded system under cProfile: `python -m bench.profiled STATS DIRECTORY`.

SIGUSR1 begins, SIGUSR2 ends and writes the file, so that starting does not count.
"""

from __future__ import annotations

import asyncio
import cProfile
import signal
import sys
from pathlib import Path

from xianjie.chassis import telemetry
from xianjie.command.serving import up


async def serve(stats: Path, data: Path) -> None:
    """Serve until a signal."""
    profile = cProfile.Profile()

    def end() -> None:
        profile.disable()
        profile.dump_stats(stats)

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, profile.enable)
    loop.add_signal_handler(signal.SIGUSR2, end)
    await up(data, port=0, say=lambda text: print(text, flush=True))


if __name__ == "__main__":
    telemetry.configure()
    asyncio.run(serve(Path(sys.argv[1]), Path(sys.argv[2])))
