"""What a server engine must be able to do, beside SQL."""

from __future__ import annotations

from typing import Protocol

from steward.errors import NeedsOperator
from steward.store.dialect import Dialect
from steward.store.server.address import Address
from steward.store.server.faults import ServerFault
from steward.store.server.session import DatabaseSession, SessionLimits

HELD_UP_SECONDS = 5
"""After so long without a statement a transaction of a process that shares its database is undone."""


class Engine(Protocol):
    """One kind of database server, and its driver."""

    @property
    def product(self) -> str:
        """Its name for people."""
        ...

    @property
    def dialect(self) -> Dialect:
        """What it calls its own."""
        ...

    @property
    def transactional_ddl(self) -> bool:
        """Whether CREATE TABLE and the like are undone with their transaction."""
        ...

    def connect(self, address: Address, limits: SessionLimits) -> DatabaseSession:
        """
        Log in and set the session up for durability.

        Raises:
            Exception: the driver's own; see `fault`.

        """
        ...

    def create_database(self, address: Address, limits: SessionLimits) -> None:
        """Create the database that `address` names, with text that is compared byte by byte."""
        ...

    def fault(self, error: BaseException) -> ServerFault:
        """Return what an error of the driver means."""
        ...

    def version_problem(self, session: DatabaseSession) -> str | None:
        """Return what is wrong with the server's version, as the end of a sentence; None when it will do."""
        ...

    def durability_problem(self, session: DatabaseSession) -> str | None:
        """Return which setting of the server lets it forget what it has confirmed; None when it forgets nothing."""
        ...

    def try_lock(self, session: DatabaseSession, name: str, slot: int) -> bool:
        """Take the lock of that number, 0 or more, which falls with the session, or return False at once."""
        ...

    def unlock(self, session: DatabaseSession, name: str, slot: int) -> None:
        """Give a lock back."""
        ...

    def prepare_to_share(self, session: DatabaseSession) -> None:
        """
        Set a session up for writing beside other processes.

        Changes of a row that another has changed since this transaction saw it are a conflict, where the server knows
        how; and whoever is stopped within a transaction loses it, with its locks, after some seconds.
        """
        ...

    def prepare_ddl(self, statement: str) -> str:
        """Return a statement of a migration in the engine's own words."""
        ...

    def done_before(self, error: BaseException) -> bool:
        """Tell whether a statement of a migration failed because it had been carried out already."""
        ...

    def tables(self, session: DatabaseSession) -> set[str]:
        """Return the names of the tables of the database."""
        ...

    def size_bytes(self, session: DatabaseSession) -> int:
        """Return what the database takes on the server's disk, in bytes."""
        ...

    def look_through(self, session: DatabaseSession, table: str) -> list[str]:
        """Read a table through; return what is wrong with it, a sentence each."""
        ...

    def continue_numbering(self, session: DatabaseSession, table: str) -> None:
        """Have the rows that are added to a table from now on numbered after those that were put in."""
        ...


def server_engine(name: str) -> Engine:
    """
    Return the engine of that name, importing its driver.

    Raises:
        NeedsOperator: the driver is not installed.

    """
    try:
        if name == "postgresql":
            from steward.store.postgresql.engine import PostgresEngine

            return PostgresEngine()
        from steward.store.mysql.engine import MysqlEngine

        return MysqlEngine()
    except ModuleNotFoundError as error:
        if error.name not in {"asyncpg", "asyncmy"}:
            raise
        raise NeedsOperator(
            f"The database URL asks for {name}, but its driver {error.name} is not installed.",
            remedy=f"Install it: pip install 'steward[{name}]'.",
        ) from error
