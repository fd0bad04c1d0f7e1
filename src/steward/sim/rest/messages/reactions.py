"""Routes of reactions. Source: discord-api-docs, developers/resources/message.mdx."""

from __future__ import annotations

from steward.sim.channels import reactions
from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message
from steward.sim.people.user import Json
from steward.sim.rest.call import Call, RestAnswer, Route
from steward.sim.rest.errors import RestRefused
from steward.sim.rest.messages.messages import named_message, open_channel, refuse_archived, text_channel


def react(call: Call) -> RestAnswer:
    channel, message, emoji = _place(call)
    refuse_archived(channel)
    call.require_in_channel(channel, "read_message_history")
    found = reactions.find(message, emoji)
    if found is None:
        call.require_in_channel(channel, "add_reactions")
        if len(message.reactions) >= reactions.MOST:
            raise RestRefused.by_code(30010)
    reactions.add(channel, message, emoji, call.bot.id)
    return RestAnswer(204)


def take_back(call: Call) -> RestAnswer:
    channel, message, emoji = _place(call)
    refuse_archived(channel)
    reactions.remove(channel, message, emoji, call.bot.id)
    return RestAnswer(204)


def remove(call: Call) -> RestAnswer:
    channel, message, emoji = _place(call)
    refuse_archived(channel)
    user_id = call.id("user_id")
    if user_id != call.bot.id:
        call.require_in_channel(channel, "manage_messages")
    reactions.remove(channel, message, emoji, user_id)
    return RestAnswer(204)


def users(call: Call) -> RestAnswer:
    _, message, emoji = _place(call)
    found = reactions.find(message, emoji)
    return RestAnswer(200, call.page_of_users(found.user_ids if found else ()))


def clear(call: Call) -> RestAnswer:
    channel = open_channel(call)
    call.require_in_channel(channel, "manage_messages")
    reactions.clear(channel, named_message(call, channel))
    return RestAnswer(204)


def clear_one(call: Call) -> RestAnswer:
    channel, message, emoji = _place(call)
    refuse_archived(channel)
    call.require_in_channel(channel, "manage_messages")
    reactions.clear(channel, message, emoji)
    return RestAnswer(204)


def _place(call: Call) -> tuple[Channel, Message, Json]:
    channel = text_channel(call)
    message = named_message(call, channel)
    emoji = reactions.emoji_of(call.path["emoji_name"], channel.guild)
    if emoji is None:
        raise RestRefused.by_code(10014)
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
