"""How much old data one run may delete: a wrong clock that nobody has noticed must not delete everything."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from steward.store.transaction import Transaction, Value

SHARE = 4
"""One run deletes at most one in so many parts of the time covered by the rows."""
LEAST = timedelta(days=2)
"""One run may always delete this much; else a daily run would never catch up with a short retention."""

_MIN_MS = LEAST // timedelta(milliseconds=1)


def deletion_limit(before: int, *, oldest: int | None, newest: int | None, now: int) -> int:
    """
    Return the instant before which one run may delete; all in milliseconds since 1970.

    Args:
        before: everything earlier is too old.
        oldest: the instant of the oldest row that is too old; None if there is none.
        newest: the instant of the newest row.
        now: rows later than this do not count as time covered.

    """
    if oldest is None:
        return before
    kept = max(0, min(now, newest if newest is not None else now) - oldest)
    return min(before, oldest + max(_MIN_MS, kept // SHARE))


class Rows(NamedTuple):
    """Rows of a table: the SQL after FROM, and its values."""

    sql: str
    args: tuple[Value, ...] = ()


def deletion_limit_of(tx: Transaction, at: str, kept: Rows, before: int, *, now: int, old: Rows | None = None) -> int:
    """
    Return the instant before which one run may delete rows; all in milliseconds since 1970.

    Args:
        at: the column with a row's instant.
        kept: all rows.
        before: earlier rows are too old.
        old: the rows that are too old, if more than the instant decides.

    """
    # One query each: for both at once, SQLite would read all rows.
    oldest, newest = (
        tx.value(f"SELECT {end}({at}) FROM {rows.sql}", rows.args)  # noqa: S608 - ours
        for end, rows in (("MIN", old or kept), ("MAX", kept))
    )
    return deletion_limit(before, oldest=oldest, newest=newest, now=now)
