"""Health pages: alive is not ready."""

import socket

import aiohttp
import pytest

from steward.errors import NeedsOperator
from steward.runtime.clock import SystemClock
from steward.runtime.monitor import Alerts, Monitor
from steward.web.health import serve_health
from steward.web.metrics import MetricsPage


def always(ready, **facts):
    async def readiness():
        return ready, facts

    return readiness


def nothing_measured():
    return MetricsPage(Monitor(SystemClock()), Alerts((), SystemClock()))


async def answer(port, page):
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}{page}") as response:
        return response.status, await response.json()


async def test_a_living_process_without_gateway_is_alive_but_not_ready():
    async with serve_health(
        always(False, gateway="Not connected yet."), nothing_measured(), host="127.0.0.1", port=0
    ) as port:
        assert await answer(port, "/healthz") == (200, {"alive": True})
        assert await answer(port, "/readyz") == (503, {"ready": False, "gateway": "Not connected yet."})


async def test_readiness_is_asked_at_each_visit():
    ready = [False]

    async def readiness():
        return ready[0], {}

    async with serve_health(readiness, nothing_measured(), host="127.0.0.1", port=0) as port:
        assert (await answer(port, "/readyz"))[0] == 503
        ready[0] = True
        assert (await answer(port, "/readyz"))[0] == 200


async def test_a_port_that_is_taken_is_said_with_its_remedy():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(NeedsOperator, match=f"127.0.0.1:{port}.*STEWARD_HEALTH_PORT"):
            async with serve_health(always(True), nothing_measured(), host="127.0.0.1", port=port):
                pass
