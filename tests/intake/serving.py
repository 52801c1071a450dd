"""The service under test behind a real HTTP server."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from tests.intake.builders import Intake


@asynccontextmanager
async def served(intake: Intake) -> AsyncIterator[int]:
    """Serve the app on a free loopback port, which is yielded."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(intake.service.app, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        listening.close()
