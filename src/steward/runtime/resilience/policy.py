"""A call policy: all resilience layers in the right order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

from steward.runtime.resilience.breaker import Breaker
from steward.runtime.resilience.bulkhead import Bulkhead
from steward.runtime.resilience.failures import TimedOut
from steward.runtime.resilience.retry import Attempting, Attempts, Retry


class Policy(Attempting):
    """
    Applies retry, bulkhead, breaker and timeout, each optional, outermost first.

    As a decorator, `@policy`; for one call, `await policy.call(fetch, url)`; for a block of code:

        async for attempt in policy:
            async with attempt:
                ...

    A retry delay holds no bulkhead slot. The breaker is checked after the bulkhead, so that it knows of failures during
    the wait; a full bulkhead is no failure for the breaker. The timeout covers one attempt, without time in the queue.
    Cancellation passes through and is not counted.

    Args:
        timeout: seconds for one attempt.
        breaker: shared by all calls of the same service.
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
        self.retry = retry or Retry(attempts=1)
        self.breaker = breaker
        self.bulkhead = bulkhead

    def __aiter__(self) -> Attempts:
        return Attempts(self.retry, self.attempt)

    @asynccontextmanager
    async def attempt(self) -> AsyncIterator[None]:
        """
        Make one attempt inside the block, with all layers but retry.

        Raises:
            TimedOut: it took longer than `timeout`.
            CircuitOpen: the breaker refuses calls now.
            Overloaded: the bulkhead is full.

        """
        async with self.bulkhead or nullcontext():
            with nullcontext() if self.breaker is None else self.breaker.attempt():
                async with self._in_time():
                    yield

    @asynccontextmanager
    async def _in_time(self) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout(self.timeout) as limit:
                yield
        except TimeoutError as error:
            if self.timeout is not None and limit.expired():
                raise TimedOut(self.timeout) from error
            raise
