"""How fast events are read."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

AT_A_STRETCH = 0.03  # seconds


class ReadingPace:
    """
    Who can't do with events as fast as Discord tells them keeps it from telling more.

    They have to catch up within a fraction of a second: clicks are told by the same connection.
    """

    def __init__(self) -> None:
        self._catching_up: list[Callable[[], Awaitable[None]]] = []
        self._paused = 0.0

    def wait_for(self, catch_up: Callable[[], Awaitable[None]]) -> None:
        """Have `catch_up` awaited after each stretch of events that are read without a pause, `AT_A_STRETCH` long."""
        self._catching_up.append(catch_up)

    async def keep(self) -> None:
        """Pause after a stretch of reading; to be called after each event."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._paused > AT_A_STRETCH:
            await asyncio.sleep(0)
            for catch_up in self._catching_up:
                await catch_up()
            self._paused = loop.time()
