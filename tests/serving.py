"""A door under test behind a real HTTP server, and requests that a machine thinks of."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from typing import Any

import schemathesis
import uvicorn
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings


@asynccontextmanager
async def served(app: FastAPI) -> AsyncIterator[int]:
    """Serve the app on a free loopback port, which is yielded."""
    listening = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_level="error", lifespan="off")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        listening.close()


async def nothing_breaks(
    app: FastAPI,
    document: Mapping[str, Any],
    *,
    headers: Mapping[str, str],
    excluded: Collection[Callable[..., Any]],
    examples: int = 120,
) -> None:
    """Send fitting and unfitting requests to every route; none may end in 5xx or in an answer that the
    document does not describe.

    Args:
        excluded: checks of schemathesis that cannot hold because their ground cannot be written in a schema.
    """
    async with served(app) as port:
        described = schemathesis.openapi.from_dict(dict(document))
        described.config.update(base_url=f"http://127.0.0.1:{port}")

        @given(case=described.as_strategy())
        @settings(
            max_examples=examples, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck)
        )
        def try_out(case: schemathesis.Case) -> None:
            case.call_and_validate(headers=dict(headers), timeout=20, excluded_checks=list(excluded))

        await asyncio.to_thread(try_out)
