"""The daily report: a durable job that sums up a day and puts its message in the outbox, in one transaction."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from steward.bots.stats.service import StatsService
from steward.bots.stats.views import NAMES_SHOWN, daily_report
from steward.runtime.clock import Clock
from steward.store import Transaction, Work, outbox
from steward.store.jobs import Occurrence
from steward.store.runner import JobRunner
from steward.store.schedule import DailyAt

DAY = timedelta(days=1)
STRAGGLERS = timedelta(seconds=5)  # what happened just before the end is told just after it


class DailyReport:
    """
    Reports, at the same time of the guild's own clock each day, on what has happened since the day before.

    Args:
        stats: what to report.
        clock: the time.
        channel_id: where.
        at: when; at 00:00 the report covers one calendar day.
        zone: the guild's time zone.

    """

    def __init__(self, stats: StatsService, clock: Clock, *, channel_id: int, at: time, zone: ZoneInfo) -> None:
        self._stats = stats
        self._clock = clock
        self._channel_id = channel_id
        self._zone = zone
        self._schedule = DailyAt(at, zone)

    @property
    def job(self) -> str:
        """The job's name in the database."""
        return f"stats.daily_report.{self._stats.guild_id}"

    def register(self, jobs: JobRunner) -> None:
        """Have the report made each day."""
        jobs.register(self.job, self._schedule, self.make)

    async def make(self, occurrence: Occurrence) -> Work[None]:
        """Sum up the day that ended with `occurrence`; the returned work puts the message in the outbox."""
        told = occurrence.due_at + STRAGGLERS - self._clock.now()
        await asyncio.sleep(max(0.0, told.total_seconds()))
        begin = self._begin(date.fromisoformat(occurrence.key))
        summary = await self._stats.summary(
            begin.astimezone(self._zone), occurrence.due_at.astimezone(self._zone), names=NAMES_SHOWN
        )
        message = daily_report(
            summary,
            self._stats.counts,
            late=self._clock.now() - occurrence.due_at if occurrence.late else None,
            single_events=self._stats.single_events,
        )

        def work(tx: Transaction) -> None:
            outbox.put(tx, key=f"{self.job}.{occurrence.key}", channel_id=self._channel_id, payload=message)

        return work

    def _begin(self, day: date) -> datetime:
        """Return when the occurrence before that of `day` was due; a date that the zone skipped has none."""
        while True:
            day -= DAY
            begin = self._schedule.on(day)
            if begin is not None:
                return begin
