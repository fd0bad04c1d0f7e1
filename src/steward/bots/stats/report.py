"""Reports: durable jobs that sum up a stretch of time and put a message in the outbox, in one transaction."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from functools import partial

from steward.bots.stats.guild_settings import GuildSettings, Span
from steward.bots.stats.service import StatsService
from steward.bots.stats.views.embeds import Message
from steward.bots.stats.views.report import NAMES_SHOWN, Report, report
from steward.runtime.clock import Clock
from steward.store import DailyAt, OnDates, Transaction, Work, monthly, outbox, previous, weekly
from steward.store.jobs import Occurrence
from steward.store.runner import JobRunner

STRAGGLERS = timedelta(seconds=5)  # what happened just before the end is told just after it
MONDAY = 0


class Reports:
    """
    Reports, at the same time of each guild's own clock, on what has happened since the last report of its kind.

    Args:
        stats: what to report.
        clock: the time.
        jobs: runs them.

    """

    def __init__(self, stats: StatsService, clock: Clock, jobs: JobRunner) -> None:
        self._stats = stats
        self._clock = clock
        self._jobs = jobs
        self._registered: dict[str, GuildSettings] = {}

    def configured(self, guild_id: int, settings: GuildSettings) -> None:
        """Follow a guild's settings: which reports are made, when and where."""
        for span in Span:
            job = _job(span, guild_id)
            if settings.report_channel_id is None or span not in settings.reports:
                self._registered.pop(job, None)
                self._jobs.unregister(job)
            elif not _same_report(self._registered.get(job), settings):
                self._registered[job] = settings
                schedule = schedule_of(span, settings)
                make = partial(self._make, guild_id, span, schedule, settings.report_channel_id)
                self._jobs.register(job, schedule, make)

    async def message(
        self, guild_id: int, span: Span, begin: datetime, end: datetime, *, late: timedelta | None = None
    ) -> Message:
        """
        Draw a report.

        Args:
            guild_id: the guild.
            span: which of its reports.
            begin: the first instant of what it covers.
            end: the first instant after it.
            late: how long after its time it is sent; None when on time.

        """
        stats = self._stats.guild(guild_id)
        zone = stats.settings.zone_info
        begin, end = begin.astimezone(zone), end.astimezone(zone)
        summary = await self._stats.summary(guild_id, begin, end, names=NAMES_SHOWN)
        before = await self._stats.summary(guild_id, begin - (end - begin), begin, names=0)
        return report(Report(span, summary, before, stats.counts, late=late, single_events=self._stats.single_events))

    async def so_far(self, guild_id: int, span: Span) -> Message:
        """Draw the report on the time since the last one of its kind was due."""
        settings, now = self._stats.guild(guild_id).settings, self._clock.now()
        today = now.astimezone(settings.zone_info).date()
        begin = previous(schedule_of(span, settings), today + timedelta(days=1))
        if begin >= now:
            begin = previous(schedule_of(span, settings), today)
        return await self.message(guild_id, span, begin, now)

    async def _make(
        self, guild_id: int, span: Span, schedule: DailyAt | OnDates, channel_id: int, occurrence: Occurrence
    ) -> Work[None]:
        """Draw the report that `occurrence` asks for; the returned work puts it in the outbox."""
        told = occurrence.due_at + STRAGGLERS - self._clock.now()
        await asyncio.sleep(max(0.0, told.total_seconds()))
        begin = previous(schedule, date.fromisoformat(occurrence.key))
        late = self._clock.now() - occurrence.due_at if occurrence.late else None
        message = await self.message(guild_id, span, begin, occurrence.due_at, late=late)

        def work(tx: Transaction) -> None:
            outbox.put(tx, key=f"{occurrence.job}.{occurrence.key}", channel_id=channel_id, payload=message)

        return work


def schedule_of(span: Span, settings: GuildSettings) -> DailyAt | OnDates:
    """Return when a guild's reports of one kind are due: each day, Mondays, or the first of the month."""
    daily = DailyAt(settings.report_time, settings.zone_info)
    if span is Span.WEEK:
        return weekly(daily, MONDAY)
    return monthly(daily) if span is Span.MONTH else daily


def _job(span: Span, guild_id: int) -> str:
    """Return the job's name in the database."""
    return f"stats.{span.value}_report.{guild_id}"


def _same_report(one: GuildSettings | None, other: GuildSettings) -> bool:
    return one is not None and (one.report_channel_id, one.report_time, one.zone) == (
        other.report_channel_id,
        other.report_time,
        other.zone,
    )
