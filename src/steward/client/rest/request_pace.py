"""
The pace of all requests together: Discord takes 50 a second from a bot, whatever they are for (docs: Rate Limits).

discord.py learns of that limit by being refused. Here every request waits for its turn instead; answers to interactions
do not count towards the limit and do not wait.
"""

from __future__ import annotations

import asyncio
from collections import deque
from types import SimpleNamespace

import aiohttp

REQUESTS = 45  # of 50: Discord's second and ours do not begin together
WINDOW = 1.0
EXEMPT = ("/interactions/", "/webhooks/")

SELDOM, SELDOM_WINDOW = 20, 600.0
"""For what anybody may ask: Discord bars an address from it for a day at some 250 in ten minutes (api-docs #7145)."""

FOR_ANYBODY = ("/invites/", "/widget")


class Turns:
    """
    Lets requests begin in the order in which they come, never more than so many in any stretch of time.

    Args:
        requests: how many.
        window: in how many seconds.

    """

    def __init__(self, requests: int, window: float) -> None:
        self._window = window
        self._begun: deque[float] = deque(maxlen=requests)
        self._turn = asyncio.Lock()

    async def wait(self) -> None:
        """Return when the next request may begin."""
        async with self._turn:
            loop = asyncio.get_running_loop()
            if len(self._begun) == self._begun.maxlen:
                await asyncio.sleep(self._begun[0] + self._window - loop.time())
            self._begun.append(loop.time())


class RequestPace:
    """
    Lets 45 requests begin a second; of those that anybody could make, without a token or of invites, 20 in ten minutes.

    Who waits too long for the latter is told so by `asking`: nothing of Steward asks them often.
    """

    def __init__(self) -> None:
        self._all = Turns(REQUESTS, WINDOW)
        self._for_anybody = Turns(SELDOM, SELDOM_WINDOW)

    def trace(self) -> aiohttp.TraceConfig:
        """Return what makes every request of an aiohttp session wait, discord.py's own repetitions too."""
        config = aiohttp.TraceConfig()
        config.on_request_start.append(self._before)
        return config

    async def _before(
        self, _: aiohttp.ClientSession, __: SimpleNamespace, request: aiohttp.TraceRequestStartParams
    ) -> None:
        path = request.url.path
        if any(exempt in path for exempt in EXEMPT):
            return
        without_token = "Authorization" not in request.headers and "Upgrade" not in request.headers  # nor the gateway
        if without_token or any(part in path for part in FOR_ANYBODY):
            await self._for_anybody.wait()
        await self._all.wait()
