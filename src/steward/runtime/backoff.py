"""How long to wait before trying again."""

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
