"""Closes polls in time."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from functools import partial

import structlog

from steward.bots.events.polls import TOPIC, close_poll, next_closing, overdue
from steward.errors import StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.clock import Clock
from steward.store import Store

log = structlog.get_logger(__name__)

LOOK_EVERY = 60.0  # the clock may be set, and another process may have made a poll


class PollCloser:
    """
    Closes the polls.

    Args:
        store: keeps them.
        clock: the time.

    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def run(self) -> None:
        """Close what is to be closed, for ever."""
        with self._store.listening(TOPIC) as changed:
            while True:
                changed.clear()
                pause = await self._look()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await changed.wait()

    async def _look(self) -> float:
        """Close what is overdue; return the seconds until another look makes sense."""
        try:
            for poll_id in await self._store.read(overdue):
                await self._store.write(partial(close_poll, poll_id=poll_id))
            closing = await self._store.read(next_closing)
        except StewardError as error:
            log.warning("events_delayed", error=str(error))
            return full_jitter(3)
        if closing is None:
            return LOOK_EVERY
        return min(LOOK_EVERY, max(0.0, (closing - self._clock.now()).total_seconds()))
