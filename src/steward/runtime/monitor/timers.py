"""Times operations, and measures memory growth."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, Self, TypeVar, cast

from steward.runtime.logs.loggers import get_logger
from steward.runtime.monitor.histogram import Histogram

log = get_logger(__name__)

P = ParamSpec("P")
R = TypeVar("R")

LOG_EVERY = 60.0
MEBIBYTE = 1024 * 1024


class Timer:
    """
    The durations of one operation.

    Args:
        name: of the operation, such as `store.write`.
        slow: limit in seconds; slow calls are logged at most once a minute.

    Attributes:
        seconds: distribution.
        failures: number of exceptions; cancellation does not count.
        grown: bytes of memory growth, if measured.

    """

    __slots__ = ("_logged_at", "_now", "_unlogged", "failures", "grown", "name", "seconds", "slow", "slow_count")

    def __init__(self, name: str, *, slow: float, now: Callable[[], float]) -> None:
        self.name = name
        self.slow = slow
        self.seconds = Histogram()
        self.failures = 0
        self.slow_count = 0
        self.grown = 0
        self._now = now
        self._logged_at = -LOG_EVERY
        self._unlogged = 0

    def observe(self, seconds: float) -> None:
        """Record a duration."""
        self.seconds.observe(seconds)
        if seconds >= self.slow:
            self._was_slow(seconds)

    def _was_slow(self, seconds: float) -> None:
        self.slow_count += 1
        now = self._now()
        if now - self._logged_at < LOG_EVERY:
            self._unlogged += 1
            return
        log.warning("operation_slow", operation=self.name, seconds=round(seconds, 3), more_since_told=self._unlogged)
        self._logged_at, self._unlogged = now, 0

    def timing(self) -> Timing:
        """Return a sync and async context manager that times its block; not reentrant."""
        return Timing(self, self._now)

    def timed(self, function: Callable[P, R]) -> Callable[P, R]:
        """Return a sync or async function with every call timed; adds about 0.5 µs."""
        now, observe = self._now, self.observe

        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
                began = now()
                try:
                    return await cast("Awaitable[Any]", function(*args, **kwargs))
                except Exception:
                    self.failures += 1
                    raise
                finally:
                    observe(now() - began)

            return cast("Callable[P, R]", awaited)

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            began = now()
            try:
                return function(*args, **kwargs)
            except Exception:
                self.failures += 1
                raise
            finally:
                observe(now() - began)

        return called

    def memory_timed(self, function: Callable[P, R], read: Callable[[], int]) -> Callable[P, R]:
        """Return `function` with duration and growth of `read()` measured; adds about 100 µs a call."""
        timed = self.timed(function)

        @contextmanager
        def measured() -> Iterator[None]:
            before = read()
            try:
                yield
            finally:
                grown = read() - before
                self.grown += grown
                log.debug("operation_measured", operation=self.name, grown_mb=round(grown / MEBIBYTE, 2))

        if not inspect.iscoroutinefunction(function):
            return measured()(timed)

        @wraps(function)
        async def awaited(*args: P.args, **kwargs: P.kwargs) -> Any:
            with measured():
                return await cast("Awaitable[Any]", timed(*args, **kwargs))

        return cast("Callable[P, R]", awaited)


class Timing:
    """Times its block; `seconds` is set afterwards."""

    __slots__ = ("_began", "_now", "_timer", "seconds")

    def __init__(self, timer: Timer, now: Callable[[], float]) -> None:
        self._timer = timer
        self._now = now
        self._began = 0.0
        self.seconds = 0.0

    def __enter__(self) -> Self:
        self._began = self._now()
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.seconds = self._now() - self._began
        if isinstance(error, Exception):
            self._timer.failures += 1
        self._timer.observe(self.seconds)

    async def __aenter__(self) -> Self:
        return self.__enter__()

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        self.__exit__(kind, error, trace)
