"""The SQL of the history: rows of the series tables, by instants in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence

from steward.bots.stats.counts.facts import EventKind
from steward.bots.stats.history.calendar import Level, TimeBucket
from steward.bots.stats.history.series import ChannelShare, Measure
from steward.store import Row, Transaction

ANOTHER_ZONE_MS = 13 * 3_600_000  # half of the 26 hours between the first zone and the last

# Names of columns are written into the SQL: they come from `Measure`, never from people.


def samples(tx: Transaction, guild_id: int, measures: Sequence[Measure], span: tuple[int, int]) -> list[Row]:
    """Return the raw gauges in `span`: instant, then each measure."""
    sql = f"SELECT at, {', '.join(measures)} FROM guild_counts WHERE guild_id = ? AND at >= ? AND at < ? ORDER BY at"  # noqa: S608
    return tx.all(sql, (guild_id, *span))


def series(
    tx: Transaction, guild_id: int, level: Level, measures: Sequence[Measure], span: tuple[int, int]
) -> list[Row]:
    """Return the hours or days that begin in `span`: instant, then each measure."""
    sql = (
        f"SELECT at, {', '.join(measures)} FROM stats_series"  # noqa: S608
        " WHERE guild_id = ? AND level = ? AND at >= ? AND at < ? ORDER BY at"
    )
    return tx.all(sql, (guild_id, level, *span))


def channels(tx: Transaction, guild_id: int, level: Level, span: tuple[int, int]) -> list[ChannelShare]:
    """Sum up the hours or days that begin in `span`, by channel."""
    sql = (
        "SELECT channel_id, SUM(messages), SUM(voice_seconds) FROM stats_channels"
        " WHERE guild_id = ? AND level = ? AND at >= ? AND at < ? GROUP BY channel_id"
    )
    return [ChannelShare(*map(int, row)) for row in tx.all(sql, (guild_id, level, *span))]


def members(
    tx: Transaction, guild_id: int, span: tuple[int, int], months: Sequence[TimeBucket], by: Measure, limit: int
) -> list[ChannelShare]:
    """Sum up `span` by member, the first `limit`; `months`, the whole ones in it, spare reading their days."""
    begin, end = span
    inner = (months[0].begin, months[-1].end) if months else (begin, begin)
    part = (
        "SELECT user_id, messages, voice_seconds FROM stats_members"
        " WHERE guild_id = ? AND level = ? AND at >= ? AND at < ?"
    )
    sql = (
        "SELECT user_id, SUM(messages) AS messages, SUM(voice_seconds) AS voice_seconds"  # noqa: S608
        f" FROM ({part} UNION ALL {part} UNION ALL {part}) AS parts"
        f" GROUP BY user_id HAVING SUM({by}) > 0 ORDER BY {by} DESC, user_id LIMIT ?"
    )
    # A month that was kept in another zone begins some hours earlier or later, and is still the same month.
    months_begin = (inner[0] - ANOTHER_ZONE_MS, inner[1] - ANOTHER_ZONE_MS)
    spans = ((Level.DAY, begin, inner[0]), (Level.MONTH, *months_begin), (Level.DAY, inner[1], end))
    rows = tx.all(sql, [value for span in spans for value in (guild_id, *span)] + [limit])
    return [ChannelShare(*map(int, row)) for row in rows]


def stays(tx: Transaction, guild_id: int, begin: int, end: int) -> list[Row]:
    """Return, for each join in `[begin, end)`, its instant and that of the leave that followed, if one did."""
    sql = (
        "SELECT joined.at, (SELECT MIN(gone.at) FROM member_events AS gone WHERE gone.guild_id = joined.guild_id"
        " AND gone.user_id = joined.user_id AND gone.at > joined.at AND gone.kind = ?)"
        " FROM member_events AS joined"
        " WHERE joined.guild_id = ? AND joined.at >= ? AND joined.at < ? AND joined.kind = ? ORDER BY joined.at"
    )
    return tx.all(sql, (EventKind.LEAVE.value, guild_id, begin, end, EventKind.JOIN.value))
