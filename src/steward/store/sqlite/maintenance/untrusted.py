"""
Open a file from an unknown source so that nothing in it is run, and compare its schema with our migrations.

The settings are SQLite's own recommendations (https://sqlite.org/security.html).
"""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

from steward.store.backup.blueprint import made_of
from steward.store.migrate import VERSIONS_TABLE, Schema
from steward.store.sqlite.connections import check, open_reader

_LONGEST_VALUE = 64 * 1024 * 1024
_LONGEST_STATEMENT = 1024 * 1024
_MEMORY = 256 * 1024 * 1024
_STATISTICS = {"CREATE TABLE sqlite_stat1(tbl,idx,stat)", "CREATE TABLE sqlite_stat4(tbl,idx,neq,nlt,ndlt,sample)"}
_COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)

Objects = dict[tuple[str, str], tuple[str, str]]
"""By kind and name: the table, and the statement without comments and line breaks; empty for the index of a key."""


def open_untrusted(path: Path) -> sqlite3.Connection:
    """
    Open a file for reading; it can call no functions and use no more than about 256 MB.

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
