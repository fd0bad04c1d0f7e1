"""Apply migrations to an SQLite file, after a backup."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from steward.errors import Broken
from steward.runtime.logs.loggers import get_logger
from steward.store.dialect import Dialect
from steward.store.migrate import VERSIONS_TABLE, Migration, Schema, log_upgrade, statements
from steward.store.sqlite.faults import explain
from steward.store.sqlite.maintenance.backups import copy_database

log = get_logger(__name__)


def upgrade(connection: sqlite3.Connection, path: Path, schema: Schema, dialect: Dialect, now_ms: int) -> None:
    """
    Apply pending migrations, each with its version row in one transaction.

    A process killed at any moment leaves the schema before or after a migration, never between. A database that
    already has tables is first copied to `<file>.before-<part>-V<n>`, so that it can be restored.

    Raises:
        NeedsOperator: the database was written by a newer Steward.
        NotReady: the backup could not be written; nothing was changed.
        Broken: a migration failed; the database is as it was before that migration.

    """
    pending = schema.pending(applied(connection))
    if not pending:
        return
    new = not _has_tables(connection)
    if not new:
        steps = "-".join(f"{step.part}-V{step.version}" for step in pending[:3])
        copy = path.with_name(f"{path.name}.before-{steps}")
        copy_database(connection, copy)
        log.info("database_backed_up", backup=str(copy), before=[str(step) for step in pending])
    connection.execute(VERSIONS_TABLE)
    for step in pending:
        apply(connection, path, step, dialect, now_ms)
    log_upgrade(str(path), pending, new=new)


def apply(connection: sqlite3.Connection, path: Path, step: Migration, dialect: Dialect, now_ms: int) -> None:
    """
    Apply one migration and record its version, in one transaction.

    Raises:
        StoreUnavailable: the disk is full, or another program holds the file; the database is unchanged.
        Broken: the migration failed; the database is unchanged.

    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        for statement in statements(step.sql, dialect):
            connection.execute(statement)
        connection.execute(
            "INSERT INTO schema_versions (name, version, file, applied_at) VALUES (?, ?, ?, ?)",
            (step.part, step.version, step.file, now_ms),
        )
        connection.execute("COMMIT")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        unavailable = explain(error, path) if isinstance(error, sqlite3.Error) else None
        if unavailable is not None:  # a full disk is not the migration's fault
            raise unavailable from error
        if isinstance(error, sqlite3.OperationalError | sqlite3.IntegrityError | sqlite3.ProgrammingError):
            raise Broken(
                f"The migration {step} ({step.file}) failed: {error}. The database is as it was before it.",
                remedy="Report this; until then start the version of Steward that ran before.",
            ) from error
        raise


def applied(connection: sqlite3.Connection) -> dict[str, int]:
    """Return the version of each part of a database; empty if it is not Steward's."""
    if not _has_tables(connection, "schema_versions"):
        return {}
    return dict(connection.execute("SELECT name, MAX(version) FROM schema_versions GROUP BY name").fetchall())


def _has_tables(connection: sqlite3.Connection, name: str = "%") -> bool:
    query = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name LIKE ? LIMIT 1"
    return connection.execute(query, (name,)).fetchone() is not None
