"""What was, as charts and reports take it: each answer within milliseconds, however long the time it covers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import dropwhile

from steward.bots.stats.history import rows as history_rows
from steward.bots.stats.history.calendar import Calendars, Level, TimeBucket
from steward.bots.stats.history.points import (
    cohort,
    fitting,
    in_buckets,
    is_away,
    of_bars,
    raw_points,
    regrouped,
    since_known,
)
from steward.bots.stats.history.series import ChannelShare, Cohort, Comparison, Measure, Point, Span, StatsSeries
from steward.bots.stats.intake.gaps import Gap
from steward.runtime.clock import Clock
from steward.store import Store, from_millis, to_millis
from steward.store.queries.cache import QueryCache

BY_DAY_UP_TO = timedelta(days=92)
BY_HOUR_UP_TO = timedelta(days=40)

Heatmap = tuple[tuple[float | None, ...], ...]
"""Seven days from Monday, 24 hours each: the mean of that hour; None where it was never counted."""


class StatsHistory:
    """
    Reads what is kept of every guild. What happened in the last minute may still be missing (`Rollup.flush`).

    Args:
        queries: keeps what is read by whole hours and days, which many ask for alike.

    """

    def __init__(self, store: Store, calendars: Calendars, queries: QueryCache, clock: Clock) -> None:
        self._store = store
        self._calendars = calendars
        self._queries = queries
        self._clock = clock

    async def series(
        self,
        guild_id: int,
        measures: Sequence[Measure],
        span: Span,
        *,
        level: Level | None = None,
        gaps: Sequence[Gap] = (),
    ) -> list[StatsSeries]:
        """
        Return each measure over `span`, all on the same points.

        Args:
            measures: which; at RAW, gauges only.
            span: from the bucket of its first instant to that of its last.
            level: how fine; None for the finest that needs at most 400 points and is still kept.
            gaps: when the bot was away; a point at least half of which lies in them is None.

        """
        calendar, ends = self._calendars.of(guild_id), (to_millis(span.begin), to_millis(span.end))
        if level is None:
            level = fitting(ends, to_millis(self._clock.now()), measures)
        if level is Level.RAW:
            rows = await self._store.read(lambda tx: history_rows.samples(tx, guild_id, measures, ends))
            return [StatsSeries(one, level, raw_points(calendar, rows, place)) for place, one in enumerate(measures, 1)]
        buckets = list(calendar.buckets(level, *ends))
        if not buckets:
            return [StatsSeries(measure, level, ()) for measure in measures]
        stored, whole = min(level, Level.DAY), (buckets[0].begin, buckets[-1].end)
        rows = await self._queries.read(history_rows.series, guild_id, stored, measures, whole)
        away = _buckets(gaps)
        found = [
            [] if away and is_away(bucket, away) else inside
            for bucket, inside in zip(buckets, in_buckets(rows, stored, buckets), strict=True)
        ]
        instants = [from_millis(bucket.begin).astimezone(calendar.zone) for bucket in buckets]
        return [
            StatsSeries(
                measure,
                level,
                tuple(
                    Point(at, measure.over(row[place] for row in inside))
                    for at, inside in zip(instants, found, strict=True)
                ),
            )
            for place, measure in enumerate(measures, 1)
        ]

    async def line(self, guild_id: int, measure: Measure, span: Span, *, gaps: Sequence[Gap] = ()) -> StatsSeries:
        """Return a gauge over `span`, beginning where it is known first: not with the time before the bot came."""
        (found,) = await self.series(guild_id, (measure,), span, gaps=gaps)
        return since_known([found], _buckets(gaps))[0]

    async def bars(
        self, guild_id: int, measures: Sequence[Measure], span: Span, *, gaps: Sequence[Gap] = ()
    ) -> list[StatsSeries]:
        """
        Return flows over `span` as people read bars: a day by hours, a month by days, a year by weeks.

        The first and the last bar hold only what lies in `span`, so that the bars add up to it.
        """
        level, fine = of_bars(span.end - span.begin)
        calendar = self._calendars.of(guild_id)
        rows = await self.series(guild_id, measures, span, level=fine, gaps=gaps)
        return [regrouped(calendar, level, one) for one in since_known(rows, _buckets(gaps))]

    async def channels(
        self, guild_id: int, span: Span, *, top: int = 9, by: Measure = Measure.MESSAGES
    ) -> list[ChannelShare]:
        """
        Return the first channels by messages (or VOICE_SECONDS), the rest as one.

        In the hours that `span` touches; if it is longer than 40 days, in the days.
        """
        level = Level.HOUR if span.end - span.begin <= BY_HOUR_UP_TO else Level.DAY
        ends = self._touched(guild_id, level, span)
        found = await self._queries.read(history_rows.channels, guild_id, level, ends)
        shares = sorted(found, key=lambda share: (-getattr(share, by.value), share.id))
        rest = shares[top:]
        if rest:
            others = ChannelShare(None, sum(one.messages for one in rest), sum(one.voice_seconds for one in rest))
            return [*shares[:top], others]
        return shares

    async def top_members(
        self, guild_id: int, span: Span, *, top: int = 10, by: Measure = Measure.MESSAGES
    ) -> list[ChannelShare]:
        """
        Return who wrote most (or, `by` VOICE_SECONDS, sat longest in voice).

        In the days that `span` touches; if it is longer than 92 days, in the months that it touches.
        """
        begin, end = self._touched(guild_id, Level.DAY, span)
        months = list(self._calendars.of(guild_id).buckets(Level.MONTH, begin, end))
        if span.end - span.begin > BY_DAY_UP_TO:
            begin, end = months[0].begin, months[-1].end
        months = [month for month in months if month.begin >= begin and month.end <= end]
        return list(await self._queries.read(history_rows.members, guild_id, (begin, end), months, by, top))

    async def heatmap(self, guild_id: int, measure: Measure, span: Span) -> Heatmap:
        """Return the mean of each hour of the week on the guild's own clock; hours are kept for 100 days."""
        zone = self._calendars.of(guild_id).zone
        ends = (to_millis(span.begin), to_millis(span.end))
        rows = await self._store.read(lambda tx: history_rows.series(tx, guild_id, Level.HOUR, (measure,), ends))
        values: list[list[list[int]]] = [[[] for _ in range(24)] for _ in range(7)]
        for at, value in rows:
            if value is not None:
                local = from_millis(at).astimezone(zone)
                values[local.weekday()][local.hour].append(value)
        return tuple(tuple(sum(hour) / len(hour) if hour else None for hour in day) for day in values)

    async def cohorts(self, guild_id: int, *, now: datetime, weeks: int = 12) -> list[Cohort]:
        """
        Return, for each of the last `weeks` weeks, who joined in it and remained after how many whole weeks.

        The first one is that in which joins were counted first. Who comes back counts as somebody new. Who left unseen
        counts as staying.
        """
        calendar, until = self._calendars.of(guild_id), to_millis(now)
        span = Span(now - timedelta(weeks=weeks - 1), from_millis(until + 1))
        (counted,) = await self.series(guild_id, (Measure.JOINS,), span, level=Level.WEEK)
        buckets = list(calendar.buckets(Level.WEEK, to_millis(span.begin), until + 1))
        begin = buckets[0].begin
        stays = await self._store.read(lambda tx: history_rows.stays(tx, guild_id, begin, until + 1))
        found = zip(buckets, in_buckets(stays, Level.RAW, buckets), counted.points, strict=True)
        known = dropwhile(lambda week: not week[1] and week[2].value is None, found)
        return [cohort(calendar, week, inside, until) for week, inside, _ in known]

    async def compare(self, guild_id: int, measures: Sequence[Measure], before: Span, after: Span) -> list[Comparison]:
        """Return each measure of two stretches of time: of whole hours up to two weeks, else of whole days."""
        level = Level.HOUR if after.end - after.begin <= timedelta(days=14) else Level.DAY
        calendar = self._calendars.of(guild_id)
        # What lies in the hour (or the day) of the border belongs to one of the two.
        first, border = (calendar.bucket(level, to_millis(at)).begin for at in (before.begin, after.begin))
        spans = (Span(from_millis(first), from_millis(border)), Span(from_millis(border), after.end))
        one, other = [await self.series(guild_id, measures, span, level=level) for span in spans]
        return [Comparison(old.measure, old.value, new.value) for old, new in zip(one, other, strict=True)]

    def from_hour_to_hour(self, guild_id: int, span: Span) -> Span:
        """Return `span` from the beginning of the hour in which it begins to that of the hour in which it ends."""
        calendar = self._calendars.of(guild_id)
        begin, end = (calendar.bucket(Level.HOUR, to_millis(at)).begin for at in (span.begin, span.end))
        return Span(from_millis(begin), from_millis(end))

    def _touched(self, guild_id: int, level: Level, span: Span) -> tuple[int, int]:
        """Return the ends of the whole hours or days that `span` touches."""
        calendar = self._calendars.of(guild_id)
        begin, end = to_millis(span.begin), max(to_millis(span.begin), to_millis(span.end) - 1)
        return calendar.bucket(level, begin).begin, calendar.bucket(level, end).end


def _buckets(gaps: Sequence[Gap]) -> list[TimeBucket]:
    return [TimeBucket(to_millis(gap.began_at), to_millis(gap.ended_at)) for gap in gaps]
