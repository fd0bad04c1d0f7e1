"""Health pages: liveness, readiness, and access from this machine only."""

import aiohttp
import pytest

from steward.web.health import is_private
from tests.web.serving import always, serving


async def answer(port, page, **headers):
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{port}{page}", headers=headers) as response,
    ):
        return response.status, await response.json()


async def test_a_living_process_without_gateway_is_alive_but_not_ready():
    async with serving(always(False, gateway="Not connected yet.")) as port:
        assert await answer(port, "/healthz") == (200, {"alive": True})
        assert await answer(port, "/readyz") == (503, {"ready": False, "gateway": "Not connected yet."})


async def test_readiness_is_checked_on_each_request():
    ready = [False]

    async def readiness():
        return ready[0], {}

    async with serving(readiness) as port:
        assert (await answer(port, "/readyz"))[0] == 503
        ready[0] = True
        assert (await answer(port, "/readyz"))[0] == 200


@pytest.mark.parametrize("page", ["/healthz", "/readyz", "/metrics"])
async def test_a_request_with_a_public_host_name_is_refused(page):
    async with serving() as port:
        status, said = await answer(port, page, Host="rebound.example.org")
        assert status == 421
        assert "an IP address" in said["error"]


@pytest.mark.parametrize(
    ("host", "private"),
    [
        ("127.0.0.1:8080", True),
        ("[::1]:8080", True),
        ("[::1]", True),
        ("10.1.2.3", True),
        ("localhost:8080", True),
        ("LOCALHOST.", True),
        ("steward", True),
        ("steward:8080", True),
        ("steward.default.svc.cluster.local", True),
        ("", True),
        ("example.org", False),
        ("example.org:8080", False),
        ("127.0.0.1.example.org", False),
        ("localhost.example.org:80", False),
        ("local", True),
        ("evil.notlocal", False),
    ],
)
def test_hosts_without_a_public_name_are_private(host, private):
    assert is_private(host) is private
