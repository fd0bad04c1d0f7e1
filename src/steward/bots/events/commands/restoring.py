"""`/event restore`, and the button in the answer to a cancellation: the event comes back with its answers."""

from __future__ import annotations

import discord
from discord import app_commands

from steward.bots.events.commands.choosing import CancelledEvent, Chooser
from steward.bots.events.editing.service import EventService
from steward.bots.events.model.occurrences import Occurrence
from steward.bots.events.rsvp.actions import RESTORE
from steward.bots.events.views.replies import restored
from steward.client.access.channel_access import ChannelAccess
from steward.client.access.permissions import POST
from steward.client.components import Reply
from steward.client.interactions import Use, answered
from steward.guilds.owned import OwnedInteractions


class RestoreCommands(app_commands.Group):
    """The command that takes a cancellation back; it stands under `/event`."""

    def __init__(
        self, interactions: OwnedInteractions, organising: EventService, chooser: Chooser, access: ChannelAccess
    ) -> None:
        super().__init__(name="restoring", description="Bring events back")
        self._organising = organising
        self.chooser = chooser
        self._access = access
        interactions.on(RESTORE, self._clicked, private=True)

    @app_commands.command(description="Bring back a cancelled or skipped event, with its answers")
    @app_commands.describe(event="Which event")
    @answered(private=True)
    async def restore(self, interaction: discord.Interaction, event: CancelledEvent) -> Reply:
        return await self._restored(await self.chooser.own_cancelled(interaction, event))

    async def _clicked(self, use: Use) -> Reply:
        (occurrence_id,) = use.args
        reply = await self._restored(await self.chooser.own(use.interaction, occurrence_id))
        return Reply(reply.message | {"components": []}, update=True)

    async def _restored(self, event: Occurrence) -> Reply:
        await self._access.require(event.guild_id, event.channel_id, POST)
        return Reply(restored(await self._organising.restore(event.id)))
