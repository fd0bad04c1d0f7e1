"""
What is kept in memory, bounded by entries and bytes, each for its time: S3-FIFO with times to live.

S3-FIFO (Yang and others, SOSP 2023): new entries pass through a small queue, a tenth of the room. Whoever is asked for
again moves on to the main queue, all others leave; so a scan of keys that nobody asks for twice pushes nothing out that
is in use. The main queue gives a second chance as often as an entry was asked for, up to three times. Keys that left
the small queue are remembered for a while (the ghosts): who comes back is taken into the main queue at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from math import inf
from typing import Any, Final

SMALL_SHARE = 0.1
MOST_CHANCES = 3


class Missing:
    """The answer where there is none: None may be kept like any other value."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


class CacheEntry:
    """One value, and what decides how long it stays; one that has been removed is in no space any more."""

    __slots__ = ("chances", "expires", "in_main", "key", "size", "space", "tags", "value")

    def __init__(self, space: Space, key: str, value: Any, expires: float, size: int, tags: tuple[str, ...]) -> None:
        self.space: Space | None = space
        self.key = key
        self.value = value
        self.expires = expires
        self.size = size
        self.tags = tags
        self.chances = 0
        self.in_main = False


class Entries:
    """
    Room for the values of all spaces.

    Guarantee: there are never more than `max_entries`, nor more than `max_bytes` of what `set` was told of their
    sizes; what is past its time is never returned.

    Args:
        max_entries: so many at most, from 1 on.
        max_bytes: so many at most; None for no bound but that on entries.
        monotonic: seconds that never go back.

    Raises:
        ValueError: a bound is below 1.

    """

    def __init__(self, max_entries: int, *, monotonic: Callable[[], float], max_bytes: int | None = None) -> None:
        if max_entries < 1 or (max_bytes is not None and max_bytes < 1):
            raise ValueError("A cache needs room for one entry and one byte at least.")
        self.max_entries = max_entries
        self.max_bytes = max_bytes
        self.monotonic = monotonic
        self.bytes = 0
        self._small: deque[CacheEntry] = deque()
        self._main: deque[CacheEntry] = deque()
        self._ghosts: dict[int, None] = {}
        self._count = 0
        self._in_small = 0

    def __len__(self) -> int:
        return self._count

    def add(self, entry: CacheEntry, *, to_main: bool) -> None:
        """Find room for an entry that its space has just taken in."""
        ghost = _ghost(entry)
        self._count += 1
        self.bytes += entry.size
        entry.in_main = to_main or ghost in self._ghosts
        if entry.in_main:
            self._ghosts.pop(ghost, None)
            self._main.append(entry)
        else:
            self._small.append(entry)
            self._in_small += 1
        if len(self._small) + len(self._main) > 2 * self._count + 16:
            self._tidy()
        while self._count > self.max_entries or (self.max_bytes is not None and self.bytes > self.max_bytes):
            if self._in_small > SMALL_SHARE * self._count or self._count == self._in_small:
                self._evict_from_small()
            else:
                self._evict_from_main()

    def remove(self, entry: CacheEntry) -> None:
        """Forget an entry; its place in a queue stays until the queue comes to it or is tidied."""
        if entry.space is not None:
            entry.space.lose(entry)
        entry.space = entry.value = None
        self._count -= 1
        self.bytes -= entry.size
        if not entry.in_main:
            self._in_small -= 1

    def shrink(self, share: float) -> int:
        """
        Keep so many of the present entries, from 0 to 1, the most useful ones; return how many have gone.

        What is past its time goes first, then what was not asked for since it came. The bounds stay as they are.

        Raises:
            ValueError: the share is none.

        """
        if not 0 <= share <= 1:
            raise ValueError(f"A cache keeps a share from 0 to 1 of its entries, not {share}.")
        before = self._count
        self.sweep()
        while self._count > int(before * share):
            if self._in_small:
                self._evict_from_small()
            else:
                self._evict_from_main()
        self._ghosts.clear()
        self._tidy()
        return before - self._count

    def sweep(self) -> int:
        """Drop what is past its time, which otherwise goes when it is asked for; return how many have gone."""
        now = self.monotonic()
        gone = [
            (entry, entry.space)
            for entry in chain(self._small, self._main)
            if entry.space is not None and entry.expires <= now
        ]
        for entry, space in gone:
            self.remove(entry)
            space.left(True)
        return len(gone)

    def _evict_from_small(self) -> None:
        """Let the oldest of the small queue go, or move on to the main queue if it has been asked for."""
        entry = self._small.popleft()
        space = entry.space
        if space is None:
            return  # removed since
        if entry.chances:
            self._in_small -= 1
            entry.in_main, entry.chances = True, 0
            self._main.append(entry)
            return
        self._ghosts[_ghost(entry)] = None
        self.remove(entry)
        if len(self._ghosts) > self._count + 1:
            for ghost in tuple(islice(self._ghosts, max(1, len(self._ghosts) // 8))):
                del self._ghosts[ghost]
        space.left(False)

    def _evict_from_main(self) -> None:
        """Let the oldest of the main queue go, or go round once more if it has been asked for."""
        entry = self._main.popleft()
        space = entry.space
        if space is None:
            return
        if entry.chances:
            entry.chances -= 1
            self._main.append(entry)
            return
        self.remove(entry)
        space.left(False)

    def _tidy(self) -> None:
        """Take the places of removed entries out of the queues."""
        self._small = deque(entry for entry in self._small if entry.space is not None)
        self._main = deque(entry for entry in self._main if entry.space is not None)


class Space:
    """
    Values by key and tag, in room that is shared with other spaces.

    Args:
        left: told of each entry that has gone to make room (False) or because it was past its time (True).

    """

    def __init__(self, entries: Entries, *, left: Callable[[bool], None] = lambda _: None) -> None:
        self.left = left
        self._entries = entries
        self._monotonic = entries.monotonic
        self._by_key: dict[str, CacheEntry] = {}
        self._by_tag: dict[str, set[str]] = {}

    def __len__(self) -> int:
        """Return how many there are, those past their time that nobody asked for too."""
        return len(self._by_key)

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_key)

    def get(self, key: str) -> Any:
        """Return the value, or MISSING."""
        entry = self._by_key.get(key)
        if entry is None:
            return MISSING
        if entry.expires <= self._monotonic():
            self._entries.remove(entry)
            self.left(True)
            return MISSING
        if entry.chances < MOST_CHANCES:
            entry.chances += 1
        return entry.value

    def set(self, key: str, value: Any, *, expires: float = inf, size: int = 0, tags: Iterable[str] = ()) -> None:
        """
        Keep a value; what was kept under the key is replaced.

        Args:
            key: where to find it again.
            value: anything, None too.
            expires: the instant on the monotonic clock from which on it is gone.
            size: its bytes; a value larger than the whole cache is not kept.
            tags: names under which it can be dropped together with others.

        """
        before = self._by_key.get(key)
        if before is not None:
            self._entries.remove(before)
        if self._entries.max_bytes is not None and size > self._entries.max_bytes:
            return
        entry = self._by_key[key] = CacheEntry(self, key, value, expires, size, tuple(tags))
        for tag in entry.tags:
            self._by_tag.setdefault(tag, set()).add(key)
        self._entries.add(entry, to_main=before is not None and before.in_main)

    def delete(self, key: str) -> bool:
        """Drop an entry; return whether there was one."""
        entry = self._by_key.get(key)
        if entry is not None:
            self._entries.remove(entry)
        return entry is not None

    def delete_tag(self, tag: str) -> int:
        """Drop all entries with a tag; return how many there were."""
        return sum([self.delete(key) for key in tuple(self._by_tag.get(tag, ()))])

    def delete_prefix(self, prefix: str) -> int:
        """Drop all entries whose keys begin so; return how many there were. It looks at every key of the space."""
        return sum([self.delete(key) for key in [key for key in self._by_key if key.startswith(prefix)]])

    def lose(self, entry: CacheEntry) -> None:
        """Take an entry out that loses its room."""
        del self._by_key[entry.key]
        for tag in entry.tags:
            keys = self._by_tag.get(tag)
            if keys is not None:
                keys.discard(entry.key)
                if not keys:
                    del self._by_tag[tag]


def _ghost(entry: CacheEntry) -> int:
    """Return what is remembered of an entry that has gone: a number takes less than its key."""
    return hash(entry.key) ^ id(entry.space)
