"""Restore a backup in place of a database."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from steward.errors import NeedsOperator, NotReady
from steward.runtime.process.disk import make_private
from steward.store.migrate import Schema
from steward.store.sqlite.connections import open_reader
from steward.store.sqlite.faults import LOGS
from steward.store.sqlite.file_lock import FileLock
from steward.store.sqlite.maintenance.copying import copy_database
from steward.store.sqlite.maintenance.untrusted import differences, faults_in, open_untrusted, versions_in


def check_database(path: Path, schema: Schema) -> None:
    """
    Check that a file is a complete database that this program can use.

    Raises:
        NeedsOperator: it is missing, not a database of Steward's, damaged, written by a newer Steward, or has other
            objects than Steward's tables; no SQL in it is run.

    """
    if not path.is_file():
        problem = f"{path} isn't a file." if path.exists() else f"There is no file {path}."
        raise NeedsOperator(problem, remedy="Name the backup to restore.")
    try:
        with closing(open_untrusted(path)) as connection:
            versions = versions_in(connection)
            if versions:
                schema.pending(versions)
                _refuse_foreign_parts(path, versions, schema)
                found = differences(connection, schema.up_to(versions))
                if found:
                    raise NeedsOperator(
                        f"{path} doesn't have Steward's tables: {'; '.join(found[:5])}.",
                        remedy="Use another backup; or, if you have changed it yourself, undo that first.",
                    )
            faults = faults_in(connection)
    except (sqlite3.Error, sqlite3.Warning, MemoryError, ValueError) as error:  # ValueError: UnicodeDecodeError
        versions, faults = {}, [str(error) or "it takes too much memory"]
    if faults or versions is None:
        raise NeedsOperator(
            f"{path} is damaged: {'; '.join(faults) or 'its versions make no sense'}.",
            remedy="Use an older backup.",
        )
    if not versions:
        raise NeedsOperator(f"{path} is a database, but not one of Steward's.", remedy="Name a backup of Steward's.")


def restore(backup: Path, database: Path, schema: Schema) -> Path | None:
    """
    Replace a database by a backup; a process killed meanwhile leaves either the one or the other.

    Args:
        backup: written by `copy_database`; it stays unchanged.
        database: the file to replace; it need not exist.

    Returns:
        The path of the former database's copy; None if there was none.

    Raises:
        NeedsOperator: the backup cannot be used.
        DatabaseInUse: a running Steward uses the database.
        NotReady: a copy could not be written; the database is unchanged.

    """
    check_database(backup, schema)
    database.parent.mkdir(parents=True, exist_ok=True)
    unfinished = database.with_name(f"{database.name}.restoring")
    lock = FileLock(database)
    lock.acquire()
    try:
        if database.exists():
            lock.hold_file()
        with closing(open_reader(backup)) as connection:
            copy_database(connection, unfinished)
        kept = _keep_former(database)
        for suffix in LOGS:  # they belong to the former file, and were copied with it
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        unfinished.replace(database)
    except OSError as error:
        raise NotReady(
            f"{database} could not be replaced ({error}).",
            remedy="Free some space, check its permissions, and try again.",
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
        lock.release()
    return kept


def _refuse_foreign_parts(path: Path, versions: Mapping[str, int], schema: Schema) -> None:
    foreign = versions.keys() - {step.part for step in schema.migrations}
    if foreign:
        raise NeedsOperator(
            f"{path} holds tables that this program does not know, those of {', '.join(sorted(foreign))}.",
            remedy="Use the program that wrote it, which has the bots that these tables belong to.",
        )


def _keep_former(database: Path) -> Path | None:
    """Copy a database with its logs, damaged or not; return the copy's path, None if there is nothing."""
    if not any(database.with_name(database.name + suffix).exists() for suffix in ("", *LOGS)):
        return None
    kept = database.with_name(f"{database.name}.before-restore")
    for suffix in ("", *LOGS):
        file, copy = (path.with_name(path.name + suffix) for path in (database, kept))
        copy.unlink(missing_ok=True)
        if file.exists():
            make_private(copy)
            shutil.copyfile(file, copy)
    return kept
