"""The parts of SQL that differ between engines; everything else is plain SQL with `?` for values."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence, Sized
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from steward.store.transaction import Cursor

T = TypeVar("T")

AT_ONCE = 200  # values in one statement


class Dialect(ABC):
    """
    The SQL that differs between engines.

    Table and column names are put into the SQL unescaped: they come from the program, never from users.
    """

    name: str
    """The scheme of the engine's URLs, such as `sqlite`."""
    auto_key: str
    """The column type of an auto-incremented key; replaces `{auto_key}` in migrations."""
    blob: str
    """The column type for bytes, up to some megabytes; replaces `{blob}` in migrations."""
    compact: str
    """The end of a CREATE TABLE that clusters rows by their key; replaces `{compact}` in migrations."""
    unless_locked: str
    """The end of a SELECT that locks its rows and skips rows locked by another process."""
    greater: str
    """The SQL function that returns the greatest of its arguments."""
    returns_updated = True
    """Whether an UPDATE can return rows as it leaves them, by RETURNING."""
    new: str
    """The new value of a column in an upsert, with `{}` for its name."""

    @abstractmethod
    def after(self, columns: Sequence[str], place: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """
        Return the condition, and its values, for rows that come after `place` in the order of `columns`.

        The form lets the engine start there in an index over these columns.
        """

    @abstractmethod
    def insert_new(self, table: str, columns: Sequence[str]) -> str:
        """Return an INSERT that leaves an existing row unchanged, with one `?` for each column."""

    def insert_numbered(self, table: str, columns: Sequence[str]) -> str:
        """Return the same INSERT; what it answers tells the new row's `id`, see `number_of`."""
        return f'{self.insert_new(table, columns)} RETURNING "id"'

    def number_of(self, inserted: Cursor) -> int | None:
        """Return the `id` of the row that an `insert_numbered` inserted; None if it inserted none."""
        rows = inserted.fetchall()
        return int(rows[0][0]) if rows else None

    @abstractmethod
    def _updated(self, table: str, key: Sequence[str], changes: Sequence[str]) -> str:
        """Return the end of an INSERT that makes these assignments, if any, where a row has the key already."""

    def upsert(
        self,
        table: str,
        *,
        key: Sequence[str],
        replace: Sequence[str] = (),
        add: Sequence[str] = (),
        peak: Sequence[str] = (),
    ) -> str:
        """
        Return an INSERT or UPDATE, with one `?` each for `key`, `replace`, `add`, `peak`.

        Args:
            table: must have a unique constraint over exactly the `key` columns.
            add: columns to which the new value is added (counters); an old NULL counts as 0.
            peak: columns that keep the greater of the two values, or the one that is not NULL.

        """
        changes = [f'"{column}" = {self.new.format(column)}' for column in replace]
        changes += [f'"{column}" = COALESCE({table}."{column}", 0) + {self.new.format(column)}' for column in add]
        for column in peak:
            before, after = f'{table}."{column}"', self.new.format(column)
            changes.append(f'"{column}" = {self.greater}(COALESCE({before}, {after}), COALESCE({after}, {before}))')
        return f"{insertion(table, (*key, *replace, *add, *peak))} {self._updated(table, key, changes)}"


class SqliteDialect(Dialect):
    """SQLite 3.35 and later."""

    name = "sqlite"
    auto_key = "INTEGER PRIMARY KEY"
    blob = "BLOB"
    compact = "WITHOUT ROWID"
    unless_locked = ""  # one process writes, one transaction at a time
    greater = "MAX"
    new = 'excluded."{}"'

    def after(self, columns: Sequence[str], place: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        return f"({_quoted(columns)}) > ({marks(columns)})", tuple(place)

    def insert_new(self, table: str, columns: Sequence[str]) -> str:
        return f"{insertion(table, columns)} ON CONFLICT DO NOTHING"

    def _updated(self, table: str, key: Sequence[str], changes: Sequence[str]) -> str:
        outcome = f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING"
        return f"ON CONFLICT ({_quoted(key)}) DO {outcome}"


def insertion(table: str, columns: Sequence[str]) -> str:
    """Return `INSERT INTO table (columns) VALUES (?, ...)`."""
    return f"INSERT INTO {table} ({_quoted(columns)}) VALUES ({marks(columns)})"  # noqa: S608 - names of the program


def marks(values: Sized) -> str:
    """Return the placeholders for some values, at least one."""
    return ", ".join("?" * len(values)) or "NULL"


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """Split values into as many as go into one statement: a few sizes of statements do not crowd the caches of SQL."""
    for start in range(0, len(values), AT_ONCE):
        yield values[start : start + AT_ONCE]


def _quoted(columns: Sequence[str]) -> str:
    """Quote names: a column may be called `key` or `order`."""
    return ", ".join(f'"{column}"' for column in columns)
