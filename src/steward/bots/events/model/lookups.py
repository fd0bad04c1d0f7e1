"""What is there, for commands that offer and choose, in SQL that reads no more of it than that: reads only."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from zoneinfo import ZoneInfo

import orjson

from steward.bots.events.editing.split import going_on
from steward.bots.events.editing.weekly_plan import series_to_change
from steward.bots.events.model.occurrences import Occurrence, State, is_kept, occurrence
from steward.bots.events.model.series import Series, series_of
from steward.bots.events.model.timeline import LONGEST, occurrences_of
from steward.bots.events.recurrence import planning
from steward.runtime.wall_time import wall_of
from steward.store import Row, Store, Transaction, from_millis, instant_of, to_millis
from steward.text.matching import best_matches

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


@dataclass(frozen=True, slots=True)
class Time:
    """
    One time of a series.

    Attributes:
        original: when the series has it, on the wall clock.
        state: how far it has come; planned where it is not kept yet.

    """

    original: datetime
    starts_at: datetime
    state: State = State.PLANNED


class Lookups:
    """Looks events up."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def one(self, guild_id: int, occurrence_id: int) -> Occurrence:
        """Return an occurrence of a guild; raises `BadEvent` if the guild has none of that id."""
        return await self._store.read(lambda tx: occurrence(tx, occurrence_id, guild_id))

    async def series(self, event: Occurrence) -> Series:
        """
        Return the series of an occurrence, as it goes on from there.

        Raises `BadEvent` if it cannot be changed as a whole.
        """
        return await self._store.read(lambda tx: going_on(series_to_change(tx, event), event))

    async def is_made(self, guild_id: int, event_id: int) -> bool:
        """Return whether a series was made in a guild, ended or not."""
        sql = "SELECT 1 FROM events WHERE id = ? AND guild_id = ?"
        return await self._store.read(lambda tx: tx.value(sql, (event_id, guild_id)) is not None)

    async def offered(self, guild_id: int, typed: str, *, late: bool = False) -> list[Offer]:
        """Return what a guild has to choose from, and may have these words; with `late` what is over, too."""
        find = nearest if late else ahead
        return await self._store.read(partial(find, guild_id=guild_id, typed=typed))

    async def cancelled(self, guild_id: int, typed: str) -> list[Offer]:
        """Return what is cancelled in a guild, would not be over, and may have these words in its title."""
        return await self._store.read(partial(cancelled, guild_id=guild_id, typed=typed))

    async def times(self, event_id: int, *, limit: int = 25) -> list[Time]:
        """Return the next times of a series that are not cancelled, kept or not, the earliest first."""

        def work(tx: Transaction) -> list[Time]:
            series = series_of(tx, event_id)
            if series is None:
                return []
            kept = {item.original: item for item in occurrences_of(tx, event_id, tx.now)}
            now = wall_of(tx.now, series.zone)
            walls = {*planning.walls(series, now, limit=limit + len(kept)), *kept}
            ahead: list[Time] = []
            for wall in walls:
                item = kept.get(wall)
                if item is None:
                    if not is_kept(tx, event_id, wall):  # kept and not among those ahead: it was moved, and is over
                        ahead.append(Time(wall, instant_of(wall, series.zone)))
                elif item.state in {State.PLANNED, State.POSTED}:
                    ahead.append(Time(wall, item.starts_at, item.state))
            return sorted(ahead, key=lambda time: time.starts_at)[:limit]

        return await self._store.read(work)

    async def named(self, guild_id: int, typed: str, *, late: bool = False) -> list[Offer]:
        """
        Return the events whose title fits best what somebody typed, however far ahead, each series once.

        Args:
            late: all of late and ahead, the nearest first; else those ahead, the earliest first.

        """
        offered = await self.offered(guild_id, typed, late=late)
        fitting = best_matches(typed, [(offer.title, offer) for offer in offered])
        return list({offer.event_id: offer for offer in reversed(fitting)}.values())[::-1]
