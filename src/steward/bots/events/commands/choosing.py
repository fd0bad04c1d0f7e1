"""Which event a command is about: offered while a member types, found by what was chosen, and whether it is theirs."""

from __future__ import annotations

import discord
from discord import app_commands

from steward.bots.events.details import BadEvent
from steward.bots.events.lookups import Lookups
from steward.bots.events.occurrences import Occurrence
from steward.bots.events.offers import Offer
from steward.bots.events.walls import label, value
from steward.client.interactions.guild_of import guild_of
from steward.text.cutting import cut_label

MOST_CHOICES = 25  # that Discord shows
LONGEST_CHOICE = 100

Choices = list[app_commands.Choice[str]]
Event = app_commands.Range[str, 1, LONGEST_CHOICE]
ONE, SERIES = "one", "series"
WHICH = [
    app_commands.Choice(name="this time only", value=ONE),
    app_commands.Choice(name="the whole series from this one on", value=SERIES),
]


class Chooser:
    """
    Offers and finds events.

    Args:
        lookups: what there is.

    """

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def found(self, interaction: discord.Interaction, written: str) -> Occurrence:
        """
        Return the event that was chosen, or whose title was written.

        Raises:
            BadEvent: there is none, or several have that title.

        """
        guild_id, written = guild_of(interaction), written.strip()
        if written.isdecimal() and len(written) < 19:  # noqa: PLR2004 - what every database takes as an id
            return await self._lookups.one(guild_id, int(written))
        named = await self._lookups.named(guild_id, written)
        if not named:
            raise BadEvent(
                f"There is no event “{cut_label(written, 50)}”.", remedy="Choose one of those offered while you type."
            )
        if len({event.event_id for event in named}) > 1:
            raise BadEvent(
                f"Several events are called “{cut_label(written, 50)}”.",
                remedy="Choose one of those offered while you type.",
            )
        return named[0]

    async def own(self, interaction: discord.Interaction, written: str) -> Occurrence:
        """
        Return the event, if the member may change it.

        Raises:
            BadEvent: there is none, or it is somebody else's and the member lacks Manage Events.

        """
        event = await self.found(interaction, written)
        require_own(interaction, event)
        return event

    async def offer(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Offer the events ahead that the member may change, by title and time."""
        return _fitting(await self._lookups.offered(guild_of(interaction), typed), interaction, typed)

    async def offer_any(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Offer the events ahead to everybody, for what changes nothing."""
        return _fitting(await self._lookups.offered(guild_of(interaction), typed), interaction, typed, others=True)

    async def offer_series(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Offer the series that the member may change, by title and next time."""
        ahead = await self._lookups.offered(guild_of(interaction), typed)
        first = {event.event_id: event for event in reversed(ahead) if event.recurs}
        return _fitting(list(reversed(first.values())), interaction, typed)

    async def offer_all(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Offer the events of late and ahead that the member may change: over and cancelled ones, too."""
        return _fitting(await self._lookups.offered(guild_of(interaction), typed, late=True), interaction, typed)

    async def offer_times(self, interaction: discord.Interaction, typed: str) -> Choices:
        """Offer the next times of the series that was chosen in the option `event`."""
        chosen = interaction.namespace.event
        if not chosen:
            return []
        event = await self.own(interaction, chosen)
        times = await self._lookups.times(event.event_id)
        named = [(label(time.original), value(time.original)) for time in times]
        return [
            app_commands.Choice(name=name, value=value) for name, value in named if typed.casefold() in name.casefold()
        ][:MOST_CHOICES]


def may_change(interaction: discord.Interaction, event: Occurrence | Offer) -> bool:
    """Return whether a member may change an event: the own one, or any with Manage Events."""
    return event.organiser_id == interaction.user.id or interaction.permissions.manage_events


def require_own(interaction: discord.Interaction, event: Occurrence) -> None:
    """
    Let nobody change an event of somebody else's without Manage Events.

    Raises:
        BadEvent: the member may not change it.

    """
    if not may_change(interaction, event):
        raise BadEvent(
            f"That event is <@{event.organiser_id}>'s.",
            remedy="To change the events of others takes Manage Events.",
        )


def _fitting(offers: list[Offer], interaction: discord.Interaction, typed: str, *, others: bool = False) -> Choices:
    fits = []
    for offer in offers:
        if not others and not may_change(interaction, offer):
            continue
        wall = label(offer.wall)
        name = f"{cut_label(offer.title, LONGEST_CHOICE - len(wall) - 2)}, {wall}"
        if typed.casefold() in name.casefold():
            fits.append(app_commands.Choice(name=name, value=str(offer.id)))
            if len(fits) == MOST_CHOICES:
                break
    return fits
