"""
The newest items of a stream, in bounded memory.

    buffer = CircularBuffer[str](100)
    buffer.append("line")
    buffer.latest(5)
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


class CircularBuffer(Generic[T]):
    """
    Keeps the newest `capacity` items, oldest first; `append` is O(1).

    Args:
        capacity: 1 or more.

    Attributes:
        dropped: number of items pushed out.

    """

    def __init__(self, capacity: int, items: Iterable[T] = ()) -> None:
        if capacity < 1:
            raise ValueError(f"The capacity of a buffer must be at least 1, not {capacity}.")
        self._items: deque[T] = deque(maxlen=capacity)
        self.dropped = 0
        self.extend(items)

    def append(self, item: T) -> None:
        """Add an item; when full, the oldest is dropped."""
        self.dropped += len(self._items) == self._items.maxlen
        self._items.append(item)

    def extend(self, items: Iterable[T]) -> None:
        for item in items:
            self.append(item)

    def latest(self, count: int) -> list[T]:
        """Return the newest `count` items or fewer, oldest first."""
        return list(islice(self._items, max(0, len(self._items) - max(0, count)), None))

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[T]:
        return iter(self._items)

    def __getitem__(self, index: int) -> T:
        return self._items[index]
