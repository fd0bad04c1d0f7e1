"""Backups of an SQLite file in the portable form, and files made of them: the way from one engine to another."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from steward.errors import NeedsOperator
from steward.runtime.disk import make_private
from steward.store.blueprint import blueprint
from steward.store.dialect import SqliteDialect
from steward.store.migrate import VERSIONS_TABLE, Schema
from steward.store.portable import Contents, digest_of, read_portable, write_portable
from steward.store.sqlite.connections import open_reader
from steward.store.sqlite.upgrade import applied, apply

_OWN = "schema_versions"


def write_backup(path: Path, schema: Schema, target: Path) -> Contents:
    """
    Write one committed state of a file to `target` in the portable form; a bot may be using it.

    Raises:
        NotReady: it could not be written.
        sqlite3.Error: the database cannot be read.

    """
    with closing(open_reader(path)) as connection:
        connection.execute("BEGIN")
        there = set(table_names(connection)) - {_OWN}
        known = [table for table in blueprint(schema).tables if table in there]
        tables = known + sorted(there - set(known))
        return write_portable(target, applied(connection), tables, lambda table: read_table(connection, table))


def make_database(backup: Path, contents: Contents, schema: Schema, path: Path, now_ms: int) -> None:
    """
    Make an SQLite file of a backup that was checked, and compare every row with the backup's.

    Args:
        backup: the file of the portable form.
        contents: what it holds.
        schema: what this program knows.
        path: where there is no file yet.
        now_ms: the time, for the table of versions.

    Raises:
        NeedsOperator: a row came out different.
        sqlite3.Error, OSError: it could not be written.

    """
    make_private(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute(VERSIONS_TABLE)
        for step in schema.up_to(contents.versions).migrations:
            apply(connection, path, step, SqliteDialect(), now_ms)
        connection.execute("BEGIN")
        for table in contents.tables:
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - what a migration has put in
        for table, columns, rows in read_portable(backup):
            names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
            connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - as above
        for table, digest in contents.tables.items():
            if digest_of(read_table(connection, table)) != digest:
                raise NeedsOperator(
                    f"The table {table} came out different from the backup; nothing was changed.",
                    remedy="Try again; if that does not help, please report this.",
                )
        connection.execute("COMMIT")


def table_names(connection: sqlite3.Connection) -> list[str]:
    """Return the tables of a database, but for SQLite's own."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [name for (name,) in connection.execute(sql).fetchall()]


def read_table(connection: sqlite3.Connection, table: str) -> Iterator[sqlite3.Row]:
    """Yield the rows of a table, as SQLite reads them."""
    yield from connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - named by the database itself
