"""Rows that may wait a few seconds: gathered in memory and written together."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from steward.errors import StewardError
from steward.runtime.backoff import full_jitter
from steward.runtime.loggers import get_logger
from steward.store.transaction import Params, Transaction, Work

log = get_logger(__name__)

Write = Callable[[Work[int]], Coroutine[Any, Any, int]]


class BatchedWriter:
    """
    Gathers rows for one statement and writes them in one transaction.

    A crash loses what was added in the last `interval` seconds: use it for counts and time series, never for
    what somebody was promised. Made by `Store.batched`; the store writes what is left when it closes.
    """

    def __init__(self, write: Write, sql: str, *, interval: float, max_rows: int, bound: int) -> None:
        self._write = write
        self._sql = sql
        self._interval = interval
        self._max_rows = max_rows
        self._rows: deque[Params] = deque()
        self._bound = bound
        self._writing = asyncio.Lock()
        self._due: asyncio.Task[None] | None = None
        self._full = asyncio.Event()
        self._closed = False
        self.dropped = 0
        """Rows lost because the database could not be written for too long."""

    def __len__(self) -> int:
        """Return the number of rows that wait."""
        return len(self._rows)

    def add(self, row: Params) -> None:
        """
        Take one row of values; call it on the event loop.

        Raises:
            RuntimeError: the store is closed.

        """
        if self._closed:
            raise RuntimeError("This batched writer is closed; rows can be added only while the store is open.")
        if len(self._rows) >= self._bound:
            self._rows.popleft()
            self._note_drop()
        self._rows.append(row)
        if len(self._rows) == self._max_rows:
            self._full.set()
        if self._due is None or self._due.done():
            self._due = asyncio.get_running_loop().create_task(self._write_when_due())

    async def flush(self) -> None:
        """
        Write all rows that wait.

        Raises:
            NotReady: the database cannot be written now; the rows are kept and tried again.

        """
        async with self._writing:
            while self._rows:
                batch = [self._rows.popleft() for _ in range(min(len(self._rows), self._max_rows))]
                written = False
                try:
                    await self._write(_Insert(self._sql, batch))
                    written = True
                finally:
                    if not written:
                        self._keep(batch)
            self._full.clear()

    async def close(self) -> None:
        """Write what waits and take no more; what cannot be written is lost, with a line in the log."""
        self._closed = True
        if self._due is not None:
            self._full.set()
            await asyncio.gather(self._due, return_exceptions=True)
        try:
            await self.flush()
        except StewardError as error:
            log.error("batched_rows_lost", rows=len(self._rows), error=str(error))

    async def _write_when_due(self) -> None:
        """Wait for the interval or a full batch, then write; again after a growing wait while that fails."""
        failures = 0
        wait = self._interval
        while self._rows:
            await self._sleep(wait)
            try:
                await self.flush()
            except StewardError as error:
                if self._closed:
                    return
                failures += 1
                if failures == 1:
                    log.warning("batched_write_delayed", rows=len(self._rows), error=str(error))
                self._full.clear()
                wait = full_jitter(failures)

    async def _sleep(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._full.wait()
        except TimeoutError:
            pass

    def _keep(self, batch: list[Params]) -> None:
        self._rows.extendleft(reversed(batch))
        while len(self._rows) > self._bound:
            self._rows.popleft()
            self._note_drop()

    def _note_drop(self) -> None:
        self.dropped += 1
        if self.dropped == 1:
            log.error("batched_rows_dropped", bound=self._bound, why="the database could not be written for too long")


class _Insert:
    """The unit of work of one batch."""

    def __init__(self, sql: str, rows: list[Params]) -> None:
        self._sql = sql
        self._rows = rows

    def __call__(self, tx: Transaction) -> int:
        return tx.executemany(self._sql, self._rows)
