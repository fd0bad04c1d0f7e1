"""Copy a database in use."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from pathlib import Path

from steward.errors import NotReady
from steward.runtime.process.disk import free_space, make_private, sync


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """
    Write one committed state of `source` to `target`, which is replaced atomically once the copy is synced.

    Uses SQLite's online backup in one step; in WAL mode it blocks no writer (https://sqlite.org/backup.html).

    Raises:
        NotReady: the copy could not be written.

    """
    unfinished = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished.unlink(missing_ok=True)
        make_private(unfinished)
        with closing(sqlite3.connect(unfinished)) as copy:
            source.backup(copy)
        sync(unfinished)
        unfinished.replace(target)
        sync(target.parent)
    except (OSError, sqlite3.Error) as error:
        with suppress(OSError):
            unfinished.unlink()
        raise NotReady(
            f"The backup {target} could not be written ({error}; {free_space(target.parent)});"
            " the database itself is untouched.",
            remedy="Free some space or choose another place for the backup.",
        ) from error
