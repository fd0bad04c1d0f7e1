"""
As many processes a database as are allowed, one if nothing is said, and certainty about commits: a lock and a row each.

The lock falls with the session that holds it. Locks and rows are numbered from 1; a process takes the first free ones,
and one that is to be alone takes all and keeps the lock of opening (number 0), so that nobody comes in by a new place.
The row names the process that may write and its last batch, and each
batch updates it first: a process that lost the lock without noticing can commit nothing, and a process that lost its
connection during a commit reads there whether it was done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256

from steward.errors import NotReady
from steward.store.server.engine import Engine
from steward.store.server.faults import InDoubt, ServerFault, taken_away
from steward.store.server.patience import Patience
from steward.store.server.session import DatabaseSession
from steward.store.sqlite.file_lock import DatabaseInUse

WRITER_TABLE = """
CREATE TABLE store_writer (
    id INTEGER NOT NULL PRIMARY KEY,
    owner VARCHAR(64) NOT NULL,
    batch BIGINT NOT NULL
)
"""
_OPENING = 0  # the lock of whoever may change tables


class ProcessGuard:
    """
    Keeps other processes out.

    Args:
        location: where it is, for people.
        owner: a name that no other process has or had.
        processes: how many may be there at the same time.

    """

    def __init__(self, engine: Engine, *, database: str, location: str, owner: str, processes: int = 1) -> None:
        self._engine = engine
        self._name = "steward." + sha256(database.encode()).hexdigest()[:40]
        self._location = location
        self._owner = owner
        self._processes = processes
        self._slot = 1
        self._reigns = False

    @contextmanager
    def opening(self, session: DatabaseSession, patience: Patience) -> Iterator[None]:
        """
        Take the lock for a `with` block in which the tables may be changed, or a place is entered: processes that
        share do so one by one.

        Raises:
            DatabaseInUse: another process has it.

        """  # noqa: D205 - one sentence
        if self._processes > 1:
            for last in patience.tries():
                if self._engine.try_lock(session, self._name, _OPENING):
                    break
                if last:
                    raise DatabaseInUse(
                        f"Another Steward is just opening the database {self._location}, or uses it exclusively.",
                        remedy="Try again, or stop the other process.",
                    )
        self.lock(session, patience)
        yield
        if self._processes > 1:
            self._engine.unlock(session, self._name, _OPENING)

    def lock(self, session: DatabaseSession, patience: Patience) -> None:
        """
        Take the lock, waiting for a process that is about to end.

        Raises:
            DatabaseInUse: another process has it.

        """
        for last in patience.tries():
            if self._alone(session) if self._processes == 1 else self._beside_others(session):
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

    def _alone(self, session: DatabaseSession) -> bool:
        if not self._engine.try_lock(session, self._name, _OPENING):
            return False
        highest = 1
        if "store_writer" in self._engine.tables(session):
            highest = session.execute("SELECT MAX(id) FROM store_writer").fetchone()[0] or 1
        return all(self._engine.try_lock(session, self._name, slot) for slot in range(1, highest + 1))

    def _beside_others(self, session: DatabaseSession) -> bool:
        for slot in (self._slot, *range(1, self._processes + 1)):  # first the one that was ours
            if self._engine.try_lock(session, self._name, slot):
                self._slot = slot
                return True
        return False

    def enter(self, session: DatabaseSession, *, committing: bool = False) -> None:
        """
        Become a writer, or see that we still are; with the lock held.

        Args:
            session: what will write.
            committing: whether it is to be looked up if a commit was done.

        Raises:
            DatabaseInUse: another process was the writer meanwhile.
            StoreUnavailable: our tables are gone.
            InDoubt: our row went to another process during a commit.
            Exception: the driver's; the server may still be at that commit.

        """
        if self._reigns and "store_writer" not in self._engine.tables(session):
            raise taken_away(self._location)
        if self._processes > 1:
            self._engine.prepare_to_share(session)
            if committing:  # this may be another place: wait until the server has ended what went on at the former
                session.execute("UPDATE store_writer SET batch = batch WHERE owner = ?", (self._owner,))
        last = self.last_batch(session) if self._reigns else None
        if self._reigns and last is None:
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
        self._reigns = True

    def mark(self, session: DatabaseSession, batch: int) -> None:
        """
        Write the number of a batch as its first statement.

        Raises:
            DatabaseInUse: another process is the writer now; the batch must not be committed.
            StoreUnavailable: our tables are gone.

        """
        sql = "UPDATE store_writer SET batch = ? WHERE id = ? AND owner = ?"
        try:
            ours = session.execute(sql, (batch, self._slot, self._owner)).rowcount == 1
        except Exception as error:
            if session.fault_of(error) is ServerFault.NO_TABLE:
                raise taken_away(self._location) from error
            raise
        if not ours:
            raise self._superseded()

    def last_batch(self, session: DatabaseSession) -> int | None:
        """Return the number of our last batch that was committed; None where another process is the writer."""
        row = session.execute("SELECT MAX(batch) FROM store_writer WHERE owner = ?", (self._owner,)).fetchone()
        return None if row[0] is None else int(row[0])

    def in_doubt(self) -> NotReady:
        """Return the sentence for a commit of which nobody can say whether it was done."""
        return InDoubt(
            f"The database server of {self._location} was lost during a commit; it's unknown whether it was saved.",
            remedy="Check that the server runs and can be reached from here, then check whether the change was saved.",
        )

    def _superseded(self) -> NotReady:
        return DatabaseInUse(
            f"Another Steward has taken over the database {self._location}.",
            remedy="Run one process only: stop this one or the other.",
        )
