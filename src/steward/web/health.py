"""
Health pages, on this machine only unless the settings say otherwise.

`/healthz` answers 200 while the process lives; `/readyz` answers 200 while Discord's events arrive, else 503 and why.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import structlog
from aiohttp import web

from steward.errors import NeedsOperator

log = structlog.get_logger(__name__)

Readiness = Callable[[], Awaitable[tuple[bool, dict[str, Any]]]]


def health_app(readiness: Readiness) -> web.Application:
    """
    Build the pages.

    Args:
        readiness: asked at each visit: whether it is ready, and the facts to show.

    """

    async def healthz(_: web.Request) -> web.Response:
        return _json({"alive": True})

    async def readyz(_: web.Request) -> web.Response:
        ready, facts = await readiness()
        return _json({"ready": ready, **facts}, status=200 if ready else 503)

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz)])
    return app


@asynccontextmanager
async def serve_health(readiness: Readiness, *, host: str, port: int) -> AsyncIterator[int]:
    """
    Serve the pages while entered; yields the port.

    Raises:
        NeedsOperator: the address is taken or not allowed.

    """
    runner = web.AppRunner(health_app(readiness), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        try:
            await site.start()
        except OSError as error:
            raise NeedsOperator(
                f"The health pages cannot be served at {host}:{port}: {error.strerror or error}.",
                remedy="Set STEWARD_HEALTH_PORT to a free port, or to 0 to do without them.",
            ) from error
        yield int(runner.addresses[0][1])
    finally:
        await runner.cleanup()


def _json(facts: dict[str, Any], *, status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(facts), status=status, content_type="application/json")
