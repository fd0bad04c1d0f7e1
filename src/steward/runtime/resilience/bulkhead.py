"""A bulkhead: so many calls at once, so many waiting, and a sentence for the next one."""

from __future__ import annotations

import asyncio
from types import TracebackType

from steward.runtime.resilience.failures import Overloaded


class Bulkhead:
    """
    Bounds how many calls run at once; those that wait are let in by their order of arrival.

    Use as `async with bulkhead: ...`. With a timeout on each call, nobody waits longer than the timeout times
    `queue / at_once + 1`.

    Args:
        name: what it protects, to begin a sentence.
        at_once: how many calls run.
        queue: how many more wait; 0 for none.

    """

    def __init__(self, name: str, *, at_once: int = 10, queue: int = 100) -> None:
        if at_once < 1 or queue < 0:
            raise ValueError("A bulkhead lets at least one call run and none or more wait.")
        self.name = name
        self.at_once = at_once
        self.queue = queue
        self.running = 0
        """Calls that run now."""
        self.waiting = 0
        """Calls that wait now."""
        self.refused = 0
        """Calls that were not made, since the start."""
        self._slots = asyncio.Semaphore(at_once)

    async def __aenter__(self) -> None:
        if self._slots.locked() and self.waiting >= self.queue:
            self.refused += 1
            raise Overloaded(self.name, at_once=self.at_once, queue=self.queue)
        self.waiting += 1
        try:
            await self._slots.acquire()
        finally:
            self.waiting -= 1
        self.running += 1

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.running -= 1
        self._slots.release()
