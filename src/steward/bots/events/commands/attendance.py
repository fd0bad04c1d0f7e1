"""`/events report`, `attendance`, `reliability`, and reports in `/setup`: who said that they come, and who came.

What counts and shows it is loaded on first use, 0.1 MiB.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import discord
from discord import app_commands

from steward.bots.events.attendance.reports import AttendanceReports
from steward.bots.events.commands.choosing import AnyEvent, Chooser
from steward.bots.events.model.details import BadEvent
from steward.bots.events.rsvp.answers import answers
from steward.bots.events.section import EventsSection
from steward.bots.events.settings import EventsSettings
from steward.client.access.channel_access import writable
from steward.client.access.permissions import POST
from steward.client.components import Reply, text_input
from steward.client.interactions import TextChannel, answered, guild_of
from steward.client.panels.form import ModalForm
from steward.guilds.host import Host
from steward.guilds.reports import GuildReports
from steward.guilds.settings_book import Section
from steward.guilds.setup.draft import SectionDraft
from steward.guilds.setup.section import ChannelChoice, SetupSection
from steward.text.clock_times import time_of_day

UNCOUNTED = "You've chosen not to be counted, so there's nothing to show. `/privacy count-me` changes that."


class AttendanceCommands(app_commands.Group):
    """The commands about who came; they stand under `/events`."""

    def __init__(
        self,
        host: Host,
        reports: AttendanceReports,
        chooser: Chooser,
        *,
        flush: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(name="presence", description="Who came")
        self._store = host.store
        self._reports = reports
        self.chooser = chooser
        self._access = host.access
        self._clock = host.clock
        self._counts = host.guilds.opt_outs.may_track
        self._flush = flush
        self._keep_days = host.settings.of(EventsSettings).keep_past_events_days

    @app_commands.command(description="Who came this week, for you; with options, have it posted each week")
    @app_commands.describe(
        channel="Post it here on Mondays and Thursdays",
        time="When, on the server's own clock; default: 09:00",
        off="Post it no more",
    )
    @answered(private=True)
    async def report(
        self,
        interaction: discord.Interaction,
        channel: TextChannel | None = None,
        time: str | None = None,
        off: bool = False,
    ) -> Reply:
        guild_id, user_id = guild_of(interaction), interaction.user.id
        if not (interaction.permissions.manage_events or interaction.permissions.manage_guild):
            raise BadEvent("You need Manage Events to see who came.", remedy="Ask an organiser.")
        if off:
            await self._reports.section.change(guild_id, user_id, lambda now: replace(now, report_channel_id=None))
            return Reply.say("Done: I won't post who came any more.")
        if channel is None and time is None:
            return Reply(await self._reports.so_far(guild_id, self._clock.now()))
        chosen: dict[str, Any] = {}
        if channel is not None:
            chosen["report_channel_id"] = writable(interaction, channel)
            await self._access.require(guild_id, channel.id, POST)
        elif self._reports.section.of(guild_id).report_channel_id is None:
            raise BadEvent("No channel is set.", remedy="Choose one with `channel`.")
        if time is not None:
            chosen["report_time"] = time_of_day(time)
        wish = await self._reports.section.change(guild_id, user_id, lambda now: replace(now, **chosen))
        return Reply.say(
            f"I'll post who came in <#{wish.report_channel_id}> at {wish.report_time:%H:%M}: on Thursdays for the week"
            " so far, on Mondays for the past week, if there were events."
        )

    @app_commands.command(description="Who was at an event, for its organiser")
    @app_commands.describe(event="Which event")
    @answered(private=True)
    async def attendance(self, interaction: discord.Interaction, event: AnyEvent) -> Reply:
        from steward.bots.events.attendance.participation import turnout
        from steward.bots.events.views.participation import attendance

        now = self._clock.now()
        occurrence = await self.chooser.own(interaction, event, fits=lambda offer: offer.starts_at <= now, late=True)
        if now < occurrence.starts_at:
            raise BadEvent("That event hasn't started.", remedy="Check again once it has.")
        await self._flush()
        seen = await self._store.read(lambda tx: turnout(tx, occurrence))
        return Reply(attendance(seen.counting(lambda user_id: self._counts(occurrence.guild_id, user_id))))

    @app_commands.command(description="How often you came when you said yes; for organisers, how those of an event did")
    @app_commands.describe(event="Those who said yes to this event of yours")
    @answered(private=True)
    async def reliability(self, interaction: discord.Interaction, event: AnyEvent | None = None) -> Reply:
        from steward.bots.events.attendance.participation import reliability
        from steward.bots.events.views.participation import own_reliability, reliabilities

        guild_id, user_id = guild_of(interaction), interaction.user.id
        await self._flush()
        if event is None:
            if not self._counts(guild_id, user_id):
                return Reply.say(UNCOUNTED)
            own = await self._store.read(lambda tx: reliability(tx, guild_id, [user_id]))
            return Reply.say(own_reliability(own.get(user_id), self._keep_days))
        occurrence = await self.chooser.own(interaction, event)
        given = await self._store.read(lambda tx: answers(tx, occurrence.id))
        names = {one.user_id: one.name for one in given if one.option in occurrence.details.coming and one.user_id > 0}
        wanted = [user for user in names if self._counts(guild_id, user)]
        rates = await self._store.read(lambda tx: reliability(tx, guild_id, wanted))
        return Reply(reliabilities(occurrence, names, rates, self._keep_days))


def events_setup(
    host: Host, section: Section[EventsSection], reports: GuildReports[EventsSection]
) -> SetupSection[EventsSection]:
    """Return what is chosen in `/setup` for events: reports on who came."""
    where = ChannelChoice("report_channel_id", "Attendance reports", "Post who came in …", POST, said=_said)
    setup = SetupSection(host, section, "Events", where, reports=reports)
    setup.form("schedule", "Report time", _time_form)
    return setup


def _said(settings: EventsSection) -> str:
    return (
        f"Mondays and Thursdays, in <#{settings.report_channel_id}> at {settings.report_time:%H:%M} ({settings.zone})"
    )


def _time_form(draft: SectionDraft[EventsSection]) -> ModalForm:
    time = text_input("Time of day", "report_time", value=f"{draft.settings.report_time:%H:%M}", most=20)
    return ModalForm("Report time", (time, time_of_day))
