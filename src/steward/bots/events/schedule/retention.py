"""
How long what is over is kept: a daily job that deletes what is older.

As a durable job it runs once a day however often the bot is restarted. A transaction deletes some hundred rows, so that
whoever else writes never waits long, and one run never more than a portion (`steward.store.retention`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from steward.bots.events.drafts.draft import EVENT_DRAFTS
from steward.bots.events.model.occurrences import NO_SERIES, State, drop
from steward.bots.events.model.series import WALL
from steward.bots.events.schedule import moments
from steward.bots.owned import OwnedJobs
from steward.runtime.clock import Clock
from steward.store import DailyAt, JobOccurrence, Store, Transaction, Value, to_millis
from steward.store.retention import Rows, portion_of

JOB = "events.retention"
WHEN = DailyAt(time(4, 45), ZoneInfo("UTC"))
ROWS = 500
ANY_ZONE = timedelta(days=1)
"""No wall clock is further from UTC."""


class EventsRetention:
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

    def register(self, jobs: OwnedJobs) -> None:
        """Have it run daily."""
        jobs.register(JOB, WHEN, self._job, coalesce=True, deletes=True)

    async def prune(self, now: datetime) -> None:
        """Delete a portion of what is too old at `now`; cut short anywhere, the next call goes on."""
        if self._keep is None:
            return
        for old in (*map(_occurrences, (State.OVER, State.CANCELLED)), _SERIES, _POLLS):
            await self._prune(old, now, self._keep)
        # Of polls, too: their prefix begins with this one.
        await self._store.write(partial(EVENT_DRAFTS.prune, before=to_millis(now - self._keep), now=to_millis(now)))

    async def _prune(self, old: _Old, now: datetime, keep: timedelta) -> None:
        """Delete some, each time in a transaction of its own, until nothing is left of this run's portion."""
        before = now - keep
        until = await self._store.read(partial(old.portion, before=before, now=to_millis(now)))
        while await self._store.write(partial(old.forget, before=before, until=until)):
            pass

    async def _job(self, _: JobOccurrence) -> None:
        await self.prune(self._clock.now())


@dataclass(frozen=True, slots=True)
class _Old:
    """
    Rows of one table that are too old before an instant.

    Attributes:
        table: whose rows.
        at: the column that says how old one is.
        rows: which rows of the table are meant, in SQL.
        too_old: what else must be true of those that are too old, in SQL.
        args: what stands for the marks in it, given that instant.
        drop: deletes rows by their keys, some hundred at once; returns how many rows went.

    """

    table: str
    at: str
    rows: str
    drop: Callable[[Transaction, Sequence[int]], int]
    too_old: str = "1 = 1"
    args: Callable[[datetime], tuple[Value, ...]] = lambda _: ()

    def portion(self, tx: Transaction, before: datetime, now: int) -> int:
        """Return before which instant one run may delete, in milliseconds."""
        kept, old = Rows(f"{self.table} WHERE {self.rows}"), Rows(self._old, (to_millis(before), *self.args(before)))
        return portion_of(tx, self.at, kept, to_millis(before), now=now, old=old)

    def forget(self, tx: Transaction, before: datetime, until: int) -> int:
        """Drop some that are too old before an instant and from before `until`, the oldest first."""
        sql = f"SELECT id FROM {self._old} ORDER BY {self.at} LIMIT ?"  # noqa: S608 - ours
        return self.drop(tx, [key for (key,) in tx.all(sql, (until, *self.args(before), ROWS))])

    @property
    def _old(self) -> str:
        return f"{self.table} WHERE {self.rows} AND {self.at} < ? AND {self.too_old}"


def _forget_occurrences(tx: Transaction, ids: Sequence[int]) -> int:
    """Drop some occurrences with all that belongs to them."""
    deleted = 0
    for id_ in ids:
        for table in ("event_answers", "event_attendance"):
            deleted += _forget_members(tx, table, "occurrence_id", id_, most=ROWS - deleted)
        if deleted >= ROWS:
            break
        deleted += moments.forget(tx, id_)
        for table in ("event_tallies", "event_mirrors"):
            deleted += tx.execute(f"DELETE FROM {table} WHERE occurrence_id = ?", (id_,))  # noqa: S608 - ours
        deleted += drop(tx, id_)
    return deleted


def _occurrences(state: State) -> _Old:
    """Return occurrences; one that was moved is kept until its rule's time is past, too, or it is planned again."""
    return _Old(
        "event_occurrences",
        "starts_at",
        f"state = '{state.value}' AND event_id <> {NO_SERIES}",
        _forget_occurrences,
        "ends_at < ? AND original_wall < ?",
        lambda before: (to_millis(before), (before - ANY_ZONE).strftime(WALL)),
    )


def _forget_series(tx: Transaction, ids: Sequence[int]) -> int:
    return sum(tx.execute("DELETE FROM events WHERE id = ?", (id_,)) for id_ in ids)


_SERIES = _Old(
    "events",
    "created_at",
    # Of which nothing is kept: one that goes on has always its next time.
    "NOT EXISTS (SELECT 1 FROM event_occurrences o WHERE o.event_id = events.id)",
    _forget_series,
    "(ended_at IS NULL OR ended_at < ?)",
    lambda before: (to_millis(before),),
)


def _forget_polls(tx: Transaction, ids: Sequence[int]) -> int:
    deleted = 0
    for id_ in ids:
        deleted += _forget_members(tx, "event_poll_votes", "poll_id", id_, most=ROWS - deleted)
        if deleted >= ROWS:
            break
        deleted += tx.execute("DELETE FROM event_poll_times WHERE poll_id = ?", (id_,))
        deleted += tx.execute("DELETE FROM event_polls WHERE id = ?", (id_,))
    return deleted


_POLLS = _Old("event_polls", "closes_at", "state IN ('closed', 'made')", _forget_polls)


def _forget_members(tx: Transaction, table: str, key: str, id_: int, *, most: int) -> int:
    """Drop what is kept of some members in an event or a poll."""
    sql = f"SELECT DISTINCT user_id FROM {table} WHERE {key} = ? ORDER BY user_id LIMIT ?"  # noqa: S608 - ours
    users = tx.all(sql, (id_, max(0, most)))
    if not users:
        return 0
    return tx.execute(f"DELETE FROM {table} WHERE {key} = ? AND user_id <= ?", (id_, users[-1][0]))  # noqa: S608
