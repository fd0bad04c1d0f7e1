"""Functions that want to be told of what happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Subscribers(Generic[T]):
    """Tells subscribed functions; they may subscribe and unsubscribe while they are told."""

    def __init__(self) -> None:
        self._all: dict[object, Callable[[T], None]] = {}

    def add(self, listener: Callable[[T], None]) -> Callable[[], None]:
        """Call `listener` from now on, until the returned function is called; to call that again does nothing."""
        key = object()
        self._all[key] = listener

        def end() -> None:
            self._all.pop(key, None)

        return end

    def tell(self, news: T) -> None:
        """Call all that are subscribed, in the order in which they came."""
        for key, listener in tuple(self._all.items()):
            if key in self._all:
                listener(news)
