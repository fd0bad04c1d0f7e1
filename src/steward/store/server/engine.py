"""The interface of a server engine, beside its SQL dialect."""

from __future__ import annotations

from typing import Protocol

from steward.errors import NeedsOperator
from steward.store.dialect import Dialect
from steward.store.server.address import Address
from steward.store.server.faults import ServerFault
from steward.store.server.session import DatabaseSession, SessionLimits

STALLED_SECONDS = 5
"""A shared database rolls back a transaction after so long without a statement."""


class Engine(Protocol):
    """One kind of database server, and its driver."""

    product: str
    """Its name, for display."""
    dialect: Dialect
    transactional_ddl: bool
    """Whether a rollback undoes CREATE TABLE and the like."""

    def connect(self, address: Address, limits: SessionLimits) -> DatabaseSession:
        """
        Log in and set the session up for durability.

        Raises:
            Exception: the driver's own; see `fault`.

        """

    def create_database(self, address: Address, limits: SessionLimits) -> None:
        """Create the database that `address` names, with byte-wise text comparison."""

    def fault(self, error: BaseException) -> ServerFault:
        """Return what an error of the driver means."""

    def version_problem(self, session: DatabaseSession) -> str | None:
        """Return what is wrong with the server's version, as the end of a sentence; None if it is supported."""

    def durability_problem(self, session: DatabaseSession) -> str | None:
        """Return the server setting that can lose confirmed commits; None if there is none."""

    def try_lock(self, session: DatabaseSession, name: str, slot: int) -> bool:
        """Take the lock of that number, 0 or more, held until the session ends; return False if it is taken."""

    def unlock(self, session: DatabaseSession, name: str, slot: int) -> None:
        """Release a lock."""

    def prepare_to_share(self, session: DatabaseSession) -> None:
        """
        Prepare a session to write beside other processes.

        A write to a row changed since this transaction began is a conflict, where the server supports that. A
        transaction that stalls is rolled back after some seconds, which releases its locks.
        """

    def prepare_ddl(self, statement: str) -> str:
        """Return a migration's statement in the engine's SQL."""

    def already_applied(self, error: BaseException) -> bool:
        """Tell whether a migration's statement failed because it had already been applied."""

    def tables(self, session: DatabaseSession) -> set[str]:
        """Return the names of the tables of the database."""

    def size_bytes(self, session: DatabaseSession) -> int:
        """Return the size of the database on the server's disk, in bytes."""

    def check_table(self, session: DatabaseSession, table: str) -> list[str]:
        """Read a whole table; return its faults, a sentence each."""

    def continue_numbering(self, session: DatabaseSession, table: str) -> None:
        """Make new rows of a table continue its numbering after rows were inserted with their keys."""


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
