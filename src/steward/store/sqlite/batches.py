"""Commit one batch of units of work on the writing SQLite connection, with one sync to disk."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from typing import Any

from steward.store.dialect import Dialect
from steward.store.queries.changes import UNKNOWN
from steward.store.queries.watch import QueryWatch
from steward.store.sqlite.faults import SqliteFaults
from steward.store.sqlite.file_guard import FileGuard
from steward.store.transaction import Transaction, Work
from steward.store.writing.units import CommitOutcome, run_unit


class SqliteBatches:
    """Commits batches; each unit has its own savepoint, so that a failing one is rolled back alone."""

    def __init__(
        self, writer: sqlite3.Connection, guard: FileGuard, faults: SqliteFaults, dialect: Dialect, watch: QueryWatch
    ) -> None:
        self._guard = guard
        self._faults = faults
        self._dialect = dialect
        self._watch = watch
        self._version = _foreign_commits(writer)

    def commit(self, works: list[Work[Any]], now: datetime) -> list[CommitOutcome]:
        """Run and commit one batch; in the writer's thread."""
        connection = None
        try:
            connection = self._guard.connection()
            connection.execute("BEGIN IMMEDIATE")
            version = _foreign_commits(connection)
            outcomes = [self._attempt(connection, work, now) for work in works]
            self._guard.check()
            connection.execute("COMMIT")
        except BaseException as error:
            if connection is not None and connection.in_transaction:
                connection.execute("ROLLBACK")
            translated = self._translated(error)
            if translated is error:
                raise
            raise translated from error
        self._guard.committed()
        for outcome in outcomes:  # after the commit, since a check for damage takes long
            outcome.error = self._translated(outcome.error)
        if version != self._version:
            self._version = version
            outcomes[0].statements = (UNKNOWN,)
        return outcomes

    def _attempt(self, connection: sqlite3.Connection, work: Work[Any], now: datetime) -> CommitOutcome:
        connection.execute("SAVEPOINT work")
        try:
            outcome = run_unit(work, Transaction(connection, self._dialect, now, self._watch))
        except Exception as error:
            if not connection.in_transaction:
                raise  # SQLite has rolled back the whole batch (disk full, I/O error), so it fails for every caller
            connection.execute("ROLLBACK TO work")
            connection.execute("RELEASE work")
            return CommitOutcome(error=error)
        connection.execute("RELEASE work")
        return outcome

    def _translated(self, error: BaseException | None) -> Any:
        if not isinstance(error, sqlite3.Error):
            return error
        return self._guard.trouble or self._faults.explain(error) or error


def _foreign_commits(connection: sqlite3.Connection) -> int:
    """Return a number that changes when another program has written (https://sqlite.org/pragma.html)."""
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version
