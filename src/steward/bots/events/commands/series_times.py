"""Which time of a series a command is about: offered while a member types, or found by what was typed."""

from __future__ import annotations

from datetime import datetime

import discord
from discord import app_commands

from steward.bots.events.commands.choosing import Chooser
from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.lookups import Lookups, Time
from steward.bots.events.model.occurrences import Occurrence
from steward.bots.events.model.series import read_wall, wall_text
from steward.client.embeds import plain, quoted
from steward.client.panels.chooser import Named, Offered, the_one
from steward.client.panels.typed_times import TimeReader
from steward.text.bad_time import BadTime
from steward.text.clock_times import wall_label
from steward.text.matching import best_matches


class SeriesTimes:
    """Offers and finds times of a series."""

    def __init__(self, chooser: Chooser, lookups: Lookups, reader: TimeReader) -> None:
        self._chooser = chooser
        self._lookups = lookups
        self._reader = reader

    async def offer(self, interaction: discord.Interaction) -> Named:
        """Offer the next times of the series that was chosen in the option `event`."""
        chosen = interaction.namespace.event
        if not chosen:
            return []
        event = await self._chooser.own(interaction, chosen)
        return map(_named, await self._lookups.times(event.event_id))

    async def chosen(self, interaction: discord.Interaction, event: Occurrence, written: str) -> datetime:
        """
        Return the time that was picked, or the only one that fits what was typed, as the series has it.

        Raises:
            BadEvent: none fits.
            Ambiguous: several fit.
        """
        try:
            return read_wall(written.strip())
        except ValueError:
            times = await self._lookups.times(event.event_id)
        fitting = best_matches(written, [(wall_label(time.original), time) for time in times])
        fitting = fitting or await self._typed(interaction, event, written, times)
        time = the_one(written, fitting, "times", option="time", offer=_named)
        if time is None:
            raise BadEvent(
                f"“{quoted(written)}” isn't one of the times of **{plain(event.details.title)}**.",
                remedy="Pick one from the list that shows while you type.",
            )
        return time.original

    async def _typed(
        self, interaction: discord.Interaction, event: Occurrence, written: str, times: list[Time]
    ) -> list[Time]:
        """Return the times at a moment that was typed in words, else those of its day."""
        try:
            typed = await self._reader.read_once(
                written,
                event.zone,
                remedy="Pick one from the list that shows while you type.",
                locale=interaction.locale,
            )
        except BadTime:
            return []
        starts = {reading.start for reading in typed.readings}
        days = {start.date() for start in starts}
        return [time for time in times if time.original in starts] or [
            time for time in times if time.original.date() in days
        ]


SeriesTime = app_commands.Transform[str, Offered(lambda group, interaction, _: group.times.offer(interaction))]


def _named(time: Time) -> tuple[str, str]:
    return wall_label(time.original), wall_text(time.original)
