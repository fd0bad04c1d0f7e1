"""
Handlers for an interaction's token after the first response: follow-ups, edits and deletions.

Source: discord-api-docs, developers/interactions/receiving-and-responding.mdx, "Followup Messages".
"""

from __future__ import annotations

from steward.sim.channels import polls
from steward.sim.channels.message import COMPONENTS_V2, EPHEMERAL, LOADING, Message
from steward.sim.interactions.interaction import Interaction
from steward.sim.rest.call import Body, Call
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.interactions.interactions import new_message
from steward.sim.rest.messages import draft

_ORIGINAL = "@original"
_REPLY = 19


def send(call: Call) -> Body:
    """Send a follow-up message; while the bot is thinking, it becomes the original response."""
    interaction = _interaction(call)
    wanted = draft.read(call, call.form(), ephemeral=True)
    waiting = interaction.original if interaction.loading else None
    sent = waiting or new_message(interaction, wanted.flags & EPHEMERAL)
    sent.flags &= ~LOADING
    wanted.write_to(call, interaction.channel, sent)
    if waiting is not None:
        polls.plan(interaction.channel, sent)
        interaction.edited(sent)
    else:
        if interaction.original is not None:
            sent.kind, sent.reference = _REPLY, interaction.channel.reference_to(interaction.original.id)
            sent.interaction = (sent.interaction or {}) | {"original_response_message_id": str(interaction.original.id)}
        interaction.follow_up(sent)
    return sent.payload(call.bot.id)


def read(call: Call) -> Body:
    return _message(call, _interaction(call)).payload(call.bot.id)


def edit(call: Call) -> Body:
    interaction = _interaction(call)
    message = _message(call, interaction)
    wanted = draft.read(call, call.form(), message)
    if not message.ephemeral:
        call.hidden.edit(message)
    message.flags = message.flags & ~LOADING | wanted.flags & COMPONENTS_V2
    wanted.write_to(call, interaction.channel, message)
    polls.plan(interaction.channel, message)
    interaction.edited(message)
    return message.payload(call.bot.id)


def delete(call: Call) -> None:
    interaction = _interaction(call)
    interaction.drop(_message(call, interaction))


def _interaction(call: Call) -> Interaction:
    """Return the interaction of the path's token (50027), which must have a first response (10015)."""
    interaction = or_refuse(call.world.interactions.with_token(call.path["webhook_token"]), 50027)
    refuse_if(interaction.bot.application_id != call.id("webhook_id"), 50027)
    refuse_if(interaction.callback is None, 10015)
    refuse_if(not interaction.alive, 50027)
    return interaction


def _message(call: Call, interaction: Interaction) -> Message:
    named = call.path.get("message_id", _ORIGINAL)
    message = interaction.original if named == _ORIGINAL else interaction.found(call.id("message_id"))
    message = or_refuse(message, 10008)
    refuse_if(not message.ephemeral and interaction.channel.message(message.id) is None, 10008)
    return message
