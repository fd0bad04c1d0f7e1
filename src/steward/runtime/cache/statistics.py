"""What a cache has done, counted where it happens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class CacheStatistics:
    """
    Counts of one category since it was made.

    Attributes:
        hits: asked for and there.
        misses: asked for and not in memory.
        shared_hits: misses that the second tier had.
        loads: values made because they were missing; fewer than misses where one making served several who asked.
        failed_loads: of these, how many raised.
        load_seconds: what all the makings took together; hits never enter it.
        evictions: gone to make room.
        expirations: gone because their time was over.
        refused: values from the second tier that could not be read as what they should be.

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
        """Hits of all that was asked for, from 0 to 1; None where nothing was."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else None

    @property
    def mean_load_seconds(self) -> float | None:
        """Seconds that making a value takes; None where none was made."""
        return self.load_seconds / self.loads if self.loads else None
