"""Work that is done once: by name, a few at a time, each for so long at most, none left behind."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from types import TracebackType
from typing import Any, Generic, Self, TypeVar

from steward.errors import NotReady, StewardError
from steward.runtime.loggers import get_logger

log = get_logger(__name__)

Value = TypeVar("Value")


class State(StrEnum):
    """Where a task is."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    TIMED_OUT = "timed out"
    CANCELLED = "cancelled"


@dataclass(slots=True, eq=False)
class TaskRecord:
    """
    What became of a task.

    Attributes:
        error: a sentence where it failed.
        seconds: how long it took; None until it has ended, and where it never began.

    """

    name: str
    state: State = State.WAITING
    error: str | None = None
    seconds: float | None = None


class PooledTask(Generic[Value]):
    """
    One task; made by `TaskPool.submit`.

    Attributes:
        record: what has become of it so far; it outlives the task, and does not hold what the work returned.

    """

    def __init__(
        self,
        record: TaskRecord,
        work: Callable[[], Awaitable[Value]],
        turns: asyncio.Semaphore,
        longest: float,
        ended: Callable[[PooledTask[Any]], None],
    ) -> None:
        self.record = record
        self._work = work
        self._turns = turns
        self._longest = longest
        self._ended = ended
        self._began_at: float | None = None
        self._task = asyncio.create_task(self._live(), name=record.name)
        self._task.add_done_callback(self._end)

    async def result(self) -> Value:
        """
        Wait for the end and return what the work returned; giving up the wait does not stop the work.

        Raises:
            TimeoutError: it took too long.
            CancelledError: it was cancelled.
            Exception: whatever the work raised.

        """
        return await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Take it out of the queue, or cancel it, and wait until it has ended."""
        self._task.cancel()
        await asyncio.wait((self._task,))

    async def _live(self) -> Value:
        async with self._turns:
            self.record.state, self._began_at = State.RUNNING, asyncio.get_running_loop().time()
            async with asyncio.timeout(self._longest) as limit:
                try:
                    return await self._work()
                finally:
                    if limit.expired():
                        self.record.state = State.TIMED_OUT

    def _end(self, task: asyncio.Task[Value]) -> None:
        """Note what became of it, even if it was cancelled before it could begin."""
        record = self.record
        if self._began_at is not None:
            record.seconds = task.get_loop().time() - self._began_at
        error = None if task.cancelled() else task.exception()
        if task.cancelled():
            record.state = State.CANCELLED
        elif error is None:
            record.state = State.DONE
        else:
            timed_out = record.state is State.TIMED_OUT
            record.state = State.TIMED_OUT if timed_out else State.FAILED
            record.error = (
                f"It took longer than {self._longest:g} s." if timed_out else f"{type(error).__name__}: {error}"
            )
            expected = timed_out or isinstance(error, StewardError)
            log.error("task_failed", task=record.name, error=record.error, exc_info=None if expected else error)
        self._ended(self)


class TaskPool:
    """
    Runs named work, first come, first served.

    Guarantee: never more than `concurrency` at a time; what takes longer than its time is cancelled; a failure is
    logged once and stays visible, and costs no other task; leaving the block cancels and awaits all, and from then on
    nothing is taken on.

    Use as `async with TaskPool(concurrency=3) as pool: pool.submit("draw", draw)`.

    Args:
        concurrency: how many may run at the same time, from 1 on.
        timeout: seconds that a task may take, its wait for a turn not included.
        most_waiting: how many may wait for their turn.
        history: so many of those that have ended stay visible.

    """

    def __init__(
        self, *, concurrency: int = 10, timeout: float = 300.0, most_waiting: int = 1000, history: int = 100
    ) -> None:
        self._turns = asyncio.Semaphore(concurrency)
        self._timeout = timeout
        self._most_waiting = most_waiting
        self._current: dict[PooledTask[Any], None] = {}
        self._ended: deque[TaskRecord] = deque(maxlen=history)
        self._closed = False
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def tasks(self) -> tuple[TaskRecord, ...]:
        """The last that have ended, those that run, those that wait."""
        return (*self._ended, *(task.record for task in self._current))

    def submit(
        self, name: str, work: Callable[[], Awaitable[Value]], *, timeout: float | None = None
    ) -> PooledTask[Value]:
        """
        Have `work` done once, as soon as there is a turn for it.

        Args:
            name: what it is called in logs and states; several may have the same.
            work: makes what is awaited.
            timeout: seconds it may take, if not the pool's.

        Raises:
            NotReady: too many are waiting already, or the pool's block is being left.

        """
        if self._closed:
            raise NotReady(f"{name!r} was not accepted: the pool is closed.")
        waiting = sum(task.record.state is State.WAITING for task in self._current)
        if waiting >= self._most_waiting:
            raise NotReady(f"{waiting} tasks are waiting for their turn already, so {name!r} was not accepted.")
        longest = self._timeout if timeout is None else timeout
        task = PooledTask(TaskRecord(name), work, self._turns, longest, self._end)
        self._current[task] = None
        self._idle.clear()
        return task

    def _end(self, task: PooledTask[Any]) -> None:
        del self._current[task]
        self._ended.append(task.record)
        if not self._current:
            self._idle.set()

    async def drain(self, within: float) -> bool:
        """Wait until all have ended, at most so many seconds; return whether they have."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._idle.wait()
        return not self._current

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True
        await asyncio.gather(*[task.stop() for task in self._current])
