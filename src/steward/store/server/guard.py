"""
Limits the processes that use a database (default 1) and fences their commits, by a lock and a row for each process.

A lock is held by a session and ends with it. Locks and rows are numbered from 1: a process takes the first free ones.
An exclusive process takes all of them and keeps the lock of opening (number 0), so that no other can enter.

The row names the process that may write and its last batch, and each batch updates it first. So a process that has
lost its lock without noticing cannot commit, and one that lost its connection during a commit can read whether the
commit was done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from uuid import uuid4

from steward.errors import NotReady
from steward.store.server.connector import Connector, RetryTimeout
from steward.store.server.faults import InDoubt, ServerFault, database_lost
from steward.store.server.session import DatabaseSession
from steward.store.sqlite.file_lock import DatabaseInUse

WRITER_TABLE = """
CREATE TABLE store_writer (
    id INTEGER NOT NULL PRIMARY KEY,
    owner VARCHAR(64) NOT NULL,
    batch BIGINT NOT NULL
)
"""
_OPENING = 0  # the lock of the process that may change tables


class ProcessGuard:
    """
    Limits the processes of a database.

    Args:
        owner: a name that no other process has or had; a random one if empty.
        processes: how many may use it at the same time.

    """

    def __init__(self, connector: Connector, *, owner: str = "", processes: int = 1) -> None:
        self._engine = connector.engine
        self._name = "steward." + sha256(connector.address.database.encode()).hexdigest()[:40]
        self._location = connector.location
        self._owner = owner or uuid4().hex
        self._processes = processes
        self._slot = 1
        self._entered = False

    @contextmanager
    def opening(self, session: DatabaseSession, retry_timeout: RetryTimeout) -> Iterator[None]:
        """
        Return a context manager that holds the lock; in it tables may be changed, or a process that shares may enter.

        Raises:
            DatabaseInUse: another process holds it.


        """
        if self._processes > 1:
            for last in retry_timeout.tries():
                if self._engine.try_lock(session, self._name, _OPENING):
                    break
                if last:
                    raise DatabaseInUse(
                        f"Another Steward is just opening the database {self._location}, or uses it exclusively.",
                        remedy="Try again, or stop the other process.",
                    )
        self.lock(session, retry_timeout)
        yield
        if self._processes > 1:
            self._engine.unlock(session, self._name, _OPENING)

    def lock(self, session: DatabaseSession, retry_timeout: RetryTimeout) -> None:
        """
        Take the lock, waiting for a process that is about to end.

        Raises:
            DatabaseInUse: another process holds it.

        """
        for last in retry_timeout.tries():
            if self._lock_all(session) if self._processes == 1 else self._lock_one(session):
                return
            if last:
                break
        if self._processes > 1:
            raise DatabaseInUse(
                f"{self._processes} processes are using the database {self._location}, which is the limit.",
                remedy="Stop one of them, or allow more in all of them.",
            )
        raise DatabaseInUse(
            f"Another Steward is using the database {self._location}.",
            remedy="Stop the other process, or give this one a database of its own.",
        )

    def _lock_all(self, session: DatabaseSession) -> bool:
        if not self._engine.try_lock(session, self._name, _OPENING):
            return False
        highest = 1
        if "store_writer" in self._engine.tables(session):
            highest = session.execute("SELECT MAX(id) FROM store_writer").fetchone()[0] or 1
        return all(self._engine.try_lock(session, self._name, slot) for slot in range(1, highest + 1))

    def _lock_one(self, session: DatabaseSession) -> bool:
        for slot in (self._slot, *range(1, self._processes + 1)):  # the former slot first
            if self._engine.try_lock(session, self._name, slot):
                self._slot = slot
                return True
        return False

    def enter(self, session: DatabaseSession, *, committing: bool = False) -> None:
        """
        Become a writer, or check that we still are one; with the lock held.

        Args:
            committing: look up whether a commit was done.

        Raises:
            DatabaseInUse: another process was the writer meanwhile.
            StoreUnavailable: our tables are gone.
            InDoubt: our row went to another process during a commit.
            Exception: the driver's; the server may still be committing.

        """
        if self._entered and "store_writer" not in self._engine.tables(session):
            raise database_lost(self._location)
        if self._processes > 1:
            self._engine.prepare_to_share(session)
            if committing:  # the slot may have changed: wait until the server has ended the former session's work
                session.execute("UPDATE store_writer SET batch = batch WHERE owner = ?", (self._owner,))
        last = self.last_batch(session) if self._entered else None
        if self._entered and last is None:
            if self._processes == 1:
                raise self._superseded()
            if committing:
                raise self.in_doubt()
        if "store_writer" not in self._engine.tables(session):
            session.execute(self._engine.prepare_ddl(WRITER_TABLE))
        if self._processes == 1:
            session.execute("DELETE FROM store_writer WHERE id > 1")
        upsert = self._engine.dialect.upsert("store_writer", key=("id",), replace=("owner", "batch"))
        session.execute(upsert, (self._slot, self._owner, last or 0))
        self._entered = True

    def fence(self, session: DatabaseSession, batch: int) -> None:
        """
        Update the batch number, as a batch's first statement.

        Raises:
            DatabaseInUse: another process is the writer now; the batch must not be committed.
            StoreUnavailable: our tables are gone.

        """
        sql = "UPDATE store_writer SET batch = ? WHERE id = ? AND owner = ?"
        try:
            ours = session.execute(sql, (batch, self._slot, self._owner)).rowcount == 1
        except Exception as error:
            if session.fault_of(error) is ServerFault.NO_TABLE:
                raise database_lost(self._location) from error
            raise
        if not ours:
            raise self._superseded()

    def last_batch(self, session: DatabaseSession) -> int | None:
        """Return the number of our last committed batch; None if another process is the writer."""
        row = session.execute("SELECT MAX(batch) FROM store_writer WHERE owner = ?", (self._owner,)).fetchone()
        return None if row[0] is None else int(row[0])

    def in_doubt(self) -> NotReady:
        """Return the error for a commit whose outcome is unknown."""
        return InDoubt(
            f"The database server of {self._location} was lost during a commit; it's unknown whether it was saved.",
            remedy="Check that the server runs and can be reached from here, then check whether the change was saved.",
        )

    def _superseded(self) -> NotReady:
        return DatabaseInUse(
            f"Another Steward has taken over the database {self._location}.",
            remedy="Run one process only: stop this one or the other.",
        )
