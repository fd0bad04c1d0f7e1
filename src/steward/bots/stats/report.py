"""Reports: durable jobs that sum up a stretch of time and put a message in the outbox, in one transaction."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from functools import partial

from steward.bots.stats.guild_settings import GuildSettings, Span
from steward.bots.stats.service import StatsService
from steward.bots.stats.views.embeds import Message
from steward.bots.stats.views.report import NAMES_SHOWN, daily_report
from steward.runtime.clock import Clock
from steward.store import Transaction, Work, outbox
from steward.store.jobs import Occurrence
from steward.store.runner import JobRunner
from steward.store.schedule import DailyAt

DAY = timedelta(days=1)
STRAGGLERS = timedelta(seconds=5)  # what happened just before the end is told just after it


class Reports:
    """
    Reports, at the same time of each guild's own clock, on what has happened since the last report.

    Args:
        stats: what to report.
        clock: the time.
        jobs: runs them.

    """

    def __init__(self, stats: StatsService, clock: Clock, jobs: JobRunner) -> None:
        self._stats = stats
        self._clock = clock
        self._jobs = jobs

    def configured(self, guild_id: int, settings: GuildSettings) -> None:
        """Follow a guild's settings: which reports are made, when and where."""
        job = _job(guild_id)
        if settings.report_channel_id is None or Span.DAY not in settings.reports:
            self._jobs.unregister(job)
            return
        schedule = DailyAt(settings.report_time, settings.zone_info)
        self._jobs.register(job, schedule, partial(self._daily, guild_id, settings.report_channel_id, schedule))

    async def _daily(self, guild_id: int, channel_id: int, schedule: DailyAt, occurrence: Occurrence) -> Work[None]:
        """Sum up the day that ended with `occurrence`; the returned work puts the message in the outbox."""
        told = occurrence.due_at + STRAGGLERS - self._clock.now()
        await asyncio.sleep(max(0.0, told.total_seconds()))
        begin = _begin(schedule, date.fromisoformat(occurrence.key))
        late = self._clock.now() - occurrence.due_at if occurrence.late else None
        message = await self.message(guild_id, begin, occurrence.due_at, late=late)

        def work(tx: Transaction) -> None:
            outbox.put(tx, key=f"{occurrence.job}.{occurrence.key}", channel_id=channel_id, payload=message)

        return work

    async def message(self, guild_id: int, begin: datetime, end: datetime, *, late: timedelta | None = None) -> Message:
        """Draw the report on `[begin, end)` of a guild, `late` after its time."""
        stats = self._stats.guild(guild_id)
        zone = stats.settings.zone_info
        summary = await self._stats.summary(guild_id, begin.astimezone(zone), end.astimezone(zone), names=NAMES_SHOWN)
        return daily_report(summary, stats.counts, late=late, single_events=self._stats.single_events)


def _job(guild_id: int) -> str:
    """Return the job's name in the database."""
    return f"stats.daily_report.{guild_id}"


def _begin(schedule: DailyAt, day: date) -> datetime:
    """Return when the occurrence before that of `day` was due; a date that the zone skipped has none."""
    while True:
        day -= DAY
        begin = schedule.on(day)
        if begin is not None:
            return begin
