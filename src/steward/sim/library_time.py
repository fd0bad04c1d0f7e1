"""
Make a library's own clocks and thread waits follow an accelerated loop.

discord.py keeps its gateway alive from a thread (`discord.gateway.KeepAliveHandler`) that waits on a
`threading.Event` and reads `time.perf_counter()`; its views and backoffs read `time.monotonic()`. The library is not
modified: while accelerated, `time` and `threading` in its modules refer to the two replacements below.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from steward.sim.time import AcceleratedLoop


class _Time:
    """Replacement for the `time` module in an adopted library."""

    def __init__(self, loop: AcceleratedLoop) -> None:
        self.monotonic = self.perf_counter = loop.time

    def __getattr__(self, name: str) -> Any:
        return getattr(time, name)  # `time.time()` is already accelerated, for the whole process


class _Threading:
    """Replacement for the `threading` module in an adopted library."""

    def __init__(self, loop: AcceleratedLoop) -> None:
        self._loop = loop

    def Event(self) -> LoopEvent:  # noqa: N802 - the name it stands in for
        return LoopEvent(self._loop)

    def __getattr__(self, name: str) -> Any:
        return getattr(threading, name)


class LoopEvent:
    """
    A `threading.Event` whose timed wait follows the loop's clock.

    From each timeout until the owning thread waits again (or sets the event), the clock is held, so the thread takes no
    virtual time, like a callback of the loop.
    """

    REASON = "a library thread that is awake"

    def __init__(self, loop: AcceleratedLoop) -> None:
        self._loop = loop
        self._flag = threading.Event()
        self._wake = threading.Event()
        self._lock = threading.Lock()
        self._holding = False

    def is_set(self) -> bool:
        return self._flag.is_set()

    def set(self) -> None:
        self._flag.set()
        self._wake.set()
        self._let_go()

    def wait(self, timeout: float | None = None) -> bool:
        if not self._flag.is_set():
            self._wake.clear()
            if timeout is not None:
                self._loop.call_soon_threadsafe(self._loop.call_later, timeout, self._time_out)
            self._let_go()
            if not self._flag.is_set():
                self._wake.wait()
        return self._flag.is_set()

    def _time_out(self) -> None:
        if not self._flag.is_set():
            self._hold()
            self._wake.set()

    def _hold(self) -> None:
        with self._lock:
            if not self._holding:
                self._holding = True
                self._loop.hold(self.REASON)

    def _let_go(self) -> None:
        with self._lock:
            if self._holding:
                self._holding = False
                self._loop.release(self.REASON)


@contextmanager
def follow(loop: AcceleratedLoop, libraries: Iterable[str]) -> Iterator[None]:
    """Make the modules of `libraries` read the loop's clock within the context; missing packages are skipped."""
    stand_ins: dict[ModuleType, object] = {time: _Time(loop), threading: _Threading(loop)}
    changed: list[tuple[ModuleType, str, ModuleType]] = []
    for module in _modules(libraries):
        for real, stand_in in stand_ins.items():
            name = real.__name__
            if getattr(module, name, None) is real:
                changed.append((module, name, real))
                setattr(module, name, stand_in)
    try:
        yield
    finally:
        for module, name, real in changed:
            setattr(module, name, real)


def _modules(libraries: Iterable[str]) -> list[ModuleType]:
    found: list[ModuleType] = []
    for library in libraries:
        if importlib.util.find_spec(library) is None:
            continue
        importlib.import_module(library)
        found += [
            module for name, module in list(sys.modules.items()) if name == library or name.startswith(f"{library}.")
        ]
    return found
