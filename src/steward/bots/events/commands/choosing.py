"""Which event a command is about: offered while a member types, found by what was chosen, and whether it is theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import discord
from discord import app_commands

from steward.bots.events.model.details import BadEvent
from steward.bots.events.model.lookups import Lookups, Offer
from steward.bots.events.model.occurrences import Occurrence
from steward.client.embeds import quoted
from steward.client.interactions import guild_of
from steward.client.panels.chooser import LONGEST_CHOICE, Named, Offered, the_one
from steward.text.clock_times import wall_label
from steward.text.cutting import cut_label
from steward.text.matching import best_matches

Fits = Callable[[Offer], bool]
ONE, SERIES = "one", "series"
WHICH = [
    app_commands.Choice(name="this time only", value=ONE),
    app_commands.Choice(name="the whole series from this one on", value=SERIES),
]


class Chooser:
    """Offers and finds events."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups

    async def found(
        self, interaction: discord.Interaction, written: str, *, fits: Fits = lambda offer: True, late: bool = False
    ) -> Occurrence:
        """
        Return the event that was picked, or the only one whose title fits what was typed.

        Args:
            written: the id of a picked one, or a title or a part of it.
            fits: which of several the command is likelier about.
            late: over ones count as much as those ahead; else they are only looked at where none ahead fits.

        Raises:
            BadEvent: there is none.
            Ambiguous: several have such a title.

        """
        guild_id, written = guild_of(interaction), written.strip()
        unknown = BadEvent(
            f"There's no event “{quoted(written)}”.",
            remedy="Pick one from the list that shows while you type, or see `/events list`.",
        )
        if written.isdecimal() and len(written) < 19:  # noqa: PLR2004 - what every database takes as an id
            try:
                return await self._lookups.one(guild_id, int(written))
            except BadEvent as gone:  # a title may be a number, too
                unknown = gone
        named = [] if late else await self._lookups.named(guild_id, written)
        named = named or await self._lookups.named(guild_id, written, late=True)
        named = [offer for offer in named if fits(offer)] or named
        offer = _only(written, named)
        if offer is None:
            raise unknown
        return await self._lookups.one(guild_id, offer.id)

    async def own(
        self, interaction: discord.Interaction, written: str, *, fits: Fits = lambda offer: True, late: bool = False
    ) -> Occurrence:
        """
        Return the event, as `found` does, if the member may change it.

        Raises:
            BadEvent: there is none, or it is somebody else's and the member lacks Manage Events.

        """

        def own(offer: Offer) -> bool:
            return may_change(interaction, offer) and fits(offer)

        event = await self.found(interaction, written, fits=own, late=late)
        require_own(interaction, event)
        return event

    async def own_cancelled(self, interaction: discord.Interaction, written: str) -> Occurrence:
        """
        Return the cancelled event that was picked, or the only one whose title fits, if the member may change it.

        Raises:
            BadEvent: there is none, or it is somebody else's and the member lacks Manage Events.

        """
        if written.strip().isdecimal():  # picked, or a title like an id
            return await self.own(interaction, written, late=True)
        offers = await self._lookups.cancelled(guild_of(interaction), written)
        named = [offer for offer in offers if may_change(interaction, offer)]
        offer = _only(written, best_matches(written, [(offer.title, offer) for offer in named]))
        return await self.own(interaction, written if offer is None else str(offer.id), late=True)

    async def ahead(self, interaction: discord.Interaction, typed: str) -> Named:
        """Offer the events ahead that the member may change, by title and time."""
        return _own(await self._lookups.offered(guild_of(interaction), typed), interaction)

    async def anybodys(self, interaction: discord.Interaction, typed: str) -> Named:
        """Offer the events ahead to everybody, for what changes nothing."""
        return map(_named, await self._lookups.offered(guild_of(interaction), typed))

    async def series(self, interaction: discord.Interaction, typed: str) -> Named:
        """Offer the series that the member may change, by title and next time."""
        ahead = await self._lookups.offered(guild_of(interaction), typed)
        first = {event.event_id: event for event in reversed(ahead) if event.recurs}
        return _own(list(reversed(first.values())), interaction)

    async def all(self, interaction: discord.Interaction, typed: str) -> Named:
        """Offer the events of late and ahead that the member may change: over and cancelled ones, too."""
        return _own(await self._lookups.offered(guild_of(interaction), typed, late=True), interaction)

    async def cancelled(self, interaction: discord.Interaction, typed: str) -> Named:
        """Offer the cancelled events that the member may change and that would not be over, by title and time."""
        return _own(await self._lookups.cancelled(guild_of(interaction), typed), interaction)


Event = app_commands.Transform[str, Offered(lambda group, *asked: group.chooser.ahead(*asked))]
AnybodysEvent = app_commands.Transform[str, Offered(lambda group, *asked: group.chooser.anybodys(*asked))]
AnyEvent = app_commands.Transform[str, Offered(lambda group, *asked: group.chooser.all(*asked))]
CancelledEvent = app_commands.Transform[str, Offered(lambda group, *asked: group.chooser.cancelled(*asked))]
WholeSeries = app_commands.Transform[str, Offered(lambda group, *asked: group.chooser.series(*asked))]


def may_change(interaction: discord.Interaction, event: Occurrence | Offer) -> bool:
    """Return whether a member may change an event: the own one, or any with Manage Events."""
    return event.organiser_id == interaction.user.id or interaction.permissions.manage_events


def require_own(interaction: discord.Interaction, event: Occurrence) -> None:
    """Let nobody change somebody else's event without Manage Events: raises `BadEvent`."""
    if not may_change(interaction, event):
        raise BadEvent(
            f"That's <@{event.organiser_id}>'s event.",
            remedy="You need Manage Events to change other people's events.",
        )


def _own(offers: Sequence[Offer], interaction: discord.Interaction) -> Named:
    return [_named(offer) for offer in offers if may_change(interaction, offer)]


def _only(written: str, fitting: Sequence[Offer]) -> Offer | None:
    return the_one(written, fitting, "events", option="event", offer=_named)


def _named(offer: Offer) -> tuple[str, str]:
    wall = wall_label(offer.wall)
    return f"{cut_label(offer.title, LONGEST_CHOICE - len(wall) - 2)}, {wall}", str(offer.id)
