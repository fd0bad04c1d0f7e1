"""A bulkhead: limits concurrent and waiting calls."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

from steward.runtime.resilience.failures import Overloaded
from steward.runtime.resilience.guard import Guard

P = ParamSpec("P")
T = TypeVar("T")


class Bulkhead(Guard):
    """
    Limits concurrent calls; waiting calls are served in order of arrival.

    As a decorator, `@bulkhead`; for one call, `await bulkhead.call(fetch, url)`; for a block of code, `async with
    bulkhead: ...`. With a timeout per call, nobody waits longer than the timeout times `queue / at_once + 1`.

    Args:
        name: what it protects; starts a sentence.
        queue: waiting calls, 0 or more.

    """

    def __init__(self, name: str, *, at_once: int = 10, queue: int = 100) -> None:
        if at_once < 1 or queue < 0:
            raise ValueError("A bulkhead needs at_once of at least 1 and queue of at least 0.")
        self.name = name
        self.at_once = at_once
        self.queue = queue
        self.running = 0
        """Running calls."""
        self.waiting = 0
        """Waiting calls."""
        self.refused = 0
        """Calls refused since the start."""
        self._slots = asyncio.Semaphore(at_once)

    async def call(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """
        Call the function and return its result.

        Raises:
            Overloaded: the queue is full.

        """
        async with self:
            return await function(*args, **kwargs)

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

    async def __aexit__(self, *_: object) -> None:
        self.running -= 1
        self._slots.release()
