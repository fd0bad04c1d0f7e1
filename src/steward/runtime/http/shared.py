"""Joins concurrent equal requests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from dataclasses import dataclass
from typing import Any

from steward.runtime.http.answer import HttpAnswer


@dataclass(slots=True)
class _Flight:
    task: asyncio.Task[HttpAnswer]
    waiting: int = 0


class SharedFlights:
    """Requests in flight; one is cancelled when nobody waits for it any more."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, _Flight] = {}

    def __contains__(self, key: Hashable) -> bool:
        return key in self._flights

    async def get(self, key: Hashable, fetch: Callable[[], Coroutine[Any, Any, HttpAnswer]]) -> HttpAnswer:
        """Return the response of the request in flight, or of a new one; raise what it raises."""
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = _Flight(asyncio.create_task(fetch(), name="http get"))
        flight.waiting += 1
        try:
            return await asyncio.shield(flight.task)
        finally:
            flight.waiting -= 1
            if self._flights.get(key) is flight and (flight.task.done() or not flight.waiting):
                del self._flights[key]
            if not flight.waiting:
                flight.task.cancel()

    async def close(self) -> None:
        """Cancel all."""
        tasks = [flight.task for flight in self._flights.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
