"""
Reconnects when Discord answers heartbeats but no longer tells events: a connection that is half dead.

discord.py looks for answers only, and such a connection answers. Guarantees: where events usually come with pauses of
less than a minute, three minutes of silence end in a log line and a reconnection that resumes the session, which costs
no login; if that brings nothing for as long again, in a new session, once, and then not before events have come for a
quarter of an hour.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from steward.client.gateway.health import GatewayHealth

log = structlog.get_logger(__name__)

Reconnect = Callable[[bool], Awaitable[None]]

LOOK_AGAIN_AFTER = 60.0
LOOK_AT_MAX_EVERY = 1.0


class QuietWatch:
    """
    See the module.

    Args:
        reconnect: ends the connection so that another is made; with True in a new session.

    """

    def __init__(self, health: GatewayHealth, reconnect: Reconnect) -> None:
        self._health = health
        self._reconnect = reconnect
        self._tried_at: int | None = None  # how many events there had been

    async def run(self) -> None:
        while True:
            patience = self._health.rhythm.patience
            if patience is None or not self._health.established:
                await asyncio.sleep(LOOK_AGAIN_AFTER)
                continue
            left = patience - self._health.rhythm.pause
            if left <= 0:
                await self._act()
                left = LOOK_AGAIN_AFTER
            await asyncio.sleep(max(left, LOOK_AT_MAX_EVERY))

    async def _act(self) -> None:
        rhythm = self._health.rhythm
        in_vain = self._tried_at == rhythm.beats
        self._tried_at = rhythm.beats
        log.warning("dispatches_missing", seconds=round(rhythm.pause), new_session=in_vain)
        await self._reconnect(in_vain)
