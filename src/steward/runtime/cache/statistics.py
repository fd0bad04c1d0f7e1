"""Statistics of a cache."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class CacheStatistics:
    """
    Counts of one category since it was created.

    Attributes:
        shared_hits: misses found in the second tier.
        loads: calls of `load`; fewer than misses when several callers shared one.
        load_seconds: total time of loads.
        evictions: evicted to make room.
        expirations: removed because they expired.
        refused: values from the second tier that could not be decoded.

    """

    hits: int = 0
    misses: int = 0
    shared_hits: int = 0
    loads: int = 0
    failed_loads: int = 0
    load_seconds: float = 0.0
    evictions: int = 0
    expirations: int = 0
    refused: int = 0

    @property
    def hit_rate(self) -> float | None:
        """Share of hits, 0 to 1; None without requests."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None

    @property
    def mean_load_seconds(self) -> float | None:
        """Mean seconds of a load; None without loads."""
        return self.load_seconds / self.loads if self.loads else None
