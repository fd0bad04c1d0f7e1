"""All commands of the events bot, put together: those of one group stand in a file a family."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

import discord
from discord import app_commands

from steward.bots.events.attendance.export import TABLES
from steward.bots.events.attendance.reports import AttendanceReports
from steward.bots.events.calendar.feeds import PREFIX, Feeds
from steward.bots.events.commands.attendance import AttendanceCommands
from steward.bots.events.commands.calendar import CalendarCommands
from steward.bots.events.commands.changing import ChangeCommands
from steward.bots.events.commands.choosing import Chooser
from steward.bots.events.commands.drafting import Drafting
from steward.bots.events.commands.listing import ListCommands
from steward.bots.events.commands.making import MakeCommands
from steward.bots.events.commands.people import PeopleCommands
from steward.bots.events.commands.plan import PlanCommands
from steward.bots.events.commands.restoring import RestoreCommands
from steward.bots.events.commands.templates import TemplateCommands
from steward.bots.events.drafts.times import TimeReader
from steward.bots.events.editing.service import EventService
from steward.bots.events.editing.weekly_plan import WeeklyPlan
from steward.bots.events.model.lists import Lists
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.model.templates import Templates
from steward.bots.events.posts.promises import Promises
from steward.bots.events.rsvp.service import RsvpService
from steward.guilds.export import export_command
from steward.guilds.host import Host
from steward.store.export.export import Exporter


def offer_commands(
    host: Host,
    answering: RsvpService,
    organising: EventService,
    lookups: Lookups,
    reports: AttendanceReports,
    promises: Promises,
    *,
    flush: Callable[[], Awaitable[None]],
) -> None:
    """Have the commands, and what they show, answered."""
    interactions, access, zones = host.interactions, host.access, host.guilds.zones
    templates = Templates(host.store)
    chooser, hearing = Chooser(lookups), TimeReader(host.clock)
    drafting = Drafting(
        interactions,
        host.store,
        organising,
        lookups,
        hearing,
        access,
        host.client.rest,
        host.clock,
        zones,
        promises,
    )
    event = app_commands.Group(
        name="event",
        description="Make and change events",
        default_permissions=discord.Permissions(manage_events=True),
    )
    for family in (
        MakeCommands(drafting, chooser, lookups, templates, access, zones, host.clock),
        ChangeCommands(interactions, organising, chooser, lookups, hearing, access, zones),
        RestoreCommands(interactions, organising, chooser, access),
        PeopleCommands(answering, chooser),
    ):
        for command in family.commands:
            event.add_command(command)
    event.add_command(TemplateCommands(templates, chooser))
    interactions.add(event)
    plan = WeeklyPlan(host.store)
    PlanCommands(interactions, plan, templates, access, host.client.rest, zones.guild_zone, promises)
    events = ListCommands(interactions, Lists(host.store))
    feeds = Feeds(host.store, partial(_name_of, host.client))
    host.pages.add(PREFIX, feeds.page)
    public_url = host.settings.public_url if host.settings.health_port else None
    calendar = CalendarCommands(interactions, host.store, feeds, chooser, public_url)
    attendance = AttendanceCommands(host, reports, chooser, flush=flush)
    export = export_command(Exporter(host.store), TABLES, flush, what_of="this server's events")
    for command in (*calendar.commands, *attendance.commands, export):
        events.add_command(command)


def _name_of(client: discord.Client, guild_id: int) -> str:
    guild = client.get_guild(guild_id)
    return "Events" if guild is None else f"Events of {guild.name}"
