"""How long to wait until something is asked for again: as short as it moves, as long as it does not."""

from __future__ import annotations


class AdaptivePause:
    """
    The pause is the shortest after a change, and grows with each reading that brings none.

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
