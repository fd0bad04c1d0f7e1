"""Retries with backoff and jitter."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from random import random
from types import TracebackType
from typing import ParamSpec, Self, TypeVar

from steward.runtime.backoff import full_jitter
from steward.runtime.resilience.failures import CircuitOpen, Overloaded, retry_after, transient_errors
from steward.runtime.resilience.guard import Guard

P = ParamSpec("P")
T = TypeVar("T")


class Attempting(Guard):
    """A layer that gives attempts, `async for attempt in layer`, until one succeeds or raises."""

    async def call(self, function: Callable[P, Awaitable[T]], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Await the function, called anew for each attempt, and return its result; raise the last attempt's error."""
        async for attempt in self:
            async with attempt:
                return await function(*args, **kwargs)
        raise AssertionError("The last attempt returns or raises.")

    @abstractmethod
    def __aiter__(self) -> Attempts: ...


class Retry(Attempting):
    """
    Retries after transient failures.

    As a decorator, `@retry`; for one call, `await retry.call(fetch, url)`; for a block of code:

        async for attempt in retry:
            async with attempt:
                ...

    Not retried: other errors; an open circuit and a full bulkhead, which are meant to fail fast; and an error whose
    `retry_after` exceeds `max_delay`.

    Args:
        attempts: calls in all, 1 or more.
        base_delay: ceiling of the first delay in seconds; doubles with each failure.
        max_delay: longest delay, in seconds.
        on: transient errors; default `transient_errors()`.
        random: source of numbers in [0, 1).

    """

    def __init__(
        self,
        *,
        attempts: int = 4,
        base_delay: float = 0.5,
        max_delay: float = 30.0,
        on: tuple[type[Exception], ...] | None = None,
        random: Callable[[], float] = random,
    ) -> None:
        if attempts < 1 or base_delay <= 0 or max_delay < base_delay:
            raise ValueError(
                "Retry needs at least one attempt, a base_delay above 0 and a max_delay not below the base_delay."
            )
        self.attempts = attempts
        self._base_delay = base_delay
        self._max_delay = max_delay
        self._on = on
        self._random = random
        self.retried = 0
        """Retries since the start."""
        self.given_up = 0
        """Calls given up after the last attempt or for too long a delay, since the start."""

    def __aiter__(self) -> Attempts:
        return Attempts(self, nullcontext)

    def delay_after(self, error: Exception, failures: int) -> float | None:
        """
        Return the seconds before the next attempt, or None for no retry.

        Args:
            failures: failed attempts so far, 1 or more.

        """
        transient = transient_errors() if self._on is None else self._on
        if isinstance(error, CircuitOpen | Overloaded) or not isinstance(error, transient):
            return None
        asked = retry_after(error)
        if failures >= self.attempts or asked > self._max_delay:
            self.given_up += 1
            return None
        self.retried += 1
        # At least the delay asked for, plus jitter to spread clients.
        return asked + full_jitter(
            failures, base_delay=self._base_delay, max_delay=self._max_delay, random=self._random
        )


class Attempt:
    """
    One attempt; use as `async with`. Suppresses an error that is retried, raises all others.

    Attributes:
        number: from 1.
        delay: seconds until the next one; None for no retry.

    """

    def __init__(self, retry: Retry, number: int, block: AbstractAsyncContextManager[object]) -> None:
        self.number = number
        self.delay: float | None = None
        self._retry = retry
        self._block = block

    async def __aenter__(self) -> Self:
        await self._block.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        try:
            await self._block.__aexit__(kind, error, trace)
        except Exception as other:  # raised by a layer in place of the call's error: TimedOut
            self.delay = self._retry.delay_after(other, self.number)
            if self.delay is None:
                raise
        else:
            if isinstance(error, Exception):
                self.delay = self._retry.delay_after(error, self.number)
        return self.delay is not None


class Attempts:
    """Waits for and yields attempts until one succeeds or raises."""

    def __init__(self, retry: Retry, block: Callable[[], AbstractAsyncContextManager[object]]) -> None:
        self._retry = retry
        self._block = block
        self._last: Attempt | None = None

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Attempt:
        number = 1
        if self._last is not None:
            if self._last.delay is None:
                raise StopAsyncIteration
            await asyncio.sleep(self._last.delay)
            number = self._last.number + 1
        self._last = Attempt(self._retry, number, self._block())
        return self._last
