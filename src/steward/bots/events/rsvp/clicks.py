"""What members do with a post: answer, look who comes, add a note."""

from __future__ import annotations

import discord

from steward.bots.events.model.details import BadEvent
from steward.bots.events.rsvp.actions import ANSWER, NOTE, NOTED, WHO, WITHDRAW
from steward.bots.events.rsvp.answers import Respondent
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.events.views.replies import answered, note_form, who
from steward.client.components import Reply
from steward.client.embeds import Message
from steward.client.interactions import Use, guild_of
from steward.client.interactions.rights import role_ids
from steward.client.panels.pager import turn_pages
from steward.guilds.owned import OwnedInteractions


class Clicks:
    """Answers the components of posts."""

    def __init__(self, interactions: OwnedInteractions, answering: RsvpService) -> None:
        self._answering = answering
        interactions.on(ANSWER, self._answer, private=True)
        interactions.on(WITHDRAW, self._withdraw, private=True)
        turn_pages(interactions, WHO, self._who)
        interactions.on(NOTE, self._note, private=True, opens_form=True)
        interactions.on(NOTED, self._noted, private=True)

    async def _answer(self, use: Use) -> Reply:
        occurrence_id, option = use.args
        user = use.interaction.user
        member = Respondent(user.id, user.display_name, role_ids(use.interaction))
        try:
            outcome = await self._answering.answer(
                int(occurrence_id), member, option, guild_id=guild_of(use.interaction)
            )
        except BadEvent:
            await self._answering.refresh(int(occurrence_id))  # the post offers what is not to be had: it is mended
            raise
        return Reply(answered(outcome))

    async def _withdraw(self, use: Use) -> Reply:
        (occurrence_id,) = use.args
        user_id, guild_id = use.interaction.user.id, guild_of(use.interaction)
        return Reply(answered(await self._answering.withdraw(int(occurrence_id), user_id, guild_id=guild_id)))

    async def _who(self, interaction: discord.Interaction, occurrence_id: int, page: int) -> Message:
        return who(*await self._answering.seen(occurrence_id, page, guild_id=guild_of(interaction)))

    async def _note(self, use: Use) -> Reply:
        (occurrence_id,) = use.args
        user_id, guild_id = use.interaction.user.id, guild_of(use.interaction)
        event, note = await self._answering.noted(int(occurrence_id), user_id, guild_id=guild_id)
        return Reply(modal=note_form(note).modal(NOTED.id(event.id)))

    async def _noted(self, use: Use) -> Reply:
        (occurrence_id,) = use.args
        note = note_form().read(use)[0]["note"]
        by, guild_id = use.interaction.user.id, guild_of(use.interaction)
        await self._answering.note(int(occurrence_id), by, note, guild_id=guild_id)
        return Reply.say("I added your note." if note.strip() else "I removed your note.")
