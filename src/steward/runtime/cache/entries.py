"""
Entries in memory, bounded in number and bytes, with times to live: the S3-FIFO algorithm.

S3-FIFO (Yang et al., SOSP 2023): new entries enter a small queue, a tenth of the room. Those used again move to the
main queue, the others are evicted; so a scan of keys used once evicts nothing in use. The main queue gives an entry up
to three more rounds, one for each use. Keys evicted from the small queue are remembered for a while as ghosts: when
they return, they enter the main queue at once.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice
from math import inf
from typing import Any, Final

SMALL_SHARE = 0.1
MAX_CHANCES = 3


class Missing:
    """Type of `MISSING`: no value, where None is a value."""

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = Missing()


class CacheEntry:
    """One value with its expiry; `space` is None once it is removed."""

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
    Storage shared by all spaces.

    Guarantee: never more than `max_entries` entries, nor more than `max_bytes` by the sizes passed to `set`; expired
    values are never returned.

    Raises:
        ValueError: a bound is below 1.

    """

    def __init__(self, max_entries: int, *, monotonic: Callable[[], float], max_bytes: int | None = None) -> None:
        if max_entries < 1 or (max_bytes is not None and max_bytes < 1):
            raise ValueError("A cache needs room for at least one entry and one byte.")
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
        """Insert an entry of a space and evict others as needed."""
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
            self._compact()
        while self._count > self.max_entries or (self.max_bytes is not None and self.bytes > self.max_bytes):
            if self._in_small > SMALL_SHARE * self._count or self._count == self._in_small:
                self._evict_from_small()
            else:
                self._evict_from_main()

    def remove(self, entry: CacheEntry) -> None:
        """Remove an entry; its slot in a queue stays until the queue reaches it or is compacted."""
        if entry.space is not None:
            entry.space.lose(entry)
        entry.space = entry.value = None
        self._count -= 1
        self.bytes -= entry.size
        if not entry.in_main:
            self._in_small -= 1

    def shrink(self, share: float) -> int:
        """
        Keep only the most useful share of entries, 0 to 1; return how many were evicted.

        Expired entries go first, then those never used. The bounds do not change.

        Raises:
            ValueError: the share is out of range.

        """
        if not 0 <= share <= 1:
            raise ValueError(f"The share must be from 0 to 1, not {share}.")
        before = self._count
        self.sweep()
        while self._count > int(before * share):
            if self._in_small:
                self._evict_from_small()
            else:
                self._evict_from_main()
        self._ghosts.clear()
        self._compact()
        return before - self._count

    def sweep(self) -> int:
        """Remove expired entries, which are otherwise removed on access; return how many."""
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
        """Evict the oldest of the small queue, or move it to the main queue if it was used."""
        entry = self._small.popleft()
        space = entry.space
        if space is None:
            return  # removed before
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
        """Evict the oldest of the main queue, or give it another round if it was used."""
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

    def _compact(self) -> None:
        self._small = deque(entry for entry in self._small if entry.space is not None)
        self._main = deque(entry for entry in self._main if entry.space is not None)


class Space:
    """
    Values by key and tag, in storage shared with other spaces.

    Args:
        left: called for each entry that was evicted (False) or expired (True).

    """

    def __init__(self, entries: Entries, *, left: Callable[[bool], None] = lambda _: None) -> None:
        self.left = left
        self._entries = entries
        self._monotonic = entries.monotonic
        self._by_key: dict[str, CacheEntry] = {}
        self._by_tag: dict[str, set[str]] = {}

    def __len__(self) -> int:
        """Return the number of entries, expired ones included."""
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
        if entry.chances < MAX_CHANCES:
            entry.chances += 1
        return entry.value

    def set(self, key: str, value: Any, *, expires: float = inf, size: int = 0, tags: Iterable[str] = ()) -> None:
        """
        Store a value, replacing the old one.

        Args:
            expires: monotonic time of expiry.
            size: bytes; a value larger than the whole cache is not stored.

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
        """Delete an entry; return whether it existed."""
        entry = self._by_key.get(key)
        if entry is not None:
            self._entries.remove(entry)
        return entry is not None

    def delete_tag(self, tag: str) -> int:
        """Delete all entries with a tag; return how many."""
        return sum([self.delete(key) for key in tuple(self._by_tag.get(tag, ()))])

    def delete_prefix(self, prefix: str) -> int:
        """Delete all entries whose keys start with a prefix; return how many. Scans every key of the space."""
        return sum([self.delete(key) for key in [key for key in self._by_key if key.startswith(prefix)]])

    def lose(self, entry: CacheEntry) -> None:
        """Remove an entry from the indexes; called by `Entries`."""
        del self._by_key[entry.key]
        for tag in entry.tags:
            keys = self._by_tag.get(tag)
            if keys is not None:
                keys.discard(entry.key)
                if not keys:
                    del self._by_tag[tag]


def _ghost(entry: CacheEntry) -> int:
    """Return the hash by which an evicted entry is remembered: smaller than its key."""
    return hash(entry.key) ^ id(entry.space)
