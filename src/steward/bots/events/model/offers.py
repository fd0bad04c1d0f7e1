"""Which events are offered while a member types: by title and time, in SQL that reads no more of them than that."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import orjson

from steward.bots.events.model.timeline import LONGEST
from steward.runtime.wall_time import wall_of
from steward.store import Row, Transaction, from_millis, to_millis

NEAREST = 150
BY_TITLE = 50
# What means something to LIKE, or has capitals that SQLite does not know.
_OTHER = re.compile(r"[^a-z0-9 ]+")
_OFFERS = (
    "SELECT o.id, o.event_id, o.starts_at, e.organiser_id, e.zone, e.rule, COALESCE(o.details, e.details) AS details"
    " FROM event_occurrences o JOIN events e ON e.id = o.event_id WHERE o.guild_id = ?"
)
_OPEN = "o.starts_at > ? AND o.ends_at > ? AND o.state IN ('planned', 'posted')"


@dataclass(frozen=True, slots=True)
class Offer:
    """
    An event that may be chosen.

    Attributes:
        id: of the occurrence.
        event_id: of its series.
        wall: the same on the clock of its zone.

    """

    id: int
    event_id: int
    organiser_id: int
    title: str
    starts_at: datetime
    wall: datetime
    recurs: bool


def ahead(tx: Transaction, guild_id: int, typed: str) -> list[Offer]:
    """Return the next events of a guild that are not over, and those further on whose titles may have these words."""
    since = (guild_id, to_millis(tx.now - LONGEST), tx.now_ms)
    rows = tx.all(f"{_OFFERS} AND {_OPEN} ORDER BY o.starts_at, o.id LIMIT ?", (*since, 2 * NEAREST))
    if typed:
        sql = f"{_OFFERS} AND {_OPEN} AND o.title LIKE ? ORDER BY o.starts_at, o.id LIMIT ?"
        rows += tx.all(sql, (*since, like(typed), BY_TITLE))
    return _read(rows)


def nearest(tx: Transaction, guild_id: int, typed: str) -> list[Offer]:
    """Return events of a guild whatever became of them, the nearest to the present first, and those so called."""
    key = (guild_id, tx.now_ms)
    rows = tx.all(f"{_OFFERS} AND o.starts_at <= ? ORDER BY o.starts_at DESC, o.id LIMIT ?", (*key, NEAREST))
    rows += tx.all(f"{_OFFERS} AND o.starts_at > ? ORDER BY o.starts_at, o.id LIMIT ?", (*key, NEAREST))
    if typed:
        sql = f"{_OFFERS} AND o.title LIKE ? ORDER BY o.starts_at DESC, o.id LIMIT ?"
        rows += tx.all(sql, (guild_id, like(typed), BY_TITLE))
    return sorted(_read(rows), key=lambda offer: abs(offer.starts_at - tx.now))


def cancelled(tx: Transaction, guild_id: int, typed: str) -> list[Offer]:
    """Return what is cancelled in a guild and would not be over, the earliest first."""
    sql = (
        f"{_OFFERS} AND o.starts_at > ? AND o.ends_at > ? AND o.state = 'cancelled' AND o.title LIKE ?"
        " ORDER BY o.starts_at, o.id LIMIT ?"
    )
    return _read(tx.all(sql, (guild_id, to_millis(tx.now - LONGEST), tx.now_ms, like(typed), NEAREST)))


def like(typed: str) -> str:
    """Return the pattern of LIKE for titles that may have these words."""
    return f"%{_OTHER.sub('%', typed.lower())}%"


def _read(rows: Sequence[Row]) -> list[Offer]:
    return [_offer(row) for row in {row["id"]: row for row in rows}.values()]


def _offer(row: Row) -> Offer:
    starts_at = from_millis(row["starts_at"])
    wall = wall_of(starts_at, ZoneInfo(row["zone"]))
    title, recurs = orjson.loads(row["details"])["title"], row["rule"] is not None
    return Offer(row["id"], row["event_id"], row["organiser_id"], title, starts_at, wall, recurs)
