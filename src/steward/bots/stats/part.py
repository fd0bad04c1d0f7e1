"""The statistics bot, put together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from steward.bots.bot import Part
from steward.bots.stats.commands.counters import CounterCommands
from steward.bots.stats.commands.goal import GoalCommands
from steward.bots.stats.commands.report import ReportCommands
from steward.bots.stats.commands.setup import StatsSetup
from steward.bots.stats.commands.statistics import StatsCommands
from steward.bots.stats.counters.channels import CounterChannels
from steward.bots.stats.counts.bans import BanCounts
from steward.bots.stats.counts.censuses import Censuses
from steward.bots.stats.counts.first_counts import FirstCounts
from steward.bots.stats.counts.readings import Readings
from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.counts.store import StatsStore
from steward.bots.stats.goal import GoalWatch
from steward.bots.stats.heartbeat import Heartbeats
from steward.bots.stats.history.calendar import Level
from steward.bots.stats.history.series import Measure, Span, flows_counted
from steward.bots.stats.history.timeline import make_timeline
from steward.bots.stats.intake.absences import Absences
from steward.bots.stats.intake.messages import ActivityWiring
from steward.bots.stats.intake.present_guilds import PresentGuilds
from steward.bots.stats.intake.raids import RaidWatch
from steward.bots.stats.intake.structure import Structure
from steward.bots.stats.intake.wiring import StatsWiring
from steward.bots.stats.privacy.export import TABLES
from steward.bots.stats.privacy.personal import STATS_DATA
from steward.bots.stats.reports.report import StatsReports
from steward.bots.stats.settings import StatsSettings
from steward.bots.stats.setup.guild_settings import GuildSettings, defaults, fixed
from steward.client.embeds import clean
from steward.client.gateway.presence import PresenceRotation
from steward.client.members.counts import CountsPoller
from steward.client.posts.live_message import LiveMessage
from steward.guilds.host import Host
from steward.guilds.privacy.kept import Kept
from steward.guilds.setup.section import unsent
from steward.runtime.process.disk import disk_usage
from steward.runtime.tasks import Work
from steward.text.plurals import counted


class StatsPart(Part):
    """
    Counters, reports, heartbeat and numbers over time, in every guild.

    Attributes:
        service: the numbers of now.
        timeline: the numbers of then.

    """

    def __init__(self, host: Host) -> None:
        settings, clock, store, client = host.settings, host.clock, host.store, host.client
        own = settings.of(StatsSettings)
        of_environment = fixed(settings)
        self._host = host
        self.settings = host.guilds.settings.section(
            "stats", defaults(settings), fixed=of_environment, overlay=GuildSettings.overlaid
        )
        keep_days = own.keep_member_events_days
        self.timeline = make_timeline(
            store,
            host.queries,
            clock,
            self.settings.of,
            host.guilds.opt_outs,
            counted=lambda: flows_counted(single_events=self.service.single_events, activity=settings.activity),
            keep_people=timedelta(days=keep_days) if keep_days else None,
        )
        self.service = StatsService(
            self.settings,
            StatsStore(store, self.timeline.gauges),
            clock,
            wish=host.names.want,
            release=host.names.release,
            single_events=lambda: client.single_events,
            losses=self.timeline.losses,
            place=lambda: client.place,
            may_name=host.guilds.opt_outs.may_track,
        )
        client.reading_pace.wait_for(self.service.catch_up)
        self._bans = BanCounts(client.rest, self.service, clock)
        self._absences = Absences(client.rest, self.service, self.timeline.losses, clock)
        present = PresentGuilds(self.settings)
        self._wiring = StatsWiring(
            client,
            host.gateway,
            self.service,
            host.names,
            self._bans,
            self._absences,
            present,
            clock,
            expected=of_environment.keys(),
        )
        Structure(host.gateway, self.service)
        host.voice.on_sat(self.timeline.activity.voice)
        host.voice.on_number(self.service.in_voice)
        if settings.activity:
            ActivityWiring(client, host.gateway, self.timeline.activity)
        self.retention = self.timeline.retention
        self._reports = StatsReports(self.service, self.timeline.history, self.settings, host, flush=self.flush)
        self.reports = self._reports.scheduled
        self._heartbeats = Heartbeats(
            lambda channel_id: LiveMessage(client.rest, store, key="heartbeat", channel_id=channel_id),
            self.service,
            clock,
            interval=own.heartbeat_interval,
            disk=lambda: disk_usage(Path(store.location)),
            latency=lambda: client.latency if client.health.ready else None,
            problems=self._problems_shown_in,
            log_lines=lambda guild_id: host.log_lines() if guild_id == settings.guild_id else (),
        )
        self._readings = Readings(self.service)
        self._censuses = Censuses(client.rest, self.service, clock, is_read=lambda: self._readings.taken > 0)
        present.watch(self._heartbeats.configured)
        present.watch(self._reports.scheduled.configured)
        self._first_counts = FirstCounts(client.rest, self.service, self._bans, self._censuses, clock)
        self.settings.watch(self._censuses.configured)
        self.settings.watch(self.timeline.activity.configured)
        self._raids = RaidWatch(self.usual_joins, host.guilds.suspicions, clock)
        host.gateway.on_gateway("GUILD_MEMBER_ADD", self._raids.joined)
        until = f"deleted after {counted(keep_days, 'day')}" if keep_days else ""
        self.kept = Kept("Statistics", lambda: STATS_DATA, self.flush, self._forget, until)
        self.exports = TABLES
        host.machine.measuring.monitor.gauge(
            "statistics_dropped_total",
            "Events, gaps and sums of messages dropped because the database couldn't be written for too long.",
            lambda: self.timeline.losses.total,
            grows=True,
        )
        self._offer_commands()

    def _offer_commands(self) -> None:
        host, service = self._host, self.service
        interactions, access, activity = host.interactions, host.access, host.settings.activity
        channels = CounterChannels(host.client.rest, access)
        interactions.add(
            CounterCommands(self.settings, service, host.names, channels, access, self._first_counts, activity=activity)
        )
        interactions.add(ReportCommands(self.settings, self._reports, access, host.clock))
        interactions.add(StatsCommands(service, self.timeline.history, host.charts, host.clock, flush=self.flush))
        interactions.add(GoalCommands(self.settings, service, access))
        self.setup = StatsSetup(
            host, self.settings, service, channels, self._reports, self._first_counts, self.problems_in
        )
        self.settings.book.watch_undo(self._undone)

    async def _undone(self, guild_id: int) -> None:
        await self._first_counts.learn(guild_id, self.settings.of(guild_id).counters)

    async def load(self) -> None:
        await self.timeline.load()
        await self.service.load()

    async def finish(self) -> None:
        """Keep all that has happened until now, and that the next process goes on after it."""
        self.service.mark()
        await self.flush()

    async def flush(self) -> None:
        await self.service.flush()
        self._host.voice.count()
        await self.timeline.flush()

    async def _forget(self, guild_id: int, user_id: int) -> None:
        await self.service.flush()  # what is being written now would come after the deletion
        await self.timeline.forget_member(guild_id, user_id)

    @property
    def problems(self) -> list[str]:
        """Sentences about what needs the operator's attention; where there are several servers, each is named."""
        guilds = self.service.guilds
        names = {guild_id: stats.counts.name for guild_id, stats in guilds.items() if stats.counts.name}
        found = [
            f"In {clean(names[guild_id])}: {problem}" if len(names) > 1 and guild_id in names else problem
            for guild_id in guilds
            for problem in self._own_problems(guild_id)
        ]
        if (lost := self.timeline.losses.problem) is not None:
            found.append(lost)
        missing = self._wiring.problems.keys() - {(guild_id, "guild") for guild_id in guilds}
        return [*found, *(self._wiring.problems[matter] for matter in missing)]

    async def problems_in(self, guild_id: int) -> Sequence[str]:
        """Return what needs attention in one guild, for those who set things up there."""
        settings = self.service.guild(guild_id).settings
        posted = {settings.report_channel_id, settings.goal.channel_id if settings.goal is not None else None}
        return [*self._own_problems(guild_id), *await unsent(self._host.store, posted)]

    def _own_problems(self, guild_id: int) -> list[str]:
        names = [self._host.names.get(counter.channel_id) for counter in self.service.guild(guild_id).counters]
        told = [name.problem for name in names if name is not None]
        told += [part.problem_in(guild_id) for part in (self._bans, self._heartbeats)]
        told.append(self._reports.scheduled.problems.get(guild_id))
        return [*self._wiring.problems_in(guild_id), *(problem for problem in told if problem is not None)]

    async def usual_joins(self, guild_id: int) -> float:
        """Return how many joined a server in an hour of the last week, on average; the present hour is left out."""
        end = self._host.clock.now() - timedelta(hours=1)
        (joins,) = await self.timeline.history.series(
            guild_id, (Measure.JOINS,), Span(end - timedelta(days=7), end), level=Level.HOUR
        )
        counted = [point.value for point in joins.points if point.value is not None]
        return sum(counted) / max(1, len(counted))

    def offline_work(self) -> Iterator[tuple[str, Work]]:
        yield "write member events", self.service.write_events
        yield "write activity", self.timeline.activity.run
        yield "sum up events", self.timeline.rollup.run
        yield "watch for raids", self._raids.run

    def work(self) -> Iterator[tuple[str, Work]]:
        settings, client = self._host.settings, self._host.client
        own = settings.of(StatsSettings)
        poller = CountsPoller(
            client.rest,
            interval=own.update_interval,
            lively=settings.adaptive_polling_threshold,
            longest_wait=settings.max_backoff,
            deliver=self._readings.take,
        )
        presence = PresenceRotation(
            client,
            texts=self.service.presence,
            interval=own.presence_interval,
            ready=lambda: client.health.ready,
        )
        yield "poll counts", poller.run
        yield "count bans", self._bans.run
        yield "fill gaps", self._absences.run
        yield "take censuses", self._censuses.run
        yield "turn presence", presence.run
        yield "beat", self._heartbeats.run
        yield "announce goals", GoalWatch(self.service, self._host.store).run

    async def _problems_shown_in(self, guild_id: int) -> Sequence[str]:
        """Return what the heartbeat of a guild shows: everything in the operator's own, its own matters elsewhere."""
        if guild_id == self._host.settings.guild_id:
            return await self._host.problems()
        return await self.problems_in(guild_id)
