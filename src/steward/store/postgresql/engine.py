"""PostgreSQL beside its SQL: logging in, locks, durability, migrations."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

import asyncpg

from steward.store.postgresql.dialect import PostgresDialect
from steward.store.postgresql.session import PostgresSession, fault
from steward.store.server.address import Address
from steward.store.server.engine import HELD_UP_SECONDS
from steward.store.server.faults import Fault
from steward.store.server.session import Limits, Session, new_loop

_LOCK = 0x5374657761726421  # "Steward!" in ASCII; advisory locks are counted in each database apart
_TEXT = re.compile(r"\b(VARCHAR\(\d+\)|TEXT)(?=[\s,)])")
_KEEPALIVE = {"tcp_keepalives_idle": "30", "tcp_keepalives_interval": "10", "tcp_keepalives_count": "3"}


class PostgresEngine:
    """See `steward.store.server.engine.Engine`."""

    product = "PostgreSQL"
    dialect = PostgresDialect()
    transactional_ddl = True
    oldest: ClassVar = {"PostgreSQL": (12, 0)}

    def connect(self, address: Address, limits: Limits) -> PostgresSession:
        loop, connection = new_loop(_connect(address, limits, address.database), limits.connect)
        return PostgresSession(loop, limits, connection)

    def create_database(self, address: Address, limits: Limits) -> None:
        loop, connection = new_loop(_connect(address, limits, "postgres"), limits.connect)
        session = PostgresSession(loop, limits, connection)
        try:
            session.run_script(
                f"CREATE DATABASE \"{address.database}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
            )
        finally:
            session.close()

    def fault(self, error: BaseException) -> Fault:
        return fault(error)

    def version_problem(self, session: Session) -> str | None:
        number, version, encoding = session.execute(
            "SELECT current_setting('server_version_num')::int, current_setting('server_version'),"
            " current_setting('server_encoding')"
        ).fetchone()
        oldest = self.oldest["PostgreSQL"]
        if divmod(number, 10_000) < oldest:
            return f"is on PostgreSQL {version}; it must be {oldest[0]}.{oldest[1]} or newer"
        return None if encoding == "UTF8" else f"keeps its text as {encoding}; it must be UTF8"

    def durability_problem(self, session: Session) -> str | None:
        # Off, a commit is confirmed before it is on the disk; what else an administrator chose is at least as safe.
        session.execute(
            "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
        )
        off = session.execute("SELECT current_setting('fsync') = 'off'").fetchone()[0]
        return "fsync is off" if off else None

    def try_lock(self, session: Session, name: str, slot: int) -> bool:
        return bool(session.execute("SELECT pg_try_advisory_lock(?)", (_LOCK + slot - 1,)).fetchone()[0])

    def unlock(self, session: Session, name: str, slot: int) -> None:
        session.execute("SELECT pg_advisory_unlock(?)", (_LOCK + slot - 1,))

    def prepare_to_share(self, session: Session) -> None:
        # The rest is what REPEATABLE READ does.
        session.execute(f"SET SESSION idle_in_transaction_session_timeout = '{HELD_UP_SECONDS}s'")

    def prepare_ddl(self, statement: str) -> str:
        # Text is compared byte by byte, as in SQLite, whatever language the database was made for.
        return _TEXT.sub(r'\1 COLLATE "C"', statement)

    def done_before(self, error: BaseException) -> bool:
        return False

    def tables(self, session: Session) -> set[str]:
        rows = session.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema()").fetchall()
        return {row[0] for row in rows}

    def size_bytes(self, session: Session) -> int:
        return int(session.execute("SELECT pg_database_size(current_database())").fetchone()[0])

    def look_through(self, session: Session, table: str) -> list[str]:
        try:
            session.execute(f'SELECT COUNT(*) FROM (SELECT * FROM "{table}" OFFSET 0) AS everything')  # noqa: S608
        except asyncpg.PostgresError as error:
            return [f"table {table}: {error}"]
        return []

    def continue_numbering(self, session: Session, table: str) -> None:
        sql = (
            "SELECT column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND table_name = ? AND is_identity = 'YES'"
        )
        for row in session.execute(sql, (table,)).fetchall():
            session.execute(
                f"SELECT setval(pg_get_serial_sequence(?, ?), (SELECT COALESCE(MAX({row[0]}), 0) + 1 FROM {table}), false)",  # noqa: S608, E501 - names of the program
                (table, row[0]),
            )


class _Row(asyncpg.Record):  # type: ignore[misc] # asyncpg carries no types
    """See `steward.store.transaction.Row`."""

    def keys(self) -> Sequence[str]:
        return list(super().keys())


async def _connect(address: Address, limits: Limits, database: str) -> Any:
    settings = {"application_name": "steward", "lock_timeout": str(limits.lock * 1000), **_KEEPALIVE}
    options: dict[str, Any] = {}
    if address.tls is not None:
        options["ssl"] = _tls(address)
    connection = await asyncpg.connect(
        host=address.socket or address.host,
        port=address.port,
        user=address.user,
        password=address.password.reveal() or None,
        database=database,
        timeout=limits.connect,
        server_settings=settings,
        record_class=_Row,
        **options,
    )
    # Sums of whole numbers come as `numeric`.
    await connection.set_type_codec("numeric", schema="pg_catalog", encoder=str, decoder=_number, format="text")
    return connection


def _tls(address: Address) -> Any:
    if address.tls == "disable":
        return False
    from steward.store.server.tls import tls_context

    return tls_context(address)


def _number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else float(number)
