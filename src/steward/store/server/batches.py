"""Commit batches of units of work on the one writing session, across lost connections."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from steward.errors import StewardError
from steward.store.queries.watch import QueryWatch
from steward.store.server.connector import Connector
from steward.store.server.faults import TRIED_AGAIN, ServerFault
from steward.store.server.guard import ProcessGuard
from steward.store.server.session import DatabaseSession
from steward.store.transaction import Transaction, Work
from steward.store.writing.units import CommitOutcome, run_unit


class ServerBatches:
    """
    Commits batches in the writer's thread, one after the other.

    A batch whose connection is lost, or that the server rolls back in favour of another program, is run again from
    its beginning until the retry timeout ends. If a commit was under way, its outcome is looked up first.
    """

    def __init__(self, connector: Connector, guard: ProcessGuard, session: DatabaseSession, watch: QueryWatch) -> None:
        self._connector = connector
        self._guard = guard
        self._watch = watch
        self._session: DatabaseSession | None = session
        self._number = 0
        self._committing = False

    def commit(self, works: list[Work[Any]], now: datetime) -> list[CommitOutcome]:
        outcomes: list[CommitOutcome] = []
        self._number += 1
        self._committing = False
        for last in self._connector.retry_timeout.tries():
            try:
                session = self._opened()
                if self._committing and self._guard.last_batch(session) == self._number:
                    return outcomes
                self._committing = False
                outcomes = self._run(session, works, now)
                self._committing = True
                session.commit()
                session.losses = self._connector.outage.losses
            except Exception as error:
                fault = self._clean_up(error)
                if fault in TRIED_AGAIN and not last:
                    continue
                if self._committing and self._session is None:
                    raise self._guard.in_doubt() from error
                sentence = None if fault is None else self._connector.sentence(fault, error)
                if sentence is None:
                    raise
                raise sentence from error
            except BaseException:
                self.close()
                raise
            return outcomes
        raise AssertionError("the last try ends the loop")

    def close(self) -> None:
        """Close the session, which releases its lock."""
        session, self._session = self._session, None
        if session is not None:
            session.close()

    def _opened(self) -> DatabaseSession:
        """Return the session; if it was lost, a new one that holds the lock and may still write."""
        if self._session is None:
            session = self._connector.connect()
            try:
                with self._guard.opening(session, self._connector.retry_timeout):
                    self._guard.enter(session, committing=self._committing)
            except BaseException:
                session.close()
                raise
            self._session = session
        return self._session

    def _run(self, session: DatabaseSession, works: list[Work[Any]], now: datetime) -> list[CommitOutcome]:
        session.begin(reading=False)
        self._guard.fence(session, self._number)
        if len(works) == 1:
            outcome = self._attempt(session, works[0], now)
            if outcome.error is not None:
                session.rollback()
                session.begin(reading=False)
            return [outcome]
        outcomes = []
        for work in works:
            session.set_savepoint()
            outcome = self._attempt(session, work, now)
            if outcome.error is not None:
                session.rollback_to_savepoint()
            outcomes.append(outcome)
        return outcomes

    def _attempt(self, session: DatabaseSession, work: Work[Any], now: datetime) -> CommitOutcome:
        """
        Run one unit of work.

        Raises:
            Exception: the error that rolled back the whole batch, even if the work swallowed it.

        """
        try:
            outcome = run_unit(work, Transaction(session, self._connector.engine.dialect, now, self._watch))
        except Exception as error:  # noqa: BLE001 - the caller gets whatever the work raised
            if session.broken is not None:
                raise session.last_error from None
            fault = session.fault_of(error)
            return CommitOutcome(error=error if fault is None else self._connector.sentence(fault, error) or error)
        if session.broken is not None:
            raise session.last_error
        if not session.in_transaction:  # the work swallowed a database error: some of it may be rolled back
            return CommitOutcome(
                error=RuntimeError("The database has rolled this transaction back; let its error through.")
            )
        return outcome

    def _clean_up(self, error: Exception) -> ServerFault | None:
        """Roll the session back, or drop it; return what the error means, None if it is not a driver's."""
        session = self._session
        if session is None:
            return None if isinstance(error, StewardError) else self._connector.engine.fault(error)
        fault = session.broken or session.fault_of(error)
        if fault is not ServerFault.LOST:
            try:
                session.rollback()
            except Exception as worse:  # noqa: BLE001 - after any error here the session is unusable
                fault, error = ServerFault.LOST, worse
        if fault is ServerFault.LOST:
            self._connector.outage.lost(error, session)
            self.close()
        return fault
