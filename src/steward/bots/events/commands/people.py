"""`/event add` and `remove`: an organiser puts members in, moves them to another answer, and takes them out."""

from __future__ import annotations

import discord
from discord import app_commands

from steward.bots.events.commands.choosing import AnyEvent, Chooser
from steward.bots.events.model.details import LONGEST_LABEL, BadEvent, Details, Option
from steward.bots.events.model.occurrences import State
from steward.bots.events.rsvp.answers import Respondent
from steward.bots.events.rsvp.service import RsvpService
from steward.bots.events.views.post import headed
from steward.bots.events.views.replies import put_in, taken_out
from steward.client.components import Reply
from steward.client.embeds import plain
from steward.client.interactions import Ambiguous, answered
from steward.client.panels.chooser import Named, Offered
from steward.text.cutting import cut_label
from steward.text.matching import best_matches

Answer = app_commands.Transform[
    str, Offered(lambda group, interaction, _: group.answers(interaction), longest=LONGEST_LABEL)
]


class PeopleCommands(app_commands.Group):
    """The commands about who comes; they stand under `/event`."""

    def __init__(self, answering: RsvpService, chooser: Chooser) -> None:
        super().__init__(name="people", description="Who comes")
        self._answering = answering
        self.chooser = chooser

    @app_commands.command(description="Add a member to an event, or move one to another answer")
    @app_commands.describe(event="Which event", member="Whom", answer="Which answer; default: the first that comes")
    @answered(private=True)
    async def add(
        self,
        interaction: discord.Interaction,
        event: AnyEvent,
        member: discord.Member | discord.User,
        answer: Answer | None = None,
    ) -> Reply:
        occurrence = await self.chooser.own(interaction, event)
        if occurrence.state is State.CANCELLED:
            raise BadEvent("That event is cancelled.", remedy="Choose another one.")
        if not isinstance(member, discord.Member):
            raise BadEvent(f"{member.mention} isn't in this server.", remedy="Choose a member.")
        if member.bot:
            raise BadEvent("Bots can't come to events.", remedy="Choose a person.")
        option = _option(occurrence.details, answer)
        person = Respondent(member.id, member.display_name)
        outcome = await self._answering.answer(occurrence.id, person, option.key, by=interaction.user.id)
        return Reply.say(put_in(outcome, member.id))

    @app_commands.command(description="Take a member out of an event; the next on the waitlist moves up")
    @app_commands.describe(event="Which event", member="Whom")
    @answered(private=True)
    async def remove(
        self, interaction: discord.Interaction, event: AnyEvent, member: discord.Member | discord.User
    ) -> Reply:
        occurrence = await self.chooser.own(interaction, event)
        outcome = await self._answering.take_out(occurrence.id, member.id)
        return Reply.say(taken_out(outcome, member.id))

    async def answers(self, interaction: discord.Interaction) -> Named:
        """Offer the answers of the event that was chosen."""
        if not interaction.namespace.event:
            return []
        event = await self.chooser.own(interaction, interaction.namespace.event)
        return [(headed(option), option.key) for option in event.details.options]


def _option(details: Details, written: str | None) -> Option:
    """Return the answer of that key, or the only one whose label fits; the first that comes where none is named."""
    if written is None:
        return next(option for option in details.options if option.comes)
    chosen = next((option for option in details.options if option.key == written), None)
    if chosen is not None:
        return chosen
    fitting = best_matches(written, [(option.label, option) for option in details.options])
    fitting = fitting or best_matches(written, [(headed(option), option) for option in details.options])
    if len(fitting) == 1:
        return fitting[0]
    offers = [(headed(option), option.key) for option in fitting or details.options]
    raise Ambiguous(
        f"“{plain(cut_label(written, 40))}” isn't one of that event's answers.", option="answer", offers=offers
    )
