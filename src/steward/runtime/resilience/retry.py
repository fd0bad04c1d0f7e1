"""Trying again, with a growing wait that is spread at random."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from random import random
from typing import TypeVar

from steward.runtime.backoff import full_jitter
from steward.runtime.resilience.failures import TRANSIENT, CircuitOpen, Overloaded, retry_after

T = TypeVar("T")


class Retry:
    """
    Calls again after a transient failure.

    Not tried again: what is not transient; a circuit that is open and a bulkhead that is full, which exist to say no
    at once; and an error whose `retry_after` is longer than `cap`: whoever called decides whether to wait that long.

    Args:
        tries: calls in all, 1 or more.
        base: ceiling of the first wait, in seconds; it doubles with each failure.
        cap: the longest wait, in seconds.
        on: which errors are transient.
        random: a source of numbers in [0, 1).

    """

    def __init__(
        self,
        *,
        tries: int = 4,
        base: float = 0.5,
        cap: float = 30.0,
        on: tuple[type[Exception], ...] = TRANSIENT,
        random: Callable[[], float] = random,
    ) -> None:
        if tries < 1 or base <= 0 or cap < base:
            raise ValueError("Retry needs at least one try, a base above 0 and a cap not below the base.")
        self.tries = tries
        self._base = base
        self._cap = cap
        self._on = on
        self._random = random
        self.retried = 0
        """Calls that were tried again, since the start."""
        self.given_up = 0
        """Calls whose last try failed, or whose error asked for too long a wait, since the start."""

    async def __call__(self, call: Callable[[], Awaitable[T]]) -> T:
        """Await `call()` until it succeeds; raise its last error when it does not."""
        failures = 0
        while True:
            try:
                return await call()
            except (CircuitOpen, Overloaded):
                raise
            except self._on as error:
                failures += 1
                asked = retry_after(error)
                if failures >= self.tries or asked > self._cap:
                    self.given_up += 1
                    raise
            # Never sooner than asked, and all that were refused together do not come back together.
            self.retried += 1
            await asyncio.sleep(asked + full_jitter(failures, base=self._base, cap=self._cap, random=self._random))
