"""Routes to list voters and end polls. Source: discord-api-docs, developers/resources/poll.mdx."""

from __future__ import annotations

from steward.sim.channels import polls
from steward.sim.channels.channel import Channel
from steward.sim.channels.message import Message
from steward.sim.channels.poll import MessagePoll
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.form import as_whole
from steward.sim.rest.messages.messages import named_message, text_channel


def voters(call: Call) -> Body:
    """List the voters of an answer by id."""
    channel, _, poll = _poll(call)
    call.require_in_channel(channel, "read_message_history")
    answer_id = as_whole(call.path["answer_id"])
    if answer_id not in poll.answers:
        raise RestRefused.by_status(404, "Not Found")
    return {"users": call.page_of_users(poll.votes.get(answer_id or 0, {}))}


def expire(call: Call) -> Body:
    """End one of the bot's polls now."""
    channel, message, poll = _poll(call)
    refuse_if(message.author.id != call.bot.id, 50005)
    refuse_if(poll.ended, 520001)
    polls.end(channel, message)
    return message.payload(call.bot.id)


def _poll(call: Call) -> tuple[Channel, Message, MessagePoll]:
    channel = text_channel(call)
    message = named_message(call, channel)
    return channel, message, or_refuse(message.poll, 520006)


_POLL = "/channels/{channel_id}/polls/{message_id}"
ROUTES = (
    Route("GET", f"{_POLL}/answers/{{answer_id}}", voters),
    Route("POST", f"{_POLL}/expire", expire),
)
