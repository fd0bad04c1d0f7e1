"""MariaDB and MySQL: login, locks, durability and migrations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from asyncmy import errors
from asyncmy.connection import Connection

from steward.store.dialect import Dialect, insertion
from steward.store.mysql.session import MysqlSession, fault, number_of
from steward.store.server.address import Address
from steward.store.server.engine import STALLED_SECONDS
from steward.store.server.session import DatabaseSession, SessionLimits, new_loop
from steward.store.transaction import Cursor

_CREATE_TABLE = re.compile(r"(?:\s|--[^\n]*\n)*CREATE\s+TABLE\b", re.IGNORECASE)
_TEXT = re.compile(r"\bTEXT\b")
_BYTE_BY_BYTE = "CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"
# A table, index or column already exists; it is already dropped.
_DONE_BEFORE = {1050, 1060, 1061, 1051, 1091}
_MODES = "ANSI_QUOTES,STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION"
SNAPSHOT_ISOLATION = "innodb_snapshot_isolation"
"""Refuses to write over what another has changed since our snapshot; MariaDB 10.6.18, 10.11.8 and newer have it."""


class MysqlDialect(Dialect):
    """MariaDB and MySQL, with ANSI quotes; both understand `VALUES(column)` as the new value."""

    name = "mysql"
    auto_key = "BIGINT AUTO_INCREMENT PRIMARY KEY"
    blob = "MEDIUMBLOB"
    compact = ""
    unless_locked = " FOR UPDATE SKIP LOCKED"
    greater = "GREATEST"
    new = 'VALUES("{}")'
    returns_updated = False  # MariaDB has RETURNING for INSERT and DELETE only

    def after(self, columns: Sequence[str], place: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        # A comparison of rows would not use the index; ranges do, one for each column.
        ranges = []
        values: list[Any] = []
        for number, column in enumerate(columns):
            ranges.append(" AND ".join([*(f'"{equal}" = ?' for equal in columns[:number]), f'"{column}" > ?']))
            values += place[: number + 1]
        return f"({' OR '.join(f'({each})' for each in ranges)})", tuple(values)

    def insert_new(self, table: str, columns: Sequence[str]) -> str:
        # INSERT IGNORE would also accept texts that are too long, and references to missing rows.
        return f"{insertion(table, columns)} {self._updated(table, columns, ())}"

    def insert_numbered(self, table: str, columns: Sequence[str]) -> str:
        return self.insert_new(table, columns)  # MySQL has no RETURNING, but tells each client its last id

    def number_of(self, inserted: Cursor) -> int | None:
        return inserted.lastrowid if inserted.rowcount == 1 else None

    def _updated(self, table: str, key: Sequence[str], changes: Sequence[str]) -> str:
        unchanged = f'"{key[0]}" = {table}."{key[0]}"'
        return f"ON DUPLICATE KEY UPDATE {', '.join(changes) or unchanged}"


class MysqlEngine:
    """See `steward.store.server.engine.Engine`."""

    product = "MariaDB or MySQL"
    dialect: Dialect = MysqlDialect()
    transactional_ddl = False
    # Since these versions an interrupted CREATE or ALTER leaves nothing behind.
    oldest: ClassVar = {"MariaDB": (10, 6), "MySQL": (8, 0)}

    def connect(self, address: Address, limits: SessionLimits) -> MysqlSession:
        loop, connection = new_loop(_connect(address, limits, address.database), limits.connect)
        return MysqlSession(loop, limits, connection)

    def create_database(self, address: Address, limits: SessionLimits) -> None:
        loop, connection = new_loop(_connect(address, limits, None), limits.connect)
        session = MysqlSession(loop, limits, connection)
        try:
            session.execute(f'CREATE DATABASE "{address.database}" {_BYTE_BY_BYTE}')
        finally:
            session.close()

    fault = staticmethod(fault)

    def version_problem(self, session: DatabaseSession) -> str | None:
        version = str(session.execute("SELECT VERSION()").fetchone()[0])
        kind = "MariaDB" if "mariadb" in version.lower() else "MySQL"
        match = re.match(r"(?:5\.5\.5-)?(\d+)\.(\d+)", version)
        oldest = self.oldest[kind]
        if match is not None and (int(match[1]), int(match[2])) < oldest:
            return f"is on {kind} {version}; it must be {oldest[0]}.{oldest[1]} or newer"
        return None

    def durability_problem(self, session: DatabaseSession) -> str | None:
        flushed = session.execute("SELECT @@innodb_flush_log_at_trx_commit").fetchone()[0]
        return None if int(flushed) == 1 else f"innodb_flush_log_at_trx_commit is {flushed}, not 1"

    def try_lock(self, session: DatabaseSession, name: str, slot: int) -> bool:
        return bool(session.execute("SELECT GET_LOCK(?, 0)", (_numbered(name, slot),)).fetchone()[0])

    def unlock(self, session: DatabaseSession, name: str, slot: int) -> None:
        session.execute("SELECT RELEASE_LOCK(?)", (_numbered(name, slot),))

    def prepare_to_share(self, session: DatabaseSession) -> None:
        if not _set(session, SNAPSHOT_ISOLATION, "ON"):
            # Else what others have committed since the first read is overwritten unseen: here every read locks.
            session.execute("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE")
        _set(session, "idle_write_transaction_timeout", STALLED_SECONDS)  # MariaDB only

    def prepare_ddl(self, statement: str) -> str:
        # TEXT is limited to 64 KB here. Text is compared byte by byte, as in SQLite.
        statement = _TEXT.sub("MEDIUMTEXT", statement)
        if not _CREATE_TABLE.match(statement):
            return statement
        return f"{statement.rstrip().removesuffix(';')}\nENGINE=InnoDB {_BYTE_BY_BYTE}"

    def already_applied(self, error: BaseException) -> bool:
        return number_of(error) in _DONE_BEFORE

    def tables(self, session: DatabaseSession) -> set[str]:
        return {row[0] for row in session.execute("SHOW TABLES").fetchall()}

    def size_bytes(self, session: DatabaseSession) -> int:
        sql = "SELECT SUM(data_length + index_length) FROM information_schema.tables WHERE table_schema = DATABASE()"
        return int(session.execute(sql).fetchone()[0] or 0)

    def check_table(self, session: DatabaseSession, table: str) -> list[str]:
        try:
            rows = session.execute(f'CHECK TABLE "{table}"').fetchall()
        except errors.MySQLError as error:
            return [f"table {table}: {error}"]
        # Each row: table, operation, kind of message, message.
        return [f"table {table}: {row[3]}" for row in rows if str(row[2]).lower() in {"error", "warning"}]

    def continue_numbering(self, session: DatabaseSession, table: str) -> None:
        """Do nothing: InnoDB continues the numbering by itself."""


def _set(session: DatabaseSession, name: str, value: str | int) -> bool:
    """Set a variable of the session; return whether the server has it."""
    if not session.execute("SHOW VARIABLES LIKE ?", (name,)).fetchone():
        return False
    session.execute(f"SET SESSION {name} = {value}")
    return True


def _numbered(name: str, slot: int) -> str:
    return name if slot == 1 else f"{name}.{slot}"


async def _connect(address: Address, limits: SessionLimits, database: str | None) -> Any:
    options: dict[str, Any] = {}
    if address.tls in {"require", "verify-full"}:
        from steward.store.server.address import tls_context

        options["ssl"] = tls_context(address)
    if address.socket:
        options["unix_socket"] = address.socket
    connection: Any = Connection(  # type: ignore[no-untyped-call] # asyncmy's stub leaves it untyped
        host=address.host,
        port=address.port,
        user=address.user,
        password=address.password.reveal().encode(),  # the driver would encode text as Latin-1
        database=database,
        connect_timeout=limits.connect,
        autocommit=True,
        charset="utf8mb4",
        sql_mode=f"'{_MODES}'",
        init_command=f"SET SESSION innodb_lock_wait_timeout = {limits.lock}, lock_wait_timeout = {limits.lock}",
        **options,
    )
    await connection.connect()
    await connection.query("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ")
    return connection
