"""A transaction as a unit of work sees it: SQL in, rows out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import lru_cache
from typing import Any, Protocol, TypeVar

from steward.store.dialect import Dialect
from steward.store.instants import to_millis
from steward.store.queries.watch import QueryWatch

Value = str | int | float | bytes | None
Params = Sequence[Value]


class Row(Protocol):
    """One row of a result: `row["name"]` or `row[0]`."""

    def __getitem__(self, key: str | int, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Sequence[str]:
        """Return the column names in their order."""


class Cursor(Protocol):
    """The part of a DB-API cursor that is used."""

    @property
    def rowcount(self) -> int: ...
    @property
    def lastrowid(self) -> int | None: ...
    def fetchone(self) -> Any: ...
    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """The part of a DB-API connection that is used, and whether its transaction is still open."""

    @property
    def in_transaction(self) -> bool: ...
    def execute(self, sql: str, parameters: Params, /) -> Cursor: ...
    def executemany(self, sql: str, parameters: Iterable[Params], /) -> Cursor: ...


class Transaction:
    """
    One open transaction, valid within its unit of work only.

    Values are written as `?` in the SQL. Avoid conflicts (`insert_new`, `upsert`) instead of catching them: each driver
    has its own exceptions.

    A unit of work runs in a thread: it uses this object and its own arguments, waits for nothing else and
    touches no object of the event loop. If it raises, its changes are rolled back.
    """

    def __init__(
        self, connection: Connection, dialect: Dialect, now: datetime, watch: QueryWatch | None = None
    ) -> None:
        self._connection = connection
        self._watch = QueryWatch() if watch is None else watch
        self._open = True
        self._now = now
        self.dialect = dialect
        self.statements: set[str] = set()
        """The SQL that was run so far."""
        self.timed = False
        """Whether the unit of work has read the time."""
        self.topics: set[str] = set()
        """Topics to announce after the commit (see `notify`)."""

    @property
    def now(self) -> datetime:
        """When the transaction began, aware, in UTC."""
        self.timed = True
        return self._now

    @property
    def now_ms(self) -> int:
        """`now` in milliseconds since the epoch."""
        return to_millis(self.now)

    def execute(self, sql: str, params: Params = ()) -> int:
        """Run one statement and return the number of rows it changed (-1 if it has none)."""
        with self._running(sql):
            return self._usable().execute(sql, params).rowcount

    def executemany(self, sql: str, rows: Iterable[Params]) -> int:
        """Run one statement for each row of values and return the number of changed rows."""
        with self._running(sql):
            return self._usable().executemany(sql, rows).rowcount

    def one(self, sql: str, params: Params = ()) -> Row | None:
        """Return the first row of the result, or None."""
        with self._running(sql):
            row: Row | None = self._usable().execute(sql, params).fetchone()
        return row

    def all(self, sql: str, params: Params = ()) -> list[Row]:
        """Return all rows of the result; use LIMIT where they may grow."""
        with self._running(sql):
            return self._usable().execute(sql, params).fetchall()

    def value(self, sql: str, params: Params = ()) -> Any:
        """Return the first column of the first row, or None if there is no row."""
        row = self.one(sql, params)
        return None if row is None else row[0]

    def insert_new(self, table: str, values: Mapping[str, Any]) -> bool:
        """Insert a row unless one with the same unique key is there; return whether it was inserted."""
        return self.execute(_insert_new(self.dialect, table, tuple(values)), tuple(values.values())) == 1

    def insert_numbered(self, table: str, values: Mapping[str, Any]) -> int | None:
        """Do as `insert_new` in a table whose `{auto_key}` is `id`; return that of the new row, None if none is new."""
        sql = _insert_numbered(self.dialect, table, tuple(values))
        with self._running(sql):
            return self.dialect.number_of(self._usable().execute(sql, tuple(values.values())))

    def upsert(self, table: str, *, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Insert the row with this `key`, or set these `values` in it."""
        sql = _upsert(self.dialect, table, tuple(key), tuple(values))
        self.execute(sql, (*key.values(), *values.values()))

    def notify(self, topic: str) -> None:
        """Wake the listeners of `topic` (`Store.listening`) after the commit; a rollback wakes nobody."""
        self.topics.add(topic)

    def close(self) -> None:
        """Make this object unusable; the store calls it."""
        self._open = False

    def _running(self, sql: str) -> AbstractContextManager[None]:
        self.statements.add(sql)
        return self._watch.timing(sql)

    def _usable(self) -> Connection:
        if not self._open:
            raise RuntimeError("This transaction is over: use it only inside the function given to the store.")
        if not self._connection.in_transaction:
            raise RuntimeError("The database has rolled this transaction back; let its first error through.")
        return self._connection


@lru_cache(maxsize=256)
def _insert_new(dialect: Dialect, table: str, columns: tuple[str, ...]) -> str:
    return dialect.insert_new(table, columns)


@lru_cache(maxsize=256)
def _insert_numbered(dialect: Dialect, table: str, columns: tuple[str, ...]) -> str:
    return dialect.insert_numbered(table, columns)


@lru_cache(maxsize=256)
def _upsert(dialect: Dialect, table: str, key: tuple[str, ...], columns: tuple[str, ...]) -> str:
    return dialect.upsert(table, key=key, replace=columns)


T_co = TypeVar("T_co", covariant=True)
Work = Callable[[Transaction], T_co]
