"""Restore a portable backup into a database on a server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from steward.errors import NeedsOperator
from steward.store.backup.blueprint import blueprint, check_backup
from steward.store.backup.portable import Contents, digest_of, read_portable
from steward.store.migrate import VERSIONS_TABLE, Schema, statements
from steward.store.server.connector import Connector
from steward.store.server.guard import ProcessGuard
from steward.store.server.maintenance.copying import BOOKKEEPING, copy_database, data_tables, read_table
from steward.store.server.maintenance.upgrade import UNFINISHED, note_version
from steward.store.server.session import DatabaseSession
from steward.store.sqlite.maintenance.transferring import rehearse

_MARK = f"CREATE TABLE {UNFINISHED} (file VARCHAR(190) NOT NULL)"


def restore(
    backup: Path, connector: Connector, schema: Schema, *, now_ms: int, force: bool, keep: Path
) -> tuple[Contents, Path | None]:
    """
    Restore a backup into a database, which is created if missing, and compare every table with the backup.

    PostgreSQL does it in one transaction. Where CREATE cannot be rolled back (MariaDB, MySQL), the database is marked
    as unfinished meanwhile: no Steward starts on it, and restoring again completes it.

    Args:
        backup: written by `copy_database`.
        now_ms: the time, for the table of versions.
        force: overwrite a database that has rows.
        keep: the file for a copy of those rows.

    Returns:
        The contents of the backup, and the path of the copy; None if there were no rows.

    Raises:
        NeedsOperator: the backup cannot be used, or the database has rows and `force` is not given.
        DatabaseInUse: a running Steward uses the database.
        NotReady: the copy could not be written, or the server was lost; see above for the state after that.

    """
    contents = check_backup(backup, schema)
    rehearse(backup, contents, schema, keep.parent, now_ms)
    session = connector.connect_first()
    session.limits.statement = None
    engine, location = connector.engine, connector.location
    try:
        with connector.explaining(session):
            ProcessGuard(connector).lock(session, connector.retry_timeout)
            kept = None
            if UNFINISHED not in engine.tables(session) and _has_rows(session, data_tables(session, engine, schema)):
                if not force:
                    raise NeedsOperator(
                        f"The database {location} has rows already; nothing was changed.",
                        remedy="Restore into an empty database, or add --force: the data is saved to a file first.",
                    )
                copy_database(session, engine, schema, keep)
                kept = keep
            _replace(session, connector, backup, contents, schema, now_ms)
    finally:
        session.close()
    return contents, kept


def _replace(
    session: DatabaseSession, connector: Connector, backup: Path, contents: Contents, schema: Schema, now_ms: int
) -> None:
    engine = connector.engine
    at_once = engine.transactional_ddl
    there = engine.tables(session)
    former = [table for table in (*blueprint(schema).tables, *BOOKKEEPING - {UNFINISHED}) if table in there]
    if at_once:
        session.begin(reading=False)
    elif UNFINISHED not in there:
        session.execute(engine.prepare_ddl(_MARK))
    for table in reversed(former):
        session.execute(f'DROP TABLE "{table}"')
    session.execute(engine.prepare_ddl(VERSIONS_TABLE))
    past = schema.up_to(contents.versions)
    for step in past.migrations:
        for statement in statements(step.sql, engine.dialect):
            session.execute(engine.prepare_ddl(statement))
        note_version(session, step, now_ms)
    if not at_once:
        session.begin(reading=False)
    _fill(session, backup, [table for table in blueprint(past).tables if table in contents.tables], contents)
    for table in contents.tables:
        engine.continue_numbering(session, table)
    session.commit()
    if not at_once:
        session.execute(f"DROP TABLE {UNFINISHED}")


def _fill(session: DatabaseSession, backup: Path, tables: Sequence[str], contents: Contents) -> None:
    """Insert the rows, and compare them with the backup."""
    for table in reversed(tables):
        session.execute(f'DELETE FROM "{table}"')  # noqa: S608 - rows that a migration has inserted
    for table, columns, rows in read_portable(backup):
        names, marks = ", ".join(f'"{name}"' for name in columns), ", ".join("?" * len(columns))
        session.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', rows)  # noqa: S608 - as above
    for table in tables:
        if digest_of(read_table(session, table)) != contents.tables[table]:
            raise NeedsOperator(
                f"The table {table} came out different from the backup; the database is not restored.",
                remedy="Restore again; if that does not help, please report this.",
            )


def _has_rows(session: DatabaseSession, tables: Iterable[str]) -> bool:
    return any(
        session.execute(f'SELECT EXISTS (SELECT 1 FROM "{table}")').fetchone()[0]  # noqa: S608 - as above
        for table in tables
    )
