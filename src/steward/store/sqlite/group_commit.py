"""The writing side: units of work that arrive together share one transaction and one sync to disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import deque
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from inspect import iscoroutine
from pathlib import Path
from typing import Any, TypeVar

from steward.runtime.clock import Clock
from steward.store.dialect import Dialect
from steward.store.sqlite.faults import explain
from steward.store.topics import Topics
from steward.store.transaction import Transaction, Work

T = TypeVar("T")

_LARGEST_BATCH = 256


@dataclass(slots=True)
class _Waiting:
    """One unit of work and the caller who waits for it."""

    work: Work[Any]
    caller: asyncio.Future[Any]


@dataclass(slots=True)
class _Outcome:
    """What came of one unit of work whose batch was committed; its own changes are undone if it has an error."""

    result: Any = None
    error: Exception | None = None
    topics: Iterable[str] = ()


class GroupCommit:
    """
    Runs units of work on one connection, in the order in which they were given.

    While a batch is being committed the next one gathers. In a batch each work has a savepoint: one that fails is
    undone alone and its caller gets the error. Callers are released only after the commit of their batch.
    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        path: Path,
        *,
        dialect: Dialect,
        clock: Clock,
        executor: Executor,
        topics: Topics,
    ) -> None:
        self._connection = connection
        self._path = path
        self._dialect = dialect
        self._clock = clock
        self._executor = executor
        self._topics = topics
        self._waiting: deque[_Waiting] = deque()
        self._running: asyncio.Future[list[_Outcome]] | None = None
        self._idle = asyncio.Event()
        self._idle.set()
        self.writes = 0
        """Units of work committed so far."""
        self.commits = 0
        """Transactions that carried them; fewer than `writes` when callers shared."""

    async def write(self, work: Work[T]) -> T:
        """Run `work` with the next batch; see `Store.write`."""
        caller: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(work, caller))
        self._idle.clear()
        self._begin_batch()
        return await caller

    async def drain(self) -> None:
        """Wait until nothing is being written and nothing waits."""
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

    def _finish_batch(self, batch: list[_Waiting], done: asyncio.Future[list[_Outcome]]) -> None:
        self._running = None
        failure = asyncio.CancelledError() if done.cancelled() else done.exception()
        outcomes = [] if failure is not None else done.result()
        self._release(batch, outcomes, failure)
        self._begin_batch()

    def _release(self, batch: list[_Waiting], outcomes: list[_Outcome], failure: BaseException | None) -> None:
        if failure is not None:
            for waiting in batch:
                if not waiting.caller.done():
                    waiting.caller.set_exception(failure)
            return
        self.commits += 1
        for waiting, outcome in zip(batch, outcomes, strict=True):
            self.writes += outcome.error is None
            self._topics.announce(outcome.topics)
            if waiting.caller.done():
                continue
            if outcome.error is None:
                waiting.caller.set_result(outcome.result)
            else:
                waiting.caller.set_exception(outcome.error)

    def _commit(self, works: list[Work[Any]], now: datetime) -> list[_Outcome]:
        """Run and commit one batch; in the writer's thread."""
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            outcomes = [self._attempt(work, now) for work in works]
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise self._translated(error) from error
        return outcomes

    def _attempt(self, work: Work[Any], now: datetime) -> _Outcome:
        """Run one unit of work inside its savepoint."""
        self._connection.execute("SAVEPOINT work")
        tx = Transaction(self._connection, self._dialect, now)
        try:
            result = work(tx)
            if iscoroutine(result):
                result.close()
                raise TypeError(f"A unit of work must be a plain function, but {work!r} is a coroutine function.")
        except Exception as error:
            if not self._connection.in_transaction:
                raise  # SQLite has undone the whole batch (disk full, I/O error): nobody in it may be released
            self._connection.execute("ROLLBACK TO work")
            self._connection.execute("RELEASE work")
            return _Outcome(error=self._translated(error))
        finally:
            tx.close()
        self._connection.execute("RELEASE work")
        return _Outcome(result, topics=tx.topics)

    def _translated(self, error: BaseException) -> Any:
        if isinstance(error, sqlite3.Error):
            return explain(error, self._path) or error
        if isinstance(error, StopIteration):
            return RuntimeError("A unit of work raised StopIteration: give next() a default.")
        return error
