"""
Commands, buttons, selects and modals: a handler returns a `Reply`, and this layer sees that the member gets it.

    RSVP = Action("events", "rsvp", args=(number, str))

    @app_commands.command(description="Ask who comes")
    @answered()
    async def invite(interaction: discord.Interaction, title: str) -> Reply:
        return Reply({"content": title, "components": [row(button("Yes", RSVP.id(17, "yes")))]})

    async def rsvp(use: Use) -> Reply:
        event_id, choice = use.args
        return Reply.say(f"You said {choice} to event {event_id}.", private=True)

    async with Interactions(client, store, clock) as interactions:
        interactions.add(invite)
        interactions.on(RSVP, rsvp, private=True)
        tasks.start("sync commands", steward.once_logged_in(interactions.sync))

Guarantees: an interaction is acknowledged once, never twice, and while little is in hand within 1.5 seconds, whatever
its handler does. Where many come at once, each is acknowledged before its handler begins, in turns, and one that is too
old for that when its turn comes is dropped undone. What opens a form is never acknowledged before: it is declared with
`opens_form=True`. What a member does with one command or component is done in the order in which it came. Nobody is
pinged; an error reaches the member as a sentence; a component works after any restart. `answered(private=...)` and
`on(..., private=...)` say whether the answer is for the member alone: Discord wants to know before it is there.
"""

from steward.client.interactions.answered import answered, guild_of
from steward.client.interactions.answering.pace import TooFast
from steward.client.interactions.channels import NAMED, ChannelOption, TextChannel
from steward.client.interactions.choices import Ambiguous
from steward.client.interactions.desk import Interactions, Refusal
from steward.client.interactions.router import Handle, Use

__all__ = [
    "NAMED",
    "Ambiguous",
    "ChannelOption",
    "Handle",
    "Interactions",
    "Refusal",
    "TextChannel",
    "TooFast",
    "Use",
    "answered",
    "guild_of",
]
