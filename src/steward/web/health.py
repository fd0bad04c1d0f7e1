"""
Health pages, on this machine only unless the settings say otherwise.

`/healthz` answers 200 while the process lives; `/readyz` answers 200 while Discord's events arrive, else 503 and why;
`/metrics` shows the measurements in Prometheus' text format. Other parts add pages of their own, such as calendars.
aiohttp's low-level server carries them: its router and runner would take 1.4 MiB for three pages.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import orjson
import structlog
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import Response
from aiohttp.web_server import Server

from steward.errors import NeedsOperator, StewardError
from steward.runtime.pages import Answer, Pages
from steward.web.metrics import CONTENT_TYPE, MetricsPage

Readiness = Callable[[], Awaitable[tuple[bool, dict[str, Any]]]]

log = structlog.get_logger(__name__)

READING = ("GET", "HEAD")
RETRY_AFTER = "60"  # seconds


def health_pages(readiness: Readiness, metrics: MetricsPage, further: Pages) -> Server:
    """
    Build the pages.

    Args:
        readiness: asked at each visit: whether it is ready, and the facts to show.
        metrics: writes `/metrics`.
        further: what other parts add.

    """

    async def answer(request: BaseRequest) -> Response:
        if request.method in READING and (found := further.find(request.path)) is not None:
            return await _further(request, *found)
        if request.path not in ("/healthz", "/readyz", "/metrics"):
            return _json({"error": "There are /healthz, /readyz and /metrics."}, status=404)
        if request.method not in READING:
            return _json({"error": "These pages are read only."}, status=405)
        if request.path == "/healthz":
            return _json({"alive": True})
        if request.path == "/metrics":
            return Response(body=await metrics.text(), headers={"Content-Type": CONTENT_TYPE})
        ready, facts = await readiness()
        return _json({"ready": ready, **facts}, status=200 if ready else 503)

    return Server(answer, access_log=None)


@asynccontextmanager
async def serve_health(
    readiness: Readiness, metrics: MetricsPage, further: Pages | None = None, *, host: str, port: int
) -> AsyncIterator[int]:
    """
    Serve the pages while entered; yields the port.

    Raises:
        NeedsOperator: the address is taken or not allowed.

    """
    pages = health_pages(readiness, metrics, further or Pages())
    try:
        listening = await asyncio.get_running_loop().create_server(pages, host, port)
    except OSError as error:
        raise NeedsOperator(
            f"The health pages cannot be served at {host}:{port}: {error.strerror or error}.",
            remedy="Set STEWARD_HEALTH_PORT to a free port, or to 0 to do without them.",
        ) from error
    try:
        yield int(listening.sockets[0].getsockname()[1])
    finally:
        listening.close()
        await pages.shutdown(timeout=1.0)


async def _further(request: BaseRequest, answer: Answer, rest: str) -> Response:
    try:
        page = await answer(rest, request.headers)
    except StewardError as error:  # such as the database's; the path may be a secret and is not told
        log.warning("page_failed", reason=str(error))
        return Response(status=503, headers={"Retry-After": RETRY_AFTER})
    return Response(body=page.body, status=page.status, headers=page.headers)


def _json(facts: dict[str, Any], *, status: int = 200) -> Response:
    return Response(body=orjson.dumps(facts), status=status, content_type="application/json")
