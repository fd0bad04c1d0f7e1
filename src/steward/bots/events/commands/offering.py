"""All commands of the events bot, put together: those of `/event` stand in a file a family, `/events` lists here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import discord
from discord import app_commands

from steward.bots.events.attendance.reports import AttendanceReports
from steward.bots.events.commands.attendance import AttendanceCommands
from steward.bots.events.commands.calendar import CalendarCommands
from steward.bots.events.commands.changing import ChangeCommands
from steward.bots.events.commands.choosing import Chooser
from steward.bots.events.commands.drafting import Drafting
from steward.bots.events.commands.making import MakeCommands
from steward.bots.events.commands.people import PeopleCommands
from steward.bots.events.commands.plan import PlanCommands
from steward.bots.events.commands.poll import PollCommands
from steward.bots.events.commands.templates import TemplateCommands
from steward.bots.events.editing.service import EventService
from steward.bots.events.model.lists import Lists
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.model.templates import Templates
from steward.bots.events.posts.promises import Promises
from steward.bots.events.privacy.personal import TABLES
from steward.bots.events.rsvp.actions import LIST, MINE
from steward.bots.events.rsvp.memberships import EventMemberships
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.events.views.lists import ahead_list, mine_list
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import answered, guild_of
from steward.client.panels.pager import turn_pages
from steward.client.panels.typed_times import TimeReader
from steward.guilds.commands import export_command
from steward.guilds.host import Host
from steward.store.export.export import Exporter

MAX_DAYS = 366


class ListCommands(app_commands.Group):
    """The commands under `/events`."""

    def __init__(self, host: Host) -> None:
        super().__init__(name="events", description="Events ahead")
        self._lists = Lists(host.store)
        host.interactions.add(self)
        turn_pages(host.interactions, LIST, self._listed)
        turn_pages(host.interactions, MINE, self._mine)

    @app_commands.command(name="list", description="The upcoming events")
    @app_commands.describe(days="Every event of the next so many days; default: the next of each")
    @answered(private=True)
    async def all(
        self, interaction: discord.Interaction, days: app_commands.Range[int, 1, MAX_DAYS] | None = None
    ) -> Reply:
        return Reply(await self._listed(interaction, 0, days or 0))

    @app_commands.command(description="The events you've signed up for")
    @answered(private=True)
    async def mine(self, interaction: discord.Interaction) -> Reply:
        return Reply(await self._mine(interaction, 0))

    async def _listed(self, interaction: discord.Interaction, page: int, days: int) -> Message:
        guild_id = guild_of(interaction)
        return ahead_list(guild_id, await self._lists.listed(guild_id, page, days=days or None), days or None)

    async def _mine(self, interaction: discord.Interaction, page: int) -> Message:
        guild_id = guild_of(interaction)
        return mine_list(guild_id, await self._lists.mine(guild_id, interaction.user.id, page))


def offer_commands(
    host: Host,
    answering: RsvpService,
    organising: EventService,
    lookups: Lookups,
    reports: AttendanceReports,
    promises: Promises,
    members: EventMemberships,
    *,
    flush: Callable[[], Awaitable[None]],
) -> None:
    """Have the commands, and what they show, answered."""
    templates, chooser, reader = Templates(host.store), Chooser(lookups), TimeReader(host.clock)
    drafting = Drafting(host, organising, lookups, reader, promises)
    event = app_commands.Group(
        name="event",
        description="Make and change events",
        default_permissions=discord.Permissions(manage_events=True),
    )
    for family in (
        MakeCommands(host, drafting, chooser, lookups, templates),
        ChangeCommands(host, organising, chooser, lookups, reader),
        PeopleCommands(answering, chooser),
    ):
        for command in family.commands:
            event.add_command(command)
    event.add_command(TemplateCommands(templates, chooser))
    host.interactions.add(event)
    PlanCommands(host, templates, promises)
    events = ListCommands(host)
    calendar = CalendarCommands(host, chooser)
    attendance = AttendanceCommands(host, reports, chooser, flush=flush)
    export = export_command(Exporter(host.store), TABLES, flush, what_of="this server's events")
    for command in (*calendar.commands, *attendance.commands, export):
        events.add_command(command)
    PollCommands(host, reader, before_making=members.before_making)
