"""One category of a cache: time to live, statistics, and loading of missing values."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from math import isnan
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from steward.runtime.cache.entries import MISSING, Entries, Space
from steward.runtime.cache.statistics import CacheStatistics

if TYPE_CHECKING:
    from steward.runtime.cache.shared import CacheStamp, SharedValues

Value = TypeVar("Value")

Sizeof = Callable[[object], int]
Ttl = float | Callable[[Any], float]


class Failure:
    """A cached exception of `load`."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


class PendingLoad(Generic[Value]):
    """A value being loaded; removed once its key is set or deleted, so that the result is not stored."""

    __slots__ = ("tags", "task")

    def __init__(self, tags: tuple[str, ...]) -> None:
        self.tags = tags
        self.task: asyncio.Task[Value | None] | None = None


class Category(Generic[Value]):
    """
    Values of one kind, created by `Cache.category`.

    Guarantee: concurrent calls for a missing key load it once; cancelling one of them does not stop the load for the
    others. A load that began before its key was set or deleted is not stored, and later callers do not get it. No value
    is returned after its time to live.

    Values are not copied: do not change them.

    Attributes:
        name: also the start of its keys in Redis.

    """

    def __init__(
        self,
        name: str,
        entries: Entries,
        *,
        ttl: float | None,
        negative_ttl: float,
        failure_ttl: float,
        sizeof: Sizeof,
        monotonic: Callable[[], float],
        statistics: CacheStatistics,
        shared: SharedValues | None = None,
    ) -> None:
        self.name = name
        self.ttl = ttl
        self.negative_ttl = negative_ttl
        self.failure_ttl = failure_ttl
        self.statistics = statistics
        self._space = Space(entries, left=self._count)
        self._sizeof = sizeof
        self._monotonic = monotonic
        self._shared = shared
        self._pending: dict[str, PendingLoad[Value]] = {}

    def __len__(self) -> int:
        """Return the number of entries in memory, expired ones included."""
        return len(self._space)

    def get(self, key: str) -> Value | None:
        """Return the value in memory, or None; unlike `fetch`, it cannot tell a cached None from a missing value."""
        value = self._space.get(key)
        if value is MISSING:
            self.statistics.misses += 1
            return None
        self.statistics.hits += 1
        return None if type(value) is Failure else cast(Value, value)

    async def fetch(
        self,
        key: str,
        load: Callable[[], Awaitable[Value | None]],
        *,
        tags: Iterable[str] = (),
        ttl: Ttl | None = None,
    ) -> Value | None:
        """
        Return the value; load it if neither tier has it.

        Args:
            load: returns the value; None means there is none, cached for `negative_ttl`.
            tags: names by which it can be deleted together with others.
            ttl: seconds, or a function of the value; default is the category's.

        Raises:
            Exception: what `load` raised, to all who waited for it.
            ValueError: the category needs a `ttl`.
            RuntimeError: `load` asks for its own key.

        """
        value = self._space.get(key)
        if value is not MISSING:
            self.statistics.hits += 1
            if type(value) is Failure:
                raise value.error.with_traceback(None)
            return cast(Value, value)
        self.statistics.misses += 1
        pending = self._pending.get(key)
        if pending is None:
            pending = self._pending[key] = PendingLoad(tuple(tags))
            pending.task = asyncio.create_task(self._make(key, pending, load, ttl), name=f"cache {self.name}:{key}")
            pending.task.add_done_callback(_retrieve_error)
        task = cast("asyncio.Task[Value | None]", pending.task)
        if task is asyncio.current_task():
            raise RuntimeError(f"Loading {key!r} of {self.name!r} asks for itself and would never finish.")
        await asyncio.wait((task,))  # unlike `await task`, cancelling this does not cancel it
        return task.result()

    def set(self, key: str, value: Value | None, *, ttl: float | None = None, tags: Iterable[str] = ()) -> None:
        """
        Store a value known to be current; other processes get it, too.

        Raises:
            ValueError: the category needs a `ttl`.

        """
        tags = tuple(tags)
        seconds = self._seconds(value, ttl)
        self._pending.pop(key, None)
        self._store(key, value, seconds, tags)
        if self._shared is not None:
            self._shared.replace(key, value, seconds, tags)

    def delete(self, key: str) -> bool:
        """Delete a value; return whether it was in memory."""
        return bool(self._delete("key", key))

    def delete_tag(self, tag: str) -> int:
        """Delete all values with a tag; return how many were in memory."""
        return self._delete("tag", tag)

    def delete_prefix(self, prefix: str) -> int:
        """Delete all values whose keys start with a prefix (all if empty); return how many were in memory."""
        return self._delete("prefix", prefix)

    def forget(self, kind: str, name: str) -> int:
        """Drop entries from this process's memory only, by key, tag or prefix; return how many."""
        if kind == "key":
            self._pending.pop(name, None)
            return int(self._space.delete(name))
        for key, pending in tuple(self._pending.items()):
            if concerns(kind, name, key, pending.tags):
                del self._pending[key]
        if kind == "tag":
            return self._space.delete_tag(name)
        return self._space.delete_prefix(name)

    async def _make(
        self, key: str, pending: PendingLoad[Value], load: Callable[[], Awaitable[Value | None]], ttl: Ttl | None
    ) -> Value | None:
        try:
            stamp: CacheStamp | None = None
            if self._shared is not None:
                found = await self._shared.find(key, pending.tags)
                if found.value is not MISSING:
                    self.statistics.shared_hits += 1
                    if self._pending.get(key) is pending:
                        self._store(key, found.value, found.seconds, found.tags)
                    return cast("Value | None", found.value)
                stamp = found.stamp
            value = await self._load(key, pending, load)
            seconds = self._seconds(value, ttl)
            if self._pending.get(key) is pending:
                self._store(key, value, seconds, pending.tags)
                if self._shared is not None and stamp is not None:
                    self._shared.keep(key, value, seconds, stamp)
            return value
        finally:
            if self._pending.get(key) is pending:
                del self._pending[key]

    async def _load(
        self, key: str, pending: PendingLoad[Value], load: Callable[[], Awaitable[Value | None]]
    ) -> Value | None:
        began = self._monotonic()
        self.statistics.loads += 1
        try:
            return await load()
        except Exception as error:
            self.statistics.failed_loads += 1
            if self.failure_ttl and self._pending.get(key) is pending:
                self._store(key, Failure(error), self.failure_ttl, pending.tags)
            raise
        finally:
            self.statistics.load_seconds += self._monotonic() - began

    def _seconds(self, value: Value | None, ttl: Ttl | None) -> float:
        if value is None:
            return self.negative_ttl
        seconds = ttl(value) if callable(ttl) else self.ttl if ttl is None else ttl
        if seconds is None:
            raise ValueError(f"Values of {self.name!r} have no default time to live: pass `ttl` with each.")
        if isnan(seconds):
            raise ValueError(f"A value of {self.name!r} cannot live for {seconds} seconds.")
        return seconds

    def _store(self, key: str, value: object, seconds: float, tags: tuple[str, ...]) -> None:
        """Store in memory; without time to live, only drop the old value."""
        if seconds <= 0:
            self._space.delete(key)
            return
        self._space.set(key, value, expires=self._monotonic() + seconds, size=self._sizeof(value), tags=tags)

    def _count(self, expired: bool) -> None:
        if expired:
            self.statistics.expirations += 1
        else:
            self.statistics.evictions += 1

    def _delete(self, kind: str, name: str) -> int:
        count = self.forget(kind, name)
        if self._shared is not None:
            self._shared.delete(kind, name)
        return count


def concerns(kind: str, name: str, key: str, tags: Sequence[str]) -> bool:
    """Return whether deleting a key, tag or prefix deletes a value with that key and those tags."""
    if kind == "tag":
        return name in tags
    return key == name if kind == "key" else key.startswith(name)


def _retrieve_error(task: asyncio.Task[Any]) -> None:
    """Mark the exception as retrieved, so that asyncio does not report it when nobody waits any more."""
    if not task.cancelled():
        task.exception()
