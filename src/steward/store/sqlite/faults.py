"""What SQLite's error codes mean for the person who runs the bot."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from steward.errors import Broken, NeedsOperator, NotReady, StewardError

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_UNREACHABLE = {sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}


def explain(error: sqlite3.Error, path: Path) -> StewardError | None:
    """Return the sentence for a fault of the file or the machine, or None where the SQL itself was wrong."""
    code = _primary_code(error)
    if code == sqlite3.SQLITE_FULL:
        return NotReady(
            f"The disk is full: the database {path} cannot grow. Everything confirmed so far is safe.",
            remedy="Free some space; writing goes on by itself.",
        )
    if code in _HELD:
        return NotReady(
            f"Another program is holding the database {path}, so it cannot be written.",
            remedy="Close the program that has it open (a database browser, a backup script).",
        )
    if code in _UNREACHABLE:
        return NotReady(
            f"The database {path} cannot be read or written now ({error}).",
            remedy="Look at the disk and at the permissions of the file and its folder.",
        )
    if code in _DAMAGED:
        return damaged(path, str(error))
    return None


def explain_at_opening(error: sqlite3.Error, path: Path) -> StewardError:
    """Return the sentence for a database that cannot be opened."""
    code = _primary_code(error)
    if code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        return NeedsOperator(
            f"The database {path} cannot be opened for writing ({error}).",
            remedy="Give the user who runs Steward the right to write the file and its folder, or choose another path.",
        )
    if code == sqlite3.SQLITE_NOTADB:
        return NeedsOperator(
            f"{path} is not an SQLite database: the file begins differently.",
            remedy="Choose another path for the database, or put a backup in its place.",
        )
    return explain(error, path) or Broken(f"The database {path} cannot be opened ({error}).")


def damaged(path: Path, detail: str) -> NeedsOperator:
    """Return the sentence for a file whose contents contradict themselves."""
    return NeedsOperator(
        f"The database {path} is damaged ({detail}).",
        remedy="Stop Steward, keep a copy of the file, and put the newest backup in its place.",
    )


def _primary_code(error: sqlite3.Error) -> int:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF
