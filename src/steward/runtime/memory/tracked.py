"""
Counts the living objects of a kind without keeping them alive.

    tracked = TrackedObjects()
    tracked.add("session", session)
    tracked.counts()  # {"session": 1}, and {} once nobody else holds it
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


class TrackedObjects:
    """
    Living objects by kind, held by weak reference.

    It takes some 250 bytes for each living object, nothing for a dead one. It is for the thread that owns the objects.
    """

    def __init__(self) -> None:
        self._kinds: dict[str, dict[int, weakref.ref[object]]] = {}

    def add(self, kind: str, tracked: T) -> T:
        """
        Count `tracked` among `kind` for as long as it lives, and return it; twice the same counts once.

        Raises:
            TypeError: objects of that type take no weak reference, such as an int, a tuple, or one with `__slots__`.

        """
        living = self._kinds.setdefault(kind, {})
        try:
            living[id(tracked)] = weakref.ref(tracked, _forget(self._kinds, kind, id(tracked)))
        except TypeError as error:
            if not living:
                del self._kinds[kind]
            name = type(tracked).__name__
            raise TypeError(
                f"A {name} cannot be tracked: it takes no weak reference. Track the object that holds it."
            ) from error
        return tracked

    def counts(self) -> dict[str, int]:
        """Return how many live of each kind; kinds of which none does are left out."""
        return {kind: len(living) for kind, living in self._kinds.items()}


def _forget(kinds: dict[str, dict[int, weakref.ref[object]]], kind: str, key: int) -> Callable[[object], None]:
    def forget(reference: object) -> None:
        living = kinds.get(kind)
        # The id may have gone to another object, tracked since: only what this very reference stood for is gone.
        if living is not None and living.get(key) is reference:
            del living[key]
            if not living:
                kinds.pop(kind, None)

    return forget
