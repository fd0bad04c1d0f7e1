"""SQLite's error codes, explained to the operator."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import closing, suppress
from pathlib import Path
from threading import Lock

from steward.errors import Broken, NeedsOperator, StewardError
from steward.runtime.clock import Clock
from steward.runtime.process.disk import FULL, MEGABYTE, PASSING, free_space, write_fault
from steward.store.sqlite.connections import check, open_reader
from steward.store.sqlite.maintenance.backups import how_to_restore
from steward.store.unavailable import StoreNeedsOperator, StoreUnavailable

ROOM_TO_START = 10 * MEGABYTE
"""A new database with its log takes 2 MB; the rest is for the first hours."""

LOGS = ("-wal", "-journal")
"""Files that a killed process may leave beside the database; SQLite would apply them to any file of that name."""

_LOOKS_AGAIN_SECONDS = 60.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNREACHABLE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


def explain(error: sqlite3.Error, path: Path) -> StewardError | None:
    """Return the error for a fault of the file or the machine, or None if the SQL itself was wrong."""
    code = _primary_code(error)
    if code == sqlite3.SQLITE_FULL:
        return _full(path)
    if code in _HELD:
        return StoreUnavailable(
            f"Another program is holding the database {path}, so it cannot be written.",
            remedy="Close the program that has it open (a database browser, a backup script).",
        )
    if getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_READONLY_DBMOVED:
        return StoreUnavailable(
            f"The database {path} was deleted or moved away: nothing is confirmed until it is back.",
            remedy=f"Move it back to {path}, and Steward continues by itself; or stop Steward and restore a backup.",
        )
    if code in _UNREACHABLE:
        return _unreachable(error, path)
    if code in _DAMAGED:
        return _if_still_damaged(error, path, _check_again(path, error))
    return None


class SqliteFaults:
    """
    Explains the errors of a database in use, in any thread.

    Damage is verified at most once a minute, since that reads the whole file and every call meets the damage.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._looking = Lock()
        self._looked: tuple[float, list[str]] | None = None

    def explain(self, error: sqlite3.Error) -> StewardError | None:
        """See the function `explain`."""
        if _primary_code(error) not in _DAMAGED:
            return explain(error, self._path)
        with self._looking:
            if self._looked is None or self._clock.monotonic() - self._looked[0] >= _LOOKS_AGAIN_SECONDS:
                found = _check_again(self._path, error)
                if found is None:
                    return _unreachable(error, self._path)
                self._looked = self._clock.monotonic(), found
            return _if_still_damaged(error, self._path, self._looked[1])


def _check_again(path: Path, error: sqlite3.Error) -> list[str] | None:
    """
    Check the whole file again, since a disk that fails for a moment also looks like damage.

    Returns:
        The damage; None if the disk cannot read the file, so that it is unknown.

    """
    try:
        with closing(open_reader(path)) as connection:
            found = check(connection, "integrity_check", limit=3)
    except sqlite3.Error:
        found = [str(error)]
    return None if found and not _is_readable(path) else found


def _is_readable(path: Path) -> bool:
    """Read a file and its log from end to end."""
    try:
        for file in (path, *(path.with_name(path.name + log) for log in LOGS)):
            with suppress(FileNotFoundError), file.open("rb", buffering=0) as opened:
                while opened.read(1 << 20):
                    pass
    except OSError:
        return False
    return True


def _if_still_damaged(error: sqlite3.Error, path: Path, found: list[str] | None) -> StewardError:
    if found is None:
        return _unreachable(error, path)
    if found:
        return damaged(path, "; ".join(found))
    return StoreUnavailable(
        f"The database {path} could not be read correctly ({error}); a second check found it intact.",
        remedy="Check the disk if it happens again.",
    )


def _full(path: Path, *, quota: bool = False, starting: bool = False) -> StoreUnavailable:
    left = "this user's quota is used up" if quota else free_space(path.parent)
    remedy = (
        f"Free {space_to_start(path)}, then start again." if starting else "Free some space; writing resumes by itself."
    )
    return StoreUnavailable(
        f"The disk is full ({left}): the database {path} cannot grow. Everything confirmed so far is safe.",
        remedy=remedy,
    )


def space_to_start(path: Path) -> str:
    """Return how much space a start needs, for display: a copy of the database before an upgrade, and room to write."""
    size = path.stat().st_size if path.exists() else 0
    return f"{(size + ROOM_TO_START) / MEGABYTE:.0f} MB"


def _unreachable(error: sqlite3.Error, path: Path, *, starting: bool = False) -> StoreUnavailable:
    """Find the cause by writing a file of our own: SQLite says "disk I/O error" to most faults."""
    fault = write_fault(path.parent)
    if fault is not None and fault.errno in FULL:
        return _full(path, quota=fault.errno == errno.EDQUOT, starting=starting)
    detail = str(error) if fault is None else fault.strerror or str(fault)
    return StoreUnavailable(
        f"The database {path} cannot be read or written now ({detail}).",
        remedy="Check the disk and the permissions of the file and its folder.",
    )


def explain_at_opening(error: sqlite3.Error, path: Path) -> StewardError:
    """Return the error for a database that cannot be opened."""
    code = _primary_code(error)
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        fault = write_fault(path.parent)
        if fault is not None and fault.errno in FULL:
            return _unreachable(error, path, starting=True)
        if fault is not None and fault.errno in PASSING:
            return _unreachable(error, path)
        detail = error if fault is None else (fault.strerror or str(fault)).lower()
        return NeedsOperator(
            f"The database {path} cannot be opened for writing ({detail}).",
            remedy="Give the user who runs Steward the right to write the file and its folder, or choose another path.",
        )
    if code == sqlite3.SQLITE_NOTADB:
        return NeedsOperator(
            f"{path} is not an SQLite database: the file begins differently.",
            remedy="Choose another path for the database, or restore a backup.",
        )
    if code == sqlite3.SQLITE_FULL:
        return _full(path, starting=True)
    return explain(error, path) or Broken(f"The database {path} cannot be opened ({error}).")


def damaged(path: Path, detail: str) -> StoreNeedsOperator:
    return StoreNeedsOperator(
        f"The database {path} is damaged ({detail}).",
        remedy=f"Stop Steward. {how_to_restore(path)}; the current file is kept.",
    )


def refuse_lost_database(path: Path) -> None:
    """
    Check that the file is not empty, and that no log is left without its file.

    Databases are created atomically, so an empty file is never a new one. SQLite would start with an empty database
    and delete the log.

    Raises:
        NeedsOperator: one of these is the case.

    """
    if path.is_file():
        if path.stat().st_size == 0:
            raise NeedsOperator(
                f"The database {path} is empty: the file has 0 bytes.",
                remedy=f"{how_to_restore(path)} (or delete the file to start with a new database).",
            )
        return
    for suffix in LOGS:
        left = path.with_name(path.name + suffix)
        if left.is_file() and left.stat().st_size:
            raise NeedsOperator(
                f"The database {path} is gone, but its log {left.name} is there: it was deleted or moved away in use.",
                remedy=f"Move the database back beside its log. Or: {how_to_restore(path)}"
                f" (or delete {left.name} to start with a new database).",
            )


def recreated_notice(path: Path) -> str:
    """Return the notice for a database that was created where there had been one before."""
    return (
        f"The database {path} was gone when Steward started, so a new one was created: it starts empty."
        f" If you didn't want that, stop Steward. {how_to_restore(path)}"
    )


def is_refused(error: BaseException) -> bool:
    """Tell whether SQLite refuses a value because of a constraint, its length, or its type."""
    refused = isinstance(error, sqlite3.IntegrityError | sqlite3.DataError)
    # Python's sqlite3 has no code for this one.
    return refused or (isinstance(error, sqlite3.Error) and str(error).startswith("Error binding parameter"))


def is_held(error: sqlite3.Error) -> bool:
    """Tell whether another connection holds the database."""
    return _primary_code(error) in _HELD


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
