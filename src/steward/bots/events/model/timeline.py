"""Which occurrences there are in a span of time, in SQL. The functions are units of work, or parts of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from steward.bots.events.model.details import LONGEST_MINUTES
from steward.bots.events.model.occurrences import OCCURRENCES, Occurrence, read_occurrence
from steward.bots.events.model.series import read_wall, wall_text
from steward.store import Row, Transaction, Value, marks, to_millis

LONGEST = timedelta(minutes=LONGEST_MINUTES)
"""No event takes longer, so that the index on the start bounds what is looked at."""


def _read(tx: Transaction, where: str, args: Sequence[Value]) -> list[Occurrence]:
    return [read_occurrence(row) for row in tx.all(f"{OCCURRENCES} WHERE {where}", args)]


def occurrences_of(tx: Transaction, event_id: int, since: datetime) -> list[Occurrence]:
    """Return the occurrences of a series that are kept and end after an instant, the earliest first."""
    return _read(tx, "o.event_id = ? AND o.ends_at > ? ORDER BY o.starts_at, o.id", (event_id, to_millis(since)))


def occurrences_from(tx: Transaction, event_id: int, original: datetime) -> list[Occurrence]:
    """Return the occurrences of a series that are kept, from one of its wall times on and in the order of these."""
    where = "o.event_id = ? AND o.original_wall >= ? ORDER BY o.original_wall"
    return _read(tx, where, (event_id, wall_text(original)))


def last_kept(tx: Transaction, event_id: int, before: datetime) -> datetime | None:
    """Return the last wall time of a series before another one that is kept as an occurrence; None for none."""
    sql = "SELECT MAX(original_wall) FROM event_occurrences WHERE event_id = ? AND original_wall < ?"
    wall = tx.value(sql, (event_id, wall_text(before)))
    return None if wall is None else read_wall(wall)


def rows_taking_place(tx: Transaction, begin: datetime, end: datetime) -> list[Row]:
    """Return the rows, for `read_occurrence`, of what was posted and takes place at some time in `[begin, end)`."""
    sql = f"{OCCURRENCES} WHERE o.state IN ('posted', 'over') AND o.starts_at > ? AND o.starts_at < ? AND o.ends_at > ?"
    return tx.all(sql, (to_millis(begin - LONGEST), to_millis(end), to_millis(begin)))


def kept_between(
    tx: Transaction, guild_id: int, begin: datetime, end: datetime, *, only: Sequence[int] | None = None, limit: int
) -> list[Occurrence]:
    """Return what is kept of a guild, or of these series there, and begins in `[begin, end]`, the earliest first."""
    which = "" if only is None else f" AND o.event_id IN ({marks(only)})"
    where = f"o.guild_id = ? AND o.starts_at BETWEEN ? AND ?{which} ORDER BY o.starts_at, o.id LIMIT ?"
    return _read(tx, where, (guild_id, to_millis(begin), to_millis(end), *(only or ()), limit))


def originals_since(tx: Transaction, guild_id: int, wall: str) -> set[tuple[int, str]]:
    """Return which times of which series are kept in a guild, from a wall time on, wherever they were moved."""
    sql = "SELECT event_id, original_wall FROM event_occurrences WHERE guild_id = ? AND original_wall >= ?"
    return {(event_id, original) for event_id, original in tx.all(sql, (guild_id, wall))}


def ended_between(tx: Transaction, guild_id: int, begin: datetime, end: datetime, *, limit: int) -> list[Occurrence]:
    """Return what took place in a guild and ended in `[begin, end)`, the earliest first."""
    where = (
        "o.guild_id = ? AND o.starts_at >= ? AND o.starts_at < ?"
        " AND o.ends_at >= ? AND o.ends_at < ? AND o.state IN ('posted', 'over') ORDER BY o.starts_at, o.id LIMIT ?"
    )
    first, last = to_millis(begin), to_millis(end)
    return _read(tx, where, (guild_id, to_millis(begin - LONGEST), last, first, last, limit))
