"""All that is kept over time, its parts, and what of it is deleted when old."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from steward.bots.stats.counts.losses import Losses
from steward.bots.stats.history.activity import Activity
from steward.bots.stats.history.calendar import Calendars, Level, LocalCalendar, TimeBucket
from steward.bots.stats.history.gauges import Gauges, folded
from steward.bots.stats.history.read import StatsHistory
from steward.bots.stats.history.rollup import Rollup, summed_up
from steward.bots.stats.history.series import GAUGES, HOURS_KEPT, RAW_KEPT, Measure
from steward.bots.stats.privacy.personal import forget_member
from steward.bots.stats.setup.guild_settings import GuildSettings
from steward.guilds.privacy.kept import OptOuts
from steward.guilds.retention import OldRows, Retention
from steward.runtime.clock import Clock
from steward.store import Row, Store, Transaction
from steward.store.queries.cache import QueryCache
from steward.store.retention import Rows


def old_numbers(tx: Transaction, calendars: Calendars, *, keep_people: timedelta | None) -> Iterator[OldRows]:
    """
    Yield what is deleted.

    Args:
        keep_people: how long single events and what each member did are kept; None for ever.

    """
    tables = ("stats_series", "guild_counts", "member_events")
    for (guild_id,) in tx.all(" UNION ".join(f"SELECT guild_id FROM {table}" for table in tables)):  # noqa: S608
        samples = Rows("guild_counts WHERE guild_id = ?", (guild_id,))
        fold = partial(_drop_a_day, guild_id=guild_id, calendar=calendars.of(guild_id))
        yield OldRows(samples, RAW_KEPT, drop=fold, guild_id=guild_id)
        leveled = [(table, Level.HOUR, HOURS_KEPT) for table in ("stats_series", "stats_channels")]
        if keep_people is not None:
            leveled += [("stats_members", level, keep_people) for level in (Level.DAY, Level.MONTH)]
            events = Rows("member_events WHERE guild_id = ?", (guild_id,))
            yield OldRows(events, keep_people, too_old=_summed_up, guild_id=guild_id)
        for table, level, keep in leveled:
            rows = Rows(f"{table} WHERE guild_id = ? AND level = ?", (guild_id, level))
            yield OldRows(rows, keep, guild_id=guild_id)


def _summed_up(tx: Transaction, _: datetime) -> Rows:
    """Tell which events are in the sums; the last of them stays."""
    return Rows("id < ?", (summed_up(tx),))


def _drop_a_day(tx: Transaction, old: Rows, _: int, *, guild_id: int, calendar: LocalCalendar) -> int:
    """Delete the samples of the oldest day; one that is not in the series (an import) is put there first."""
    oldest = tx.value(f"SELECT MIN(at) FROM {old.sql}", old.args)  # noqa: S608 - ours
    if oldest is None:
        return 0
    day = calendar.bucket(Level.DAY, oldest)
    for sample in _samples_not_folded(tx, guild_id, day):
        for sql, row in folded(tx.dialect, calendar, guild_id, tuple(sample)):
            tx.execute(sql, row)
    return tx.execute(f"DELETE FROM {old.sql} AND at < ?", (*old.args, day.end))  # noqa: S608 - ours


def _samples_not_folded(tx: Transaction, guild_id: int, day: TimeBucket) -> list[Row]:
    """Return the samples of a day that the series does not know."""
    known = tx.value(
        "SELECT members FROM stats_series WHERE guild_id = ? AND level = ? AND at = ?", (guild_id, Level.DAY, day.begin)
    )
    if known is not None:
        return []
    sql = f"SELECT at, {', '.join(GAUGES)} FROM guild_counts WHERE guild_id = ? AND at >= ? AND at < ? ORDER BY at"  # noqa: S608
    return tx.all(sql, (guild_id, *day))


@dataclass(frozen=True, slots=True)
class Timeline:
    """What writes the series, what reads them and what deletes them."""

    store: Store
    gauges: Gauges
    activity: Activity
    rollup: Rollup
    history: StatsHistory
    losses: Losses
    retention: Retention

    async def load(self) -> None:
        """Read what must be known before anything is counted."""
        await self.activity.load()

    async def flush(self) -> None:
        """Return once all that has been told until now is in the tables; see `StatsHistory`."""
        await self.gauges.flush()
        await self.activity.flush()
        await self.rollup.flush()

    async def forget_member(self, guild_id: int, user_id: int) -> None:
        """Forget what is known of a member; see `forget_member`."""
        await self.activity.flush()  # what is being written now would come after the deletion
        self.activity.forget_member(guild_id, user_id)
        await forget_member(self.store, guild_id, user_id)


def make_timeline(
    store: Store,
    queries: QueryCache,
    clock: Clock,
    settings_of: Callable[[int], GuildSettings],
    opt_outs: OptOuts,
    *,
    counted: Callable[[], Sequence[Measure]],
    keep_people: timedelta | None,
) -> Timeline:
    """Put the parts together."""
    calendars = Calendars(lambda guild_id: settings_of(guild_id).zone_info)
    losses, rollup = Losses(store), Rollup(store, calendars)
    return Timeline(
        store,
        Gauges(store, calendars, counted=counted),
        Activity(
            store,
            calendars,
            clock,
            counts_people=lambda guild_id: settings_of(guild_id).count_people,
            opt_outs=opt_outs,
            losses=losses,
        ),
        rollup,
        StatsHistory(store, calendars, queries, clock),
        losses,
        Retention(store, clock, partial(old_numbers, calendars=calendars, keep_people=keep_people), flush=rollup.flush),
    )
