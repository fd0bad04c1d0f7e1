"""
Counts living objects by kind, without keeping them alive.

    tracked = TrackedObjects()
    tracked.add("session", session)
    tracked.counts()  # {"session": 1}, and {} once it is freed
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class TrackedObjects:
    """
    Living objects by kind, held by weak reference.

    Takes about 250 bytes per living object. Not thread-safe.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, dict[int, weakref.ref[object]]] = {}

    def add(self, kind: str, tracked: T) -> T:
        """
        Count `tracked` while it lives, once, and return it.

        Raises:
            TypeError: it does not support weak references, such as an int, a tuple, or one with `__slots__`.

        """
        living = self._kinds.setdefault(kind, {})
        try:
            living[id(tracked)] = weakref.ref(tracked, _forget(self._kinds, kind, id(tracked)))
        except TypeError as error:
            if not living:
                del self._kinds[kind]
            name = type(tracked).__name__
            raise TypeError(
                f"A {name} cannot be tracked: it does not support weak references. Track the object that holds it."
            ) from error
        return tracked

    def counts(self) -> dict[str, int]:
        """Return the number of living objects by kind, without zeros."""
        return {kind: len(living) for kind, living in self._kinds.items()}


def _forget(kinds: dict[str, dict[int, weakref.ref[object]]], kind: str, key: int) -> Callable[[object], None]:
    def forget(reference: object) -> None:
        living = kinds.get(kind)
        # The id may have been reused by another tracked object: remove only this reference.
        if living is not None and living.get(key) is reference:
            del living[key]
            if not living:
                kinds.pop(kind, None)

    return forget
