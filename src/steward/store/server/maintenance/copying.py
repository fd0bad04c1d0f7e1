"""Write portable backups of a database on a server, while others write."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from steward.store.backup.blueprint import blueprint
from steward.store.backup.portable import Contents, write_portable
from steward.store.migrate import Schema
from steward.store.server.engine import Engine
from steward.store.server.session import DatabaseSession

BOOKKEEPING = frozenset({"schema_versions", "schema_steps", "store_writer", "restore_unfinished"})
"""Tables that are created again, not copied."""


def copy_database(session: DatabaseSession, engine: Engine, schema: Schema, target: Path) -> Contents:
    """
    Write one committed state of a database to `target`, which is replaced atomically.

    Args:
        session: used by nobody else, without a time limit for statements.
        schema: gives the order of tables that refer to each other.

    Raises:
        NotReady: it could not be written; the old file is untouched.
        Exception: the driver's.

    """
    session.begin(reading=True)
    try:
        versions = applied(session, engine)
        tables = data_tables(session, engine, schema)
        return write_portable(target, versions, tables, lambda table: read_table(session, table))
    finally:
        if session.broken is None:
            session.rollback()


def applied(session: DatabaseSession, engine: Engine) -> dict[str, int]:
    """Return the version of each part of a database; empty if it is not Steward's."""
    if "schema_versions" not in engine.tables(session):
        return {}
    rows = session.execute("SELECT name, MAX(version) FROM schema_versions GROUP BY name").fetchall()
    return {row[0]: int(row[1]) for row in rows}


def data_tables(session: DatabaseSession, engine: Engine, schema: Schema) -> list[str]:
    """Return the tables with data, each after those that it refers to."""
    there = engine.tables(session) - BOOKKEEPING
    known = [table for table in blueprint(schema).tables if table in there]
    return known + sorted(there - set(known))


def read_table(session: DatabaseSession, table: str) -> Iterator[Any]:
    return session.stream(f'SELECT * FROM "{table}"')  # noqa: S608 - named by the database itself
