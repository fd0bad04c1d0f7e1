"""What is there, for commands that offer and choose: reads only."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from steward.bots.events import planning
from steward.bots.events.occurrences import GONE, Occurrence, State, is_kept, occurrence
from steward.bots.events.series import Series, series_of
from steward.bots.events.timeline import occurrences_of, upcoming
from steward.store import Store, Transaction, instant_of

MOST_AHEAD = 300
# What stands in JSON otherwise than in a title, means something to LIKE, or has capitals that SQLite does not know.
_OTHER = re.compile(r"[^a-z0-9 ]+")


@dataclass(frozen=True, slots=True)
class Time:
    """
    One time of a series.

    Attributes:
        original: when the series has it, on the wall clock.
        starts_at: when it begins, wherever it was moved.
        state: how far it has come; planned where it is not kept yet.

    """

    original: datetime
    starts_at: datetime
    state: State = State.PLANNED


class Lookups:
    """
    Looks events up.

    Args:
        store: keeps them.

    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def one(self, guild_id: int, occurrence_id: int) -> Occurrence:
        """
        Return an occurrence of a guild.

        Raises:
            BadEvent: the guild has none of that id.

        """
        found = await self._store.read(lambda tx: occurrence(tx, occurrence_id))
        if found.guild_id != guild_id:
            raise GONE
        return found

    async def series(self, event_id: int) -> Series | None:
        """Return a series that has not ended, or None."""
        return await self._store.read(lambda tx: series_of(tx, event_id))

    async def is_made(self, event_id: int) -> bool:
        """Return whether a series was made, ended or not."""
        sql = "SELECT 1 FROM events WHERE id = ?"
        return await self._store.read(lambda tx: tx.value(sql, (event_id,)) is not None)

    async def ahead(self, guild_id: int, *, limit: int = MOST_AHEAD) -> list[Occurrence]:
        """Return what is planned or posted in a guild and not over, the earliest first."""
        return await self._store.read(lambda tx: upcoming(tx, guild_id, tx.now, limit=limit))

    async def of_late(self, guild_id: int, *, limit: int = 100) -> list[Occurrence]:
        """Return what was there in a guild lately or lies ahead, whatever became of it, the newest first."""
        sql = "SELECT id FROM event_occurrences WHERE guild_id = ? ORDER BY starts_at DESC, id LIMIT ?"
        return await self._store.read(
            lambda tx: [occurrence(tx, row[0]) for row in tx.all(sql, (guild_id, limit))],
        )

    async def times(self, event_id: int, *, limit: int = 25) -> list[Time]:
        """Return the next times of a series that are not cancelled, kept or not, the earliest first."""

        def work(tx: Transaction) -> list[Time]:
            series = series_of(tx, event_id)
            if series is None:
                return []
            kept = {item.original: item for item in occurrences_of(tx, event_id, tx.now)}
            now = tx.now.astimezone(series.zone).replace(tzinfo=None)
            walls = {*planning.walls(series, now, limit=limit + len(kept)), *kept}
            found = []
            for wall in walls:
                item = kept.get(wall)
                if item is None:
                    if not is_kept(tx, event_id, wall):  # kept and not among those ahead: it was moved, and is over
                        found.append(Time(wall, instant_of(wall, series.zone)))
                elif item.state in {State.PLANNED, State.POSTED}:
                    found.append(Time(wall, item.starts_at, item.state))
            return sorted(found, key=lambda time: time.starts_at)[:limit]

        return await self._store.read(work)

    async def named(self, guild_id: int, typed: str, *, limit: int = 50) -> list[Occurrence]:
        """Return what lies ahead in a guild, however far, whose title may have these words."""
        sql = (
            "SELECT o.id FROM event_occurrences o JOIN events e ON e.id = o.event_id WHERE o.guild_id = ?"
            " AND o.starts_at > ? AND o.state IN ('planned', 'posted')"
            " AND LOWER(COALESCE(o.details, e.details)) LIKE ? ORDER BY o.starts_at, o.id LIMIT ?"
        )
        within = f"%{_OTHER.sub('%', typed.lower())}%"
        return await self._store.read(
            lambda tx: [occurrence(tx, row[0]) for row in tx.all(sql, (guild_id, tx.now_ms, within, limit))]
        )
