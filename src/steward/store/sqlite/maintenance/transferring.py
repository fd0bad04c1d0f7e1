"""Transfer between engines: write portable backups of an SQLite file, and make SQLite files of portable backups."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from uuid import uuid4

from steward.errors import NeedsOperator, NotReady
from steward.runtime.process.disk import make_private
from steward.store.backup.blueprint import blueprint
from steward.store.backup.portable import Contents, digest_of, read_portable, write_portable
from steward.store.dialect import SqliteDialect
from steward.store.migrate import VERSIONS_TABLE, Schema
from steward.store.sqlite.connections import open_reader
from steward.store.sqlite.maintenance.upgrade import applied, apply

_OWN = "schema_versions"


def write_backup(path: Path, schema: Schema, target: Path) -> Contents:
    """
    Write one committed state of a file to `target` in the portable form, even while a bot uses it.

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
    Make an SQLite file of a checked backup, and compare every table with the backup.

    Args:
        backup: in the portable form.
        path: the new file, which must not exist.
        now_ms: the time, for the table of versions.

    Raises:
        NeedsOperator: a table differs from the backup, or its rows contradict each other.
        sqlite3.Error, OSError: the file could not be written.

    """
    make_private(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute(VERSIONS_TABLE)
        for step in schema.up_to(contents.versions).migrations:
            apply(connection, path, step, SqliteDialect(), now_ms)
        connection.execute("BEGIN")
        for table in contents.tables:
            connection.execute(f'DELETE FROM "{table}"')  # noqa: S608 - rows that a migration has inserted
        _fill(connection, backup)
        for table, digest in contents.tables.items():
            if digest_of(read_table(connection, table)) != digest:
                raise NeedsOperator(
                    f"The table {table} came out different from the backup; nothing was changed.",
                    remedy="Try again; if that does not help, please report this.",
                )
        connection.execute("COMMIT")


def _fill(connection: sqlite3.Connection, backup: Path) -> None:
    contradicts = NeedsOperator(
        f"The rows of {backup} contradict each other; nothing was changed.", remedy="Use another backup."
    )
    try:
        for table, columns, rows in read_portable(backup):
            names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
            connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - compared
    except (sqlite3.IntegrityError, ValueError) as error:
        raise contradicts from error
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise contradicts


def rehearse(backup: Path, contents: Contents, schema: Schema, folder: Path, now_ms: int) -> None:
    """
    Check that a server will accept every row of a backup, by making a temporary SQLite file of it.

    MariaDB and MySQL cannot undo the drops of a restore, so this runs first.

    Args:
        folder: for the temporary file.

    Raises:
        NeedsOperator: a row would be refused.
        NotReady: the file could not be written.

    """
    trial = folder / f".trial-{uuid4().hex}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        make_database(backup, contents, schema, trial, now_ms)
        with closing(open_reader(trial)) as connection:
            for table in contents.tables:
                if _misfits(connection, table):
                    raise NeedsOperator(
                        f"{backup} has a row of {table} that no server accepts: a text is too long, or a value has"
                        " another type than its column; nothing was changed.",
                        remedy="Use another backup, or restore this one into an SQLite file.",
                    )
    except (OSError, sqlite3.Error) as error:
        raise NotReady(
            f"{trial} could not be written ({error}); nothing was changed.", remedy="Free some space and try again."
        ) from error
    finally:
        for suffix in ("", "-journal"):
            trial.with_name(trial.name + suffix).unlink(missing_ok=True)


def _misfits(connection: sqlite3.Connection, table: str) -> bool:
    """Tell whether a table has a value that its column accepts on SQLite only."""
    conditions = []
    for _, column, declared, _, _, key in connection.execute(f'PRAGMA table_info("{table}")').fetchall():
        kind, _, length = declared.upper().rstrip(")").partition("(")
        allowed = {"VARCHAR": "text", "TEXT": "text", "BLOB": "blob"}.get(kind, "integer")
        if kind in {"REAL", "DOUBLE", "FLOAT", "DOUBLE PRECISION"}:
            continue
        conditions.append(f"typeof(\"{column}\") NOT IN ('null', '{allowed}')")
        if length:
            conditions.append(f'length("{column}") > {int(length)}')
        if allowed == "integer" and not key:
            bits = {"SMALLINT": 15, "INTEGER": 31}.get(kind, 63)
            conditions.append(f'"{column}" NOT BETWEEN {-(1 << bits)} AND {(1 << bits) - 1}')
    sql = f'SELECT 1 FROM "{table}" WHERE {" OR ".join(conditions) or 0} LIMIT 1'  # noqa: S608 - names of migrations
    return connection.execute(sql).fetchone() is not None


def table_names(connection: sqlite3.Connection) -> list[str]:
    """Return the tables of a database, without SQLite's own."""
    sql = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    return [name for (name,) in connection.execute(sql).fetchall()]


def read_table(connection: sqlite3.Connection, table: str) -> Iterator[sqlite3.Row]:
    yield from connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 - named by the database itself
