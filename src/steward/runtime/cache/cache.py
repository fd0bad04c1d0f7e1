"""The cache: one memory bound for all categories, and an optional second tier."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from steward.runtime.cache.category import Category, Sizeof
from steward.runtime.cache.entries import Entries
from steward.runtime.cache.sizes import approximate_size
from steward.runtime.cache.statistics import CacheStatistics

if TYPE_CHECKING:
    from steward.runtime.cache.redis import RedisTier

Value = TypeVar("Value")

MINUTE, HOUR = 60.0, 3600.0
DEFAULT_TTLS: Mapping[str, float | None] = MappingProxyType(
    {
        "api_response": 5 * MINUTE,
        "db_query": 10 * MINUTE,
        "user_data": 30 * MINUTE,
        "guild_data": HOUR,
        "game_data": 15 * MINUTE,
        "team_data": 2 * HOUR,
        "league_data": 4 * HOUR,
        "parlay_data": 5 * MINUTE,
        "image_cache": 24 * HOUR,
        "session": 30 * MINUTE,
        "recommendations": HOUR,
        "tokens": None,  # as issued
        "keywords": 24 * HOUR,
    }
)
"""Default time to live by category, in seconds; None if each value has its own."""

ENTRY_BYTES = 330  # overhead of an entry, with a key of thirty letters


@dataclass(frozen=True, slots=True)
class _Declared:
    """The arguments of a category; later calls must pass the same."""

    ttl: float | None
    negative_ttl: float
    failure_ttl: float
    shared_as: Any
    version: int


class Cache:
    """
    Values in memory by category, and optionally in Redis.

    Guarantee: memory never holds more than `max_entries` entries, nor more than `max_bytes` as measured by `sizeof`.

    With a second tier, use it as `async with Cache(...) as cache`.

    Args:
        max_entries: of all categories together, 1 or more.
        max_bytes: of all values with their overhead; None for no limit.
        ttl: seconds for categories not in `DEFAULT_TTLS`.
        sizeof: the bytes of a value; used only with `max_bytes`.
        shared: the second tier, for categories with `shared_as`.

    Raises:
        ValueError: a bound is below 1.

    """

    def __init__(
        self,
        *,
        max_entries: int = 1000,
        max_bytes: int | None = None,
        ttl: float = HOUR,
        monotonic: Callable[[], float] = time.monotonic,
        sizeof: Sizeof = approximate_size,
        shared: RedisTier | None = None,
    ) -> None:
        self._entries = Entries(max_entries, max_bytes=max_bytes, monotonic=monotonic)
        self._ttl = ttl
        self._monotonic = monotonic
        self._sizeof: Sizeof = _weightless if max_bytes is None else lambda value: ENTRY_BYTES + sizeof(value)
        self._tier = shared
        self._categories: dict[str, Category[Any]] = {}
        self._declared: dict[str, _Declared] = {}

    def category(
        self,
        name: str,
        *,
        ttl: float | None = None,
        negative_ttl: float = MINUTE,
        failure_ttl: float = 0.0,
        shared_as: type[Value] | None = None,
        version: int = 1,
    ) -> Category[Value]:
        """
        Return a category, created on first use.

        Args:
            name: not empty, without a colon.
            ttl: seconds; default from `DEFAULT_TTLS`, else the cache's.
            negative_ttl: seconds to cache "there is none" (None); 0 to not cache it.
            failure_ttl: seconds to cache an exception of `load`; 0 to not cache it.
            shared_as: the type of values to share through the second tier: anything msgspec can decode, such as
                dataclasses, `msgspec.Struct`, builtins.
            version: raise it when the meaning of values changes but not their type.

        Raises:
            ValueError: a name or time is invalid, msgspec cannot decode the type, or the category exists with other
                arguments.

        """
        if not name or ":" in name:
            raise ValueError(f"A category needs a name without a colon, not {name!r}.")
        if min(negative_ttl, failure_ttl, 0.0 if ttl is None else ttl) < 0:
            raise ValueError(f"The times to live of {name!r} cannot be negative.")
        declared = _Declared(ttl, negative_ttl, failure_ttl, shared_as, version)
        if self._declared.setdefault(name, declared) != declared:
            raise ValueError(f"The category {name!r} exists already, with other arguments.")
        if name not in self._categories:
            self._categories[name] = self._make(name, declared)
        return self._categories[name]

    @property
    def statistics(self) -> Mapping[str, CacheStatistics]:
        return {name: category.statistics for name, category in self._categories.items()}

    @property
    def total(self) -> CacheStatistics:
        """Statistics of all categories together."""
        whole = CacheStatistics()
        for statistics in self.statistics.values():
            for field in fields(CacheStatistics):
                setattr(whole, field.name, getattr(whole, field.name) + getattr(statistics, field.name))
        return whole

    @property
    def bytes(self) -> int:
        """Size of the entries by `sizeof`; 0 without `max_bytes`."""
        return self._entries.bytes

    def __len__(self) -> int:
        return len(self._entries)

    def delete(self, key: str) -> int:
        """Delete a key from all categories; return how many had it in memory."""
        return sum([category.delete(key) for category in self._categories.values()])

    def delete_tag(self, tag: str) -> int:
        """Delete all values with a tag; return how many were in memory."""
        return sum([category.delete_tag(tag) for category in self._categories.values()])

    def delete_prefix(self, prefix: str) -> int:
        """Delete all values whose keys start with a prefix (all if empty); return how many were in memory."""
        return sum([category.delete_prefix(prefix) for category in self._categories.values()])

    def shrink(self, share: float = 0.5) -> int:
        """
        Evict from memory all but the most useful share of entries, 0 to 1; return how many were evicted.

        Used by `MemoryGuard`. Bounds, other processes and the second tier are unaffected.

        Raises:
            ValueError: the share is out of range.

        """
        return self._entries.shrink(share)

    def sweep(self) -> int:
        """Drop expired entries from memory; return how many."""
        return self._entries.sweep()

    async def settle(self) -> None:
        """Wait until Redis has all writes and deletions so far, or is unavailable."""
        if self._tier is not None:
            await self._tier.settle()

    async def __aenter__(self) -> Self:
        if self._tier is not None:
            await self._tier.__aenter__()
        return self

    async def __aexit__(self, *ending: object) -> None:
        if self._tier is not None:
            await self._tier.__aexit__(*ending)

    def _make(self, name: str, declared: _Declared) -> Category[Any]:
        ttl = declared.ttl if declared.ttl is not None else DEFAULT_TTLS.get(name, self._ttl)
        statistics = CacheStatistics()
        shared = None
        if self._tier is not None and declared.shared_as is not None:
            shared = self._tier.share(name, declared.shared_as, declared.version, ttl, statistics)
        category = Category[Any](
            name,
            self._entries,
            ttl=ttl,
            negative_ttl=declared.negative_ttl,
            failure_ttl=declared.failure_ttl,
            sizeof=self._sizeof,
            monotonic=self._monotonic,
            statistics=statistics,
            shared=shared,
        )
        if shared is not None:
            shared.forget = category.forget
        return category


def _weightless(_: object) -> int:
    return 0
