"""What is known of the caches, told to operators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from steward.bots.ops.facts import Fact, Grade
from steward.runtime.cache import Cache, CacheStatistics
from steward.runtime.clock import Clock
from steward.store.queries.cache import QueryCache
from steward.text.durations import about
from steward.text.measures import seconds, size

if TYPE_CHECKING:
    from steward.runtime.cache import RedisTier


class CacheFacts:
    """Tells what the caches hold, how often they had what was asked for, and how it stands with Redis."""

    def __init__(self, cache: Cache, queries: QueryCache, redis: RedisTier | None, clock: Clock) -> None:
        self._cache = cache
        self._queries = queries
        self._redis = redis
        self._clock = clock

    def health(self, _: int | None = None) -> Sequence[Fact]:
        """Tell how it stands with Redis, where there is to be one."""
        if self._redis is None:
            return []
        state = self._redis.state
        if state.up:
            return [Fact("Redis", "connected" + (f", lost {state.losses:,} times" if state.losses else ""))]
        if not state.reason:
            return [Fact("Redis", "not connected yet", Grade.WATCH)]
        away = about(timedelta(seconds=max(0.0, self._clock.monotonic() - state.since)))
        advice = (
            "Caches and limits use memory instead; check whether Redis is running. `steward doctor` checks it, too."
        )
        return [Fact("Redis", f"{state.reason} For {away}.", Grade.WATCH, advice)]

    def performance(self, _: int | None = None) -> Sequence[Fact]:
        """Tell of each kind of value how often it was there, and what all take."""
        kinds = {**self._cache.statistics, **self._queries.cache.statistics}
        told = [Fact(f"Cache {name}", self._done(done)) for name, done in kinds.items() if done.hits + done.misses]
        if self._queries.outdated:
            told.append(Fact("Outdated results", f"{self._queries.outdated:,}, because their data changed"))
        entries, taken = len(self._cache) + len(self._queries.cache), self._cache.bytes + self._queries.cache.bytes
        return [*told, Fact("Caches hold", f"{entries:,} entries, {size(taken)}")]

    @staticmethod
    def _done(done: CacheStatistics) -> str:
        asked = done.hits + done.misses
        told = f"{done.hit_rate or 0:.0%} of {asked:,} lookups were hits"
        if done.shared_hits:
            told += f", {done.shared_hits:,} in Redis"
        if done.mean_load_seconds is not None:
            told += f"; {done.loads:,} loaded, {seconds(done.mean_load_seconds)} each"
        return told + (f", {done.failed_loads:,} failed" if done.failed_loads else "")
