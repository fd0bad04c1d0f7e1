"""Connections to one SQLite file, configured for durability and concurrent readers."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from steward.errors import NeedsOperator
from steward.runtime.process.disk import make_private, sync

BUSY_SECONDS = 5.0
"""How long a statement waits for another program that holds the file."""

_CACHE_KIB = 512
"""The page cache of each connection; SQLite's default is 2 MB of what the system caches anyway."""

_STATEMENTS = 64
"""Prepared statements that each connection keeps, 5 KiB each; Python's default is 128."""

_LOG_LIMIT_BYTES = 16 * 1024 * 1024
_CHECKED_AT_OPENING_BYTES = 256 * 1024 * 1024


def open_writer(path: Path, *, networked: bool = False) -> sqlite3.Connection:
    """
    Open the writing connection; a missing file is created.

    WAL lets readers work beside the writer. `synchronous=FULL` syncs the log at every commit: in WAL mode the
    default `NORMAL` may lose the last commits at a loss of power, and a promise may not be lost
    (https://sqlite.org/pragma.html#pragma_synchronous).

    Args:
        networked: whether the file is on a network file system. There WAL, which needs memory shared by processes,
            would damage the file (https://sqlite.org/wal.html), so a rollback journal is used.

    Raises:
        NeedsOperator: the file system does not support WAL.
        sqlite3.Error: the file cannot be opened or is no database.

    """
    connection = _connect(path)
    try:
        wanted = "delete" if networked else "wal"
        mode = connection.execute(f"PRAGMA journal_mode = {wanted}").fetchone()[0]
        if mode != wanted:
            raise NeedsOperator(
                f"The file system of {path} cannot keep SQLite's write-ahead log (it answered {mode!r}).",
                remedy="Put the database on a local disk, not on a network share.",
            )
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA journal_size_limit = {_LOG_LIMIT_BYTES}")
    except BaseException:
        connection.close()
        raise
    return connection


def without_temporary_files(writer: sqlite3.Connection) -> sqlite3.Connection:
    """
    Have a connection keep in memory what a unit of work is rolled back by, and return it.

    SQLite makes a temporary file for each unit that changes more than 64 KiB of pages (https://sqlite.org/tempfiles.html):
    a third of the time that a bet takes. It keeps sorts and the copy of a VACUUM in memory then, too: not for upgrades.
    """
    writer.execute("PRAGMA temp_store = MEMORY")
    return writer


def open_reader(path: Path) -> sqlite3.Connection:
    """
    Open a connection that only reads; it sees the last committed state at the start of each transaction.

    Raises:
        sqlite3.Error: the file is missing (none is created), or is no database.

    """
    connection = _connect(path, make=False)
    try:
        connection.execute("PRAGMA query_only = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def problems(connection: sqlite3.Connection, path: Path) -> list[str]:
    """
    Check quickly for damage at opening.

    Files over 256 MiB are skipped, since that would take seconds; `integrity_check` reads them.
    """
    if path.stat().st_size > _CHECKED_AT_OPENING_BYTES:
        return []
    return check(connection, "quick_check", limit=3)


def check(connection: sqlite3.Connection, pragma: str, *, limit: int) -> list[str]:
    """Run `quick_check` or `integrity_check` and return at most about `limit` faults, a line each."""
    rows = connection.execute(f"PRAGMA {pragma}({limit})").fetchall()
    lines = [line for row in rows for line in row[0].splitlines()]
    return [line for line in lines if line != "ok" and not line.startswith("***")]


def make_database(path: Path, *, networked: bool = False) -> None:
    """
    Create an empty database atomically, so that an empty file at its path always means damage.

    Only the owner can read it, whatever the process's umask; SQLite gives the log the file's permissions.

    Raises:
        NeedsOperator, sqlite3.Error, OSError: it cannot be created.

    """
    unfinished = path.with_name(path.name + ".new")
    try:
        unfinished.unlink(missing_ok=True)
        with suppress(OSError):  # SQLite's error says why
            make_private(unfinished)
        with closing(open_writer(unfinished, networked=networked)) as connection:
            connection.execute("PRAGMA user_version = 0")  # writes the first page
        sync(unfinished)
        unfinished.replace(path)
        sync(path.parent)
    finally:
        with suppress(OSError):
            unfinished.unlink()


def _connect(path: Path, *, make: bool = True) -> sqlite3.Connection:
    # We begin and end transactions ourselves (isolation_level=None). One thread at a time uses a connection, but not
    # always the same one, so sqlite3's thread check is off.
    place = str(path) if make else f"{path.absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(
        place,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
        uri=not make,
    )
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")  # reads the file, and fails if it is no database
    except BaseException:
        connection.close()
        raise
    return connection
