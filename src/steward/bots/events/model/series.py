"""Series, in SQL: each event as it was made, once or by a rule. The functions are units of work, or parts of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from steward.bots.events.model.details import LONGEST_TITLE, Details, decoded
from steward.store import Row, Transaction, Value, from_millis, marks

WALL = "%Y-%m-%dT%H:%M"
"""How a time on a wall clock is kept, and written in choices and buttons."""

NEVER = from_millis(0)


@lru_cache(maxsize=1024)  # each click on a post reads the event's
def read_wall(text: str) -> datetime:
    """Read a wall time as it is kept; raises `ValueError` where it is none."""
    wall = datetime.fromisoformat(text)  # not strptime, which takes 0.3 MiB
    if wall_text(wall) != text:
        raise ValueError(f"{text!r} is not written as a wall time is kept.")
    return wall


def wall_text(wall: datetime) -> str:
    """Write a wall time as it is kept; `read_wall` reads it back."""
    return wall.strftime(WALL)


@dataclass(frozen=True, slots=True)
class Series:
    """
    An event as it was made: once, or by a rule again and again.

    Attributes:
        id: of the interaction that made it, so that the same one makes it once.
        zone: whose wall clock it keeps.
        rule: by which it recurs (RFC 5545); None for once.
        lead: minutes between the post and the start, on that clock; 0 to post the next one as soon as possible.
        part_of: the id of the series that goes on from where this one ends; None where it is not a part of one.

    """

    id: int
    guild_id: int
    channel_id: int
    organiser_id: int
    zone: ZoneInfo
    start: datetime
    rule: str | None
    lead: int
    details: Details
    part_of: int | None = None
    version: int = 0
    revised_at: datetime = NEVER


def add_series(tx: Transaction, series: Series) -> bool:
    """Keep a new series; return False if it is kept already: Discord told of the same interaction twice."""
    row = {"id": series.id, "guild_id": series.guild_id, "organiser_id": series.organiser_id, "part_of": series.part_of}
    return tx.insert_new("events", row | _changing(series) | {"created_at": tx.now_ms, "revised_at": tx.now_ms})


def series_of(tx: Transaction, event_id: int) -> Series | None:
    """Return a series that has not ended."""
    row = tx.one("SELECT * FROM events WHERE id = ? AND ended_at IS NULL", (event_id,))
    return None if row is None else _series(row)


def parts_of(tx: Transaction, series: Series) -> list[Series]:
    """Return a series that has not ended with all its parts that have not, whichever of them it is."""
    whole = series.part_of or series.id
    sql = "SELECT * FROM events WHERE (id = ? OR part_of = ?) AND ended_at IS NULL ORDER BY id"
    return [_series(row) for row in tx.all(sql, (whole, whole))]


def part_ids(tx: Transaction, event_id: int) -> list[int]:
    """Return the ids of a series with all its parts, ended or not, whichever of them it is."""
    whole = tx.value("SELECT COALESCE(part_of, id) FROM events WHERE id = ?", (event_id,))
    return [row[0] for row in tx.all("SELECT id FROM events WHERE id = ? OR part_of = ?", (whole, whole))]


def running(tx: Transaction, guild_id: int, *, only: Sequence[int] | None = None, limit: int) -> list[Series]:
    """Return the series of a guild that have not ended, or those of these ids."""
    which = "" if only is None else f" AND id IN ({marks(only)})"
    sql = f"SELECT * FROM events WHERE guild_id = ? AND ended_at IS NULL{which} ORDER BY id LIMIT ?"  # noqa: S608
    return [_series(row) for row in tx.all(sql, (guild_id, *(only or ()), limit))]


def replace_series(tx: Transaction, series: Series) -> None:
    """Change when and where a series takes place and what it is; what is kept of it stays as it is."""
    values = _changing(series)
    changes = ", ".join(f"{column} = ?" for column in values)
    tx.execute(f"UPDATE events SET {changes} WHERE id = ?", (*values.values(), series.id))  # noqa: S608 - ours
    revised(tx, series.id)
    tx.execute(
        "UPDATE event_occurrences SET title = ? WHERE event_id = ? AND details IS NULL",
        (searched(series.details), series.id),
    )


def revised(tx: Transaction, event_id: int, times: int = 1) -> None:
    """Note that a series was changed, so many times: each of its entries in calendars has a higher number now."""
    sql = "UPDATE events SET version = version + ?, revised_at = ? WHERE id = ?"
    tx.execute(sql, (times, tx.now_ms, event_id))


def searched(details: Details) -> str:
    """Return the title as it is kept for the search."""
    return details.title.lower()[:LONGEST_TITLE]


def end_series(tx: Transaction, event_id: int) -> None:
    """End a series: nothing more is planned."""
    tx.execute("UPDATE events SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (tx.now_ms, event_id))


def resume_series(tx: Transaction, event_id: int, organiser_id: int) -> Series | None:
    """Have a series that ended go on, and return it as it was; None where nothing is kept of it."""
    row = tx.one("SELECT * FROM events WHERE id = ?", (event_id,))
    tx.execute("UPDATE events SET ended_at = NULL, organiser_id = ? WHERE id = ?", (organiser_id, event_id))
    return None if row is None else _series(row)


def _changing(series: Series) -> dict[str, Value]:
    """Return the columns that may change."""
    return {
        "channel_id": series.channel_id,
        "zone": series.zone.key,
        "start_wall": wall_text(series.start),
        "rule": series.rule,
        "lead_minutes": series.lead,
        "details": series.details.encoded(),
    }


def _series(row: Row) -> Series:
    return Series(
        id=row["id"],
        guild_id=row["guild_id"],
        channel_id=row["channel_id"],
        organiser_id=row["organiser_id"],
        zone=ZoneInfo(row["zone"]),
        start=read_wall(row["start_wall"]),
        rule=row["rule"],
        lead=row["lead_minutes"],
        details=decoded(row["details"]),
        part_of=row["part_of"],
        version=row["version"],
        revised_at=from_millis(row["revised_at"]),
    )
