"""Distributions in constant memory."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import inf

SECONDS = tuple(10 ** (step / 4) * 1e-4 for step in range(25))
"""Bounds for durations: 0.1 ms to 100 s, four per decade, so a quantile is off by less than a factor of 1.8."""


class Histogram:
    """
    Counts values in fixed buckets.

    Args:
        bounds: upper bounds of the buckets, ascending; one more bucket holds larger values.

    Attributes:
        counts: number of values by bucket; always the same list object.
        largest: largest value since it was last set to 0.

    """

    __slots__ = ("bounds", "counts", "largest", "total")

    def __init__(self, bounds: Sequence[float] = SECONDS) -> None:
        self.bounds = tuple(bounds)
        if not self.bounds or list(self.bounds) != sorted(set(self.bounds)):
            raise ValueError("A histogram needs at least one bound, and bounds must ascend.")
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
        return sum(self.counts)

    def quantile(self, part: float) -> float | None:
        """Return the quantile `part` (0 to 1), accurate to its bucket's width; None without values."""
        return quantile(self.bounds, self.counts, part)


class Recent:
    """
    Quantiles of what a histogram received since the last call.

    Args:
        histogram: values already in it are ignored.

    """

    def __init__(self, histogram: Histogram) -> None:
        self._histogram = histogram
        self._before = list(histogram.counts)

    def quantile(self, part: float) -> float | None:
        """Return the quantile of values since the last call; None without any."""
        now = list(self._histogram.counts)
        new = [later - earlier for later, earlier in zip(now, self._before, strict=True)]
        self._before = now
        return quantile(self._histogram.bounds, new, part)


def quantile(bounds: Sequence[float], counts: Sequence[int], part: float) -> float | None:
    """
    Return a quantile of bucket counts, interpolated within the bucket; None if all are 0.

    Values above the last bound are reported as that bound.
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
