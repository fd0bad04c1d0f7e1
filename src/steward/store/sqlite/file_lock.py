"""A lock that lets one process use a database at a time."""

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
    """Another process uses the database."""

    for_members = f"{NOTHING_SAVED} Please tell whoever runs the bot."


class FileLock:
    """
    Holds `<database>.lock` until released or until the process ends in any way.

    The lock is an exclusive transaction on an empty SQLite file of its own: SQLite's locks are portable, the
    operating system releases them with the process, and the database itself stays open to readers such as a backup.

    Where the system has flock(2), which is independent of SQLite's locks, the database file is locked as well: that
    lock survives the deletion of the lock file, as the other survives a replaced database. On network file systems
    flock is not independent, so it is not used.
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
            DatabaseInUse: another process holds it.
            sqlite3.Error: the lock file cannot be created.

        """
        path = self._database.with_name(self._database.name + ".lock")
        with suppress(OSError):  # it exists, or SQLite's error says why it cannot
            make_private(path)
            self._made = True
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                self._made = False  # the other process uses it, too
                raise self._in_use() from error
            raise
        self._connection = connection

    @property
    def descriptor(self) -> int | None:
        """Of the database file, if it is locked as well."""
        return self._file

    def hold_file(self) -> None:
        """
        Lock the database file as well, once it exists.

        Raises:
            DatabaseInUse: another process holds it.

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
        except OSError:  # a file system without such locks: the lock file suffices
            return

    def _in_use(self) -> DatabaseInUse:
        return DatabaseInUse(
            f"Another Steward is using the database {self._database}.",
            remedy="Stop the other process, or give this one a database of its own.",
        )

    def release(self) -> None:
        """
        Release the lock, if it is held; the connections to the database must be closed.

        A lock file made for a database that was never created is deleted: it would tell the next start that there
        once was one. Closing any file drops SQLite's locks on it (fcntl(2)).
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
