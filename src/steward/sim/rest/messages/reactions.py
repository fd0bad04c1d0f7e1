"""Routes of reactions. Source: discord-api-docs, developers/resources/message.mdx."""

from __future__ import annotations

from steward.sim.channels import reactions
from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.messages.messages import named_message, open_channel, refuse_archived, text_channel


def react(call: Call) -> None:
    channel, message, emoji = _place(call)
    refuse_archived(channel)
    call.require_in_channel(channel, "read_message_history")
    found = reactions.find(message, emoji)
    if found is None:
        call.require_in_channel(channel, "add_reactions")
        refuse_if(len(message.reactions) >= reactions.MOST, 30010)
    reactions.add(channel, message, emoji, call.bot.id)


def take_back(call: Call) -> None:
    channel, message, emoji = _place(call)
    refuse_archived(channel)
    reactions.remove(channel, message, emoji, call.bot.id)


def remove(call: Call) -> None:
    channel, message, emoji = _place(call)
    refuse_archived(channel)
    user_id = call.id("user_id")
    if user_id != call.bot.id:
        call.require_in_channel(channel, "manage_messages")
    reactions.remove(channel, message, emoji, user_id)


def users(call: Call) -> Body:
    _, message, emoji = _place(call)
    found = reactions.find(message, emoji)
    return call.page_of_users(found.user_ids if found else ())


def clear(call: Call) -> None:
    channel = open_channel(call)
    call.require_in_channel(channel, "manage_messages")
    reactions.clear(channel, named_message(call, channel))


def clear_one(call: Call) -> None:
    channel, message, emoji = _place(call)
    refuse_archived(channel)
    call.require_in_channel(channel, "manage_messages")
    reactions.clear(channel, message, emoji)


def _place(call: Call) -> tuple[Channel, Message, Json]:
    channel = text_channel(call)
    message = named_message(call, channel)
    emoji = or_refuse(reactions.emoji_of(call.path["emoji_name"], channel.guild), 10014)
    return channel, message, emoji


_ALL = "/channels/{channel_id}/messages/{message_id}/reactions"
_ONE = f"{_ALL}/{{emoji_name}}"
ROUTES = (
    Route("GET", _ONE, users),
    Route("PUT", f"{_ONE}/@me", react),
    Route("DELETE", f"{_ONE}/@me", take_back),
    Route("DELETE", f"{_ONE}/{{user_id}}", remove),
    Route("DELETE", _ONE, clear_one),
    Route("DELETE", _ALL, clear),
)
