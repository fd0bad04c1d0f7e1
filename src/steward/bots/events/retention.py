"""
How long what is over is kept: a daily job that deletes what is older.

As a durable job it runs once a day however often the bot is restarted. A transaction deletes some hundred rows, so that
whoever else writes never waits long.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from steward.bots.events.drafts import forget_drafts
from steward.bots.events.occurrences import NO_SERIES, State, drop
from steward.bots.events.series import WALL
from steward.runtime.clock import Clock
from steward.store import DailyAt, JobRunner, Occurrence, Store, Transaction, to_millis

JOB = "events.retention"
WHEN = DailyAt(time(4, 45), ZoneInfo("UTC"))
ROWS = 500
MOMENTS_KEPT = timedelta(days=60)
"""What has happened is remembered for so long, of events that are still to end, too."""
ANY_ZONE = timedelta(days=1)
"""No wall clock is further from UTC."""


class Retention:
    """
    Deletes what is too old, in every guild.

    Args:
        store: the database.
        clock: the time.
        keep: how long what is over is kept; None for ever.

    """

    def __init__(self, store: Store, clock: Clock, *, keep: timedelta | None) -> None:
        self._store = store
        self._clock = clock
        self._keep = keep

    def register(self, jobs: JobRunner) -> None:
        """Have it run daily."""
        jobs.register(JOB, WHEN, self._job, coalesce=True)

    async def prune(self, now: datetime) -> None:
        """Delete all that is too old at `now`; cut short anywhere, the next call goes on."""
        await self._in_steps(partial(_forget_moments, before=to_millis(now - MOMENTS_KEPT)))
        if self._keep is None:
            return
        before = now - self._keep
        for state in (State.OVER, State.CANCELLED):
            await self._in_steps(partial(_forget_occurrences, state=state, before=before))
        await self._in_steps(partial(_forget_series, before=to_millis(before)))
        await self._in_steps(partial(_forget_polls, before=to_millis(before)))
        await self._store.write(partial(forget_drafts, before=to_millis(before)))

    async def _job(self, _: Occurrence) -> None:
        await self.prune(self._clock.now())

    async def _in_steps(self, some: Callable[[Transaction], int]) -> None:
        """Delete some, each time in a transaction of its own, until nothing is left of it."""
        while await self._store.write(some):
            pass


def _forget_moments(tx: Transaction, before: int) -> int:
    rows = tx.all("SELECT done_at FROM event_moments WHERE done_at < ? ORDER BY done_at LIMIT ?", (before, ROWS))
    return tx.execute("DELETE FROM event_moments WHERE done_at <= ?", (rows[-1][0],)) if rows else 0


def _forget_occurrences(tx: Transaction, state: State, before: datetime) -> int:
    """
    Drop some occurrences with all that belongs to them.

    One that was moved is kept until the time that its rule has is past, too, or it would be planned again.
    """
    at, wall = to_millis(before), (before - ANY_ZONE).strftime(WALL)
    rows = tx.all(
        "SELECT id FROM event_occurrences WHERE state = ? AND starts_at < ? AND ends_at < ? AND original_wall < ?"
        " AND event_id <> ? ORDER BY starts_at LIMIT ?",
        (state.value, at, at, wall, NO_SERIES, ROWS),
    )
    deleted = 0
    for (id_,) in rows:
        for table in ("event_answers", "event_attendance"):
            deleted += _forget_members(tx, table, "occurrence_id", id_, most=ROWS - deleted)
        if deleted >= ROWS:
            break
        for table in ("event_tallies", "event_moments", "event_mirrors"):
            deleted += tx.execute(f"DELETE FROM {table} WHERE occurrence_id = ?", (id_,))  # noqa: S608 - ours
        deleted += drop(tx, id_)
    return deleted


def _forget_series(tx: Transaction, before: int) -> int:
    """Drop some series of which nothing is kept: one that goes on has always its next time."""
    rows = tx.all(
        "SELECT id FROM events WHERE created_at < ? AND (ended_at IS NULL OR ended_at < ?)"
        " AND NOT EXISTS (SELECT 1 FROM event_occurrences o WHERE o.event_id = events.id) LIMIT ?",
        (before, before, ROWS),
    )
    return sum(tx.execute("DELETE FROM events WHERE id = ?", (id_,)) for (id_,) in rows)


def _forget_polls(tx: Transaction, before: int) -> int:
    rows = tx.all(
        "SELECT id FROM event_polls WHERE state IN ('closed', 'made') AND closes_at < ? ORDER BY closes_at LIMIT ?",
        (before, ROWS),
    )
    deleted = 0
    for (id_,) in rows:
        deleted += _forget_members(tx, "event_poll_votes", "poll_id", id_, most=ROWS - deleted)
        if deleted >= ROWS:
            break
        deleted += tx.execute("DELETE FROM event_poll_times WHERE poll_id = ?", (id_,))
        deleted += tx.execute("DELETE FROM event_polls WHERE id = ?", (id_,))
    return deleted


def _forget_members(tx: Transaction, table: str, key: str, id_: int, *, most: int) -> int:
    """Drop what is kept of some members in an event or a poll."""
    sql = f"SELECT DISTINCT user_id FROM {table} WHERE {key} = ? ORDER BY user_id LIMIT ?"  # noqa: S608 - ours
    users = tx.all(sql, (id_, max(0, most)))
    if not users:
        return 0
    return tx.execute(f"DELETE FROM {table} WHERE {key} = ? AND user_id <= ?", (id_, users[-1][0]))  # noqa: S608
