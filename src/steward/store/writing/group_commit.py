"""Group commit: units of work that arrive together share one transaction and one sync to disk."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from steward.errors import StewardError
from steward.runtime.clock import Clock
from steward.store.queries.changes import UNKNOWN, Changes
from steward.store.transaction import Work
from steward.store.unavailable import StoreUnavailable
from steward.store.writing.units import CommitOutcome

T = TypeVar("T")

_LARGEST_BATCH = 256

CommitBatch = Callable[[list[Work[Any]], datetime], list[CommitOutcome]]


@dataclass(slots=True)
class _Waiting:
    """A unit of work and the caller that waits for it."""

    work: Work[Any]
    caller: asyncio.Future[Any]


class GroupCommit:
    """
    Commits units of work in batches, in the order of their arrival.

    While a batch is being committed the next one collects. A caller continues only after the commit of its batch.

    Args:
        commit: runs and commits one batch in the writer's thread, at the time given; a failing unit is rolled back
            alone and its error is in its outcome. If it raises, nothing of the batch was committed.

    """

    def __init__(
        self, commit: CommitBatch, *, clock: Clock, executor: Executor, topics: Topics, changes: Changes
    ) -> None:
        self._commit = commit
        self._clock = clock
        self._executor = executor
        self._topics = topics
        self._changes = changes
        self._waiting: deque[_Waiting] = deque()
        self._running: asyncio.Future[list[CommitOutcome]] | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self.trouble: StewardError | None = None
        """Why the disk, the file or the server refused the newest batch, or a unit in it."""
        self.writes = 0
        """Units of work committed so far."""
        self.commits = 0
        """Transactions committed so far; fewer than `writes` when callers shared one."""

    async def write(self, work: Work[T]) -> T:
        """Run `work` in the next batch; see `Store.write`."""
        caller: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(work, caller))
        self._idle.clear()
        self._begin_batch()
        return await caller

    async def drain(self) -> None:
        """Wait until nothing is being written and nothing is queued."""
        await self._idle.wait()

    def _begin_batch(self) -> None:
        if self._running is not None:
            return
        batch: list[_Waiting] = []
        while self._waiting and len(batch) < _LARGEST_BATCH:
            waiting = self._waiting.popleft()
            if not waiting.caller.cancelled():
                batch.append(waiting)
        if not batch:
            self._idle.set()
            return
        loop = asyncio.get_running_loop()
        works = [waiting.work for waiting in batch]
        self._running = loop.run_in_executor(self._executor, self._commit, works, self._clock.now())
        self._running.add_done_callback(lambda done: self._finish_batch(batch, done))

    def _finish_batch(self, batch: list[_Waiting], done: asyncio.Future[list[CommitOutcome]]) -> None:
        self._running = None
        failure = asyncio.CancelledError() if done.cancelled() else done.exception()
        outcomes = [] if failure is not None else done.result()
        self._release(batch, outcomes, failure)
        self._begin_batch()

    def _release(self, batch: list[_Waiting], outcomes: list[CommitOutcome], failure: BaseException | None) -> None:
        refused = (outcome.error for outcome in outcomes if isinstance(outcome.error, StoreUnavailable))
        self.trouble = failure if isinstance(failure, StewardError) else next(refused, None)
        if failure is not None:
            self._changes.note((UNKNOWN,))  # if the connection was lost during the commit, it may have succeeded
            for waiting in batch:
                if not waiting.caller.done():
                    waiting.caller.set_exception(failure)
            return
        self.commits += 1
        self._changes.note({sql for outcome in outcomes for sql in outcome.statements})
        for waiting, outcome in zip(batch, outcomes, strict=True):
            self.writes += outcome.error is None
            self._topics.announce(outcome.topics)
            if waiting.caller.done():
                continue
            if outcome.error is None:
                waiting.caller.set_result(outcome.result)
            else:
                waiting.caller.set_exception(outcome.error)


class Topics:
    """Wakes listeners within this process after a commit; each has its own event, so that none consumes another's."""

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
