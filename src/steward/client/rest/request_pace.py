"""
The pace of edits in a channel, and of all requests together.

Discord takes 50 a second from a bot, whatever they are for (docs: Rate Limits). discord.py learns of that limit by
being refused. Here every request waits for its turn instead; answers to interactions do not count towards the limit and
do not wait.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

import aiohttp
from discord.utils import snowflake_time

from steward.runtime.clock import Clock

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


OLD = timedelta(minutes=59)  # of Discord's 60: its clock and ours differ
OLD_EDITS, OLD_WINDOW = 3, 6.0
REMEMBERED = 1000


@dataclass(slots=True)
class _Channel:
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    old_edits: deque[float] = field(default_factory=lambda: deque(maxlen=OLD_EDITS))  # when each was answered
    waiting: int = 0


class EditPace:
    """
    Lets the edits of a channel's messages go one after the other, in the order in which they come.

    Discord's limit for edits is one of each channel (`X-RateLimit-*`), and discord.py keeps to it as long as edits come
    one after the other: of several at once it lets more go than are left when a new window begins. That messages older
    than an hour may be edited three times in six seconds a channel, no header tells (code 30046; discord-userdoccers,
    pages/resources/message).

    Args:
        clock: tells how old a message is.

    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._channels: dict[int, _Channel] = {}

    @asynccontextmanager
    async def turn(self, channel_id: int, message_id: int) -> AsyncIterator[None]:
        """Wait until a message may be edited; edit it in the block."""
        channel = self._channels.setdefault(channel_id, _Channel())
        channel.waiting += 1
        try:
            async with channel.turn:
                if self._clock.now() - snowflake_time(message_id) <= OLD:
                    yield
                    return
                if len(channel.old_edits) == OLD_EDITS:
                    await asyncio.sleep(channel.old_edits[0] + OLD_WINDOW - _now())
                try:
                    yield
                finally:
                    channel.old_edits.append(_now())
        finally:
            channel.waiting -= 1
            if len(self._channels) > REMEMBERED:
                self._forget()

    def _forget(self) -> None:
        """Drop the channels whose windows are over."""
        over = _now() - OLD_WINDOW
        self._channels = {
            id_: channel
            for id_, channel in self._channels.items()
            if channel.waiting or (channel.old_edits and channel.old_edits[-1] > over)
        }


def _now() -> float:
    return asyncio.get_running_loop().time()
