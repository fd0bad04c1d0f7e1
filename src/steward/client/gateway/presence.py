"""The line under the bot's name, turning through what it has to say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import discord

from steward.client.lean import LeanClient
from steward.runtime.waiting import wait_within

MIN_INTERVAL = 15.0  # Discord drops more than 5 presence updates in 20 s; a slower pace is also kinder to readers


class PresenceRotation:
    """
    Shows one text after another.

    Args:
        client: whose presence it is; a new session shows none, so each begins with a turn.
        texts: asked at each turn for all texts; empty for none.
        interval: seconds a text is shown.
        ready: whether the gateway is up; a turn without it is skipped.

    """

    def __init__(
        self,
        client: LeanClient,
        *,
        texts: Callable[[], Sequence[str]],
        interval: float,
        ready: Callable[[], bool],
    ) -> None:
        self._client = client
        self._texts = texts
        self._interval = max(interval, MIN_INTERVAL)
        self._ready = ready
        self._new_session = asyncio.Event()
        client.on_gateway("READY", lambda _: self._new_session.set())

    async def run(self) -> None:
        """Turn for ever."""
        turn = 0
        while True:
            texts = self._texts()
            if texts and self._ready():
                await self._client.change_presence(activity=discord.CustomActivity(texts[turn % len(texts)]))
                turn += 1
            self._new_session.clear()
            await wait_within(self._new_session, self._interval)
