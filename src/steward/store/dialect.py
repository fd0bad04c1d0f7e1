"""The few sentences that SQL engines say differently; everything else is plain SQL with `?` for values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol


class Dialect(Protocol):
    """
    What one engine calls its own.

    Table and column names are written into the SQL as they are: they come from the program, never from people.
    """

    def __hash__(self) -> int: ...

    @property
    def name(self) -> str:
        """The scheme of the engine's URLs, such as `sqlite`."""
        ...

    @property
    def auto_key(self) -> str:
        """The column type of a key that the engine numbers itself; `{auto_key}` in migrations stands for it."""
        ...

    @property
    def blob(self) -> str:
        """The column type of bytes, up to some megabytes; `{blob}` in migrations stands for it."""
        ...

    @property
    def compact(self) -> str:
        """What ends CREATE TABLE where rows are to lie in the order of their key; `{compact}` in migrations."""
        ...

    @property
    def unless_locked(self) -> str:
        """What ends a SELECT that locks its rows, and passes over those that another process has locked."""
        ...

    def after(self, columns: Sequence[str], place: Sequence[Any]) -> tuple[str, tuple[Any, ...]]:
        """
        Return the condition, and its values, that is true for rows behind `place` in the order of `columns`.

        In the form that lets the engine begin there in an index over these columns.
        """
        ...

    def insert_new(self, table: str, columns: Sequence[str]) -> str:
        """Return an INSERT that leaves an existing row alone, with one `?` for each column."""
        ...

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
        Return an INSERT that changes the row already there, with one `?` each for `key`, `replace`, `add`, `peak`.

        Args:
            table: the table, which has a unique constraint over exactly the `key` columns.
            key: the columns that tell which row.
            replace: columns whose new value takes the place of the old one.
            add: columns whose new value is added to the old one (counters); an old NULL counts as 0.
            peak: columns that keep the greater of the two values, or the one that is not NULL.

        """
        ...


class SqliteDialect:
    """SQLite, from 3.24 on."""

    name = "sqlite"
    auto_key = "INTEGER PRIMARY KEY"
    blob = "BLOB"
    compact = "WITHOUT ROWID"
    unless_locked = ""  # one process writes, one transaction at a time
    greater = "MAX"
    """The function that gives the greatest of its arguments."""

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
    Return what an upsert sets in a row that is there already.

    Args:
        table: the table.
        replace: columns that take the new value.
        add: columns to which it is added.
        peak: columns that keep the greater of the two.
        new: gives the SQL of a column's new value.
        greater: the function that gives the greatest of its arguments.

    """
    changes = [f'"{column}" = {new(column)}' for column in replace]
    changes += [f'"{column}" = COALESCE({table}."{column}", 0) + {new(column)}' for column in add]
    for column in peak:
        before, after = f'{table}."{column}"', new(column)
        changes.append(f'"{column}" = {greater}(COALESCE({before}, {after}), COALESCE({after}, {before}))')
    return changes


def _quoted(columns: Sequence[str]) -> str:
    """Quote names, so that a column may be called `key` or `order`."""
    return ", ".join(f'"{column}"' for column in columns)
