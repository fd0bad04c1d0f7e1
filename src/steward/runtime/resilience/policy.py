"""The layers, put around a call in the one order that makes sense."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from typing import TypeVar

from steward.runtime.resilience.breaker import Breaker
from steward.runtime.resilience.bulkhead import Bulkhead
from steward.runtime.resilience.failures import TimedOut
from steward.runtime.resilience.retry import Retry

T = TypeVar("T")


class Policy:
    """
    How a call is made: retry, bulkhead, breaker and timeout, each optional, from the outside in.

    A pause between two tries holds no place in the bulkhead. The breaker is asked when the place is there, so an outage
    noticed meanwhile is known; being refused by a full bulkhead is no failure of what is called. The timeout is that of
    one try, and time in the queue is not part of it. A cancellation passes through all layers and counts as nothing.

    Args:
        timeout: seconds for one try.
        retry: how often and when to try again.
        breaker: shared by all calls of the same thing.
        bulkhead: likewise.

    """

    def __init__(
        self,
        *,
        timeout: float | None = None,
        retry: Retry | None = None,
        breaker: Breaker | None = None,
        bulkhead: Bulkhead | None = None,
    ) -> None:
        self.timeout = timeout
        self.retry = retry
        self.breaker = breaker
        self.bulkhead = bulkhead

    async def __call__(self, call: Callable[[], Awaitable[T]]) -> T:
        """
        Await `call()`, a new one for each try, and return its result.

        Raises:
            TimedOut: the last try took longer than `timeout`.
            CircuitOpen: the breaker lets no call through now.
            Overloaded: the bulkhead is full.
            Exception: what the call itself raised, the last time.

        """
        if self.retry is None:
            return await self._once(call)
        return await self.retry(lambda: self._once(call))

    async def _once(self, call: Callable[[], Awaitable[T]]) -> T:
        async with self.bulkhead or nullcontext():
            with nullcontext() if self.breaker is None else self.breaker.attempt():
                return await self._in_time(call)

    async def _in_time(self, call: Callable[[], Awaitable[T]]) -> T:
        if self.timeout is None:
            return await call()
        try:
            async with asyncio.timeout(self.timeout) as limit:
                return await call()
        except TimeoutError as error:
            if limit.expired():
                raise TimedOut(self.timeout) from error
            raise
