"""
A file that somebody has given us: opened so that nothing in it is run, and compared with what our migrations make.

The recommendations are SQLite's own (https://sqlite.org/security.html).
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
"""By kind and name: the table, and the statement without comments and breaks of lines; empty for what a key brings."""


def open_untrusted(path: Path) -> sqlite3.Connection:
    """
    Open a file for reading, so that it runs no functions and takes no more than some 256 MB.

    Raises:
        sqlite3.Error: it is not there, or no database.

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
    """Return the version of each part; none for a file that is not Steward's, None where they make no sense."""
    sql = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_versions'"
    if connection.execute(sql).fetchone() is None:
        return {}
    rows = connection.execute("SELECT name, MAX(version) FROM schema_versions GROUP BY name LIMIT 1000").fetchall()
    sane = all(isinstance(name, str) and isinstance(version, int) and version > 0 for name, version in rows)
    return dict(rows) if sane else None


def differences(connection: sqlite3.Connection, schema: Schema) -> list[str]:
    """
    Compare what a file is made of with what migrations make; return what is amiss, the end of a sentence each.

    An index that only speeds up may be missing: `steward optimize` makes it anew.

    Args:
        schema: the migrations that a file of its versions has had.

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
            found.append(f"its {kind} {name} is not as Steward makes it")
    foreign = {key: sql for key, (_, sql) in there.items() if key not in wanted}
    return found + [
        f"it has the {kind} {name}, which is none of Steward's"
        for (kind, name), sql in foreign.items()
        if not (kind == "table" and sql in _STATISTICS)
    ]


def faults_in(connection: sqlite3.Connection) -> list[str]:
    """Read the whole file; return what is damaged, and which rows refer to others that are missing."""
    found = check(connection, "integrity_check", limit=3)
    rows = connection.execute("PRAGMA foreign_key_check").fetchmany(3)
    return found + [f"a row of {row['table']} refers to a missing row of {row['parent']}" for row in rows]


def _objects(connection: sqlite3.Connection) -> Objects:
    rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
    return {(kind, name): (table, " ".join(_COMMENT.sub(" ", sql or "").split())) for kind, name, table, sql in rows}
