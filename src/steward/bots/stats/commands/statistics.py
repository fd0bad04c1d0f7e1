"""`/stats`: how the server is doing, in numbers and charts, for everybody."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import partial, wraps
from typing import Any, TypeVar, cast

import discord
from discord import app_commands

from steward.bots.stats.counts.service import StatsService
from steward.bots.stats.history import charts
from steward.bots.stats.history.read import StatsHistory
from steward.bots.stats.history.series import Measure, Span
from steward.bots.stats.intake.gaps import Gap
from steward.bots.stats.views import statistics as views
from steward.bots.stats.views.goal import goal_view
from steward.charts.chart import Chart
from steward.charts.render import ChartRenderer
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import answered, guild_of
from steward.guilds.illustrated import illustrated
from steward.runtime.cache import Cache, Category
from steward.runtime.clock import Clock


class Period(StrEnum):
    """How far back a command looks."""

    DAY = "24 hours"
    WEEK = "7 days"
    MONTH = "30 days"
    QUARTER = "90 days"
    YEAR = "1 year"

    @property
    def length(self) -> timedelta:
        return {"24 hours": timedelta(days=1), "1 year": timedelta(days=365)}.get(
            self.value, timedelta(days=int(self.value.split()[0]))
        )


Handler = TypeVar("Handler", bound=Callable[..., Coroutine[Any, Any, Reply]])

_BACK = "How far back; default: the last 30 days"
_PERIODS = [app_commands.Choice(name=f"the last {period.value}", value=period.value) for period in Period]
_BY = [
    app_commands.Choice(name="messages", value=Measure.MESSAGES.value),
    app_commands.Choice(name="time in voice", value=Measure.VOICE_SECONDS.value),
]


def _ranking(handler: Handler) -> Handler:
    """Describe the options of a command that ranks."""
    described = app_commands.describe(period=_BACK, by="What counts; default: messages")
    return described(app_commands.choices(period=_PERIODS, by=_BY)(handler))


@dataclass(frozen=True, slots=True)
class _Look:
    """What one command looks at."""

    guild_id: int
    span: Span
    gaps: Sequence[Gap]
    period: Period


def _told_to_all(handler: Handler) -> Handler:
    """Give who asks while the same is being answered in the guild that answer: it is about no member in particular."""

    @wraps(handler)
    async def run(commands: StatsCommands, interaction: discord.Interaction, **options: str) -> Reply:
        key = ":".join((str(guild_of(interaction)), handler.__name__, *options.values()))
        reply = await commands.answers.fetch(key, partial(handler, commands, interaction, **options))
        assert reply is not None  # noqa: S101 - a handler returns one
        return reply

    return cast("Handler", run)


class StatsCommands(app_commands.Group):
    """The commands under `/stats`."""

    def __init__(
        self,
        service: StatsService,
        history: StatsHistory,
        renderer: ChartRenderer,
        clock: Clock,
        *,
        flush: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(name="stats", description="How this server is doing")
        self._service = service
        self._history = history
        self._renderer = renderer
        self._clock = clock
        self._flush = flush
        self.answers: Category[Reply] = Cache(max_entries=1).category("answers", ttl=0.0)  # while they are being made

    @app_commands.command(description="The server at a glance")
    @answered()
    @_told_to_all
    async def overview(self, interaction: discord.Interaction) -> Reply:
        look = await self._look(interaction, Period.MONTH)
        flows = (Measure.JOINS, Measure.LEAVES, Measure.MESSAGES, Measure.VOICE_SECONDS)
        joins, leaves, messages, voice = await self._history.bars(look.guild_id, flows, look.span, gaps=look.gaps)
        members = await self._history.line(look.guild_id, Measure.MEMBERS, look.span, gaps=look.gaps)
        stats = self._service.guild(look.guild_id)
        message = views.overview(stats.counts, joins, leaves, messages, voice, look.period.value)
        zone, goal = stats.settings.zone_info, stats.counts.goal
        chart = charts.line_chart("Members", members, zone=zone, gaps=look.gaps, goal=goal)
        return await self._drawn(message, chart)

    @app_commands.command(description="Members, joins and leaves over time")
    @app_commands.describe(period=_BACK)
    @app_commands.choices(period=_PERIODS)
    @answered()
    @_told_to_all
    async def growth(self, interaction: discord.Interaction, period: str = Period.MONTH.value) -> Reply:
        look = await self._look(interaction, Period(period))
        stats = self._service.guild(look.guild_id)
        members = await self._history.line(look.guild_id, Measure.MEMBERS, look.span, gaps=look.gaps)
        zone = stats.settings.zone_info
        goal = stats.counts.goal
        shown: list[Chart] = [charts.line_chart("Members", members, zone=zone, gaps=look.gaps, goal=goal)]
        if self._service.single_events:
            joins, leaves = await self._history.bars(
                look.guild_id, (Measure.JOINS, Measure.LEAVES), look.span, gaps=look.gaps
            )
            shown.append(charts.flow_chart(joins, leaves, zone=zone, gaps=look.gaps))
        summary = await self._service.summary(look.guild_id, look.span.begin, look.span.end, names=0)
        message = views.growth(summary, look.period.value, look.gaps, single_events=self._service.single_events)
        return await self._drawn(message, *shown)

    @app_commands.command(description="Messages, time in voice and the busiest hours")
    @app_commands.describe(period=_BACK)
    @app_commands.choices(period=_PERIODS)
    @answered()
    @_told_to_all
    async def activity(self, interaction: discord.Interaction, period: str = Period.MONTH.value) -> Reply:
        look = await self._look(interaction, Period(period))
        zone = self._service.guild(look.guild_id).settings.zone_info
        messages, voice = await self._history.bars(
            look.guild_id, (Measure.MESSAGES, Measure.VOICE_SECONDS), look.span, gaps=look.gaps
        )
        week = await self._history.heatmap(look.guild_id, Measure.MESSAGES, look.span)
        message = views.activity(messages, voice, look.period.value, look.gaps)
        shown: list[Chart] = [
            charts.messages_chart(messages, zone=zone, gaps=look.gaps),
            charts.week_chart(week, subtitle=f"the last {look.period.value}"),
        ]
        if voice.value:
            shown.append(charts.voice_chart(voice, zone=zone, gaps=look.gaps))
        return await self._drawn(message, *shown)

    @app_commands.command(description="The busiest channels")
    @_ranking
    @answered()
    @_told_to_all
    async def channels(
        self, interaction: discord.Interaction, period: str = Period.MONTH.value, by: str = Measure.MESSAGES.value
    ) -> Reply:
        look, measure = await self._look(interaction, Period(period)), Measure(by)
        shares = await self._history.channels(look.guild_id, look.span, by=measure)
        return Reply(views.channels(shares, measure, look.period.value))

    @app_commands.command(description="The most active members")
    @_ranking
    @answered()
    @_told_to_all
    async def top(
        self, interaction: discord.Interaction, period: str = Period.MONTH.value, by: str = Measure.MESSAGES.value
    ) -> Reply:
        look, measure = await self._look(interaction, Period(period)), Measure(by)
        shares = await self._history.top_members(look.guild_id, look.span, by=measure)
        counted = self._service.guild(look.guild_id).settings.count_people
        return Reply(views.top_members(shares, measure, look.period.value, counted=counted))

    @app_commands.command(description="How many newcomers stayed")
    @answered()
    @_told_to_all
    async def retention(self, interaction: discord.Interaction) -> Reply:
        if not self._service.single_events:
            return Reply(views.NOT_TOLD)
        cohorts = await self._history.cohorts(guild_of(interaction), now=self._clock.now())
        return await self._drawn(views.retention(cohorts), charts.retention_chart(cohorts))

    @app_commands.command(description="How far the server is from its goal")
    @answered()
    async def goal(self, interaction: discord.Interaction) -> Reply:
        stats = self._service.guild(guild_of(interaction))
        return Reply(goal_view(stats.settings.goal, stats.counts.members))

    @app_commands.command(description="This period compared with the one before")
    @app_commands.describe(period="How long; default: 7 days")
    @app_commands.choices(period=_PERIODS)
    @answered()
    @_told_to_all
    async def compare(self, interaction: discord.Interaction, period: str = Period.WEEK.value) -> Reply:
        look = await self._look(interaction, Period(period))
        before = Span(look.span.begin - look.period.length, look.span.begin)
        measures = [*views.COMPARED] if self._service.single_events else [*views.COMPARED_WITHOUT_EVENTS]
        compared = await self._history.compare(look.guild_id, measures, before, look.span)
        gaps = await self._service.book.gaps(look.guild_id, before.begin, look.span.end)
        return Reply(views.compared(compared, look.period.value, gaps))

    async def _look(self, interaction: discord.Interaction, period: Period) -> _Look:
        """Say what a command looks at, with all that has happened until now in the tables."""
        guild_id, now = guild_of(interaction), self._clock.now()
        await self._flush()
        begin = now - period.length
        return _Look(guild_id, Span(begin, now), await self._service.book.gaps(guild_id, begin, now), period)

    async def _drawn(self, message: Message, *shown: Chart) -> Reply:
        return Reply(*await illustrated(message, shown, self._renderer))
