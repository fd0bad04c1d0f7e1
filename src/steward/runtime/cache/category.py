"""One kind of value in a cache: its time to live, its statistics, and how a missing one is made."""

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
    """Kept in the place of a value that could not be made, where that was asked for."""

    __slots__ = ("error",)

    def __init__(self, error: Exception) -> None:
        self.error = error


class Making(Generic[Value]):
    """A value that is being made. It is kept only while it is its key's newest making."""

    __slots__ = ("tags", "task")

    def __init__(self, tags: tuple[str, ...]) -> None:
        self.tags = tags
        self.task: asyncio.Task[Value | None] | None = None


class Category(Generic[Value]):
    """
    Values of one kind, made by `Cache.category`.

    Guarantee: however many ask for a missing key at once, it is made once; who gives up waiting does not stop the
    making for the others. A making that began before its key was set or deleted is not kept, and who asks after
    that does not get it. No value is returned past its time.

    Values are handed out as they are, not copied: do not change what you get.

    Attributes:
        name: what it is asked for by, and the beginning of its keys in Redis.
        ttl: seconds that a value stays; None where each value says so itself.
        negative_ttl: seconds that "there is none" (None) stays; 0 to ask anew each time.
        failure_ttl: seconds in which a failed making is not tried again, but raises what it raised; 0 for none.
        statistics: what it has done.

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
        self._making: dict[str, Making[Value]] = {}

    def __len__(self) -> int:
        """Return how many are in memory, those past their time that nobody asked for too."""
        return len(self._space)

    def get(self, key: str) -> Value | None:
        """Return what is in memory, or None; a kept None cannot be told from none, `fetch` can."""
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
        Return the value, made by `load()` where neither tier has it.

        Args:
            key: which, within the category.
            load: makes it; None says that there is none, which is kept for `negative_ttl`.
            tags: names under which it can be deleted together with others.
            ttl: seconds for this value, or what tells them from it; the category's otherwise.

        Raises:
            Exception: what `load` raised, to all who waited for it.
            ValueError: the category needs a `ttl`.
            RuntimeError: `load` asks for the very key that it makes.

        """
        value = self._space.get(key)
        if value is not MISSING:
            self.statistics.hits += 1
            if type(value) is Failure:
                raise value.error.with_traceback(None)
            return cast(Value, value)
        self.statistics.misses += 1
        making = self._making.get(key)
        if making is None:
            making = self._making[key] = Making(tuple(tags))
            making.task = asyncio.create_task(self._make(key, making, load, ttl), name=f"cache {self.name}:{key}")
            making.task.add_done_callback(_look_at_its_error)
        task = cast("asyncio.Task[Value | None]", making.task)
        if task is asyncio.current_task():
            raise RuntimeError(f"Making {key!r} of {self.name!r} asks for itself and would wait for ever.")
        await asyncio.wait((task,))  # unlike `await task`, being cancelled here leaves it alone
        return task.result()

    def set(self, key: str, value: Value | None, *, ttl: float | None = None, tags: Iterable[str] = ()) -> None:
        """
        Keep a value that is known to be true now, in place of what there was; other processes get it, too.

        Raises:
            ValueError: the category needs a `ttl`.

        """
        tags = tuple(tags)
        seconds = self._seconds(value, ttl)
        self._making.pop(key, None)
        self._keep(key, value, seconds, tags)
        if self._shared is not None:
            self._shared.replace(key, value, seconds, tags)

    def delete(self, key: str) -> bool:
        """Drop a value; return whether there was one in memory."""
        found = self.forget("key", key)
        self._tell("key", key)
        return bool(found)

    def delete_tag(self, tag: str) -> int:
        """Drop all values with a tag; return how many there were in memory."""
        found = self.forget("tag", tag)
        self._tell("tag", tag)
        return found

    def delete_prefix(self, prefix: str) -> int:
        """Drop all values whose keys begin so, all for an empty one; return how many there were in memory."""
        found = self.forget("prefix", prefix)
        self._tell("prefix", prefix)
        return found

    def forget(self, kind: str, name: str) -> int:
        """Drop from this process's memory, without telling others, by key, tag or prefix; return how many."""
        if kind == "key":
            self._making.pop(name, None)
            return int(self._space.delete(name))
        for key, making in tuple(self._making.items()):
            if concerns(kind, name, key, making.tags):
                del self._making[key]
        if kind == "tag":
            return self._space.delete_tag(name)
        return self._space.delete_prefix(name)

    async def _make(
        self, key: str, making: Making[Value], load: Callable[[], Awaitable[Value | None]], ttl: Ttl | None
    ) -> Value | None:
        try:
            stamp: CacheStamp | None = None
            if self._shared is not None:
                found = await self._shared.find(key, making.tags)
                if found.value is not MISSING:
                    self.statistics.shared_hits += 1
                    if self._making.get(key) is making:
                        self._keep(key, found.value, found.seconds, found.tags)
                    return cast("Value | None", found.value)
                stamp = found.stamp
            value = await self._load(key, making, load)
            seconds = self._seconds(value, ttl)
            if self._making.get(key) is making:
                self._keep(key, value, seconds, making.tags)
                if self._shared is not None and stamp is not None:
                    self._shared.keep(key, value, seconds, stamp)
            return value
        finally:
            if self._making.get(key) is making:
                del self._making[key]

    async def _load(self, key: str, making: Making[Value], load: Callable[[], Awaitable[Value | None]]) -> Value | None:
        began = self._monotonic()
        self.statistics.loads += 1
        try:
            return await load()
        except Exception as error:
            self.statistics.failed_loads += 1
            if self.failure_ttl and self._making.get(key) is making:
                self._keep(key, Failure(error), self.failure_ttl, making.tags)
            raise
        finally:
            self.statistics.load_seconds += self._monotonic() - began

    def _seconds(self, value: Value | None, ttl: Ttl | None) -> float:
        if value is None:
            return self.negative_ttl
        seconds = ttl(value) if callable(ttl) else self.ttl if ttl is None else ttl
        if seconds is None:
            raise ValueError(f"Values of {self.name!r} have no common time to live: say `ttl` with each.")
        if isnan(seconds):
            raise ValueError(f"A value of {self.name!r} cannot live for {seconds} seconds.")
        return seconds

    def _keep(self, key: str, value: object, seconds: float, tags: tuple[str, ...]) -> None:
        """Keep in memory; what has no time to live only takes the place of what was there."""
        if seconds <= 0:
            self._space.delete(key)
            return
        self._space.set(key, value, expires=self._monotonic() + seconds, size=self._sizeof(value), tags=tags)

    def _count(self, expired: bool) -> None:
        if expired:
            self.statistics.expirations += 1
        else:
            self.statistics.evictions += 1

    def _tell(self, kind: str, name: str) -> None:
        if self._shared is not None:
            self._shared.tell(kind, name)


def concerns(kind: str, name: str, key: str, tags: Sequence[str]) -> bool:
    """Return whether the deletion of a key, tag or prefix is one of a value with that key and those tags."""
    if kind == "tag":
        return name in tags
    return key == name if kind == "key" else key.startswith(name)


def _look_at_its_error(task: asyncio.Task[Any]) -> None:
    """See the error of a making that nobody waits for any more, so that asyncio does not report it as lost."""
    if not task.cancelled():
        task.exception()
