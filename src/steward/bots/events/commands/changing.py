"""`/event move`, `skip`, `cancel`, `end`, `repost`, `restore`: what becomes of an event that is there."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import discord
from discord import app_commands

from steward.bots.events.commands.choosing import ONE, SERIES, WHICH, CancelledEvent, Chooser, Event, WholeSeries
from steward.bots.events.commands.series_times import SeriesTime, SeriesTimes
from steward.bots.events.editing.service import EventService
from steward.bots.events.model.lookups import Lookups, Offer
from steward.bots.events.model.occurrences import Occurrence
from steward.bots.events.model.series import read_wall, wall_text
from steward.bots.events.recurrence.planning import series_moved
from steward.bots.events.rsvp.actions import MOVE_TO, RESTORE
from steward.bots.events.views.replies import cancelled, moved, restored
from steward.client.access.channel_access import writable
from steward.client.access.permissions import POST
from steward.client.components import Reply
from steward.client.embeds import plain
from steward.client.interactions import TextChannel, Use, answered, guild_of
from steward.client.panels.typed_times import TimeReader, TimeReading, which_reading
from steward.guilds.host import Host
from steward.text.durations import spell

LONGEST_TIME = 100
OWN_CLOCK = "I read the time on your own clock ({zone})."
Time = app_commands.Range[str, 1, LONGEST_TIME]


class ChangeCommands(app_commands.Group):
    """The commands that change what is there; they stand under `/event`."""

    def __init__(
        self, host: Host, organising: EventService, chooser: Chooser, lookups: Lookups, reader: TimeReader
    ) -> None:
        super().__init__(name="changes", description="Change events")
        self._organising = organising
        self.chooser = chooser
        self._lookups = lookups
        self._reader = reader
        self._access = host.access
        self._zones = host.guilds.zones
        self.times = SeriesTimes(chooser, lookups, reader)
        host.interactions.on(MOVE_TO, self._move_to, private=True)
        host.interactions.on(RESTORE, self._bring_back, private=True)

    @app_commands.command(description="Move an event to another time; everyone who signed up is notified")
    @app_commands.describe(
        event="Which event",
        when="The new time, such as: friday 8pm",
        time="Which time of a series; default: the next",
        which="How far the move reaches; default: this time only",
    )
    @app_commands.choices(which=WHICH)
    @answered(private=True)
    async def move(
        self,
        interaction: discord.Interaction,
        event: Event,
        when: Time,
        time: SeriesTime | None = None,
        which: str = ONE,
    ) -> Reply:
        occurrence = await self.chooser.own(interaction, event)
        own_zone = await self._zones.members.of(interaction.user.id)
        typed = await self._reader.read_once(
            when,
            occurrence.zone,
            remedy="Leave out “every”; `/event edit` changes how an event repeats.",
            locale=interaction.locale,
            writer=own_zone,
        )
        id_ = occurrence.id if time is None else await self._keep(interaction, occurrence, time)
        notes = _length_stays(typed.readings, occurrence)
        if own_zone is not None and own_zone.key != occurrence.zone.key:
            notes.append(OWN_CLOCK.format(zone=own_zone.key))
        if not typed.is_clear:

            def button_id(_: int, reading: TimeReading) -> str:
                return MOVE_TO.id(id_, wall_text(reading.start), which)

            return Reply(which_reading(typed, occurrence.zone, button_id, *notes))
        reply = await self._moved(interaction, id_, typed.readings[0].start, which)
        return Reply({"content": "\n".join([reply.message["content"], *typed.notes, *notes])})

    async def _keep(self, interaction: discord.Interaction, event: Occurrence, time: str) -> int:
        return await self._organising.keep(event.event_id, await self.times.chosen(interaction, event, time))

    async def _move_to(self, use: Use) -> Reply:
        occurrence_id, wall, *which = use.args  # the buttons of earlier versions are of one time
        event = await self.chooser.own(use.interaction, occurrence_id)
        reply = await self._moved(use.interaction, event.id, read_wall(wall), *which)
        return Reply(reply.message | {"components": []}, update=True)

    async def _moved(
        self, interaction: discord.Interaction, occurrence_id: int, wall: datetime, which: str = ONE
    ) -> Reply:
        if which != SERIES:
            return Reply(moved(await self._organising.move(occurrence_id, wall)))
        change = partial(series_moved, to=wall)
        first = await self._organising.replan(occurrence_id, change, past_id=interaction.id, moves=True)
        return Reply(moved(first, await self._lookups.series(first)))

    @app_commands.command(description="Skip one time of a series; everyone who signed up is notified")
    @app_commands.describe(event="Which series", time="Which time")
    @answered(private=True)
    async def skip(self, interaction: discord.Interaction, event: WholeSeries, time: SeriesTime) -> Reply:
        occurrence = await self.chooser.own(interaction, event, fits=recurs)
        original = await self.times.chosen(interaction, occurrence, time)
        return Reply(cancelled(await self._organising.skip(occurrence.event_id, original)))

    @app_commands.command(description="Cancel an event, of a series this time only; everyone who signed up is notified")
    @app_commands.describe(event="Which event")
    @answered(private=True)
    async def cancel(self, interaction: discord.Interaction, event: Event) -> Reply:
        occurrence = await self.chooser.own(interaction, event)
        return Reply(cancelled(await self._organising.cancel(occurrence.id)))

    @app_commands.command(description="End a series and cancel what's ahead of it; everyone who signed up is notified")
    @app_commands.describe(event="Which series")
    @answered(private=True)
    async def end(self, interaction: discord.Interaction, event: WholeSeries) -> Reply:
        occurrence = await self.chooser.own(interaction, event, fits=recurs)
        await self._organising.end(occurrence.event_id)
        return Reply.say(f"**{plain(occurrence.details.title)}** has ended: I won't post it any more.")

    @app_commands.command(description="Post an event again, if its post was deleted, or in another channel")
    @app_commands.describe(event="Which event", channel="Where from now on; default: where it was")
    @answered(private=True)
    async def repost(self, interaction: discord.Interaction, event: Event, channel: TextChannel | None = None) -> Reply:
        occurrence = await self.chooser.own(interaction, event)
        where = occurrence.channel_id if channel is None else writable(interaction, channel)
        await self._access.require(guild_of(interaction), where, POST)
        elsewhere = where if where != occurrence.channel_id else None
        await self._organising.repost(occurrence.id, elsewhere)
        return Reply.say(f"**{plain(occurrence.details.title)}** is posted again in <#{where}>.")

    @app_commands.command(description="Bring back a cancelled or skipped event, with its answers")
    @app_commands.describe(event="Which event")
    @answered(private=True)
    async def restore(self, interaction: discord.Interaction, event: CancelledEvent) -> Reply:
        return await self._restored(await self.chooser.own_cancelled(interaction, event))

    async def _bring_back(self, use: Use) -> Reply:
        (occurrence_id,) = use.args
        reply = await self._restored(await self.chooser.own(use.interaction, occurrence_id))
        return Reply(reply.message | {"components": []}, update=True)

    async def _restored(self, event: Occurrence) -> Reply:
        await self._access.require(event.guild_id, event.channel_id, POST)
        return Reply(restored(await self._organising.restore(event.id)))


def recurs(offer: Offer) -> bool:
    """Return whether an event is one of a series."""
    return offer.recurs


def _length_stays(readings: Sequence[TimeReading], event: Occurrence) -> list[str]:
    """Say where the length belongs that was written with a time."""
    if {reading.minutes for reading in readings} <= {None, event.details.minutes}:
        return []
    return [f"It still takes {spell(event.details.minutes)}: `/event edit` changes how long."]
