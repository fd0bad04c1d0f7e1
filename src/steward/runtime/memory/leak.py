"""
Detects memory leaks.

    leak = LeakDetector()
    leak.add(hours_since_start, resident_megabytes)   # often, such as every 15 s
    if leak.suspected: ...                            # leak.slope is in MB per hour
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

Point = tuple[float, float]

MIN_POINTS = 8  # points, four per half
LEAK = 1.0  # MB an hour
MIN_GROWTH = 4.0  # MB over the window


class LeakDetector:
    """
    Watches the slope of the lowest reading of each half hour.

    The slope is the Theil-Sen estimate (median over all pairs), which outliers do not move. A leak is suspected when
    both halves of the window rise, and the whole by at least `MIN_GROWTH`: uncollected garbage does not raise the
    minimum, and a step, such as a filled cache, is in one half only.

    Args:
        warm_up: hours ignored at the start, for imports and caches.
        fold: hours per point; must exceed the time between garbage collections.
        window: number of points, at least 8; judged from 8 points on.

    """

    def __init__(self, *, warm_up: float = 0.5, fold: float = 0.5, window: int = 24) -> None:
        if window < MIN_POINTS:
            raise ValueError(f"The window must have at least {MIN_POINTS} points, not {window}.")
        self._warm_up = warm_up
        self._fold = fold
        self._began: float | None = None
        self._folded = 0.0
        self._least: Point | None = None
        self._points: deque[Point] = deque(maxlen=window)
        self.slope: float | None = None
        """MB per hour over the window; None with too few points."""
        self.suspected = False
        """Whether a leak is suspected."""

    def add(self, hours: float, megabytes: float) -> bool:
        """Add a reading, later than the last one; return whether a leak is suspected."""
        if self._began is None:
            self._began = hours
        if hours - self._began < self._warm_up:
            return False
        if self._least is None:
            self._folded = hours
        if self._least is None or megabytes < self._least[1]:
            self._least = (hours, megabytes)
        if hours - self._folded >= self._fold:
            self._points.append(self._least)
            self._least = None
            if len(self._points) >= MIN_POINTS:
                self._judge(list(self._points))
        return self.suspected

    def _judge(self, points: Sequence[Point]) -> None:
        self.slope = slope = slope_of(points)
        middle = len(points) // 2
        halves = min(slope_of(points[:middle]), slope_of(points[middle:]))
        grown = slope * (points[-1][0] - points[0][0])
        self.suspected = slope > LEAK and halves > LEAK / 2 and grown >= MIN_GROWTH


def slope_of(points: Sequence[Point]) -> float:
    """Return the median slope over all pairs of points with distinct times; 0 for fewer than two."""
    slopes = sorted(
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for index, earlier in enumerate(points)
        for later in points[index + 1 :]
    )
    middle = len(slopes) // 2
    return (slopes[middle] + slopes[~middle]) / 2 if slopes else 0.0  # `statistics` takes 0.25 MiB
