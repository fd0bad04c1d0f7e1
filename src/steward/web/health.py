"""
Health and metrics pages, served to this machine only by default.

`/healthz` returns 200 while the process lives; `/readyz` returns 200 while Discord's events arrive, else 503 with the
reason; `/metrics` returns Prometheus' text format. Other parts add their own pages, such as calendars.

These three have no password, so they require a local `Host` header: otherwise a web page could read them through a
browser by DNS rebinding.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any

import orjson
import structlog
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import Response

from steward.errors import StewardError
from steward.runtime.pages import Answer, Pages
from steward.web.dashboard.dashboard import Dashboard
from steward.web.metrics import CONTENT_TYPE, MetricsPage
from steward.web.server import BoundedServer, host_of

Readiness = Callable[[], Awaitable[tuple[bool, dict[str, Any]]]]

log = structlog.get_logger(__name__)

READING = ("GET", "HEAD")
RETRY_AFTER = "60"  # seconds
PRIVATE = (".localhost", ".local", ".internal")  # reserved (RFC 6761, RFC 6762, ICANN 2024)


def health_pages(
    readiness: Readiness, metrics: MetricsPage, further: Pages, dashboard: Dashboard | None = None
) -> BoundedServer:
    """
    Build the pages.

    Args:
        readiness: called for each request; returns whether the bot is ready, and facts to show.
        further: pages of other parts.
        dashboard: None for none.

    """

    async def answer(request: BaseRequest) -> Response:
        if dashboard is not None and dashboard.owns(request.path):
            return await dashboard.answer(request)
        if request.method in READING and (found := further.find(request.path)) is not None:
            return await _further(request, *found)
        if request.path not in pages:
            return _json({"error": "There are /healthz, /readyz and /metrics."}, status=404)
        if not is_private(request.headers.get("Host", "")):
            return _json(
                {"error": "Use an IP address or a local name for this page."}, status=HTTPStatus.MISDIRECTED_REQUEST
            )
        if request.method not in READING:
            return _json({"error": "These pages are read only."}, status=405)
        return await pages[request.path]()

    async def alive() -> Response:
        return _json({"alive": True})

    async def ready() -> Response:
        is_ready, facts = await readiness()
        return _json({"ready": is_ready, **facts}, status=200 if is_ready else 503)

    async def measured() -> Response:
        return Response(body=await metrics.text(), headers={"Content-Type": CONTENT_TYPE})

    pages = {"/healthz": alive, "/readyz": ready, "/metrics": measured}
    return BoundedServer(answer)


def is_private(host: str) -> bool:
    """
    Return whether a `Host` header is an IP address or a name that is not on the public internet.

    Names without a dot are those of containers and local networks; HTTP/1.0 sends no host.
    """
    name = host_of(host).strip("[]").rstrip(".").lower()
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(PRIVATE)
    return True


async def _further(request: BaseRequest, answer: Answer, rest: str) -> Response:
    try:
        page = await answer(rest, request.headers)
    except StewardError as error:  # such as the database's; the path may be secret, so it is not logged
        log.warning("page_failed", reason=str(error))
        return Response(status=503, headers={"Retry-After": RETRY_AFTER})
    return Response(body=page.body, status=page.status, headers=page.headers)


def _json(facts: dict[str, Any], *, status: int = 200) -> Response:
    return Response(body=orjson.dumps(facts), status=status, content_type="application/json")
