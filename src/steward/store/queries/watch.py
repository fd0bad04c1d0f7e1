"""Measure how long statements and calls of a store take, and log slow ones."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Lock
from time import perf_counter

from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

SHOWN = 200
"""Characters of a slow statement in the log; its values are never logged."""

Around = Callable[[str], AbstractContextManager[object]]
"""Given `read` or `write`, returns a context manager around the wait of a caller."""


def nothing_around(_: str) -> AbstractContextManager[object]:
    """Do nothing around a call."""
    return nullcontext()


class QueryWatch:
    """
    Times the statements of all units of work of one store, in any thread.

    Whole calls, with their waiting, are measured by `around`.

    Args:
        slow: seconds from which a statement is logged.
        around: wraps calls, on the event loop.
        timer: a monotonic clock, in seconds.

    """

    def __init__(
        self, slow: float = 1.0, *, around: Around = nothing_around, timer: Callable[[], float] = perf_counter
    ) -> None:
        self.slow = slow
        self.around = around
        self.timer = timer
        self._lock = Lock()
        self.queries = 0
        """Statements so far, including failed ones."""
        self.seconds = 0.0
        """Their total time."""
        self.slow_queries = 0

    def timing(self, sql: str) -> AbstractContextManager[None]:
        """Time a `with` block as one statement."""
        return _Timing(self, sql)

    def note(self, sql: str, seconds: float) -> None:
        """Count a statement that took so long."""
        with self._lock:
            self.queries += 1
            self.seconds += seconds
            self.slow_queries += seconds >= self.slow
        if seconds >= self.slow:
            log.warning("slow_query", seconds=round(seconds, 3), sql=" ".join(sql.split())[:SHOWN])


class _Timing:
    """A class because a generator would cost more than many a statement."""

    __slots__ = ("_began", "_sql", "_watch")

    def __init__(self, watch: QueryWatch, sql: str) -> None:
        self._watch = watch
        self._sql = sql

    def __enter__(self) -> None:
        self._began = self._watch.timer()

    def __exit__(self, *_: object) -> None:
        self._watch.note(self._sql, self._watch.timer() - self._began)
