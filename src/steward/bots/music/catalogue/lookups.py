"""Look up the rows of many values, some hundred in a statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from steward.store import Row, Transaction, Value, chunks, marks


def rows_in(tx: Transaction, sql: str, values: Iterable[Value], *before: Value) -> Iterator[Row]:
    """
    Yield the rows of a SELECT that has `{}` for the placeholders of the values.

    Args:
        before: the values of the placeholders before that.

    """
    for some in chunks(list(values)):
        yield from tx.all(sql.format(marks(some)), (*before, *some))


def change_in(tx: Transaction, sql: str, values: Iterable[Value], *before: Value) -> None:
    """Run an UPDATE or DELETE in the same way."""
    for some in chunks(list(values)):
        tx.execute(sql.format(marks(some)), (*before, *some))
