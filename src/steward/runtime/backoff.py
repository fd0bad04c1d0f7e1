"""How long to wait: before trying again, and before looking again."""

from __future__ import annotations

from collections.abc import Callable
from random import random

LEAST = 0.1  # of the first ceiling


def full_jitter(
    attempt: int,
    *,
    base_delay: float = 1.0,
    max_delay: float = 60.0,
    min_delay: float | None = None,
    random: Callable[[], float] = random,
) -> float:
    """
    Return the seconds to wait before an attempt: any up to a ceiling that doubles, each as likely.

    So clients that failed together come back spread as widely as can be (AWS Architecture Blog, "Exponential Backoff
    And Jitter").

    Args:
        attempt: attempts that have failed so far, 1 or more.
        base_delay: the ceiling of the first wait, in seconds; it doubles with each failure.
        max_delay: the largest ceiling, in seconds.
        min_delay: no wait is shorter, so that chance never hammers; a tenth of the first ceiling unless said otherwise.
        random: a source of numbers in [0, 1).

    """
    ceiling = min(max_delay, base_delay * 2.0 ** min(attempt - 1, 32))
    shortest = min(ceiling, LEAST * base_delay if min_delay is None else min_delay)
    return shortest + (ceiling - shortest) * random()


class AdaptivePause:
    """
    How long to wait until something is read again: the shortest after a change, more after each reading without one.

    Args:
        shortest: seconds.
        longest: seconds.
        growth: factor for each reading without a change.

    """

    def __init__(self, shortest: float, longest: float, *, growth: float = 2.0) -> None:
        if not (0 < shortest <= longest and growth > 1):
            raise ValueError("A pause needs 0 < shortest <= longest, and a growth above 1.")
        self._shortest = shortest
        self._longest = longest
        self._growth = growth
        self.seconds = shortest
        """The present pause."""

    def after(self, *, changed: bool, least: float = 0.0) -> float:
        """
        Return the seconds until the next reading.

        Args:
            changed: whether this one brought something new; one that failed did not.
            least: what the other side asks for: the rest of an answer's freshness, or its `retry_after`.

        """
        self.seconds = self._shortest if changed else min(self._longest, self.seconds * self._growth)
        return max(self.seconds, least)
