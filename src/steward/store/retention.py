"""How much of what is old one run may delete: a clock that is wrong without anybody's noticing must not cost it all."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

from steward.store.transaction import Transaction, Value

SHARE = 4
"""One run deletes the oldest of so many parts of the time that is kept, at the most."""
LEAST = timedelta(days=2)
"""So much time it may delete in any case, or a daily run would never catch up where little is kept."""

_LEAST_MS = LEAST // timedelta(milliseconds=1)


def portion(before: int, *, oldest: int | None, newest: int | None, now: int) -> int:
    """
    Return before which instant one run may delete; all in milliseconds since 1970.

    Args:
        before: before this everything is too old.
        oldest: when the oldest is from of what is too old; None where nothing is.
        newest: when the newest is from of what is kept.
        now: the time. What says that it comes later does not count for how long something has been kept.

    """
    if oldest is None:
        return before
    kept = max(0, min(now, newest if newest is not None else now) - oldest)
    return min(before, oldest + max(_LEAST_MS, kept // SHARE))


class Rows(NamedTuple):
    """Rows of a table: what follows FROM, and what stands for the marks in it."""

    sql: str
    args: tuple[Value, ...] = ()


def portion_of(tx: Transaction, at: str, kept: Rows, before: int, *, now: int, old: Rows | None = None) -> int:
    """
    Return before which instant one run may delete some rows; all in milliseconds since 1970.

    Args:
        tx: reads how old they are.
        at: the column that says so.
        kept: all of them.
        before: before this they are too old.
        old: those that are too old, where more than the time tells.

    """
    # One question each: asked for both, SQLite would go through all rows.
    oldest, newest = (
        tx.value(f"SELECT {end}({at}) FROM {rows.sql}", rows.args)  # noqa: S608 - ours
        for end, rows in (("MIN", old or kept), ("MAX", kept))
    )
    return portion(before, oldest=oldest, newest=newest, now=now)
