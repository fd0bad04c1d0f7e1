"""One batch of units of work on the SQLite connection that writes: one transaction, one sync to disk."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

from steward.store.changes import UNKNOWN
from steward.store.dialect import Dialect
from steward.store.query_watch import QueryWatch
from steward.store.sqlite.faults import explain
from steward.store.transaction import Transaction, Work
from steward.store.units import Outcome, run_unit


class Batches:
    """Commits batches; each work has a savepoint of its own, so that one that fails is undone alone."""

    def __init__(self, connection: sqlite3.Connection, path: Path, dialect: Dialect, watch: QueryWatch) -> None:
        self._connection = connection
        self._path = path
        self._dialect = dialect
        self._watch = watch
        self._version = self._foreign_commits()

    def commit(self, works: list[Work[Any]], now: datetime) -> list[Outcome]:
        """Run and commit one batch; in the writer's thread."""
        connection = self._connection
        try:
            connection.execute("BEGIN IMMEDIATE")
            version = self._foreign_commits()
            outcomes = [self._attempt(work, now) for work in works]
            connection.execute("COMMIT")
        except BaseException as error:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            translated = self._translated(error)
            if translated is error:
                raise
            raise translated from error
        if version != self._version:
            self._version = version
            outcomes[0].statements = (UNKNOWN,)
        return outcomes

    def _attempt(self, work: Work[Any], now: datetime) -> Outcome:
        self._connection.execute("SAVEPOINT work")
        try:
            outcome = run_unit(work, Transaction(self._connection, self._dialect, now, self._watch))
        except Exception as error:
            if not self._connection.in_transaction:
                raise  # SQLite has undone the whole batch (disk full, I/O error): nobody in it may be released
            self._connection.execute("ROLLBACK TO work")
            self._connection.execute("RELEASE work")
            return Outcome(error=self._translated(error))
        self._connection.execute("RELEASE work")
        return outcome

    def _foreign_commits(self) -> int:
        """Return a number that changes when another program has written (https://sqlite.org/pragma.html)."""
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        return version

    def _translated(self, error: BaseException) -> Any:
        if isinstance(error, sqlite3.Error):
            return explain(error, self._path) or error
        return error
