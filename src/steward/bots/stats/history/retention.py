"""
How long what is kept is kept: a daily job that deletes what is older.

It deletes some hundred rows a transaction, so that whoever else writes never waits long, and never more than a portion
(`steward.store.retention`) in one run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from steward.bots.owned import OwnedJobs
from steward.bots.stats.history.calendar import Calendars, Level, TimeBucket
from steward.bots.stats.history.gauges import folded
from steward.bots.stats.history.rollup import Rollup, summed_up
from steward.bots.stats.history.series import GAUGES, HOURS_KEPT, RAW_KEPT
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.store import DailyAt, JobOccurrence, Row, Store, Transaction, Value, to_millis
from steward.store.retention import Rows, portion_of

JOB = "stats.retention"
WHEN = DailyAt(time(4, 30), ZoneInfo("UTC"))
ROWS = 500


class StatsRetention:
    """
    Deletes what is too old, in every guild.

    Args:
        store: the database.
        calendars: the guilds' own clocks.
        clock: the time.
        rollup: sums events up; what it has not summed up is not deleted.
        keep_people: how long single events and what each member did are kept; None for ever.

    """

    def __init__(
        self, store: Store, calendars: Calendars, clock: Clock, rollup: Rollup, *, keep_people: timedelta | None
    ) -> None:
        self._store = store
        self._calendars = calendars
        self._clock = clock
        self._rollup = rollup
        self._keep_people = keep_people
        self._isolation = Isolation("delete what is old")

    def register(self, jobs: OwnedJobs) -> None:
        """Have it run daily."""
        jobs.register(JOB, WHEN, self._job, coalesce=True, deletes=True)

    async def prune(self, now: datetime) -> None:
        """Delete a portion of what is too old at `now`; cut short anywhere, the next call goes on."""
        await self._rollup.flush()
        for guild_id in await self._store.read(_guilds):
            with self._isolation.of(guild_id):
                await self._prune_guild(guild_id, now)

    async def _prune_guild(self, guild_id: int, now: datetime) -> None:
        await self._prune_samples(guild_id, now)
        for table in ("stats_series", "stats_channels"):
            await self._prune_level(table, guild_id, Level.HOUR, now, HOURS_KEPT)
        if self._keep_people is not None:
            for level in (Level.DAY, Level.MONTH):
                await self._prune_level("stats_members", guild_id, level, now, self._keep_people)
            await self._prune_events(guild_id, now, self._keep_people)

    async def _job(self, _: JobOccurrence) -> None:
        await self.prune(self._clock.now())

    async def _prune_samples(self, guild_id: int, now: datetime) -> None:
        """Delete raw samples, a day at a time; a day that is not in the series (an import) is put there first."""
        before = await self._portion(Rows("guild_counts WHERE guild_id = ?", (guild_id,)), now, RAW_KEPT)
        calendar = self._calendars.of(guild_id)
        oldest_sql = "SELECT MIN(at) FROM guild_counts WHERE guild_id = ? AND at < ?"
        while (oldest := await self._store.read(lambda tx: tx.value(oldest_sql, (guild_id, before)))) is not None:
            day = calendar.bucket(Level.DAY, oldest)
            samples = await self._store.read(partial(_samples_not_folded, guild_id=guild_id, day=day))
            dialect = self._store.dialect
            folding = [each for sample in samples for each in folded(dialect, calendar, guild_id, tuple(sample))]
            await self._store.write(partial(_replace, folding=folding, guild_id=guild_id, end=min(day.end, before)))

    async def _prune_level(self, table: str, guild_id: int, level: Level, now: datetime, keep: timedelta) -> None:
        before = await self._portion(Rows(f"{table} WHERE guild_id = ? AND level = ?", (guild_id, level)), now, keep)
        await self._in_steps(
            f"SELECT at FROM {table} WHERE guild_id = ? AND level = ? AND at < ? ORDER BY at",  # noqa: S608
            f"DELETE FROM {table} WHERE guild_id = ? AND level = ? AND at <= ?",  # noqa: S608
            (guild_id, level),
            before,
        )

    async def _prune_events(self, guild_id: int, now: datetime, keep: timedelta) -> None:
        before = await self._portion(Rows("member_events WHERE guild_id = ?", (guild_id,)), now, keep)
        await self._in_steps(
            "SELECT at FROM member_events WHERE guild_id = ? AND at < ? ORDER BY at",
            "DELETE FROM member_events WHERE guild_id = ? AND at <= ? AND id < ?",
            (guild_id,),
            before,
            more=lambda tx: (summed_up(tx),),
        )

    async def _portion(self, rows: Rows, now: datetime, keep: timedelta) -> int:
        """Return before which instant this run may delete rows that are kept so long, in milliseconds."""
        return await self._store.read(lambda tx: portion_of(tx, "at", rows, to_millis(now - keep), now=to_millis(now)))

    async def _in_steps(
        self,
        select: str,
        delete: str,
        key: tuple[int, ...],
        before: int,
        *,
        more: Callable[[Transaction], tuple[int, ...]] = lambda _: (),
    ) -> None:
        """Delete the rows of `select`, the oldest first, so many a transaction."""

        def work(tx: Transaction) -> int:
            rows = tx.all(f"{select} LIMIT {ROWS}", (*key, before))
            return tx.execute(delete, (*key, rows[-1][0], *more(tx))) if rows else 0

        while await self._store.write(work):
            pass


def _guilds(tx: Transaction) -> list[int]:
    tables = ("stats_series", "guild_counts", "member_events")
    sql = " UNION ".join(f"SELECT guild_id FROM {table}" for table in tables)  # noqa: S608
    return [guild_id for (guild_id,) in tx.all(sql)]


def _samples_not_folded(tx: Transaction, guild_id: int, day: TimeBucket) -> list[Row]:
    """Return the samples of a day that the series does not know."""
    known = tx.value(
        "SELECT members FROM stats_series WHERE guild_id = ? AND level = ? AND at = ?", (guild_id, Level.DAY, day.begin)
    )
    if known is not None:
        return []
    sql = f"SELECT at, {', '.join(GAUGES)} FROM guild_counts WHERE guild_id = ? AND at >= ? AND at < ? ORDER BY at"  # noqa: S608
    return tx.all(sql, (guild_id, *day))


def _replace(tx: Transaction, folding: Iterable[tuple[str, Sequence[Value]]], guild_id: int, end: int) -> None:
    for sql, row in folding:
        tx.execute(sql, row)
    tx.execute("DELETE FROM guild_counts WHERE guild_id = ? AND at < ?", (guild_id, end))
