"""Supervised background work: named tasks that restart with backoff and leave no orphan behind."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Self

from steward.errors import NeedsOperator, StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.logs.loggers import get_logger

log = get_logger(__name__)

FORGIVEN_AFTER = 60.0

Work = Callable[[], Awaitable[None]]


@dataclass(slots=True)
class TaskState:
    """
    What is known of one supervised task.

    Attributes:
        failures: in a row, without a minute of work between them.
        failing: whether it is waiting to be tried again.

    """

    name: str
    failures: int = 0
    last_error: str | None = None
    failing: bool = False
    running: bool = True
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Supervisor:
    """
    Runs named background work until closed.

    Work that raises is started again after a growing wait, for ever, with one log line each time; work that
    returns is done. `NeedsOperator` is not tried again: `doomed` is set, and whoever runs the process ends it.

    Use as `async with Supervisor() as tasks: tasks.start("poll", poll)`; leaving the block cancels and awaits all.
    """

    def __init__(self, *, backoff: Callable[[int], float] = full_jitter) -> None:
        self._backoff = backoff
        self._states: dict[str, TaskState] = {}
        self.doomed: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Carries the error that only a person can put right, once there is one."""

    @property
    def states(self) -> tuple[TaskState, ...]:
        """The state of each task, in the order in which they were started."""
        return tuple(self._states.values())

    def start(self, name: str, work: Work) -> TaskState:
        """
        Begin `work` under a name of its own.

        Raises:
            ValueError: work of that name is running already.

        """
        current = self._states.get(name)
        if current is not None and current.running:
            raise ValueError(f"A task named {name!r} is running already; stop it first or use another name.")
        state = self._states[name] = TaskState(name)
        state.task = asyncio.create_task(self._supervise(state, work), name=name)
        return state

    def stop(self, name: str) -> None:
        """Cancel work that is running under that name, if any is."""
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
            self.doomed.exception()  # retrieved here if nobody else did


def _being_cancelled() -> bool:
    """Return whether this task was told to end; on 3.11 a task group whose task fails at that moment forgets it."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0
