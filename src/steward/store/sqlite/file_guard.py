"""Commit nothing into files that were taken away, and save confirmed data as far as possible."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, suppress
from glob import escape
from itertools import count
from pathlib import Path

from steward.errors import NotReady
from steward.runtime.logs.loggers import get_logger
from steward.store.sqlite.maintenance.backups import RESCUED, copy_database, how_to_restore
from steward.store.sqlite.open_files import LOG, Loss, OpenFiles
from steward.store.unavailable import StoreUnavailable

log = get_logger(__name__)


ASIDE = f"{LOG}.aside-"
"""The suffix of a log that was set aside."""

_left_open: list[sqlite3.Connection] = []
"""Connections that must not be closed, not even by garbage collection."""


class DatabaseFileLost(StoreUnavailable):
    """The database was deleted, moved, replaced or overwritten while it is open."""


class FileGuard:
    """
    Gives the writing connection while its files are intact; in the writer's thread.

    - Moved: the log is checkpointed into the file, wherever it is. Once it is moved back, writing goes on.
    - Deleted, or another file put in its place: while this process lives it still has the contents, and saves them
      next to the path. Writing does not go on: only a person knows which file is wanted.
    - Overwritten: nothing can be saved, and nothing more is written; the log is set aside.
    - The log or its index deleted: the log is checkpointed into the file, and both are created again. A foreign log
      at its path is set aside.

    Args:
        without_readers: a context manager that keeps reads out and their connections closed.

    """

    def __init__(
        self,
        connection: sqlite3.Connection,
        files: OpenFiles,
        path: Path,
        *,
        reopen: Callable[[], sqlite3.Connection],
        without_readers: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._files = files
        self._path = path
        self._reopen = reopen
        self._without_readers = without_readers
        self._found: Loss | None = None
        self._problem = ""
        self._rescued: Path | None = None
        self._aside: Path | None = None

    def connection(self) -> sqlite3.Connection:
        """
        Return the writing connection.

        Raises:
            DatabaseFileLost: the files are not intact.
            sqlite3.Error: the log could not be created again.

        """
        loss = self._files.loss()
        connection = self._connection
        if loss is Loss.LOG or (loss is None and connection is None):
            connection = self._recreate_log()
            loss = self._files.loss()
        self._found = loss
        self._refuse(loss)
        if connection is None:
            raise self._sentence(Loss.LOG)
        if self._problem:
            log.info("database_back", database=str(self._path))
            self._problem, self._rescued, self._aside = "", None, None
        return connection

    def check(self) -> None:
        """
        Check the files before a commit.

        Raises:
            DatabaseFileLost: the files are not intact.

        """
        self._refuse(self._files.loss())

    def committed(self) -> None:
        """Remember the state of the file after a commit."""
        self._files.committed()

    @property
    def trouble(self) -> DatabaseFileLost | None:
        """
        What is wrong now; None if writing goes on or will repair it. Also safe on the event loop.

        On network file systems, which may not answer for minutes, it is what the last write has found.
        """
        loss = self._files.loss() if self._files.are_local else self._found
        return None if loss is None or loss is Loss.LOG else self._sentence(loss)

    def close(self) -> None:
        """Close the connection; SQLite then checkpoints the log and removes it, if the files are still ours."""
        loss = self._files.loss()
        if loss is Loss.LOG:  # closing checkpoints the log in use, and removes any file under its name
            self._put_foreign_log_aside()
        else:
            with suppress(DatabaseFileLost):
                self._refuse(loss)
        if self._connection is not None:
            if loss is Loss.OVERWRITTEN and not self._files.prevent_checkpoint():
                _left_open.append(self._connection)
            else:
                self._connection.close()
        self._files.close()

    def _refuse(self, loss: Loss | None) -> None:
        if loss is None:
            return
        if loss in {Loss.GONE, Loss.REPLACED}:
            self._save()
        if loss in {Loss.OVERWRITTEN, Loss.REPLACED} and self._files.has_own_log:
            self._aside = self._put_log_aside()  # or the next start would apply it to a file that is not ours
        error = self._sentence(loss)
        if self._problem != error.sentence:
            self._problem = error.sentence
            log.error("database_taken_away", error=error.sentence, remedy=error.remedy)
        raise error

    def _put_foreign_log_aside(self) -> None:
        if self._files.has_own_log:
            return
        aside = self._put_log_aside()
        if aside is not None:
            log.error("database_log_aside", database=str(self._path), log=str(aside))

    def _put_log_aside(self) -> Path | None:
        logs = self._path.with_name(self._path.name + LOG)
        aside = _free_name(f"{self._path}{ASIDE}")
        try:
            if logs.stat().st_size:
                logs.rename(aside)
                return aside
        except OSError:
            pass
        return None

    def _save(self) -> None:
        """Checkpoint confirmed data into the file, and copy the file if it was deleted."""
        if self._connection is None or self._rescued is not None:
            return
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")
        if not self._problem:
            with suppress(sqlite3.Error):
                _checkpoint(self._connection)
        if self._files.deleted:
            target = _free_name(f"{self._path}{RESCUED}")
            with suppress(NotReady):  # such as no space: the next write tries again
                copy_database(self._connection, target)
                self._rescued = target

    def _recreate_log(self) -> sqlite3.Connection:
        with self._without_readers():
            if self._connection is not None:
                if not _checkpoint(self._connection):
                    raise StoreUnavailable(
                        f"The log of the database {self._path} was deleted, and another program still reads it.",
                        remedy="Close the program that has it open (a database browser, a backup script).",
                    )
                self._put_foreign_log_aside()
                self._connection.close()
                self._connection = None
            self._files.close()
            self._connection = self._reopen()
            self._files.opened()
        log.warning("database_log_made_anew", database=str(self._path))
        return self._connection

    def _sentence(self, loss: Loss) -> DatabaseFileLost:
        path = self._path
        if loss is Loss.LOG:
            return DatabaseFileLost(
                f"The log of the database {path} was deleted.", remedy="It's being recreated; try again."
            )
        if loss is Loss.OVERWRITTEN:
            return DatabaseFileLost(
                f"Another program has overwritten the database {path} or truncated it: nothing is confirmed."
                f"{self._put_aside}",
                remedy=f"Stop Steward. {how_to_restore(path)}",
            )
        what = (
            f"The database {path} was deleted or moved away"
            if loss is Loss.GONE
            else f"There's a different file at {path} now"
        )
        if not self._files.deleted:
            return DatabaseFileLost(
                f"{what}: nothing is confirmed until the database is back.{self._put_aside}",
                remedy=f"Move it back to {path}, and Steward continues; or stop Steward and restore a backup.",
            )
        if self._rescued is None:
            return DatabaseFileLost(
                f"{what}: nothing is confirmed. Data confirmed before is not saved yet.{self._put_aside}",
                remedy=f"Make sure {path.parent} has free space: Steward saves it there by itself, and says so.",
            )
        return DatabaseFileLost(
            f"{what}: nothing is confirmed. Everything confirmed before is in {self._rescued}.",
            remedy=f"Stop Steward, put it back (steward db restore {self._rescued}), and start Steward again.",
        )

    @property
    def _put_aside(self) -> str:
        return "" if self._aside is None else f" The newest commits may be only in its log, now {self._aside}."


def logs_aside(path: Path) -> list[Path]:
    """Return the logs of a database that were set aside and are not empty."""
    found = path.parent.glob(f"{escape(path.name)}{ASIDE}*")
    return sorted(log for log in found if log.is_file() and log.stat().st_size)


def logs_aside_notice(path: Path, logs: Sequence[Path]) -> str:
    """Return the notice for a start that finds logs set aside."""
    names = ", ".join(str(each) for each in logs)
    return (
        f"The database {path} was opened without {names}: that log was set aside after another program changed the"
        " database's files, and confirmed commits may only be there. If you don't need it, delete it. If you"
        f" do: stop Steward, put back the database file that the log belongs to, rename the log to {path.name}{LOG}"
        " beside it, and start Steward."
    )


def _free_name(prefix: str) -> Path:
    return next(path for number in count(1) if not (path := Path(f"{prefix}{number}")).exists())


def _checkpoint(connection: sqlite3.Connection) -> bool:
    """Checkpoint the whole log into the file; return whether that succeeded."""
    busy: int = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not busy
