"""All commands of the events bot, put together; each family stands in a file of its own."""

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
from steward.bots.events.commands.listing import ListCommands
from steward.bots.events.commands.making import MakeCommands
from steward.bots.events.commands.people import PeopleCommands
from steward.bots.events.commands.plan import PlanCommands
from steward.bots.events.commands.poll import PollCommands
from steward.bots.events.commands.templates import TemplateCommands
from steward.bots.events.editing.service import EventService
from steward.bots.events.model.lookups import Lookups
from steward.bots.events.model.templates import Templates
from steward.bots.events.posts.promises import Promises
from steward.bots.events.privacy.export import TABLES
from steward.bots.events.rsvp.memberships import EventMemberships
from steward.bots.events.rsvp.service import RsvpService
from steward.client.panels.typed_times import TimeReader
from steward.guilds.commands import export_command
from steward.guilds.host import Host
from steward.store.export.export import Exporter


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
