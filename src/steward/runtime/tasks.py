"""Supervised background tasks, restarted with backoff."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

from steward.errors import NeedsOperator, StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

FORGIVEN_AFTER = 60.0  # seconds of work that reset the failure count

Work = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class TaskState:
    """
    State of one supervised task.

    Attributes:
        failures: in a row, without a minute of work between them.
        failing: whether it waits for its next retry.

    """

    name: str
    failures: int = 0
    last_error: str | None = None
    failing: bool = False
    running: bool = True
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Supervisor:
    """
    Runs named background tasks until closed.

    A task that raises is restarted after a growing delay, with one log line each time; a task that returns is done.
    `NeedsOperator` is not retried: it sets `doomed`, and the process should end.

    Use as `async with Supervisor() as tasks: tasks.start("poll", poll)`; leaving the block cancels and awaits all.
    """

    def __init__(self, *, backoff: Callable[[int], float] = full_jitter) -> None:
        self._backoff = backoff
        self._states: dict[str, TaskState] = {}
        self.doomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Holds the first `NeedsOperator` error."""

    @property
    def states(self) -> tuple[TaskState, ...]:
        """The state of each task, in the order of their start."""
        return tuple(self._states.values())

    def start(self, name: str, work: Work) -> TaskState:
        """
        Start a task.

        Raises:
            ValueError: a task of this name is running.

        """
        current = self._states.get(name)
        if current is not None and current.running:
            raise ValueError(f"A task named {name!r} is running already; stop it first or use another name.")
        state = self._states[name] = TaskState(name)
        state.task = asyncio.create_task(self._supervise(state, work), name=name)
        return state

    def stop(self, name: str) -> None:
        """Cancel a task if it is running."""
        state = self._states.get(name)
        if state is not None and state.task is not None:
            state.task.cancel()

    async def _supervise(self, state: TaskState, work: Work) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                began = loop.time()
                try:
                    await work()
                except asyncio.CancelledError:
                    raise
                except NeedsOperator as error:
                    state.last_error = str(error)
                    if not self.doomed.done():
                        self.doomed.set_exception(error)
                    return
                except Exception as error:
                    if _being_cancelled():
                        raise asyncio.CancelledError from error
                    if loop.time() - began > FORGIVEN_AFTER:
                        state.failures = 0
                    await self._note_failure(state, error)
                else:
                    return
        finally:
            state.running = False

    async def _note_failure(self, state: TaskState, error: Exception) -> None:
        state.failures += 1
        state.last_error = f"{type(error).__name__}: {error}"
        delay = self._backoff(state.failures)
        log.error(
            "task_failed",
            task=state.name,
            failures=state.failures,
            again_in_seconds=round(delay, 1),
            exc_info=None if isinstance(error, StewardError) else error,
            error=str(error),
        )
        state.failing = True
        await asyncio.sleep(delay)
        state.failing = False

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        tasks = [state.task for state in self._states.values() if state.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self.doomed.done():
            self.doomed.exception()  # mark as retrieved


def _being_cancelled() -> bool:
    """Return whether this task was cancelled; on 3.11 a TaskGroup can lose that when one of its tasks fails."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
