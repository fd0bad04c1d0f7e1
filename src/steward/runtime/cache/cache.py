"""The cache: one bound on memory, categories by name, and a second tier for those that are shared."""

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
        "tokens": None,  # each as long as it was issued for
        "keywords": 24 * HOUR,
    }
)
"""Seconds that values of these categories stay; None where each value says so itself."""

ENTRY_BYTES = 330  # what an entry takes beside its value, its key of thirty letters included


@dataclass(frozen=True, slots=True)
class _Declared:
    """What a category was asked for with: whoever asks for it again must agree."""

    ttl: float | None
    negative_ttl: float
    failure_ttl: float
    shared_as: Any
    version: int


class Cache:
    """
    Values in memory, in categories, and where Redis is given also in there.

    Guarantee: there are never more than `max_entries` entries in memory, nor more than `max_bytes` by `sizeof`.

    With a second tier use it as `async with Cache(...) as cache`; without one, nothing is to be opened or closed.

    Args:
        max_entries: of all categories together, 1 or more.
        max_bytes: of all values together with what keeping them takes; None for no bound but that on entries.
        ttl: seconds for categories that are not in `DEFAULT_TTLS`.
        monotonic: seconds that never go back.
        sizeof: the bytes of a value; looked at only where `max_bytes` is set.
        shared: the second tier, for the categories that name the type of their values.

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
        Return the category of that name, made when first asked for.

        Args:
            name: letters, digits and such; without a colon.
            ttl: seconds that its values stay; by default those of `DEFAULT_TTLS`, else the cache's.
            negative_ttl: seconds that "there is none" stays; 0 to ask anew each time.
            failure_ttl: seconds in which a failed making is not tried again; 0 to try each time.
            shared_as: the type of its values, where other processes shall have them, too: anything that msgspec
                can read back, such as dataclasses, `msgspec.Struct`, builtins. It needs a second tier to matter.
            version: raise it when the meaning of values changed, though their type did not.

        Raises:
            ValueError: the name or a time will not do, msgspec cannot read back that type, or the category was
                asked for with other arguments before.

        """
        if not name or ":" in name:
            raise ValueError(f"A category needs a name without a colon, not {name!r}.")
        if min(negative_ttl, failure_ttl, 0.0 if ttl is None else ttl) < 0:
            raise ValueError(f"The times to live of {name!r} cannot be negative.")
        declared = _Declared(ttl, negative_ttl, failure_ttl, shared_as, version)
        if self._declared.setdefault(name, declared) != declared:
            raise ValueError(f"The category {name!r} is there already, with other arguments.")
        if name not in self._categories:
            self._categories[name] = self._make(name, declared)
        return self._categories[name]

    @property
    def statistics(self) -> Mapping[str, CacheStatistics]:
        """What each category has done, by name."""
        return {name: category.statistics for name, category in self._categories.items()}

    @property
    def total(self) -> CacheStatistics:
        """What all categories together have done until now."""
        whole = CacheStatistics()
        for statistics in self.statistics.values():
            for field in fields(CacheStatistics):
                setattr(whole, field.name, getattr(whole, field.name) + getattr(statistics, field.name))
        return whole

    @property
    def bytes(self) -> int:
        """What the entries take by `sizeof`; 0 without `max_bytes`."""
        return self._entries.bytes

    def __len__(self) -> int:
        return len(self._entries)

    def delete(self, key: str) -> int:
        """Drop a key from all categories; return how many had it in memory."""
        return sum([category.delete(key) for category in self._categories.values()])

    def delete_tag(self, tag: str) -> int:
        """Drop all values with a tag; return how many there were in memory."""
        return sum([category.delete_tag(tag) for category in self._categories.values()])

    def delete_prefix(self, prefix: str) -> int:
        """Drop all values whose keys begin so, all for an empty one; return how many there were in memory."""
        return sum([category.delete_prefix(prefix) for category in self._categories.values()])

    def shrink(self, share: float = 0.5) -> int:
        """
        Keep so many of the entries in memory, from 0 to 1, the most useful ones; return how many have gone.

        For whoever watches over memory, such as `MemoryGuard`. The bounds stay; other processes and the second tier
        keep what they have.

        Raises:
            ValueError: the share is none.

        """
        return self._entries.shrink(share)

    def sweep(self) -> int:
        """Drop from memory what is past its time, asked for or not; return how many have gone."""
        return self._entries.sweep()

    async def settle(self) -> None:
        """Wait until Redis has all that was set and deleted so far, or is away and will be told when it returns."""
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
