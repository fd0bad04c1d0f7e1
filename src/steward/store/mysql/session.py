"""A session with MariaDB or MySQL, through asyncmy."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, ClassVar

from asyncmy import errors
from asyncmy.cursors import SSCursor

from steward.store.server.faults import ServerFault
from steward.store.server.session import (
    STREAMED_AT_ONCE,
    DatabaseSession,
    ResultSet,
    SessionLimits,
    split_at_placeholders,
)
from steward.store.transaction import Params

_MATCHED = re.compile(rb"Rows matched: (\d+)")
_INSERT = re.compile(r"(\s*INSERT\b.*\bVALUES\s*)(\([\s?,]*\))\s*", re.IGNORECASE | re.DOTALL)
_LONGEST = 1_000_000  # characters of one INSERT; the server accepts 16 MB
_PLAIN = (type(None), int, str, float, bytes)

_LOST = {0, 1053, 1077, 1079, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1317, 1927, 2002, 2003, 2006, 2013, 4031}
_FAULTS = {
    ServerFault.LOST: _LOST,
    ServerFault.CONFLICT: {1020, 1213},
    ServerFault.FULL: {1040, 1203, 1226},
    ServerFault.HELD: {1205},
    ServerFault.NO_SPACE: {3, 28, 1021, 1114},
    ServerFault.READ_ONLY: {1290, 1792, 1836},
    ServerFault.REFUSED: {1044, 1045, 1129, 1130, 1142, 1227, 1698, 2059},
    ServerFault.NO_DATABASE: {1046, 1049},
    ServerFault.NO_TABLE: {1146, 1932},
}
_BY_NUMBER = {number: meant for meant, numbers in _FAULTS.items() for number in numbers}


def number_of(error: BaseException) -> int:
    """Return the server's number of an error, -1 if it has none."""
    given = error.args[0] if isinstance(error, errors.MySQLError) and error.args else -1
    return given if isinstance(given, int) else -1


def fault(error: BaseException) -> ServerFault:
    """Return what an error raised by asyncmy means."""
    if isinstance(error, OSError | TimeoutError | EOFError):
        return ServerFault.LOST
    unknown = ServerFault.CONTENT if isinstance(error, errors.DataError | errors.IntegrityError) else ServerFault.SQL
    return _BY_NUMBER.get(number_of(error), unknown)


class MysqlSession(DatabaseSession):
    """See `DatabaseSession`."""

    def __init__(self, loop: asyncio.AbstractEventLoop, limits: SessionLimits, connection: Any) -> None:
        super().__init__(loop, limits)
        self._connection = connection

    @property
    def in_transaction(self) -> bool:
        return self.broken is None and bool(self._connection.get_transaction_status())

    def execute(self, sql: str, parameters: Params = (), /) -> ResultSet:
        return self._wait(self._query(_filled(split_at_placeholders(sql), self._literals(sql, parameters))))

    def executemany(self, sql: str, parameters: Iterable[Params], /) -> ResultSet:
        match = _INSERT.fullmatch(sql)
        if match is None:
            return ResultSet((), sum(self.execute(sql, row).rowcount for row in parameters))
        count = 0
        rows: list[str] = []
        length = 0
        pieces = split_at_placeholders(match[2])
        for row in parameters:
            rows.append(_filled(pieces, self._literals(sql, row)))
            length += len(rows[-1])
            if length > _LONGEST:
                count += self._wait(self._query(match[1] + ", ".join(rows))).rowcount
                rows, length = [], 0
        if rows:
            count += self._wait(self._query(match[1] + ", ".join(rows))).rowcount
        return ResultSet((), count)

    def stream(self, sql: str) -> Iterator[Any]:
        cursor = self._connection.cursor(SSCursor)
        self._wait(cursor.execute(sql))
        names = [column[0] for column in cursor.description]
        while rows := self._wait(cursor.fetchmany(STREAMED_AT_ONCE)):
            yield from named(rows, names)
        self._wait(cursor.close())

    def begin(self, *, reading: bool) -> None:
        self.broken = None
        kind = "WITH CONSISTENT SNAPSHOT, READ ONLY" if reading else "READ WRITE"
        self._run(f"START TRANSACTION {kind}")

    def set_savepoint(self) -> None:
        self._run("SAVEPOINT mark")

    def rollback_to_savepoint(self) -> None:
        self._run("ROLLBACK TO SAVEPOINT mark")

    def commit(self) -> None:
        if not self.in_transaction:
            raise RuntimeError("The server rolled the transaction back before it could be committed.")
        self._run("COMMIT")

    def rollback(self) -> None:
        self._run("ROLLBACK")
        self.broken = None

    def _run(self, sql: str) -> None:
        self._wait(self._connection.query(sql))

    async def _query(self, query: str) -> ResultSet:
        # Without the driver's cursor, which fetches every warning and raises it as one of Python's.
        await self._connection.query(query)
        result = self._connection._result  # noqa: SLF001 - what a cursor would read
        if result.description:
            rows = named(result.rows or (), [column[0] for column in result.description])
            return ResultSet(rows, len(rows))
        # The count is of rows that changed; the number of rows that matched is in the server's message.
        matched = _MATCHED.search(result.message or b"")
        return ResultSet((), int(matched[1]) if matched else result.affected_rows, result.insert_id or None)

    def _literals(self, sql: str, values: Sequence[Any]) -> list[str]:
        placeholders = len(split_at_placeholders(sql)) - 1
        if placeholders != len(values):
            raise ValueError(f"{len(values)} values were given for the {placeholders} placeholders of: {sql}")
        return [self._connection.literal(value) for value in _known(values)]

    _fault = staticmethod(fault)

    def _disconnect(self) -> None:
        self._connection.close()


def _known(values: Sequence[Any]) -> tuple[Any, ...]:
    """Return values in exactly the types that the driver can write; it writes all others as text."""
    return tuple(value if type(value) in _PLAIN else _as_base(value) for value in values)


def _as_base(value: Any) -> Any:
    for kind in (int, str, float):
        if isinstance(value, kind):
            return str.__str__(value) if kind is str else kind(value)
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    raise TypeError(f"{value!r} is not a database value: give a number, text, bytes or None.")


def _filled(pieces: Sequence[str], literals: Sequence[str]) -> str:
    return pieces[0] + "".join(f"{literal}{piece}" for literal, piece in zip(literals, pieces[1:], strict=True))


class MysqlRow(tuple[Any, ...]):
    """See `steward.store.transaction.Row`."""

    __slots__ = ()
    places: ClassVar[Mapping[str, int]] = {}

    def __getitem__(self, key: Any, /) -> Any:
        return super().__getitem__(self.places[key] if isinstance(key, str) else key)

    def keys(self) -> Sequence[str]:
        """Return the column names in their order."""
        return list(self.places)


def named(rows: Iterable[tuple[Any, ...]], names: Sequence[str]) -> list[MysqlRow]:
    """Return the rows with column names, and sums of whole numbers as whole numbers."""
    kind = _kind_of_row(tuple(names))
    return [kind(_plain(row)) for row in rows]


@lru_cache(maxsize=128)
def _kind_of_row(names: tuple[str, ...]) -> type[MysqlRow]:
    """Return the class of rows with these columns, so that the names are not stored in every row."""
    return type("MysqlRow", (MysqlRow,), {"__slots__": (), "places": {name: place for place, name in enumerate(names)}})


def _plain(row: tuple[Any, ...]) -> Iterator[Any]:
    for value in row:
        yield _number(value) if type(value) is Decimal else value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)
