"""A plain HTTP client for the tests of REST."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import aiohttp

from steward.runtime.clock import Clock
from steward.sim import Limits, Simulator
from tests.sim.openapi import HANDMADE


class Answered(NamedTuple):
    status: int
    body: Any
    headers: Mapping[str, str]


class RestClient:
    """Calls one simulator as its first bot."""

    def __init__(self, sim: Simulator, session: aiohttp.ClientSession) -> None:
        self.sim = sim
        self._session = session

    async def call(self, method: str, path: str, *, token: str | None = None, **options: Any) -> Answered:
        """Send a request and return the answer."""
        headers = {"Authorization": f"Bot {token or self.sim.bot.token}"} | options.pop("headers", {})
        async with self._session.request(method, self.sim.api_url + path, headers=headers, **options) as response:
            raw = await response.read()
            is_json = response.headers.get("Content-Type") == "application/json"
            return Answered(response.status, await response.json() if is_json and raw else None, response.headers)

    async def get(self, path: str, **options: Any) -> Any:
        """Return the body of a successful GET."""
        answered = await self.call("GET", path, **options)
        assert answered.status == 200, answered
        return answered.body


@asynccontextmanager
async def rest(clock: Clock, *, limits: Limits | None = None) -> AsyncIterator[tuple[Simulator, RestClient]]:
    """Yield a running simulator and a client for it."""
    agent = {"User-Agent": f"{HANDMADE}REST client"}
    async with Simulator(clock=clock, limits=limits) as sim, aiohttp.ClientSession(headers=agent) as session:
        yield sim, RestClient(sim, session)
