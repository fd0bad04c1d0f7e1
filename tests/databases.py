"""Databases for tests: a file, and one on each server that answers here."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from asyncmy.errors import OperationalError

from steward.store.server.address import server_address
from steward.store.server.engine import server_engine
from steward.store.server.session import DatabaseSession, SessionLimits
from steward.store.transaction import Transaction

SERVERS = {
    "postgresql": os.environ.get("STEWARD_TEST_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/"),
    "mysql": os.environ.get("STEWARD_TEST_MYSQL", "mysql://root@127.0.0.1:3306/"),
}
ENGINES = ("sqlite", *SERVERS)
KEPT_TABLES = {"schema_versions", "schema_steps", "store_writer"}


class TestDatabases:
    """
    The databases of one run of the suite.

    A database of a server takes half a second to make and drop, so a worker keeps one on each server and empties it
    after each test; `fresh` gives one that does not exist yet.
    """

    __test__ = False

    def __init__(self) -> None:
        self._numbers = count()
        self._kept: dict[str, str] = {}

    @contextmanager
    def empty(self, engine: str, folder: Path) -> Iterator[str]:
        """Give the URL of a database without a row, which may have tables; emptied afterwards."""
        if engine == "sqlite":
            yield f"sqlite:///{folder / 'steward.sqlite3'}"
            return
        if engine not in self._kept:
            self._kept[engine] = self._new_name(engine)
        name = self._kept[engine]
        try:
            yield SERVERS[engine] + name
        finally:
            empty(engine, name)

    @contextmanager
    def fresh(self, engine: str, folder: Path) -> Iterator[str]:
        """Give the URL of a database that does not exist yet; on a server it is gone afterwards."""
        if engine == "sqlite":
            yield f"sqlite:///{folder / 'steward.sqlite3'}"
            return
        name = self._new_name(engine)
        try:
            yield SERVERS[engine] + name
        finally:
            drop(engine, name)

    def close(self) -> None:
        """Drop what was kept."""
        for engine, name in self._kept.items():
            drop(engine, name)

    def _new_name(self, engine: str) -> str:
        why = unreachable(engine)
        if why is not None:
            pytest.skip(why)
        return f"steward_test_{os.getpid()}_{next(self._numbers)}"


def empty(engine: str, name: str) -> None:
    """Take all rows out of a database; tables of the test's own go, too."""
    end_sessions(SERVERS[engine] + name)
    with administration(engine) as session:
        if name not in database_names(engine, session):
            return
    with administration(engine, name) as session:
        known = {table for table in server_engine(engine).tables(session) if table not in KEPT_TABLES}
        filled = [table for table in known if session.execute(f"SELECT EXISTS (SELECT 1 FROM {table})").fetchone()[0]]
        if engine == "mysql":
            session.execute("SET foreign_key_checks = 0")
        for table in filled:
            session.execute(f"TRUNCATE TABLE {table}{' RESTART IDENTITY CASCADE' if engine == 'postgresql' else ''}")


def drop(engine: str, name: str) -> None:
    """Drop a database if it is there, whoever uses it."""
    with administration(engine) as session:
        if name in database_names(engine, session):
            session.execute(f"DROP DATABASE {name}{' WITH (FORCE)' if engine == 'postgresql' else ''}")


@contextmanager
def administration(engine: str, name: str | None = None) -> Iterator[DatabaseSession]:
    """Give a session with a database, or with the server itself: for ending the sessions of others, for instance."""
    home = {"postgresql": "postgres", "mysql": "mysql"}[engine]
    address = server_address(SERVERS[engine] + (name or home))
    assert address is not None
    session = server_engine(engine).connect(address, SessionLimits())
    try:
        yield session
    finally:
        session.close()


def database_names(engine: str, session: DatabaseSession) -> set[str]:
    """Return the databases of the server."""
    table = "SELECT datname FROM pg_database" if engine == "postgresql" else "SHOW DATABASES"
    return {row[0] for row in session.execute(table).fetchall()}


def table_names(tx: Transaction) -> set[str]:
    """Return the tables of whichever database the transaction is on."""
    sql = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table'",
        "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
        "mysql": "SHOW TABLES",
    }
    return {row[0] for row in tx.all(sql[tx.dialect.name])}


def end_sessions(url: str) -> int:
    """End all sessions with the database of `url`, as a restart of the server would; return how many there were."""
    address: Any = server_address(url)
    with administration(address.engine) as session:
        if address.engine == "postgresql":
            sql = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = ?"
            return len(session.execute(sql, (address.database,)).fetchall())
        processes = session.execute("SHOW PROCESSLIST").fetchall()
        ids = [row["Id"] for row in processes if row["db"] == address.database]
        for number in ids:
            with suppress(OperationalError):  # it ended by itself meanwhile
                session.execute(f"KILL {number}")
        return len(ids)


@cache
def unreachable(engine: str) -> str | None:
    """Return why there are no tests with a server; None where it answers."""
    address: Any = server_address(SERVERS[engine] + "any")
    try:
        with socket.create_connection((address.host, address.port), timeout=2):
            return None
    except OSError as error:
        return f"no {engine} server answers at {address.host}:{address.port} ({error.strerror or error})"
