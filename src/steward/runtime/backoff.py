"""Delays before a retry, and pauses between polls."""

from __future__ import annotations

from collections.abc import Callable
from random import random

MIN_SHARE = 0.1  # share of `base_delay`


def full_jitter(
    attempt: int,
    *,
    base_delay: float = 1.0,
    max_delay: float = 60.0,
    min_delay: float | None = None,
    random: Callable[[], float] = random,
) -> float:
    """
    Return a random delay in seconds before the next attempt, up to a ceiling that doubles with each failure.

    Clients that failed together come back spread out (AWS Architecture Blog, "Exponential Backoff And Jitter").

    Args:
        attempt: failed attempts so far, 1 or more.
        base_delay: ceiling of the first delay, in seconds.
        max_delay: largest ceiling, in seconds.
        min_delay: shortest delay, in seconds; default is a tenth of `base_delay`.
        random: source of numbers in [0, 1).

    """
    ceiling = min(max_delay, base_delay * 2.0 ** min(attempt - 1, 32))
    shortest = min(ceiling, MIN_SHARE * base_delay if min_delay is None else min_delay)
    return shortest + (ceiling - shortest) * random()


class AdaptivePause:
    """
    A polling interval: shortest after a change, growing after each poll without one.

    Args:
        shortest: seconds.
        longest: seconds.
        growth: factor for each poll without a change.

    """

    def __init__(self, shortest: float, longest: float, *, growth: float = 2.0) -> None:
        if not (0 < shortest <= longest and growth > 1):
            raise ValueError("A pause needs 0 < shortest <= longest, and a growth above 1.")
        self._shortest = shortest
        self._longest = longest
        self._growth = growth
        self.seconds = shortest
        """The current pause."""

    def after(self, *, changed: bool, least: float = 0.0) -> float:
        """
        Return the seconds until the next poll.

        Args:
            changed: whether this poll found something new; False for a failed poll.
            least: what the server asks for, such as `retry_after` or the remaining freshness.

        """
        self.seconds = self._shortest if changed else min(self._longest, self.seconds * self._growth)
        return max(self.seconds, least)
