"""Reports: durable jobs that sum up a stretch of time and put a message in the outbox, in one transaction."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple

import structlog

from steward.bots.stats import charts
from steward.bots.stats.calendar import Level
from steward.bots.stats.facts import Summary
from steward.bots.stats.guild_settings import GuildSettings, ReportKind
from steward.bots.stats.series import Measure, Span
from steward.bots.stats.service import StatsService
from steward.bots.stats.timeline import Timeline
from steward.bots.stats.views.embeds import Message
from steward.bots.stats.views.report import NAMES_SHOWN, Report, report
from steward.bots.stats.views.statistics import spans, with_pictures
from steward.charts.chart import Chart
from steward.charts.render import ChartFailed, ChartRenderer
from steward.runtime.clock import Clock
from steward.store import DailyAt, OnDates, Transaction, Work, monthly, outbox, previous, weekly
from steward.store.jobs import Occurrence
from steward.store.runner import JobRunner

log = structlog.get_logger(__name__)

STRAGGLERS = timedelta(seconds=5)  # what happened just before the end is told just after it
MOMENT = timedelta(milliseconds=1)
MONDAY = 0


class Posting(NamedTuple):
    """A message as Discord's API takes it, and the files that go with it."""

    message: Message
    files: list[tuple[str, bytes]]


class Reports:
    """
    Reports, at the same time of each guild's own clock, on what has happened since the last report of its kind.

    Args:
        stats: the numbers of now, and what happened.
        timeline: the numbers over time.
        renderer: draws the charts; without one that works, a report goes without.
        clock: the time.
        jobs: runs them.

    """

    def __init__(
        self, stats: StatsService, timeline: Timeline, renderer: ChartRenderer, clock: Clock, jobs: JobRunner
    ) -> None:
        self._stats = stats
        self._timeline = timeline
        self._renderer = renderer
        self._clock = clock
        self._jobs = jobs
        self._registered: dict[str, GuildSettings] = {}

    def configured(self, guild_id: int, settings: GuildSettings) -> None:
        """Follow a guild's settings: which reports are made, when and where."""
        for kind in ReportKind:
            job = _job(kind, guild_id)
            if settings.report_channel_id is None or kind not in settings.reports:
                self._registered.pop(job, None)
                self._jobs.unregister(job)
            elif not _same_report(self._registered.get(job), settings):
                self._registered[job] = settings
                schedule = schedule_of(kind, settings)
                make = partial(self._make, guild_id, kind, schedule, settings.report_channel_id)
                self._jobs.register(job, schedule, make)

    async def draw(
        self, guild_id: int, kind: ReportKind, begin: datetime, end: datetime, *, late: timedelta | None = None
    ) -> Posting:
        """
        Draw a report.

        Args:
            guild_id: the guild.
            kind: which of its reports.
            begin: the first instant of what it covers.
            end: the first instant after it.
            late: how long after its time it is sent; None when on time.

        """
        stats, history = self._stats.guild(guild_id), self._timeline.history
        zone, span = stats.settings.zone_info, Span(begin, end)
        begin, end = begin.astimezone(zone), end.astimezone(zone)
        summary = await self._stats.summary(guild_id, begin, end, names=NAMES_SHOWN)
        before = await self._stats.summary(guild_id, begin - (end - begin), begin, names=0)
        await self._timeline.flush()
        hours = self._timeline.whole_hours(guild_id, span)
        (messages,) = await history.series(guild_id, (Measure.MESSAGES,), hours, level=Level.HOUR)
        message = report(
            Report(
                kind,
                summary,
                before,
                stats.counts,
                late=late,
                single_events=self._stats.single_events,
                messages=messages.value,
                channels=await history.channels(guild_id, hours, top=1),
            )
        )
        return await self._with_charts(message, await self._charts(guild_id, kind, span, summary))

    async def so_far(self, guild_id: int, kind: ReportKind) -> Posting:
        """Draw the report on the time since the last one of its kind was due."""
        settings, now = self._stats.guild(guild_id).settings, self._clock.now()
        today = now.astimezone(settings.zone_info).date()
        begin = previous(schedule_of(kind, settings), today + timedelta(days=1))
        if begin >= now:
            begin = previous(schedule_of(kind, settings), today)
        return await self.draw(guild_id, kind, begin, now)

    async def _charts(self, guild_id: int, kind: ReportKind, span: Span, summary: Summary) -> list[Chart]:
        """Choose what shows a day, a week or a month best: who was online, or how the guild has grown."""
        settings = self._stats.guild(guild_id).settings
        gauge = Measure.ONLINE if kind is ReportKind.DAY else Measure.MEMBERS
        level, joins, leaves = await self._timeline.history.series(
            guild_id, (gauge, Measure.JOINS, Measure.LEAVES), span, gaps=spans(summary.gaps)
        )
        zone, gaps = settings.zone_info, summary.gaps
        if kind is ReportKind.DAY:
            first: Chart = charts.online_chart(level, zone=zone, title="Online", gaps=gaps)
        else:
            goal = settings.goal.members if settings.goal is not None else None
            first = charts.members_chart(level, zone=zone, title="Members", gaps=gaps, goal=goal)
        if not self._stats.single_events:
            return [first]
        return [first, charts.flow_chart(joins, leaves, zone=zone, gaps=gaps)]

    async def _with_charts(self, message: Message, shown: list[Chart]) -> Posting:
        try:
            pictures = await self._renderer.render(shown)
        except ChartFailed as error:
            log.warning("chart_failed", reason=str(error))
            pictures = []
        files = [(f"chart{number}.png", picture) for number, picture in enumerate(pictures, 1)]
        return Posting(with_pictures(message, [name for name, _ in files]), files)

    async def _make(
        self, guild_id: int, kind: ReportKind, schedule: DailyAt | OnDates, channel_id: int, occurrence: Occurrence
    ) -> Work[None]:
        """Draw the report that `occurrence` asks for; the returned work puts it in the outbox."""
        told = occurrence.due_at + STRAGGLERS - self._clock.now()
        await asyncio.sleep(max(0.0, told.total_seconds()))
        begin = await self._begin(schedule, occurrence)
        if not occurrence.late:
            self._stats.take_sample(guild_id, occurrence.due_at)
        late = self._clock.now() - occurrence.due_at if occurrence.late else None
        message, files = await self.draw(guild_id, kind, begin, occurrence.due_at, late=late)

        def work(tx: Transaction) -> None:
            key = f"{occurrence.job}.{occurrence.key}"
            outbox.put(tx, key=key, channel_id=channel_id, payload=message, files=files)

        return work

    async def _begin(self, schedule: DailyAt | OnDates, occurrence: Occurrence) -> datetime:
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


def _job(kind: ReportKind, guild_id: int) -> str:
    """Return the job's name in the database."""
    return f"stats.{kind.value}_report.{guild_id}"


def _same_report(one: GuildSettings | None, other: GuildSettings) -> bool:
    return one is not None and (one.report_channel_id, one.report_time, one.zone) == (
        other.report_channel_id,
        other.report_time,
        other.zone,
    )
