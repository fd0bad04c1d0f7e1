"""Copies of a database in use."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from steward.errors import NotReady


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """
    Write one committed state of `source` to `target`, which changes at once when the copy is complete and synced.

    Uses SQLite's online backup in one step: in WAL mode it holds no writer up (https://sqlite.org/backup.html).

    Raises:
        NotReady: the copy could not be written.

    """
    unfinished = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        with closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
        _sync(unfinished)
        unfinished.replace(target)
        _sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        unfinished.unlink(missing_ok=True)
        raise NotReady(
            f"The backup {target} could not be written ({error}); the database itself is untouched.",
            remedy="Free some space or choose another place for the backup.",
        ) from error


def _sync(path: Path) -> None:
    """Have the operating system put a file, or the entries of a folder, on the disk."""
    if path.is_dir() and os.name == "nt":
        return  # Windows cannot open folders for syncing; its file systems log renames themselves
    descriptor = os.open(path, os.O_RDWR if path.is_file() else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
