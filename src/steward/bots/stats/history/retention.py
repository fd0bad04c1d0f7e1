"""What of the numbers over time is deleted: raw samples and hours once they are old, members as the operator wishes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from steward.bots.stats.history.calendar import Calendars, Level, LocalCalendar, TimeBucket
from steward.bots.stats.history.gauges import folded
from steward.bots.stats.history.rollup import summed_up
from steward.bots.stats.history.series import GAUGES, HOURS_KEPT, RAW_KEPT
from steward.guilds.retention import OldRows
from steward.store import Row, Transaction
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
