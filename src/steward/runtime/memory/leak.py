"""
Tells a leak from the ups and downs of a healthy process.

    leak = LeakDetector()
    leak.add(hours_since_start, resident_megabytes)   # often, such as every 15 s
    if leak.suspected: ...                            # leak.slope says how many MB an hour
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

Point = tuple[float, float]

LEAST = 8  # points, four a half
LEAK = 1.0  # MB an hour
LEAST_GROWTH = 4.0  # MB over the window


class LeakDetector:
    """
    Watches the slope of what the process falls back to: the least of each half hour.

    The slope is the median of those between all pairs (Theil and Sen), which some odd points do not move. A leak is
    suspected when both halves of what it remembers rise, and together by at least `LEAST_GROWTH`: garbage that waits to
    be collected does not lift the least, and a step, such as a cache that has filled, is in one half only.

    Args:
        warm_up: hours from the first reading that are not looked at; imports and caches come then.
        fold: hours of which the least reading is a point; garbage that is collected less often looks like growth.
        window: how many points are remembered, at least 8; it judges from 8 on.

    """

    def __init__(self, *, warm_up: float = 0.5, fold: float = 0.5, window: int = 24) -> None:
        if window < LEAST:
            raise ValueError(f"A window of {window} points is too short to judge by; it takes at least {LEAST}.")
        self._warm_up = warm_up
        self._fold = fold
        self._began: float | None = None
        self._folded = 0.0
        self._least: Point | None = None
        self._points: deque[Point] = deque(maxlen=window)
        self.slope: float | None = None
        """MB an hour over the window; None until there are points enough."""
        self.suspected = False
        """Whether it looks like a leak."""

    def add(self, hours: float, megabytes: float) -> bool:
        """Take a reading, later than the last one, and return whether a leak is suspected."""
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
            if len(self._points) >= LEAST:
                self._judge(list(self._points))
        return self.suspected

    def _judge(self, points: Sequence[Point]) -> None:
        self.slope = slope = slope_of(points)
        middle = len(points) // 2
        halves = min(slope_of(points[:middle]), slope_of(points[middle:]))
        grown = slope * (points[-1][0] - points[0][0])
        self.suspected = slope > LEAK and halves > LEAK / 2 and grown >= LEAST_GROWTH


def slope_of(points: Sequence[Point]) -> float:
    """Return the median slope between all pairs of points, no two at the same place; 0 for fewer than two points."""
    slopes = sorted(
        (later[1] - earlier[1]) / (later[0] - earlier[0])
        for index, earlier in enumerate(points)
        for later in points[index + 1 :]
    )
    middle = len(slopes) // 2
    return (slopes[middle] + slopes[~middle]) / 2 if slopes else 0.0  # `statistics` would take a quarter of a MiB
