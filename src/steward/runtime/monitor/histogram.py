"""How values spread, in constant memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import inf

SECONDS = tuple(10 ** (step / 4) * 1e-4 for step in range(25))
"""Bounds for durations: 0.1 ms to 100 s, four a decade, so that a quantile is off by less than a factor of 1.8."""


class Histogram:
    """
    Counts values by fixed buckets.

    Args:
        bounds: the upper ends of the buckets, ascending; what is more than the last counts, too.

    Attributes:
        counts: how many values each bucket has had, and those above all; the list stays the same object.
        total: the sum of all values.
        largest: the largest value since `largest` was last set to 0.

    """

    __slots__ = ("bounds", "counts", "largest", "total")

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self.bounds = tuple(bounds)
        if not self.bounds or list(self.bounds) != sorted(set(self.bounds)):
            raise ValueError("The bounds of a histogram must ascend, and there must be one.")
        self.counts = [0] * (len(self.bounds) + 1)
        self.total = 0.0
        self.largest = 0.0

    def observe(self, value: float) -> None:
        """Count a value."""
        self.counts[bisect_left(self.bounds, value)] += 1
        self.total += value
        self.largest = max(self.largest, value)

    @property
    def count(self) -> int:
        """How many values there were."""
        return sum(self.counts)

    def quantile(self, part: float) -> float | None:
        """Return what `part` (0 to 1) of all values do not exceed, within its bucket's width; None before the first."""
        return quantile(self.bounds, self.counts, part)


class Recent:
    """
    What a histogram was given since one last asked.

    Args:
        histogram: whose values; what it had before does not count.

    """

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._before = list(histogram.counts)

    def quantile(self, part: float) -> float | None:
        """Return the quantile of what came since the last call; None when nothing did."""
        now = list(self._histogram.counts)
        new = [later - earlier for later, earlier in zip(now, self._before, strict=True)]
        self._before = now
        return quantile(self._histogram.bounds, new, part)


def quantile(bounds: Sequence[float], counts: Sequence[int], part: float) -> float | None:
    """
    Return the quantile of a histogram's counts, taken to be spread evenly over their bucket; None where all are 0.

    Values above the last bound are told as that bound.
    """
    wanted = part * sum(counts)
    if not any(counts):
        return None
    lower = 0.0
    for upper, count, reached in zip((*bounds, inf), counts, accumulate(counts), strict=True):
        if count and reached >= wanted:
            return bounds[-1] if upper == inf else lower + (upper - lower) * (wanted - (reached - count)) / count
        lower = upper
    return bounds[-1]
