"""
One process a database, and certainty about commits: a lock and a row.

The lock falls with the session that holds it. The row names the process that may write and its last batch, and each
batch updates it first: a process that lost the lock without noticing can commit nothing, and a process that lost its
connection during a commit reads there whether it was done.
"""

from __future__ import annotations

from hashlib import sha256

from steward.errors import NotReady
from steward.store.server.engine import Engine
from steward.store.server.faults import InDoubt
from steward.store.server.patience import Patience
from steward.store.server.session import Session
from steward.store.sqlite.file_lock import DatabaseInUse

WRITER_TABLE = """
CREATE TABLE store_writer (
    id INTEGER NOT NULL PRIMARY KEY,
    owner VARCHAR(64) NOT NULL,
    batch BIGINT NOT NULL
)
"""


class Guard:
    """
    Keeps other processes out.

    Args:
        engine: the kind of server.
        database: its name.
        location: where it is, for people.
        owner: a name that no other process has or had.

    """

    def __init__(self, engine: Engine, *, database: str, location: str, owner: str) -> None:
        self._engine = engine
        self._name = "steward." + sha256(database.encode()).hexdigest()[:40]
        self._location = location
        self._owner = owner
        self._reigns = False

    def lock(self, session: Session, patience: Patience) -> None:
        """
        Take the lock, waiting for a process that is about to end.

        Raises:
            DatabaseInUse: another process has it.

        """
        for last in patience.tries():
            if self._engine.try_lock(session, self._name):
                return
            if last:
                break
        raise DatabaseInUse(
            f"Another Steward is using the database {self._location}.",
            remedy="Stop the other process, or give this one a database of its own.",
        )

    def enter(self, session: Session) -> None:
        """
        Become the writer, or see that we still are; with the lock held.

        Raises:
            DatabaseInUse: another process was the writer meanwhile.

        """
        if self._reigns:
            if self.last_batch(session) is None:
                raise self._superseded()
            return
        if "store_writer" not in self._engine.tables(session):
            session.execute(self._engine.prepare_ddl(WRITER_TABLE))
        upsert = self._engine.dialect.upsert("store_writer", key=("id",), replace=("owner", "batch"))
        session.execute(upsert, (1, self._owner, 0))
        self._reigns = True

    def mark(self, session: Session, batch: int) -> None:
        """
        Write the number of a batch as its first statement.

        Raises:
            DatabaseInUse: another process is the writer now; the batch must not be committed.

        """
        sql = "UPDATE store_writer SET batch = ? WHERE id = 1 AND owner = ?"
        if session.execute(sql, (batch, self._owner)).rowcount != 1:
            raise self._superseded()

    def last_batch(self, session: Session) -> int | None:
        """Return the number of our last batch that was committed; None where another process is the writer."""
        row = session.execute("SELECT batch FROM store_writer WHERE id = 1 AND owner = ?", (self._owner,)).fetchone()
        return None if row is None else int(row[0])

    def in_doubt(self) -> NotReady:
        """Return the sentence for a commit of which nobody can say whether it was done."""
        return InDoubt(
            f"The database server of {self._location} was lost during a commit; whether it was done is not known.",
            remedy="See whether the server runs and can be reached from here, then look whether the change is there.",
        )

    def _superseded(self) -> NotReady:
        return DatabaseInUse(
            f"Another Steward has taken over the database {self._location}.",
            remedy="Run one process only: stop this one or the other.",
        )
