"""Wake listeners within this process after a commit."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import contextmanager


class Topics:
    """Named events; each listener has its own, so that none consumes another's."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def listening(self, topic: str) -> Iterator[asyncio.Event]:
        """Give an event that is set whenever `topic` is announced; the listener clears it."""
        event = asyncio.Event()
        self._listeners.setdefault(topic, set()).add(event)
        try:
            yield event
        finally:
            self._listeners[topic].discard(event)

    def announce(self, topics: Iterable[str]) -> None:
        """Wake the listeners of these topics; on the event loop's thread only."""
        for topic in topics:
            for event in self._listeners.get(topic, ()):
                event.set()
