"""The interface that every database engine implements."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TypeVar

from steward.errors import StewardError
from steward.store.dialect import Dialect
from steward.store.queries.changes import Changes
from steward.store.queries.watch import QueryWatch
from steward.store.transaction import Work
from steward.store.writing.batched import BatchedWriter
from steward.store.writing.group_commit import GroupCommit, Topics
from steward.store.writing.skipper import BadRecordSkipper

T = TypeVar("T")


class Store(ABC):
    """
    One database. `open_store` makes it and closes it.

    When `write` returns, its changes survive a crash of the process and a loss of power. When `write` raises, none
    of them is in the database.
    """

    _commits: GroupCommit
    """Set by each engine."""

    def __init__(self, dialect: Dialect, watch: QueryWatch, *, shared: bool = False) -> None:
        self.dialect = dialect
        self.watch = watch
        self.shared = shared
        """Whether other processes may write beside this one; see `ServerOptions.processes`."""
        self.notice: str | None = None
        """What the operator should know about the opening, such as a leftover older database; else None."""
        self.topics = Topics()
        self.changes = Changes()
        self.skipper = BadRecordSkipper(self.is_content_error)
        self._batched: list[BatchedWriter] = []

    async def write(self, work: Work[T]) -> T:
        """
        Run `work` in a transaction and return its result once it is committed and durable.

        A caller cancelled while it waits cannot know whether the work was committed.

        Raises:
            NotReady: the database cannot be written now (disk full, held by another program); nothing was changed.
            NeedsOperator: the database is damaged.
            Exception: whatever `work` raised, after its changes were undone.

        """
        with self.watch.around("write"):
            return await self._commits.write(work)

    async def read(self, work: Work[T]) -> T:
        """
        Run `work` on one consistent state of the database, beside the writer, and return its result.

        Raises:
            NotReady, NeedsOperator: as `write`.
            Broken: the work tried to write.
            Exception: whatever `work` raised.

        """
        with self.watch.around("read"):
            return await self._read(work)

    @abstractmethod
    async def _read(self, work: Work[T]) -> T:
        """Implement `read`."""

    @abstractmethod
    def is_content_error(self, error: BaseException) -> bool:
        """
        Tell whether a write failed because of its values: one fits no column or violates a constraint.

        Such a write fails again. A full disk, a lost connection, a lock or a mistake in the SQL is something else.
        """

    @abstractmethod
    async def integrity_check(self) -> list[str]:
        """Check the whole database and return its faults, a sentence each; empty if it is sound."""

    @abstractmethod
    async def backup(self, path: Path) -> None:
        """
        Copy one committed state of the database to `path` while writes go on; an existing file is replaced atomically.

        Raises:
            NotReady: the copy could not be written; the old file at `path` is untouched.

        """

    @property
    @abstractmethod
    def trouble(self) -> StewardError | None:
        """Why the disk, the file or the server refused the newest write; None once a write succeeds."""

    @property
    def writes(self) -> int:
        """Units of work committed so far."""
        return self._commits.writes

    @property
    def commits(self) -> int:
        """Transactions committed so far; each carries one or more units of work."""
        return self._commits.commits

    @property
    @abstractmethod
    def size_bytes(self) -> int:
        """The database's size on disk, in bytes; on a server, as of the start or the last check."""

    @property
    @abstractmethod
    def location(self) -> str:
        """Where it is, for display: a path or a server's name, never a password."""

    def batched(self, sql: str, *, interval: float = 5.0, max_rows: int = 500) -> BatchedWriter:
        """
        Return a writer that collects rows for `sql` and writes them in batches; rows may be lost in a crash.

        Args:
            sql: one statement, with a `?` for each value of a row.
            interval: seconds within which a row is written.
            max_rows: waiting rows that trigger a write at once.

        """
        writer = BatchedWriter(self.write, sql, interval=interval, max_rows=max_rows, skipper=self.skipper)
        self._batched.append(writer)
        return writer

    def listening(self, topic: str) -> AbstractContextManager[asyncio.Event]:
        """Return a context manager giving an event that is set after each commit that called `tx.notify(topic)`."""
        return self.topics.listening(topic)

    @abstractmethod
    async def close(self) -> None:
        """Write waiting rows, close the connections and release the database; `open_store` calls it."""

    async def close_batched(self) -> None:
        """Write the rows of the batched writers; engines call it first when they close."""
        for writer in self._batched:
            await writer.close()
