"""What SQLite's error codes mean for the person who runs the bot."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

from steward.errors import Broken, NeedsOperator, StewardError
from steward.runtime.disk import FULL, MEGABYTE, free_space, write_fault
from steward.store.unavailable import StoreUnavailable

ROOM_TO_START = 10 * MEGABYTE
"""A new database with its log takes 2 MB; the rest is for the first hours."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNREACHABLE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


def explain(error: sqlite3.Error, path: Path) -> StewardError | None:
    """Return the sentence for a fault of the file or the machine, or None where the SQL itself was wrong."""
    code = _primary_code(error)
    if code == sqlite3.SQLITE_FULL:
        return _full(path)
    if code in _HELD:
        return StoreUnavailable(
            f"Another program is holding the database {path}, so it cannot be written.",
            remedy="Close the program that has it open (a database browser, a backup script).",
        )
    if code in _UNREACHABLE:
        return _unreachable(error, path)
    if code in _DAMAGED:
        return damaged(path, str(error))
    return None


def _full(path: Path, *, quota: bool = False, starting: bool = False) -> StoreUnavailable:
    left = "this user's quota is used up" if quota else free_space(path.parent)
    remedy = (
        f"Free {space_to_start(path)}, then start again." if starting else "Free some space; writing goes on by itself."
    )
    return StoreUnavailable(
        f"The disk is full ({left}): the database {path} cannot grow. Everything confirmed so far is safe.",
        remedy=remedy,
    )


def space_to_start(path: Path) -> str:
    """Return how much space a start needs, for people: a copy of the database before an upgrade, and room to write."""
    size = path.stat().st_size if path.exists() else 0
    return f"{(size + ROOM_TO_START) / MEGABYTE:.0f} MB"


def _unreachable(error: sqlite3.Error, path: Path, *, starting: bool = False) -> StoreUnavailable:
    """SQLite says "disk I/O error" to most of what can be wrong; a file of our own learns what it is."""
    fault = write_fault(path.parent)
    if fault is not None and fault.errno in FULL:
        return _full(path, quota=fault.errno == errno.EDQUOT, starting=starting)
    said = str(error) if fault is None else fault.strerror or str(fault)
    return StoreUnavailable(
        f"The database {path} cannot be read or written now ({said}).",
        remedy="Look at the disk and at the permissions of the file and its folder.",
    )


def explain_at_opening(error: sqlite3.Error, path: Path) -> StewardError:
    """Return the sentence for a database that cannot be opened."""
    code = _primary_code(error)
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        fault = write_fault(path.parent)
        if fault is not None and fault.errno in FULL:
            return _unreachable(error, path, starting=True)
        said = error if fault is None else (fault.strerror or str(fault)).lower()
        return NeedsOperator(
            f"The database {path} cannot be opened for writing ({said}).",
            remedy="Give the user who runs Steward the right to write the file and its folder, or choose another path.",
        )
    if code == sqlite3.SQLITE_NOTADB:
        return NeedsOperator(
            f"{path} is not an SQLite database: the file begins differently.",
            remedy="Choose another path for the database, or put a backup in its place.",
        )
    if code == sqlite3.SQLITE_FULL:
        return _full(path, starting=True)
    return explain(error, path) or Broken(f"The database {path} cannot be opened ({error}).")


def damaged(path: Path, detail: str) -> NeedsOperator:
    """Return the sentence for a file whose contents contradict themselves."""
    return NeedsOperator(
        f"The database {path} is damaged ({detail}).",
        remedy="Stop Steward, keep a copy of the file, and put the newest backup in its place.",
    )


def is_refused(error: BaseException) -> bool:
    """Return whether SQLite refuses a value: for a rule of its table, for its length, or for its kind."""
    refused = isinstance(error, sqlite3.IntegrityError | sqlite3.DataError)
    # SQLite's module has no code for this one.
    return refused or (isinstance(error, sqlite3.Error) and str(error).startswith("Error binding parameter"))


def is_held(error: sqlite3.Error) -> bool:
    """Return whether another connection holds the database."""
    return _primary_code(error) in _HELD


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
