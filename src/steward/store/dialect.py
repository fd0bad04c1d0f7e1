"""The parts of SQL that differ between engines; everything else is plain SQL with `?` for values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol


class Dialect(Protocol):
    """
    The SQL that differs between engines.

    Table and column names are put into the SQL unescaped: they come from the program, never from users.
    """

    def __hash__(self) -> int: ...

    @property
    def name(self) -> str:
        """The scheme of the engine's URLs, such as `sqlite`."""

    @property
    def auto_key(self) -> str:
        """The column type of an auto-incremented key; replaces `{auto_key}` in migrations."""

    @property
    def blob(self) -> str:
        """The column type for bytes, up to some megabytes; replaces `{blob}` in migrations."""

    @property
    def compact(self) -> str:
        """The end of a CREATE TABLE that clusters rows by their key; replaces `{compact}` in migrations."""

    @property
    def unless_locked(self) -> str:
        """The end of a SELECT that locks its rows and skips rows locked by another process."""

    def after(self, columns: Sequence[str], place: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """
        Return the condition, and its values, for rows that come after `place` in the order of `columns`.

        The form lets the engine start there in an index over these columns.
        """

    def insert_new(self, table: str, columns: Sequence[str]) -> str:
        """Return an INSERT that leaves an existing row unchanged, with one `?` for each column."""

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


class SqliteDialect:
    """SQLite 3.35 and later."""

    name = "sqlite"
    auto_key = "INTEGER PRIMARY KEY"
    blob = "BLOB"
    compact = "WITHOUT ROWID"
    unless_locked = ""  # one process writes, one transaction at a time
    greater = "MAX"
    """The SQL function that returns the greatest of its arguments."""

    def after(self, columns: Sequence[str], place: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        return f"({_quoted(columns)}) > ({', '.join('?' * len(columns))})", tuple(place)

    def insert_new(self, table: str, columns: Sequence[str]) -> str:
        return f"{insertion(table, columns)} ON CONFLICT DO NOTHING"

    def upsert(
        self,
        table: str,
        *,
        key: Sequence[str],
        replace: Sequence[str] = (),
        add: Sequence[str] = (),
        peak: Sequence[str] = (),
    ) -> str:
        changes = changed(table, replace, add, peak, new=lambda column: f'excluded."{column}"', greater=self.greater)
        outcome = f"UPDATE SET {', '.join(changes)}" if changes else "NOTHING"
        return f"{insertion(table, (*key, *replace, *add, *peak))} ON CONFLICT ({_quoted(key)}) DO {outcome}"


def insertion(table: str, columns: Sequence[str]) -> str:
    """Return `INSERT INTO table (columns) VALUES (?, ...)`."""
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({_quoted(columns)}) VALUES ({marks})"  # noqa: S608 - names of the program


def changed(
    table: str,
    replace: Sequence[str],
    add: Sequence[str],
    peak: Sequence[str],
    *,
    new: Callable[[str], str],
    greater: str,
) -> list[str]:
    """
    Return the assignments of an upsert for an existing row.

    Args:
        new: returns the SQL of a column's new value.
        greater: the SQL function that returns the greatest of its arguments.

    """
    changes = [f'"{column}" = {new(column)}' for column in replace]
    changes += [f'"{column}" = COALESCE({table}."{column}", 0) + {new(column)}' for column in add]
    for column in peak:
        before, after = f'{table}."{column}"', new(column)
        changes.append(f'"{column}" = {greater}(COALESCE({before}, {after}), COALESCE({after}, {before}))')
    return changes


def _quoted(columns: Sequence[str]) -> str:
    """Quote names: a column may be called `key` or `order`."""
    return ", ".join(f'"{column}"' for column in columns)
