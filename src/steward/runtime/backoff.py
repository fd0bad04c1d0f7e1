"""How long to wait before trying again."""

from __future__ import annotations

from collections.abc import Callable
from random import random


def full_jitter(attempt: int, *, base: float = 1.0, cap: float = 60.0, random: Callable[[], float] = random) -> float:
    """
    Return the seconds to wait before a try, spread so that many clients do not return together.

    Args:
        attempt: tries that have failed so far, 1 or more.
        base: the ceiling of the first wait, in seconds; it doubles with each failure.
        cap: the largest ceiling, in seconds.
        random: a source of numbers in [0, 1).

    Returns:
        A wait between half the ceiling and the ceiling: never so short that it hammers.

    """
    ceiling = min(cap, base * 2.0 ** min(attempt - 1, 32))
    return ceiling * (0.5 + random() / 2)
