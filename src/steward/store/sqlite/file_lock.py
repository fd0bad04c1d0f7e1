"""One process a database: a second one is told so instead of doing everything twice."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from steward.errors import NotReady


class DatabaseInUse(NotReady):
    """Another process has the database."""


class FileLock:
    """
    Holds `<database>.lock` until released or until the process ends, however it ends.

    The lock is an exclusive transaction on an empty SQLite file of its own: SQLite has portable locks, the
    operating system drops them with the process, and the database itself stays open to readers such as a backup.
    """

    def __init__(self, database: Path) -> None:
        self._database = database
        self._connection: sqlite3.Connection | None = None

    def acquire(self, wait: float = 0.0) -> None:
        """
        Take the lock, waiting so many seconds for another process to end.

        Raises:
            DatabaseInUse: another process has it.
            sqlite3.Error: the lock file cannot be made.

        """
        path = self._database.with_name(self._database.name + ".lock")
        connection = sqlite3.connect(path, timeout=wait, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
                raise DatabaseInUse(
                    f"Another Steward is using the database {self._database}.",
                    remedy="Stop the other process, or give this one a database of its own.",
                ) from error
            raise
        self._connection = connection

    def release(self) -> None:
        """Give the lock back; harmless when it is not held."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
