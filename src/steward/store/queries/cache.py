"""A cache of query results, invalidated by writes to their tables."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from enum import Enum
from functools import partial
from itertools import islice
from types import FunctionType
from typing import Any, TypeVar, TypeVarTuple, cast

from steward.runtime.cache import Cache, Category, approximate_size
from steward.store.interface import Store
from steward.store.queries.changes import NONE, Tables, may_read
from steward.store.transaction import Transaction

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

CATEGORY = "db_query"
MAX_BYTES = 2 << 20
ROWS_WEIGHED = 50
PLAIN = frozenset((type(None), bool, int, float, str, bytes))


@dataclass(frozen=True, slots=True)
class CachedAnswer:
    """A query result, and whether it may be cached."""

    value: Any
    holds: bool


@dataclass(frozen=True, eq=False, slots=True)
class CachedReading:
    """A running read, begun after the commit of that number."""

    number: int


class QueryCache:
    """
    Cached reads of one store.

    A result is never older than what this process had committed when it was requested. Concurrent requests for the
    same result share one read.

    A commit that writes a table drops the results read from it; one whose tables cannot be told from its SQL, such as
    a CREATE, drops everything. The tables of a read are told from its SQL, too. A read that uses the time (`tx.now`)
    is not cached, and neither is any read of a store shared by several processes, since commits of the others are not
    seen. Writes of other programs are noticed at our next commit on SQLite and not at all on servers: there, a result
    may be as old as `ttl`.

    Args:
        max_entries: cached results at most; 0 to cache none.
        max_bytes: their total size, roughly.
        ttl: seconds that a result is cached.
        monotonic: a monotonic clock, in seconds.

    Attributes:
        outdated: results dropped because of a commit.

    """

    def __init__(
        self,
        store: Store,
        *,
        max_entries: int = 1000,
        max_bytes: int = MAX_BYTES,
        ttl: float = 600.0,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._changes = store.changes
        self._keeps = max_entries > 0 and not store.shared
        self.cache = Cache(max_entries=max(1, max_entries), max_bytes=max_bytes, monotonic=monotonic, sizeof=_size)
        self.outdated = 0
        self._ttl = ttl
        self._answers: Category[CachedAnswer] = self.cache.category(CATEGORY, ttl=ttl)
        self._used: dict[str, Tables] = {}
        self._running: dict[str, CachedReading] = {}
        self._changes.watch(self._drop)

    async def read(self, query: Callable[[Transaction, *Ts], T], *args: *Ts) -> T:
        """
        Return `query(tx, *args)` on one consistent state of the database; see `Store.read`.

        All callers get the same object: do not change it.

        Args:
            query: a function of a module; its name and arguments are the cache key.
            args: plain values, enumerations, dates, dataclasses, and sequences of these.

        Raises:
            TypeError: the function or an argument is of another kind.
            Exception: as `Store.read`.

        """
        if not self._keeps:
            return await self._store.read(lambda tx: query(tx, *args))
        name = _name(query)
        key = name + _written(args)
        running = self._running.get(key)
        if running is not None and running.number != self._changes.number:
            del self._running[key]  # it may be older than the last commit, so the new caller must not get it
            self._answers.forget("key", key)
        load = partial(self._load, name, key, query, args)
        answer = await self._answers.fetch(key, load, tags=(name,), ttl=self._seconds)
        value: T = cast("CachedAnswer", answer).value
        return value

    async def _load(self, name: str, key: str, query: Callable[..., Any], args: tuple[Any, ...]) -> CachedAnswer:
        reading = self._running[key] = CachedReading(self._changes.number)

        def work(tx: Transaction) -> tuple[Any, Tables, bool]:
            value = query(tx, *args)
            return value, NONE.union(*map(may_read, tx.statements)), tx.timed

        try:
            value, used, timed = await self._store.read(work)
        finally:
            if self._running.get(key) is reading:
                del self._running[key]
        self._used[name] = self._used.get(name, NONE) | used
        return CachedAnswer(value, holds=not timed and not self._changes.since(reading.number, used))

    def _seconds(self, answer: CachedAnswer) -> float:
        return self._ttl if answer.holds else 0.0

    def _drop(self, tables: Tables | None) -> None:
        for name, used in self._used.items():
            if tables is None or not used.isdisjoint(tables):
                self.outdated += self._answers.delete_tag(name)


def _name(query: Callable[..., Any]) -> str:
    if not isinstance(query, FunctionType) or "<" in query.__qualname__:
        raise TypeError(f"Only functions of a module can be cached by their name, not {query!r}.")
    return f"{query.__module__}.{query.__qualname__}"


def _written(args: Sequence[Any]) -> str:
    """Return the text of arguments, different for different values."""
    return f"({','.join(map(_text, args))})"


def _text(arg: Any) -> str:
    if type(arg) in PLAIN:
        return repr(arg)
    if isinstance(arg, (tuple, list)):
        return _written(arg)
    for base in (str, int):  # most enumerations are one of these, and their own repr is slow
        if isinstance(arg, base):
            return base.__repr__(arg)
    if isinstance(arg, (float, bytes, Enum, date)):
        return repr(arg)
    if is_dataclass(arg) and not isinstance(arg, type):  # its own repr may leave fields out
        return type(arg).__qualname__ + _written([getattr(arg, one.name) for one in fields(arg)])
    raise TypeError(f"{arg!r} is not a plain value, so it cannot be part of a cache key.")


def _size(answer: Any) -> int:
    """Return the size of a result in bytes; for a driver's rows, which have no known size, estimated from a sample."""
    value = answer.value
    if not isinstance(value, list) or not value or isinstance(value[0], dict) or not hasattr(value[0], "keys"):
        return approximate_size(value)
    sample = [tuple(row) for row in islice(value, ROWS_WEIGHED)]
    return approximate_size(sample) * len(value) // len(sample)
