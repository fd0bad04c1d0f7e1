"""
The bot's caches: query results, everything else, and the optional Redis tier.

Without REDIS_HOST, nothing of Redis is imported.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from steward.runtime.cache import Cache
from steward.runtime.clock import Clock
from steward.runtime.limits import Limiter, MemoryWindows, RedisWindows, Rule
from steward.runtime.memory import MemoryGuard, Pressure
from steward.runtime.monitor import AlertRule, Alerts, Monitor, RatioOf, Severity
from steward.runtime.tasks import Work
from steward.settings import Settings
from steward.store import Store
from steward.store.queries.cache import QueryCache

if TYPE_CHECKING:
    from steward.runtime.cache import RedisTier

MAX_BYTES = 2 << 20  # the whole bot should stay below 60 MB
HITS, MISSES = "cache.hits", "cache.misses"
LOOKED_BACK, LOOKUPS = 1800.0, 100  # seconds; least number of lookups


@dataclass(frozen=True, slots=True)
class Caches:
    """
    All caches.

    Attributes:
        cache: for all bots.
        queries: query results.
        redis: the second tier of `cache`; None without REDIS_HOST.

    """

    cache: Cache
    queries: QueryCache
    redis: RedisTier | None
    _sweep_every: float

    def relieve(self, guard: MemoryGuard) -> None:
        """Free memory under pressure: first stale entries, then half of all, then query results."""
        guard.on(Pressure.LOW, "sweep the caches", self.sweep)
        guard.on(Pressure.MEDIUM, "shrink the cache", self.cache.shrink)
        guard.on(Pressure.MEDIUM, "shrink the query cache", self.queries.cache.shrink)
        guard.on(Pressure.HIGH, "drop the query cache", partial(self.queries.cache.shrink, 0.0))

    def measure(self, monitor: Monitor, alerts: Alerts, clock: Clock) -> None:
        """
        Count lookups by category and add an alert on the hit rate.

        Call it when all categories exist. Misses due to changed data do not count for the alert.
        """
        kinds = {**self.cache.statistics, **self.queries.cache.statistics}
        held = (self.cache, self.queries.cache)

        def hits() -> int:
            return sum(done.hits for done in kinds.values())

        def misses() -> int:
            return sum(done.misses for done in kinds.values())

        monitor.observable_counter(HITS, hits)
        monitor.observable_counter(MISSES, misses)
        monitor.observable_counter("cache.outdated", lambda: self.queries.outdated)
        for name, done in kinds.items():
            monitor.observable_counter(f"{HITS}.{name}", partial(getattr, done, "hits"))
            monitor.observable_counter(f"{MISSES}.{name}", partial(getattr, done, "misses"))
        monitor.gauge("cache_entries", "Entries in the caches in memory.", lambda: sum(map(len, held)))
        monitor.gauge("cache_bytes", "Their size in bytes, roughly.", lambda: sum(one.bytes for one in held))
        redis = self.redis
        if redis is not None:
            monitor.gauge("redis_up", "1 while Redis is connected, else 0.", lambda: redis.state.up)
        found = RatioOf(
            hits, lambda: hits() + max(0, misses() - self.queries.outdated), clock, window=LOOKED_BACK, least=LOOKUPS
        )
        sentence = "Only {:.0%} of cache lookups are hits, not counting changed data."
        alerts.watch(AlertRule("cache", found, {Severity.WARNING: 0.8}, sentence, below=True))

    def work(self) -> Iterator[tuple[str, Work]]:
        yield "sweep caches", self._sweep_on

    def sweep(self) -> None:
        """Drop expired entries."""
        self.cache.sweep()
        self.queries.cache.sweep()

    async def _sweep_on(self) -> None:
        while True:
            await asyncio.sleep(self._sweep_every)
            self.sweep()


@asynccontextmanager
async def open_caches(settings: Settings, clock: Clock, store: Store) -> AsyncIterator[Caches]:
    """
    Open the caches; wait at most a second for Redis, if configured.

    Raises:
        NeedsOperator: Redis is configured, but its library is not installed.

    """
    redis = None
    if settings.redis_url is not None:
        from steward.runtime.cache import RedisTier  # only with Redis

        redis = RedisTier(settings.redis_url, monotonic=clock.monotonic)
    queries = QueryCache(
        store,
        max_entries=settings.query_cache_entries,
        ttl=settings.query_cache_ttl,
        monotonic=clock.monotonic,
    )
    async with Cache(
        max_entries=settings.cache_entries,
        max_bytes=MAX_BYTES,
        ttl=settings.cache_ttl,
        monotonic=clock.monotonic,
        shared=redis,
    ) as cache:
        yield Caches(cache, queries, redis, settings.cache_cleanup_interval)


def command_limiter(settings: Settings, clock: Clock, redis: RedisTier | None) -> Limiter:
    """Return the rate limiter of commands: in Redis while it is up, otherwise in memory."""
    burst = min(settings.burst, settings.requests_per_minute)
    memory = MemoryWindows(
        clock,
        entries=settings.limiter_entries,
        ttl=settings.limiter_ttl,
        sweep_every=settings.limiter_sweep,
    )
    return Limiter(
        {"user": Rule(settings.requests_per_minute, per=60.0, burst=burst)},
        clock,
        memory=memory,
        shared=None if redis is None else RedisWindows(redis),
        changed=lambda *_: None,  # the tier logs it
    )
