"""
Measures the lag of the event loop and logs what blocks it while it is blocked.

    with LoopWatch(asyncio.get_running_loop()) as watch:
        ...
        watch.lag.quantile(0.99)

Guarantee: a handler that blocks the loop for a second is logged with its stack within that second, and again with the
duration at its end. C code that holds the GIL is noticed when it releases it.
"""

from __future__ import annotations

import asyncio
import linecache
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from types import FrameType
from typing import Self

from steward.runtime.logs.loggers import get_logger
from steward.runtime.monitor.histogram import Histogram

log = get_logger(__name__)

FRAMES = 12  # the innermost ones of the stack


@dataclass(frozen=True, slots=True)
class Block:
    """
    One block of the event loop.

    Attributes:
        at: innermost frame, as `file:line function`.
        modules: of the running code, innermost first.

    """

    at: str
    modules: tuple[str, ...]
    seconds: float


class LoopWatch:
    """
    A thread that pings the loop four times a second, in wall time.

    Args:
        loop: the running loop of the thread that enters.
        every: seconds between a reply and the next ping.
        blocked_after: seconds without a reply that count as a block.

    Attributes:
        lag: seconds until a reply.
        last_block: innermost frame of the last one, as `file:line function`; None without any.

    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, every: float = 0.25, blocked_after: float = 0.5) -> None:
        self._loop = loop
        self._every = every
        self._blocked_after = blocked_after
        self._watched = threading.get_ident()
        self._stop = threading.Event()
        self._answered = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="loop-watch", daemon=True)
        self.lag = Histogram()
        self.blocks = 0
        self.last_block: str | None = None
        self._listeners: list[Callable[[Block], None]] = []

    def add_listener(self, listener: Callable[[Block], None]) -> None:
        """Call `listener`, in the loop, after each block."""
        self._listeners.append(listener)

    def _watch(self) -> None:
        while not self._stop.wait(self._every):
            asked = monotonic()
            self._answered.clear()
            try:
                self._loop.call_soon_threadsafe(self._answer, asked)
            except RuntimeError:  # the loop is closed
                return
            if not self._answered.wait(self._blocked_after) and not self._stop.is_set():
                modules = self._log_block()
                self._answered.wait()
                seconds = monotonic() - asked
                log.warning("loop_free_again", seconds=round(seconds, 2))
                if modules:
                    self._ended(Block(str(self.last_block), modules, seconds))

    def _ended(self, block: Block) -> None:
        for listener in self._listeners:
            with suppress(RuntimeError):  # the loop is closed
                self._loop.call_soon_threadsafe(listener, block)

    def _answer(self, asked: float) -> None:
        """Reply, in the loop."""
        self.lag.observe(monotonic() - asked)
        self._answered.set()

    def _log_block(self) -> tuple[str, ...]:
        """Log the running code and return its modules; empty if the block has just ended."""
        frame = sys._current_frames().get(self._watched)  # noqa: SLF001 - documented, no alternative
        if frame is None or self._answered.is_set():
            return ()
        stack = traceback.extract_stack(frame, limit=FRAMES)
        self.blocks += 1
        self.last_block = f"{stack[-1].filename}:{stack[-1].lineno} {stack[-1].name}"
        log.error("loop_blocked", blocks=self.blocks, at=self.last_block, stack="".join(traceback.format_list(stack)))
        linecache.clearcache()  # traceback caches whole source files, 0.9 MB
        return _modules(frame)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._answered.set()
        self._thread.join(self._every + self._blocked_after)


def _modules(frame: FrameType) -> tuple[str, ...]:
    found = []
    outer: FrameType | None = frame
    while outer is not None:
        found.append(str(outer.f_globals.get("__name__", "")))
        outer = outer.f_back
    return tuple(found)
