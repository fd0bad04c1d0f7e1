"""The reading side: a few connections beside the writer; each read sees one consistent state."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

from steward.errors import Broken
from steward.runtime.clock import Clock
from steward.store.dialect import Dialect
from steward.store.queries.watch import QueryWatch
from steward.store.sqlite.connections import BUSY_SECONDS, open_reader
from steward.store.sqlite.faults import SqliteFaults
from steward.store.transaction import Transaction, Work
from steward.store.unavailable import StoreUnavailable

T = TypeVar("T")


class SqliteReaders:
    """
    Runs at most `count` reads at a time, each in a thread with its own connection, which is opened on demand.

    Args:
        look: called before each read, in its thread; the read raises what it raises.
        count: 1 or more.

    """

    def __init__(
        self,
        path: Path,
        *,
        look: Callable[[], None],
        faults: SqliteFaults,
        count: int,
        dialect: Dialect,
        clock: Clock,
        watch: QueryWatch,
    ) -> None:
        self._path = path
        self._look = look
        self._faults = faults
        self._dialect = dialect
        self._watch = watch
        self._clock = clock
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="store-read")
        self._spare: SimpleQueue[sqlite3.Connection | None] = SimpleQueue()
        for _ in range(count):
            self._spare.put(None)
        self._count = count

    async def read(self, work: Work[T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._read, work, self._clock.now())

    async def run(self, blocking: Callable[[], T]) -> T:
        """Run a long read, such as a backup, in one of the threads."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._run, blocking)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """
        Return a context manager in which no read runs and the connections are closed; used in a thread.

        Raises:
            StoreUnavailable: a running read takes too long.

        """
        taken = 0
        try:
            for _ in range(self._count):
                connection = self._spare.get(timeout=BUSY_SECONDS)
                taken += 1
                if connection is not None:
                    connection.close()
            yield
        except Empty as error:
            raise StoreUnavailable(f"A long read holds the database {self._path}.", remedy="Try again.") from error
        finally:
            for _ in range(taken):
                self._spare.put(None)

    def close(self) -> None:
        """Wait for running reads and close the connections; blocks, so call it in a thread."""
        self._threads.shutdown(wait=True)
        for _ in range(self._count):
            connection = self._spare.get()
            if connection is not None:
                connection.close()

    def _run(self, blocking: Callable[[], T]) -> T:
        self._look()
        return blocking()

    def _read(self, work: Work[T], now: datetime) -> T:
        self._look()
        connection = self._spare.get()
        try:
            if connection is None:
                connection = open_reader(self._path)
            return self._in_transaction(connection, work, now)
        except sqlite3.Error as error:
            if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY:
                raise Broken(f"{work!r} tried to write inside Store.read.", remedy="Use Store.write.") from error
            sentence = self._faults.explain(error)
            if sentence is None:
                raise
            raise sentence from error
        finally:
            self._spare.put(connection)

    def _in_transaction(self, connection: sqlite3.Connection, work: Work[T], now: datetime) -> T:
        connection.execute("BEGIN")
        tx = Transaction(connection, self._dialect, now, self._watch)
        try:
            return work(tx)
        finally:
            tx.close()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
