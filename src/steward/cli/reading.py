"""Read the database while the bot runs: one committed state of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from steward.cli.database_file import database_file
from steward.cli.db_server import reading
from steward.errors import NeedsOperator
from steward.runtime.clock import SystemClock
from steward.settings import Settings
from steward.store.dialect import SqliteDialect
from steward.store.server.address import server_address
from steward.store.sqlite.connections import open_reader
from steward.store.sqlite.faults import explain_at_opening
from steward.store.transaction import Transaction


@contextmanager
def reading_tables(settings: Settings, bot: str, what: str, *, version: int = 1) -> Iterator[Transaction]:
    """
    Give a transaction that reads one committed state of the database, which has a bot's tables.

    Args:
        what: is kept in them, for the sentence on a database that doesn't have them yet.
        version: the step of the bot's migrations that must be done at least.

    Raises:
        NeedsOperator, NotReady: there is no database, it is older, or it can't be read now.

    """
    address, clock = server_address(settings.database), SystemClock()
    if address is not None:
        with reading(address, clock) as tx:
            _require(tx, bot, what, version)
            yield tx
        return
    path = database_file(settings)
    try:
        with closing(open_reader(path)) as connection:
            connection.execute("BEGIN")
            tx = Transaction(connection, SqliteDialect(), clock.now())
            _require(tx, bot, what, version)
            yield tx
    except sqlite3.Error as error:
        raise explain_at_opening(error, path) from error


def _require(tx: Transaction, bot: str, what: str, version: int) -> None:
    sql = "SELECT COUNT(*) FROM schema_versions WHERE name = ? AND version >= ?"
    if not tx.value(sql, (bot, version)):
        raise NeedsOperator(f"The database is older than {what}.", remedy="Run `steward db upgrade` first.")
