"""A session with PostgreSQL, through asyncpg."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import asyncpg

from steward.store.server.faults import ServerFault
from steward.store.server.session import (
    STREAMED_AT_ONCE,
    DatabaseSession,
    ResultSet,
    SessionLimits,
    split_at_placeholders,
)
from steward.store.transaction import Params, Value

_ASKS = re.compile(r"\s*(?:EXPLAIN|SELECT|WITH|VALUES|SHOW)\b|.*\bRETURNING\b", re.IGNORECASE | re.DOTALL)
# Given with each value, since the server would guess from the context: 32 bits beside a small number.
_CASTS = {int: "::bigint", str: "::text", float: "::float8", bytes: "::bytea"}

_FAULTS = {
    "40": ServerFault.CONFLICT,
    "08": ServerFault.LOST,
    "22": ServerFault.CONTENT,  # a value out of range, too long, or not UTF-8
    "23": ServerFault.CONTENT,  # a constraint
    "57P01": ServerFault.LOST,  # stopping
    "57P02": ServerFault.LOST,  # crashed
    "57P03": ServerFault.LOST,  # starting
    "55000": ServerFault.LOST,  # the database accepts no connections: an administrator has closed it
    "57P05": ServerFault.LOST,  # idle for too long
    "25P03": ServerFault.LOST,  # the same, within a transaction
    "53300": ServerFault.FULL,
    "53100": ServerFault.NO_SPACE,
    "55P03": ServerFault.HELD,
    "25006": ServerFault.READ_ONLY,
    "28": ServerFault.REFUSED,
    "42501": ServerFault.REFUSED,
    "3D000": ServerFault.NO_DATABASE,
    "3F000": ServerFault.NO_TABLE,  # the schema is gone, too
    "42P01": ServerFault.NO_TABLE,
}


def fault(error: BaseException) -> ServerFault:
    """Return what an error raised by asyncpg means."""
    if isinstance(error, asyncpg.PostgresError):
        state = error.sqlstate or ""
        return _FAULTS.get(state) or _FAULTS.get(state[:2]) or ServerFault.SQL
    if isinstance(error, asyncpg.DataError | asyncpg.exceptions.ClientConfigurationError):
        return ServerFault.SQL
    lost = (OSError, TimeoutError, EOFError, asyncpg.InterfaceError, asyncpg.exceptions.InternalClientError)
    return ServerFault.LOST if isinstance(error, lost) else ServerFault.SQL


class PostgresSession(DatabaseSession):
    """See `DatabaseSession`."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, limits: SessionLimits, connection: asyncpg.Connection[Any]
    ) -> None:
        super().__init__(loop, limits)
        self._connection = connection
        self._failed = False
        self._marked = False

    @property
    def in_transaction(self) -> bool:
        # After an error PostgreSQL accepts nothing until a rollback, and would answer COMMIT with one.
        return self.broken is None and not self._failed and self._connection.is_in_transaction()

    def execute(self, sql: str, parameters: Params = (), /) -> ResultSet:
        values = _plain(parameters)
        query = _numbered(sql, tuple(map(type, values)))
        if _ASKS.match(sql):
            rows = self._ask(self._connection.fetch(query, *values))
            return ResultSet(rows, len(rows))
        status: str = self._ask(self._connection.execute(query, *values)) or ""
        count = status.rpartition(" ")[2]
        return ResultSet((), int(count) if count.isdigit() else -1)

    def executemany(self, sql: str, parameters: Iterable[Params], /) -> ResultSet:
        rows = [_plain(row) for row in parameters]
        if not rows:
            return ResultSet((), 0)
        if len(rows) == 1 or "CONFLICT" in sql or sql.lstrip()[:6].upper() != "INSERT":
            return ResultSet((), sum(self.execute(sql, row).rowcount for row in rows))
        types = tuple(
            next((type(value) for value in column if value is not None), type(None))
            for column in zip(*rows, strict=True)
        )
        self._ask(self._connection.executemany(_numbered(sql, types), rows))
        return ResultSet((), len(rows))

    def stream(self, sql: str) -> Iterator[Any]:
        cursor = self._ask(self._opened(sql))
        while rows := self._ask(cursor.fetch(STREAMED_AT_ONCE)):
            yield from rows

    async def _opened(self, sql: str) -> Any:
        return await self._connection.cursor(sql)

    def begin(self, *, reading: bool) -> None:
        self.broken, self._failed, self._marked = None, False, False
        self._run(f"BEGIN ISOLATION LEVEL REPEATABLE READ {'READ ONLY' if reading else 'READ WRITE'}")

    def set_savepoint(self) -> None:
        self._run("RELEASE SAVEPOINT mark; SAVEPOINT mark" if self._marked else "SAVEPOINT mark")
        self._marked = True

    def rollback_to_savepoint(self) -> None:
        self._run("ROLLBACK TO SAVEPOINT mark")
        self._failed = False

    def commit(self) -> None:
        if self._run("COMMIT") != "COMMIT":
            raise RuntimeError("PostgreSQL rolled the transaction back instead of committing it.")

    def rollback(self) -> None:
        if self._connection.is_in_transaction():
            self._run("ROLLBACK")
        self.broken, self._failed = None, False

    def run_script(self, sql: str) -> None:
        """Run statements without values and results."""
        self._run(sql)

    def _run(self, sql: str) -> str:
        status: str = self._ask(self._connection.execute(sql))
        return status

    def _ask(self, asked: Any) -> Any:
        try:
            return self._wait(asked)
        except asyncpg.PostgresError:
            self._failed = True
            raise

    _fault = staticmethod(fault)

    def _disconnect(self) -> None:
        self._connection.terminate()


def _plain(values: Sequence[Any]) -> tuple[Value, ...]:
    """Return values in exactly the types that have casts; enumerations and booleans become numbers and texts."""
    return tuple(value if value is None or type(value) in _CASTS else _as_base(value) for value in values)


def _as_base(value: Any) -> Any:
    for kind in (int, str, float):
        if isinstance(value, kind):
            return kind.__str__(value) if kind is str else kind(value)
    return bytes(value) if isinstance(value, bytearray | memoryview) else value


@lru_cache(maxsize=512)
def _numbered(sql: str, types: tuple[type, ...]) -> str:
    """Return `sql` with `$1`, `$2` ... for its placeholders, each with a cast."""
    first, *rest = split_at_placeholders(sql)
    if len(rest) != len(types):
        raise ValueError(f"{len(types)} values were given for the {len(rest)} placeholders of: {sql}")
    numbered = (
        f"${n}{_CASTS.get(kind, '')}{piece}" for n, (kind, piece) in enumerate(zip(types, rest, strict=True), 1)
    )
    return first + "".join(numbered)
