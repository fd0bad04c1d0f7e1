"""
Measures how late the event loop is, and says what holds it up while it is held up.

    with LoopWatch(asyncio.get_running_loop()) as watch:
        ...
        watch.lag.quantile(0.99)

Guarantee: a handler that blocks the loop for a second is in the log with its stack before that second is over, and once
more, with how long it took, when it has ended. Code in C that holds Python's global lock all the while is seen when it
lets go.
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
    One time that the loop was blocked.

    Attributes:
        at: the innermost place, as `file:line function`.
        modules: those whose code was running, the innermost first.
        seconds: how long it took.

    """

    at: str
    modules: tuple[str, ...]
    seconds: float


class LoopWatch:
    """
    A thread that asks the loop to answer, four times a second, in wall time.

    Args:
        loop: the running loop of the thread that enters.
        every: seconds between an answer and the next question.
        blocked_after: seconds without an answer after which the loop counts as blocked.

    Attributes:
        lag: the seconds until it answered.
        blocks: how often it was blocked.
        last_block: the innermost place that blocked it, as `file:line function`; None when none did.

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

    def tell(self, listener: Callable[[Block], None]) -> None:
        """Have `listener` called, in the loop, with each block that has ended."""
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
                modules = self._tell()
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
        """Answer, in the loop."""
        self.lag.observe(monotonic() - asked)
        self._answered.set()

    def _tell(self) -> tuple[str, ...]:
        """Say what is running, and return the modules that it is of; none if it has just ended."""
        frame = sys._current_frames().get(self._watched)  # noqa: SLF001 - documented, and the only way
        if frame is None or self._answered.is_set():
            return ()
        stack = traceback.extract_stack(frame, limit=FRAMES)
        self.blocks += 1
        self.last_block = f"{stack[-1].filename}:{stack[-1].lineno} {stack[-1].name}"
        log.error("loop_blocked", blocks=self.blocks, at=self.last_block, stack="".join(traceback.format_list(stack)))
        linecache.clearcache()  # the whole files of the frames, 0.9 MB, kept for a next time that may not come
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
