"""`python owner.py DATA`: own an embedded server, say `ready PORT PID`, wait to be killed."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from xianjie.chassis import telemetry
from xianjie.chassis.postgres import EmbeddedPostgres, PostgresSettings


async def main() -> None:
    """Own the server until the end."""
    telemetry.configure()
    async with EmbeddedPostgres(PostgresSettings(data=Path(sys.argv[1]))) as server:
        sys.stdout.write(f"ready {server.port} {server.pid}\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
