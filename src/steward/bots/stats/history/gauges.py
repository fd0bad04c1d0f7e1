"""The gauges of each moment (members, online, bans, in voice), kept as they are and by the hour and the day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from steward.bots.stats.counts.facts import GuildCounts
from steward.bots.stats.history.calendar import Calendars, Level, LocalCalendar
from steward.bots.stats.history.series import GAUGES, PEAKS, Measure
from steward.store import BatchedWriter, Dialect, Store, Value, to_millis


class Gauges:
    """
    Keeps samples, some seconds later, together with others.

    Args:
        counted: the flows that are counted at the moment. A sample says that of them nothing has happened but what is
            told: so a quiet hour has 0, and an hour without the bot nothing.

    """

    def __init__(self, store: Store, calendars: Calendars, *, counted: Callable[[], Sequence[Measure]] = tuple) -> None:
        self._store = store
        self._calendars = calendars
        self._counted = counted
        self._raw = store.batched(store.dialect.upsert("guild_counts", key=("guild_id", "at"), replace=GAUGES))
        self._folding: dict[str, BatchedWriter] = {}

    def sample(self, counts: GuildCounts, at: datetime) -> None:
        """Take the counts of one moment."""
        guild_id, millis = counts.guild_id, to_millis(at)
        values = [getattr(counts, measure.value) for measure in GAUGES]
        self._raw.add((guild_id, millis, *values))
        calendar = self._calendars.of(guild_id)
        for sql, row in folded(self._store.dialect, calendar, guild_id, (millis, *values), counted=self._counted()):
            writer = self._folding.get(sql)
            if writer is None:
                writer = self._folding[sql] = self._store.batched(sql)
            writer.add(row)

    async def flush(self) -> None:
        """Write the samples that are waiting."""
        for writer in (self._raw, *self._folding.values()):
            await writer.flush()


def folded(
    dialect: Dialect,
    calendar: LocalCalendar,
    guild_id: int,
    sample: Sequence[int | None],
    *,
    counted: Sequence[Measure] = (),
) -> Iterator[tuple[str, tuple[Value, ...]]]:
    """
    Yield the SQL, and its values, that fold a sample (instant, then each of `GAUGES`) into its hour and its day.

    These keep the last value that is known and the greatest: a sample folded twice in its order changes nothing.
    """
    at, *values = sample
    known = {measure: value for measure, value in zip(GAUGES, values, strict=True) if value is not None}
    peaks = {peak: known[gauge] for peak, gauge in PEAKS.items() if gauge in known}
    sql = dialect.upsert(
        "stats_series", key=("guild_id", "level", "at"), replace=tuple(known), add=counted, peak=tuple(peaks)
    )
    for level in (Level.HOUR, Level.DAY):
        begin = calendar.bucket(level, at or 0).begin
        yield sql, (guild_id, level, begin, *known.values(), *(0 for _ in counted), *peaks.values())
