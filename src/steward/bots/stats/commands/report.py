"""`/report`: look at a report now, and say when and where they are made."""

from __future__ import annotations

from dataclasses import replace

import discord
from discord import app_commands

from steward.bots.stats.reports.report import StatsReports, schedule_of
from steward.bots.stats.setup.guild_settings import GuildSettings, ReportKind, StatsSection
from steward.client.access.channel_access import ChannelAccess
from steward.client.access.permissions import REPORT
from steward.client.components import Reply
from steward.client.interactions import TextChannel, answered, guild_of
from steward.errors import NeedsOperator
from steward.guilds.zones.place_option import PlaceName, chosen_place
from steward.runtime.clock import Clock
from steward.text.clock_times import time_of_day

_SPANS = [app_commands.Choice(name=span.value.capitalize(), value=span.value) for span in ReportKind]


class ReportCommands(app_commands.Group):
    """The commands under `/report`."""

    def __init__(self, settings: StatsSection, reports: StatsReports, access: ChannelAccess, clock: Clock) -> None:
        super().__init__(
            name="report",
            description="Reports on the server",
            default_permissions=discord.Permissions(manage_guild=True),
        )
        self._settings = settings
        self._reports = reports
        self._access = access
        self.clock = clock

    @app_commands.command(description="Post the report since the last one here, for everyone")
    @app_commands.describe(kind="Which report; default: daily")
    @app_commands.choices(kind=_SPANS)
    @answered()
    async def now(self, interaction: discord.Interaction, kind: str = ReportKind.DAY.value) -> Reply:
        return await self._so_far(guild_of(interaction), ReportKind(kind))

    @app_commands.command(description="Preview the report since the last one, only for you")
    @app_commands.describe(kind="Which report; default: daily")
    @app_commands.choices(kind=_SPANS)
    @answered(private=True)
    async def preview(self, interaction: discord.Interaction, kind: str = ReportKind.DAY.value) -> Reply:
        return await self._so_far(guild_of(interaction), ReportKind(kind))

    @app_commands.command(description="When and where reports are posted; without options, shows it")
    @app_commands.describe(
        channel="Where I post them",
        time="When, on the server's own clock, such as 09:00",
        timezone="The server's time zone: a city or a country, such as Berlin",
        daily="Post a daily report",
        weekly="Post a weekly report on Mondays",
        monthly="Post a monthly report on the first",
    )
    @answered(private=True)
    async def schedule(
        self,
        interaction: discord.Interaction,
        channel: TextChannel | None = None,
        time: str | None = None,
        timezone: PlaceName | None = None,
        daily: bool | None = None,
        weekly: bool | None = None,
        monthly: bool | None = None,
    ) -> Reply:
        guild_id = guild_of(interaction)
        at = None if time is None else time_of_day(time)
        where = None
        if timezone is not None:
            where = chosen_place(timezone, self.clock.now(), option="timezone").zone
        if channel is not None:
            fixed = self._settings.fixed(guild_id).report_channel_id
            if fixed is not None and channel.id != fixed:
                raise NeedsOperator(
                    f"Reports go to <#{fixed}>: that's set in the bot's environment.",
                    remedy="Whoever runs the bot can change it there (STATS_CHANNEL_ID).",
                )
            await self._access.require(guild_id, channel.id, REPORT)
        wished = {ReportKind.DAY: daily, ReportKind.WEEK: weekly, ReportKind.MONTH: monthly}

        def edit(now: GuildSettings) -> GuildSettings:
            reports = {span for span in ReportKind if (span in now.reports if wished[span] is None else wished[span])}
            return replace(
                now,
                report_channel_id=now.report_channel_id if channel is None else channel.id,
                report_time=now.report_time if at is None else at,
                zone=where or now.zone,
                zone_chosen=where is not None or now.zone_chosen,
                reports=frozenset(reports),
            )

        if any(option is not None for option in (channel, time, timezone, *wished.values())):
            await self._settings.change(guild_id, interaction.user.id, edit)
        return Reply.say(self._said(self._settings.of(guild_id)))

    async def _so_far(self, guild_id: int, kind: ReportKind) -> Reply:
        return Reply(*await self._reports.so_far(guild_id, kind, self._settings.of(guild_id)))

    def _said(self, settings: GuildSettings) -> str:
        if settings.report_channel_id is None or not settings.reports:
            return "I don't post any reports yet. Choose a `channel` for them, or use `/setup`."
        lines = [f"Reports go to <#{settings.report_channel_id}> at {settings.report_time:%H:%M} ({settings.zone})."]
        for span in ReportKind:
            if span in settings.reports:
                due = schedule_of(span, settings).after(self.clock.now())
                lines.append(f"Next {span.value} report: {discord.utils.format_dt(due.at, 'F')}.")
        return "\n".join(lines)
