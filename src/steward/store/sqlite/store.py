"""The store on an SQLite file."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TypeVar

from steward.errors import NeedsOperator, NotReady, StewardError
from steward.runtime.clock import Clock
from steward.runtime.logs.loggers import get_logger
from steward.runtime.process.disk import nearest_existing, unwritable
from steward.store.dialect import SqliteDialect
from steward.store.interface import Store
from steward.store.queries.watch import QueryWatch
from steward.store.sqlite.batches import SqliteBatches
from steward.store.sqlite.connections import (
    check,
    make_database,
    open_reader,
    open_writer,
    problems,
    without_temporary_files,
)
from steward.store.sqlite.faults import (
    SqliteFaults,
    damaged,
    explain_at_opening,
    is_refused,
    recreated_notice,
    refuse_lost_database,
)
from steward.store.sqlite.file_guard import FileGuard, logs_aside, logs_aside_notice
from steward.store.sqlite.file_lock import FileLock
from steward.store.sqlite.file_system import file_system_of, is_networked, mounts_here
from steward.store.sqlite.maintenance.backups import copy_database, existed_before
from steward.store.sqlite.open_files import OpenFiles
from steward.store.sqlite.readers import SqliteReaders
from steward.store.transaction import Transaction, Work
from steward.store.unavailable import StoreUnavailable
from steward.store.writing.group_commit import GroupCommit
from steward.store.writing.own_thread import close_in, open_in
from steward.store.writing.skipper import is_about_content

log = get_logger(__name__)

T = TypeVar("T")

Prepare = Callable[[sqlite3.Connection], None]
"""Brings an opened database up to date before its first use; runs in the writer's thread."""


class _FilesChanged(StoreUnavailable):
    """The files were not intact before a read."""


class SqliteStore(Store):
    """See `Store`; made by `SqliteStore.open`."""

    def __init__(
        self,
        path: Path,
        writer: sqlite3.Connection,
        *,
        thread: ThreadPoolExecutor,
        lock: FileLock,
        clock: Clock,
        readers: int,
        watch: QueryWatch,
        notice: str | None,
    ) -> None:
        super().__init__(SqliteDialect(), watch)
        self.notice = notice
        self.path = path
        self._thread = thread
        self._lock = lock
        faults = SqliteFaults(path, clock)
        self._readers = SqliteReaders(
            path, look=self._look, faults=faults, count=readers, dialect=self.dialect, clock=clock, watch=watch
        )
        self._files = OpenFiles(path, lock.descriptor)
        self._files.opened()
        self._guard = FileGuard(
            writer,
            self._files,
            path,
            reopen=lambda: without_temporary_files(open_writer(path, networked=lock.descriptor is None)),
            without_readers=self._readers.paused,
        )
        batches = SqliteBatches(writer, self._guard, faults, self.dialect, watch)
        self._commits = GroupCommit(
            batches.commit, clock=clock, executor=thread, topics=self.topics, changes=self.changes
        )

    @classmethod
    async def open(
        cls, path: Path, clock: Clock, *, prepare: Prepare, readers: int, watch: QueryWatch, wait: float = 0.0
    ) -> SqliteStore:
        """
        Open the file and run `prepare` on it; the file and its folder are created if missing.

        Args:
            wait: seconds to wait for another process to release it.

        Raises:
            NeedsOperator: the folder is not writable, or the file is damaged or no database.
            NotReady: another process uses it.

        """
        thread = ThreadPoolExecutor(1, thread_name_prefix="store-write")
        lock = FileLock(path)
        opening = partial(_open, path, lock, wait, prepare)
        try:
            writer, notice = await open_in(thread, opening, lambda opened: opened[0].close())
        except BaseException:
            lock.release()
            raise
        return cls(path, writer, thread=thread, lock=lock, clock=clock, readers=readers, watch=watch, notice=notice)

    async def _read(self, work: Work[T]) -> T:
        return await self._looking(partial(self._readers.read, work))

    def is_content_error(self, error: BaseException) -> bool:
        return is_about_content(error) or is_refused(error)

    async def _looking(self, read: Callable[[], Awaitable[T]]) -> T:
        """Read; if the files are not intact, first have a write report or repair that."""
        try:
            return await read()
        except _FilesChanged:
            await self._commits.write(_nothing)
            return await read()

    def _look(self) -> None:
        if self._files.loss() is not None:
            raise _FilesChanged(f"The files of the database {self.path} were changed.", remedy="Try again.")

    async def integrity_check(self) -> list[str]:
        def look() -> list[str]:
            connection = open_reader(self.path)
            try:
                found = check(connection, "integrity_check", limit=20)
                found += [
                    f"table {row['table']}, row {row['rowid']}: refers to a missing row of {row['parent']}"
                    for row in connection.execute("PRAGMA foreign_key_check")
                ]
            except sqlite3.DatabaseError as error:
                return [str(error)]
            finally:
                connection.close()
            return found

        return await self._looking(partial(self._readers.run, look))

    async def backup(self, path: Path) -> None:
        def copy() -> None:
            connection = open_reader(self.path)
            try:
                copy_database(connection, path)
            finally:
                connection.close()

        await self._looking(partial(self._readers.run, copy))

    @property
    def size_bytes(self) -> int:
        files = (self.path, self.path.with_name(self.path.name + "-wal"))
        return sum(file.stat().st_size for file in files if file.exists())

    @property
    def location(self) -> str:
        return str(self.path)

    @property
    def trouble(self) -> StewardError | None:
        return self._guard.trouble or self._commits.trouble

    async def close(self) -> None:
        try:
            await self.close_batched()
            await self._commits.drain()
        finally:  # also if that was cancelled: else the connections and the lock would stay
            await close_in(self._thread, self._close)

    def _close(self) -> None:
        self._readers.close()
        self._guard.close()  # the writer closes last
        self._lock.release()


def _nothing(tx: Transaction) -> None:
    """Write nothing, to test whether writing is possible."""


def _open(path: Path, lock: FileLock, wait: float, prepare: Prepare) -> tuple[sqlite3.Connection, str | None]:
    _make_folder(path)
    created = not path.exists() and existed_before(path)
    try:
        lock.acquire(wait)
        fstype = file_system_of(path, mounts_here())
        networked = is_networked(fstype)
        if networked:
            log.warning("database_on_network", database=str(path), file_system=fstype)
        refuse_lost_database(path)
        if not path.exists():
            make_database(path, networked=networked)
        lock.hold_file()
        writer = open_writer(path, networked=networked)
    except sqlite3.Error as error:
        raise explain_at_opening(error, path) from error
    except OSError as error:
        raise NotReady(f"The database {path} cannot be created ({error}).", remedy="Check the disk.") from error
    try:
        found = problems(writer, path)
        if found:
            raise damaged(path, "; ".join(found))
        prepare(writer)
        without_temporary_files(writer)
    except sqlite3.Error as error:
        writer.close()
        raise explain_at_opening(error, path) from error
    except BaseException:
        writer.close()
        raise
    with suppress(sqlite3.Error):  # after a kill, an interrupted checkpoint looks like a running one
        writer.execute("PRAGMA wal_checkpoint(PASSIVE)")
    return writer, _notice(path, created=created)


def _notice(path: Path, *, created: bool) -> str | None:
    """Return what the operator must know about this start; None if nothing."""
    notices = []
    if created:
        notices.append(recreated_notice(path))
        log.error("database_made_anew", database=str(path), error=notices[-1])
    if aside := logs_aside(path):
        notices.append(logs_aside_notice(path, aside))
        log.error("database_log_aside", database=str(path), log=", ".join(map(str, aside)), error=notices[-1])
    return " ".join(notices) or None


def _make_folder(path: Path) -> None:
    try:
        is_folder = path.is_dir()
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(
            f"The folder {path.parent} for the database can't be created or opened",
            nearest_existing(path.parent),
            error,
            remedy="Create it by hand and give Steward's user the right to write in it, or choose another path.",
        ) from error
    if is_folder:
        raise NeedsOperator(
            f"{path} is a folder; the database must be a file.", remedy=f"Try {path / 'steward.sqlite3'}."
        )
