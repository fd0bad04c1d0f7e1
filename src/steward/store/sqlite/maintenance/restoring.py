"""Putting a backup in the place of a database."""

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
    Make sure that a file is a whole database that this program can use.

    Raises:
        NeedsOperator: it is not there, no database of Steward's, damaged, written by a newer Steward, or made of
            something else than Steward's tables; nothing in it is run.

    """
    if not path.is_file():
        said = f"{path} isn't a file." if path.exists() else f"There is no file {path}."
        raise NeedsOperator(said, remedy="Name the backup that is to be restored.")
    try:
        with closing(open_untrusted(path)) as connection:
            versions = versions_in(connection)
            if versions:
                schema.pending(versions)
                _refuse_foreign_parts(path, versions, schema)
                amiss = differences(connection, schema.up_to(versions))
                if amiss:
                    raise NeedsOperator(
                        f"{path} doesn't have Steward's tables: {'; '.join(amiss[:5])}.",
                        remedy="Take another backup; or, if you have changed it yourself, undo that first.",
                    )
            faults = faults_in(connection)
    except (sqlite3.Error, sqlite3.Warning, MemoryError, ValueError) as error:  # UnicodeDecodeError is the last
        versions, faults = {}, [str(error) or "it takes too much memory"]
    if faults or versions is None:
        raise NeedsOperator(
            f"{path} is damaged: {'; '.join(faults) or 'its versions make no sense'}.",
            remedy="Take an older backup.",
        )
    if not versions:
        raise NeedsOperator(f"{path} is a database, but not one of Steward's.", remedy="Name a backup of Steward's.")


def restore(backup: Path, database: Path, schema: Schema) -> Path | None:
    """
    Put a backup in the database's place; a process that is killed meanwhile leaves the one or the other.

    Args:
        backup: what `copy_database` wrote; it stays as it is.
        database: the file to be replaced; it need not exist.

    Returns:
        Where the former database has been kept; None if there was none.

    Raises:
        NeedsOperator: the backup cannot be used.
        DatabaseInUse: a running Steward has the database.
        NotReady: a copy could not be written; the database is as it was.

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
        kept = _kept(database)
        for suffix in LOGS:  # they belong to the former file, and what they hold has been kept with it
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        unfinished.replace(database)
    except OSError as error:
        raise NotReady(
            f"{database} could not be replaced ({error}).", remedy="Free some space, check its rights, and try again."
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


def _kept(database: Path) -> Path | None:
    """Copy a database as it lies there, damaged or not, or what is left of it; return None if nothing is."""
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
