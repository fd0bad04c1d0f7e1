"""`/events calendar`: the events as a file, or as a feed that a calendar application follows."""

from __future__ import annotations

from functools import partial

import discord
from discord import app_commands

from steward.bots.events.calendar.feeds import ENDING, PREFIX, Feeds
from steward.bots.events.commands.choosing import AnybodysEvent, Chooser
from steward.bots.events.model.details import BadEvent
from steward.bots.events.rsvp.actions import CALENDAR
from steward.client.components import Reply
from steward.client.embeds import at, plain
from steward.client.interactions import Use, answered, guild_of
from steward.guilds.host import Host
from steward.text.plurals import counted

OWN, ALL = "my link", "everybody's links"
_WHICH = [app_commands.Choice(name=which, value=which) for which in (OWN, ALL)]
NO_FEED = (
    "This is the calendar as it is now. A link that keeps your calendar app up to date needs a public web address:"
    " the person who runs me can set `STEWARD_PUBLIC_URL`."
)


class CalendarCommands(app_commands.Group):
    """The command about calendars; it stands under `/events`."""

    def __init__(self, host: Host, chooser: Chooser) -> None:
        super().__init__(name="calendars", description="The events in a calendar")
        self._store = host.store
        self._feeds = Feeds(host.store, partial(_name_of, host.client))
        self.chooser = chooser
        self._public_url = host.settings.public_url if host.settings.health_port else None
        host.pages.add(PREFIX, self._feeds.page)
        host.interactions.on(CALENDAR, self._one, private=True)

    async def _one(self, use: Use) -> Reply:
        from steward.bots.events.calendar import calendars
        from steward.text.ics import calendar_file

        guild_id, id_ = guild_of(use.interaction), int(use.args[0])
        entry = await self._store.read(lambda tx: calendars.of_occurrence(tx, guild_id, id_))
        content = calendar_file([entry], name=entry.title)
        text = (
            f"**{plain(entry.title)}**: open it with your calendar app. For one that updates, see `/events calendar`."
        )
        return Reply({"content": text}, [("event.ics", content)])

    @app_commands.command(description="The events in your calendar: a link to follow, or the file of one event")
    @app_commands.describe(
        event="The file of this event, with all its times", revoke="Make an end of links; of yours, you get a new one"
    )
    @app_commands.choices(revoke=_WHICH)
    @answered(private=True)
    async def calendar(
        self, interaction: discord.Interaction, event: AnybodysEvent | None = None, revoke: str | None = None
    ) -> Reply:
        guild_id = guild_of(interaction)
        if event is not None:
            occurrence = await self.chooser.found(interaction, event)
            return await self._file(
                guild_id, occurrence.event_id, f"**{plain(occurrence.details.title)}** for your calendar."
            )
        if revoke == ALL:
            return await self._revoke_all(interaction, guild_id)
        if self._public_url is None:
            return await self._file(guild_id, None, NO_FEED)
        given = await self._feeds.give(guild_id, interaction.user.id, anew=revoke == OWN)
        if given.token is None:
            return Reply.say(
                f"I gave you a link on {at(given.made_at, 'D')}, and I show it only once. `/events calendar` with"
                " `revoke: my link` gives you a new one and ends the old one."
            )
        return Reply.say(
            "Subscribe to this address in your calendar app (“from URL”). Anyone who has it can see this server's"
            " events, so keep it to yourself. Save it now: I show it only once.\n"
            f"{self._public_url}/{PREFIX}/{given.token}{ENDING}"
        )

    async def _file(self, guild_id: int, event_id: int | None, text: str) -> Reply:
        from steward.bots.events.calendar import calendars
        from steward.text.ics import calendar_file

        if event_id is None:
            entries = await self._store.read(lambda tx: calendars.of_guild(tx, guild_id))
        else:
            entries = await self._store.read(lambda tx: calendars.of_event(tx, guild_id, event_id))
        if not entries:
            raise BadEvent("There's nothing to put in a calendar yet.", remedy="See `/events list`.")
        content = calendar_file(entries, name=entries[0].title if event_id else "Events")
        return Reply({"content": text}, [("events.ics", content)])

    async def _revoke_all(self, interaction: discord.Interaction, guild_id: int) -> Reply:
        if not interaction.permissions.manage_events:
            raise BadEvent("You need Manage Events to end others' links.", remedy="`revoke: my link` ends yours.")
        number = await self._feeds.revoke_all(guild_id)
        return Reply.say(f"Done: no link to this server's calendar works any more. {counted(number, 'link')} ended.")


def _name_of(client: discord.Client, guild_id: int) -> str:
    guild = client.get_guild(guild_id)
    return "Events" if guild is None else f"Events of {guild.name}"
