"""Restore a backup in place of a database."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from steward.errors import NeedsOperator, NotReady
from steward.runtime.process.disk import make_private
from steward.store.backup.blueprint import made_of
from steward.store.migrate import VERSIONS_TABLE, Schema
from steward.store.sqlite.connections import check, open_reader
from steward.store.sqlite.faults import LOGS
from steward.store.sqlite.file_lock import FileLock
from steward.store.sqlite.maintenance.backups import copy_database

_LONGEST_VALUE = 64 * 1024 * 1024
_LONGEST_STATEMENT = 1024 * 1024
_MEMORY = 256 * 1024 * 1024
_STATISTICS = {"CREATE TABLE sqlite_stat1(tbl,idx,stat)", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"}
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)

Objects = dict[tuple[str, str], tuple[str, str]]
"""By kind and name: the table, and the statement without comments and line breaks; empty for the index of a key."""


def open_untrusted(path: Path) -> sqlite3.Connection:
    """
    Open a file from an unknown source for reading; it can call no functions and use no more than about 256 MB.

    The settings are SQLite's own recommendations (https://sqlite.org/security.html).

    Raises:
        sqlite3.Error: it is missing, or no database.

    """
    connection = open_reader(path)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
        connection.setlimit(sqlite3.SQLITE_LIMIT_SQL_LENGTH, _LONGEST_STATEMENT)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA mmap_size = 0")
        connection.execute(f"PRAGMA hard_heap_limit = {_MEMORY}")
    except BaseException:
        connection.close()
        raise
    return connection


def versions_in(connection: sqlite3.Connection) -> dict[str, int] | None:
    """Return the version of each part; empty if the file is not Steward's, None if the versions make no sense."""
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_versions'"
    if connection.execute(sql).fetchone() is None:
        return {}
    rows = connection.execute("SELECT name, MAX(version) FROM schema_versions GROUP BY name LIMIT 1000").fetchall()
    sane = all(isinstance(name, str) and isinstance(version, int) and version > 0 for name, version in rows)
    return dict(rows) if sane else None


def differences(connection: sqlite3.Connection, schema: Schema) -> list[str]:
    """
    Compare the schema of a file with that of migrations; return the differences, each as the end of a sentence.

    A non-unique index may be missing: `steward optimize` creates it again.

    Args:
        schema: the migrations that were applied to a file of its versions.

    """
    with made_of(schema) as reference:
        reference.execute(VERSIONS_TABLE)
        wanted = _objects(reference)
    there = _objects(connection)
    found = []
    for (kind, name), (table, sql) in wanted.items():
        if (kind, name) not in there:
            if kind != "index" or not sql or sql.startswith("CREATE UNIQUE"):
                found.append(f"it lacks the {kind} {name}")
        elif there[kind, name] != (table, sql):
            found.append(f"its {kind} {name} differs from Steward's")
    foreign = {key: sql for key, (_, sql) in there.items() if key not in wanted}
    return found + [
        f"it has the {kind} {name}, which isn't Steward's"
        for (kind, name), sql in foreign.items()
        if not (kind == "table" and sql in _STATISTICS)
    ]


def faults_in(connection: sqlite3.Connection) -> list[str]:
    """Read the whole file; return what is damaged, and which rows refer to missing rows."""
    found = check(connection, "integrity_check", limit=3)
    rows = connection.execute("PRAGMA foreign_key_check").fetchmany(3)
    return found + [f"a row of {row['table']} refers to a missing row of {row['parent']}" for row in rows]


def _objects(connection: sqlite3.Connection) -> Objects:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {(kind, name): (table, " ".join(_COMMENT.sub(" ", sql or "").split())) for kind, name, table, sql in rows}


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
