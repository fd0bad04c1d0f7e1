"""Find what could be better about a database on a server."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from steward.store.backup.blueprint import blueprint
from steward.store.migrate import Schema
from steward.store.server.connector import Connector
from steward.store.server.guard import ProcessGuard
from steward.store.server.maintenance.copying import copy_database
from steward.store.server.session import DatabaseSession
from steward.store.weakness import Weakness, missing_index, ranked


def analyse(session: DatabaseSession, engine: str, schema: Schema) -> list[Weakness]:
    """
    Analyse a database, which a bot may be using.

    Args:
        session: used by nobody else.
        engine: `postgresql` or `mysql`.

    """
    if engine == "postgresql":
        from steward.store.postgresql import analysis as own
    else:
        from steward.store.mysql import analysis as own  # type: ignore[no-redef]
    rows, there = own.rows_by_table(session), own.indexes(session)
    wanted = blueprint(schema).indexes
    missing = [
        missing_index(name, table, rows[table], sql)
        for name, (table, _, sql) in wanted.items()
        if name not in there and table in rows
    ]
    return ranked([*missing, *own.weaknesses(session)])


def apply_fixes(connector: Connector, schema: Schema, found: Sequence[Weakness], backup: Path) -> None:
    """
    Run the safe fixes, after a backup; the bot must be stopped.

    Raises:
        DatabaseInUse: a running Steward uses the database.
        NotReady: the backup could not be written, and nothing was changed; or the server was lost.

    """
    with connector.unlimited() as session, connector.explaining(session):
        ProcessGuard(connector).lock(session, connector.retry_timeout)
        copy_database(session, connector.engine, schema, backup)
        for weakness in found:
            for statement in weakness.fix:
                session.execute(connector.engine.prepare_ddl(statement))
