"""The schema that migrations make: tables in order of their references, and indexes; and whether a backup fits it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from steward.errors import NeedsOperator
from steward.store.backup.portable import Contents, check_portable
from steward.store.dialect import SqliteDialect
from steward.store.migrate import Schema, statements


@dataclass(frozen=True, slots=True)
class Blueprint:
    """
    The schema that migrations make on SQLite; the other engines make the same.

    Attributes:
        tables: names, each after those that it refers to.
        indexes: by name: the table, the columns and the SQL; without those of keys.
        columns: of each table, each with the type that the migration gives it.

    """

    tables: tuple[str, ...]
    indexes: dict[str, tuple[str, tuple[str, ...], str]]
    columns: dict[str, dict[str, str]]


def blueprint(schema: Schema) -> Blueprint:
    """Apply all migrations to an empty database in memory, and read its schema."""
    with made_of(schema) as fresh:
        sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        parents = {name: _parents(fresh, name) for (name,) in fresh.execute(sql).fetchall()}
        indexes = fresh.execute(
            "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        ).fetchall()
        found = {name: (table, _columns(fresh, name), made) for name, table, made in indexes}
        columns = {name: _types(fresh, name) for name in parents}
    ordered: list[str] = []
    while parents:
        free = [name for name, needed in parents.items() if needed <= set(ordered)] or [*parents]  # a cycle: any order
        ordered += free
        parents = {name: needed for name, needed in parents.items() if name not in free}
    return Blueprint(tuple(ordered), found, columns)


@contextmanager
def made_of(schema: Schema) -> Iterator[sqlite3.Connection]:
    """Return a context manager giving an empty in-memory database with all migrations applied."""
    with closing(sqlite3.connect(":memory:")) as fresh:
        for step in schema.migrations:
            for statement in statements(step.sql, SqliteDialect()):
                fresh.execute(statement)
        yield fresh


def _types(connection: sqlite3.Connection, table: str) -> dict[str, str]:
    return {row[1]: row[2] for row in connection.execute(f'PRAGMA table_info("{table}")')}


def _parents(connection: sqlite3.Connection, table: str) -> set[str]:
    return {row[2] for row in connection.execute(f'PRAGMA foreign_key_list("{table}")') if row[2] != table}


def _columns(connection: sqlite3.Connection, index: str) -> tuple[str, ...]:
    return tuple(row[2] for row in connection.execute(f'PRAGMA index_info("{index}")'))


def check_backup(path: Path, schema: Schema) -> Contents:
    """
    Check a backup to its end, and that this program knows all its tables and columns.

    Raises:
        NeedsOperator: it is incomplete, was written by a newer Steward, holds tables of bots not installed, or lacks
            tables or columns.

    """
    contents = check_portable(path)
    if not contents.versions:
        raise NeedsOperator(f"{path} holds no tables of Steward's.", remedy="Name a backup of Steward's.")
    schema.pending(dict(contents.versions))
    made = blueprint(schema.up_to(contents.versions))
    unknown = contents.tables.keys() - set(made.tables)
    if unknown:
        raise NeedsOperator(
            f"{path} holds tables that this program does not know: {', '.join(sorted(unknown))}.",
            remedy="Restore it with the program that wrote it, which has the bots that these tables belong to.",
        )
    missing = set(made.tables) - contents.tables.keys()
    missing |= {table for table, names in contents.columns.items() if set(names) != made.columns[table].keys()}
    if missing:
        raise NeedsOperator(
            f"{path} lacks tables or columns: {', '.join(sorted(missing))}.", remedy="Use another backup."
        )
    return contents
