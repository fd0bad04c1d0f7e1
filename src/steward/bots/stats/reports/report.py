"""Reports, each of which sums up a stretch of time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from steward.bots.stats.counts.facts import MOMENT
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.history import charts
from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.read import StatsHistory
from steward.bots.stats.history.series import Measure, Span
from steward.bots.stats.intake.gaps import Gap
from steward.bots.stats.setup.guild_settings import GuildSettings, ReportKind, StatsSection
from steward.bots.stats.views.report import NAMES_SHOWN, Report, report
from steward.charts.chart import Chart
from steward.guilds.host import Host
from steward.guilds.illustrated import illustrated
from steward.guilds.reports import GuildReports, Posting, Wished
from steward.runtime.isolation import Isolation
from steward.store import DailyAt, JobOccurrence, OnDates, monthly, previous, weekly

log = structlog.get_logger(__name__)

STRAGGLERS = timedelta(seconds=5)  # what happened just before the end is told just after it
NEARLY = timedelta(minutes=1)  # the numbers of now pass for those of the end; later they do not
MONDAY = 0
JOB = "_report"
"""Follows the kind in the name of a job."""
GONE = (
    "{channel}, the channel for reports, was deleted: no report is made."
    " Choose another with `/report schedule` or `/setup`."
)


class StatsReports:
    """
    Reports, at the same time of each guild's own clock, on what has happened since the last report of its kind.

    Args:
        host: the house; where its charts can't be drawn, a report goes without.

    Attributes:
        scheduled: those that guilds want.

    """

    def __init__(
        self,
        stats: StatsService,
        history: StatsHistory,
        settings: StatsSection,
        host: Host,
        *,
        flush: Callable[[], Awaitable[None]],
    ) -> None:
        self._stats = stats
        self._history = history
        self._renderer = host.charts
        self._clock = host.clock
        self._jobs = host.jobs
        self._flush = flush
        self.scheduled = GuildReports(host, settings, _wished, self._draw_scheduled, gone=GONE)
        self._sampled: datetime | None = None
        self._isolation = Isolation("take samples for reports")

    async def draw(
        self, guild_id: int, kind: ReportKind, span: Span, zone: ZoneInfo, *, late: timedelta | None = None
    ) -> Posting:
        """
        Draw a report.

        Args:
            zone: by whose clock it tells of it.
            late: how long after its time it is sent; None when on time.

        """
        await self._flush()
        stats = self._stats.guild(guild_id)
        begin, end = span.begin.astimezone(zone), span.end.astimezone(zone)
        summary = await self._stats.summary(guild_id, begin, end, names=NAMES_SHOWN)
        before = await self._stats.summary(guild_id, begin - (end - begin), begin, names=0)
        # Messages are counted by the hour: so each is in one of two reports that follow each other.
        hours = self._history.from_hour_to_hour(guild_id, span)
        (messages,) = await self._history.series(guild_id, (Measure.MESSAGES,), hours, level=Level.HOUR)
        message = report(
            Report(
                kind,
                summary,
                before,
                stats.counts,
                late=late,
                single_events=self._stats.single_events,
                messages=messages.value,
                channels=await self._history.channels(guild_id, hours, top=1),
            )
        )
        return await illustrated(message, await self._charts(guild_id, kind, span, zone, summary.gaps), self._renderer)

    async def so_far(self, guild_id: int, kind: ReportKind, settings: GuildSettings) -> Posting:
        """Draw the report on the time since the last one of its kind was due by these settings."""
        now = self._clock.now()
        today = now.astimezone(settings.zone_info).date()
        begin = previous(schedule_of(kind, settings), today + timedelta(days=1))
        if begin >= now:
            begin = previous(schedule_of(kind, settings), today)
        return await self.draw(guild_id, kind, Span(begin, now), settings.zone_info)

    async def _charts(
        self, guild_id: int, kind: ReportKind, span: Span, zone: ZoneInfo, gaps: Sequence[Gap]
    ) -> list[Chart]:
        """Choose what shows a day, a week or a month best: who was online, or how the guild has grown."""
        gauge = Measure.ONLINE if kind is ReportKind.DAY else Measure.MEMBERS
        level = await self._history.line(guild_id, gauge, span, gaps=gaps)
        if kind is ReportKind.DAY:
            first: Chart = charts.line_chart("Online", level, zone=zone, gaps=gaps)
        else:
            goal = self._stats.guild(guild_id).counts.goal
            first = charts.line_chart("Members", level, zone=zone, gaps=gaps, goal=goal)
        if not self._stats.single_events:
            return [first]
        joins, leaves = await self._history.bars(guild_id, (Measure.JOINS, Measure.LEAVES), span, gaps=gaps)
        return [first, charts.flow_chart(joins, leaves, zone=zone, gaps=gaps)]

    async def _draw_scheduled(self, guild_id: int, name: str, occurrence: JobOccurrence) -> Posting:
        settings, kind = self._stats.guild(guild_id).settings, ReportKind(name.removesuffix(JOB))
        told = occurrence.due_at + STRAGGLERS - self._clock.now()
        await asyncio.sleep(max(0.0, told.total_seconds()))
        begin = await self._begin(schedule_of(kind, settings), occurrence)
        self._sample_all(occurrence.due_at)
        late = self._clock.now() - occurrence.due_at if occurrence.late else None
        return await self.draw(guild_id, kind, Span(begin, occurrence.due_at), settings.zone_info, late=late)

    def _sample_all(self, at: datetime) -> None:
        """Keep, once, the counts of every guild that has a report due at `at`: most of these wait for their turn."""
        if at == self._sampled or self._clock.now() - at >= NEARLY:
            return
        self._sampled = at
        for guild_id, wish in self.scheduled.wishes.items():
            with self._isolation.item(guild_id):
                day = at.astimezone(self._stats.guild(guild_id).settings.zone_info).date()
                if any(schedule.on(day) == at for schedule in wish.schedules.values()):
                    self._stats.take_sample(guild_id, at)

    async def _begin(self, schedule: DailyAt | OnDates, occurrence: JobOccurrence) -> datetime:
        """Return where the last report ended: by the schedule, or where another schedule ended it."""
        usual = previous(schedule, date.fromisoformat(occurrence.key))
        last = await self._jobs.last_done(occurrence.job, occurrence.due_at)
        if last is None or occurrence.due_at - last > 2 * (occurrence.due_at - usual):
            return usual
        return usual if schedule.after(last - MOMENT).at == last else last


def schedule_of(kind: ReportKind, settings: GuildSettings) -> DailyAt | OnDates:
    """Return when a guild's reports of one kind are due: each day, Mondays, or the first of the month."""
    daily = DailyAt(settings.report_time, settings.zone_info)
    if kind is ReportKind.WEEK:
        return weekly(daily, MONDAY)
    return monthly(daily) if kind is ReportKind.MONTH else daily


def _wished(settings: GuildSettings) -> Wished | None:
    if settings.report_channel_id is None:
        return None
    schedules = {f"{kind.value}{JOB}": schedule_of(kind, settings) for kind in settings.reports}
    return Wished(settings.report_channel_id, schedules)
