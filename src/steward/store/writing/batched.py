"""Rows that may wait a few seconds, written in batches."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

from steward.runtime.backoff import full_jitter
from steward.runtime.logs.loggers import get_logger
from steward.runtime.waiting import wait_within
from steward.store.queries.changes import written
from steward.store.transaction import Params, Transaction, Work
from steward.store.writing.skipper import BadRecordSkipper, loggable, whole_numbers

log = get_logger(__name__)

BOUND = 10_000
"""Rows kept while the database cannot be written; beyond it the oldest are dropped."""

Write = Callable[[Work[int]], Coroutine[Any, Any, int]]


class BatchedWriter:
    """
    Collects rows for one statement and writes them in one transaction.

    A crash loses the rows of the last `interval` seconds: use it for counts and time series only. A row that the
    database refuses because of its content is skipped, and the others are written. Made by `Store.batched`; the
    store writes the remaining rows when it closes.
    """

    def __init__(
        self,
        write: Write,
        sql: str,
        *,
        interval: float,
        max_rows: int,
        bound: int = BOUND,
        skipper: BadRecordSkipper | None = None,
    ) -> None:
        self._write = write
        self._sql = sql
        self._skipper = BadRecordSkipper() if skipper is None else skipper
        self._what = f"row of {', '.join(written(sql) or ('a table',))}"
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
        return len(self._rows)

    def add(self, row: Params) -> None:
        """
        Add one row of values; call it on the event loop.

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
        Write all waiting rows.

        Raises:
            NotReady: the database cannot be written now; the rows are kept and written later.

        """
        async with self._writing:
            while self._rows:
                batch = [self._rows.popleft() for _ in range(min(len(self._rows), self._max_rows))]
                try:
                    dealt = self._skipper.writing(self._what, tuple(batch), self._insert, ids=whole_numbers)
                    async for rows in dealt:
                        del batch[: len(rows)]
                finally:
                    self._keep(batch)
            self._full.clear()

    async def close(self) -> None:
        """Write the waiting rows and accept no more; what cannot be written is logged and lost."""
        self._closed = True
        if self._due is not None:
            self._full.set()
            await asyncio.gather(self._due, return_exceptions=True)
        try:
            await self.flush()
        except Exception as error:  # noqa: BLE001 - the store still closes, with its other writers
            log.error("batched_rows_lost", rows=len(self._rows), error=loggable(error))

    async def _write_when_due(self) -> None:
        """Wait for the interval or a full batch, then write; retry after a growing wait."""
        failures = 0
        wait = self._interval
        while self._rows:
            await wait_within(self._full, wait)
            try:
                await self.flush()
            except Exception as error:  # noqa: BLE001 - waiting rows are bounded and tried again
                if self._closed:
                    return
                failures += 1
                if failures == 1:
                    log.warning("batched_write_delayed", rows=len(self._rows), error=loggable(error))
                self._full.clear()
                wait = full_jitter(failures)

    async def _insert(self, rows: Sequence[Params]) -> None:
        await self._write(_Insert(self._sql, rows))

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

    def __init__(self, sql: str, rows: Sequence[Params]) -> None:
        self._sql = sql
        self._rows = rows

    def __call__(self, tx: Transaction) -> int:
        return tx.executemany(self._sql, self._rows)
