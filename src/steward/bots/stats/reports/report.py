"""Reports: durable jobs that sum up a stretch of time and put a message in the outbox, in one transaction."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

from steward.bots.stats.counts.facts import MOMENT
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.history import charts
from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.read import StatsHistory
from steward.bots.stats.history.series import Measure, Span
from steward.bots.stats.intake.gaps import Gap
from steward.bots.stats.reports.posting import Posting, illustrated
from steward.bots.stats.setup.guild_settings import GuildSettings, ReportKind
from steward.bots.stats.views.report import NAMES_SHOWN, Report, report
from steward.charts.chart import Chart
from steward.charts.render import ChartRenderer
from steward.guilds.owned import OwnedJobs
from steward.runtime.clock import Clock
from steward.runtime.isolation import Isolation
from steward.store import DailyAt, OnDates, Transaction, Work, monthly, previous, weekly
from steward.store.jobs.jobs import JobOccurrence
from steward.store.outbox import outbox

STRAGGLERS = timedelta(seconds=5)  # what happened just before the end is told just after it
NEARLY = timedelta(minutes=1)  # the numbers of now pass for those of the end; later they do not
MONDAY = 0


class StatsReports:
    """
    Reports, at the same time of each guild's own clock, on what has happened since the last report of its kind.

    Args:
        stats: the numbers of now, and what happened.
        history: the numbers over time.
        renderer: draws the charts; without one that works, a report goes without.
        clock: the time.
        jobs: runs them.
        flush: returns once all that has happened until now can be read.

    """

    def __init__(
        self,
        stats: StatsService,
        history: StatsHistory,
        renderer: ChartRenderer,
        clock: Clock,
        jobs: OwnedJobs,
        *,
        flush: Callable[[], Awaitable[None]],
    ) -> None:
        self._stats = stats
        self._history = history
        self._renderer = renderer
        self._clock = clock
        self._jobs = jobs
        self._flush = flush
        self._registered: dict[str, _Registered] = {}
        self._sampled: datetime | None = None
        self._isolation = Isolation("take samples for reports")

    def configured(self, guild_id: int, settings: GuildSettings) -> None:
        """Follow a guild's settings: which reports are made, when and where."""
        for kind in ReportKind:
            job = _job(kind, guild_id)
            if settings.report_channel_id is None or kind not in settings.reports:
                self._registered.pop(job, None)
                self._jobs.unregister(job)
            elif not _same_report(self._registered.get(job), settings):
                schedule = schedule_of(kind, settings)
                self._registered[job] = _Registered(guild_id, settings, schedule)
                make = partial(self._make, guild_id, kind, schedule, settings.report_channel_id)
                self._jobs.register(job, schedule, make)

    async def draw(
        self, guild_id: int, kind: ReportKind, span: Span, zone: ZoneInfo, *, late: timedelta | None = None
    ) -> Posting:
        """
        Draw a report.

        Args:
            guild_id: the guild.
            kind: which of its reports.
            span: what it covers.
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
            first: Chart = charts.online_chart(level, zone=zone, title="Online", gaps=gaps)
        else:
            goal = self._stats.guild(guild_id).counts.goal
            first = charts.members_chart(level, zone=zone, title="Members", gaps=gaps, goal=goal)
        if not self._stats.single_events:
            return [first]
        joins, leaves = await self._history.bars(guild_id, (Measure.JOINS, Measure.LEAVES), span, gaps=gaps)
        return [first, charts.flow_chart(joins, leaves, zone=zone, gaps=gaps)]

    async def _make(
        self, guild_id: int, kind: ReportKind, schedule: DailyAt | OnDates, channel_id: int, occurrence: JobOccurrence
    ) -> Work[None]:
        """Draw the report that `occurrence` asks for; the returned work puts it in the outbox."""
        told = occurrence.due_at + STRAGGLERS - self._clock.now()
        await asyncio.sleep(max(0.0, told.total_seconds()))
        begin = await self._begin(schedule, occurrence)
        self._sample_all(occurrence.due_at)
        late = self._clock.now() - occurrence.due_at if occurrence.late else None
        zone = self._stats.guild(guild_id).settings.zone_info
        message, files = await self.draw(guild_id, kind, Span(begin, occurrence.due_at), zone, late=late)

        def work(tx: Transaction) -> None:
            key = f"{occurrence.job}.{occurrence.key}"
            outbox.put(tx, key=key, channel_id=channel_id, payload=message, files=files)

        return work

    def _sample_all(self, at: datetime) -> None:
        """Keep, once, the counts of every guild that has a report due at `at`: most of these wait for their turn."""
        if at == self._sampled or self._clock.now() - at >= NEARLY:
            return
        self._sampled = at
        done: set[int] = set()
        for one in self._registered.values():
            with self._isolation.of(one.guild_id):
                if one.guild_id not in done and one.is_due(at):
                    done.add(one.guild_id)
                    self._stats.take_sample(one.guild_id, at)

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


class _Registered(NamedTuple):
    """A report that is made."""

    guild_id: int
    settings: GuildSettings
    schedule: DailyAt | OnDates

    def is_due(self, at: datetime) -> bool:
        return self.schedule.on(at.astimezone(self.settings.zone_info).date()) == at


def _job(kind: ReportKind, guild_id: int) -> str:
    """Return the job's name in the database."""
    return f"stats.{kind.value}_report.{guild_id}"


def _same_report(registered: _Registered | None, other: GuildSettings) -> bool:
    if registered is None:
        return False
    one = registered.settings
    return (one.report_channel_id, one.report_time, one.zone) == (
        other.report_channel_id,
        other.report_time,
        other.zone,
    )
