"""One process a database: a second one is told so instead of doing everything twice."""

from __future__ import annotations

import os
import sqlite3
from contextlib import suppress
from pathlib import Path

from steward.errors import NotReady
from steward.runtime.process.disk import make_private
from steward.store.sqlite.file_system import file_system_of, is_networked, mounts_here
from steward.store.unavailable import NOTHING_SAVED


class DatabaseInUse(NotReady):
    """Another process has the database."""

    for_members = f"{NOTHING_SAVED} Please tell whoever runs the bot."


class FileLock:
    """
    Holds `<database>.lock` until released or until the process ends, however it ends.

    The lock is an exclusive transaction on an empty SQLite file of its own: SQLite has portable locks, the
    operating system drops them with the process, and the database itself stays open to readers such as a backup.

    Where the system has flock(2), which is apart from the locks that SQLite takes, the database itself is locked, too:
    that lock holds when somebody deletes the lock file, as the other does when somebody replaces the database. On file
    systems of a network flock is not apart, so there it is left out.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._connection: sqlite3.Connection | None = None
        self._file: int | None = None
        self._made = False

    def acquire(self, wait: float = 0.0) -> None:
        """
        Take the lock, waiting so many seconds for another process to end.

        Raises:
            DatabaseInUse: another process has it.
            sqlite3.Error: the lock file cannot be made.

        """
        path = self._database.with_name(self._database.name + ".lock")
        with suppress(OSError):  # it is there, or SQLite says why it cannot be
            make_private(path)
            self._made = True
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                self._made = False  # it is the other process's, too
                raise self._in_use() from error
            raise
        self._connection = connection

    @property
    def descriptor(self) -> int | None:
        """Of the database, where that itself is locked, too."""
        return self._file

    def hold_file(self) -> None:
        """
        Lock the database itself, too, which is there by now.

        Raises:
            DatabaseInUse: another process has it.

        """
        self._made = False
        try:
            import fcntl
        except ImportError:  # Windows
            return
        if is_networked(file_system_of(self._database, mounts_here())):
            return
        self._file = os.open(self._database, os.O_RDONLY)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise self._in_use() from error
        except OSError:  # a file system without such locks: the lock file is there
            return

    def _in_use(self) -> DatabaseInUse:
        return DatabaseInUse(
            f"Another Steward is using the database {self._database}.",
            remedy="Stop the other process, or give this one a database of its own.",
        )

    def release(self) -> None:
        """
        Give the lock back; harmless when it is not held.

        A lock file that was made for a database that did not come about goes, too: it would tell the next start that
        there was one.

        The connections to the database must be closed: closing any file drops what SQLite has locked in it (fcntl(2)).
        """
        if self._file is not None:
            os.close(self._file)
            self._file = None
        if self._made:
            self._made = False
            with suppress(OSError):
                if not self._database.exists():
                    self._database.with_name(self._database.name + ".lock").unlink()
        if self._connection is not None:
            self._connection.close()
            self._connection = None
