"""What every database engine offers to the rest of the house."""

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
from steward.store.topics import Topics
from steward.store.transaction import Work
from steward.store.writing.batched import BatchedWriter
from steward.store.writing.group_commit import GroupCommit
from steward.store.writing.set_aside import SetAside

T = TypeVar("T")


class Store(ABC):
    """
    One database. Made by `open_store`, which also closes it.

    Two guarantees: when `write` has returned, what it wrote survives a crash of the process and a loss of power;
    when `write` has raised, nothing of it is there.
    """

    _commits: GroupCommit
    """Made by each engine, which brings what commits a batch."""

    def __init__(self, dialect: Dialect, watch: QueryWatch, *, shared: bool = False) -> None:
        self.dialect = dialect
        self.watch = watch
        self.shared = shared
        """Whether other processes may write beside this one; see `ServerOptions.processes`."""
        self.notice: str | None = None
        """What the operator should know of the opening, such as that there was another database before; else None."""
        self.topics = Topics()
        self.changes = Changes()
        self.set_aside = SetAside(self.blames_content)
        self._batched: list[BatchedWriter] = []

    async def write(self, work: Work[T]) -> T:
        """
        Run `work` in a transaction and return its result once it is committed and durable.

        A caller that is cancelled while it waits does not know whether the work was done.

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
        """Do what `read` says."""

    @abstractmethod
    def blames_content(self, error: BaseException) -> bool:
        """
        Tell whether a write failed for what was to be written: it fits no column, or breaks a rule of the table.

        It will fail again. A full disk, a lost connection or a lock is not the fault of what was to be written, and
        neither is a mistake in the SQL.
        """

    @abstractmethod
    async def integrity_check(self) -> list[str]:
        """Look through the whole database and return what is wrong with it, a sentence each; empty when sound."""

    @abstractmethod
    async def backup(self, path: Path) -> None:
        """
        Copy one committed state of the database to `path`, replacing it at once when complete, while writes go on.

        Raises:
            NotReady: the copy could not be written; what lay at `path` before is untouched.

        """

    @property
    @abstractmethod
    def trouble(self) -> StewardError | None:
        """Why the newest write was refused by the disk, the file or the server; None once one is taken again."""

    @property
    def writes(self) -> int:
        """Units of work committed so far."""
        return self._commits.writes

    @property
    def commits(self) -> int:
        """Transactions that carried them."""
        return self._commits.commits

    @property
    @abstractmethod
    def size_bytes(self) -> int:
        """What the database takes on disk, in bytes; on a server as it was at the start or at the last check."""

    @property
    @abstractmethod
    def location(self) -> str:
        """Where it is, for people: a path or a server's name, never a password."""

    def batched(self, sql: str, *, interval: float = 5.0, max_rows: int = 500, bound: int = 10_000) -> BatchedWriter:
        """
        Return a writer that gathers rows for `sql` and writes them together; for counts and series, never promises.

        Args:
            sql: one statement, with a `?` for each value of a row.
            interval: seconds within which a row is written.
            max_rows: so many waiting rows are written at once.
            bound: so many rows are kept while the database cannot be written; then the oldest are dropped.

        """
        writer = BatchedWriter(
            self.write, sql, interval=interval, max_rows=max_rows, bound=bound, set_aside=self.set_aside
        )
        self._batched.append(writer)
        return writer

    def listening(self, topic: str) -> AbstractContextManager[asyncio.Event]:
        """Give, for a `with` block, an event set after each commit that called `tx.notify(topic)`."""
        return self.topics.listening(topic)

    @abstractmethod
    async def close(self) -> None:
        """Write what waits, close the connections and let other processes have the database; `open_store` calls it."""

    async def close_batched(self) -> None:
        """Write what the batched writers hold; engines call it first when they close."""
        for writer in self._batched:
            await writer.close()
