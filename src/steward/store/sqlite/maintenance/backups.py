"""Copy a database in use, find its backups, and say how to restore the newest."""

from __future__ import annotations

import sqlite3
from contextlib import closing, suppress
from glob import escape
from pathlib import Path

from steward.errors import NotReady
from steward.runtime.process.disk import free_space, make_private, sync
from steward.store.backup.portable import MADE_AT, SUFFIX

FOLDER = "backups"
RESCUED = ".rescued-"
_COPIES = (".before-", RESCUED)
_NO_BACKUPS = ("-wal", "-shm", "-journal", ".part", ".before-restore")


def newest_backup(path: Path) -> Path | None:
    """Return the newest copy, beside the database or in `backups`, that `steward db restore` accepts; else None."""
    name, stem, folder = escape(path.name), escape(path.stem), path.parent / FOLDER
    found = [copy for kind in _COPIES for copy in path.parent.glob(f"{name}{kind}*")]
    found += [copy for end in (".sqlite3", SUFFIX) for copy in folder.glob(f"{stem}{MADE_AT}{end}")]
    usable = [copy for copy in found if not copy.name.endswith(_NO_BACKUPS) and copy.stat().st_size]
    return max(usable, key=lambda copy: copy.stat().st_mtime_ns, default=None)


def how_to_restore(path: Path) -> str:
    """Return a sentence with the newest backup and the command that restores it."""
    newest = newest_backup(path)
    if newest is None:
        return f"Restore the newest backup: steward db restore FILE (none was found in {path.parent / FOLDER})"
    return f"Restore the newest backup: steward db restore {newest}"


def existed_before(path: Path) -> bool:
    """Tell whether there once was a database at this path: its lock file and its copies stay."""
    return path.with_name(path.name + ".lock").exists() or newest_backup(path) is not None


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
