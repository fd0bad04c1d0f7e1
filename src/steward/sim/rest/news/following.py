"""
Routes to follow announcement channels and to crosspost their messages.

Source: discord-api-docs, resources/channel.mdx, "Follow Announcement Channel", and message.mdx, "Crosspost Message".
"""

from __future__ import annotations

from copy import deepcopy

from steward.sim.channels.channel import ANNOUNCEMENT, TEXT, Channel
from steward.sim.channels.message import CROSSPOSTED, FOLLOWED, IS_CROSSPOST, Message
from steward.sim.guilds.webhook import Webhook
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.channels.webhooks import add_webhook
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.fields import needed, snowflake
from steward.sim.rest.messages.messages import named_message, text_channel

_FIELDS = {"webhook_channel_id": needed(snowflake)}


def follow(call: Call) -> Body:
    source = _announcements(call)
    values = call.values(_FIELDS, new=True)
    target = call.visible_channel(int(values["webhook_channel_id"]))
    refuse_if(target.kind not in (TEXT, ANNOUNCEMENT), 50024)
    call.require_in_channel(target, "manage_webhooks")
    name = f"{source.own_guild.name} #{source.name}"
    made = add_webhook(call, target, name, source=source)
    notice = Message(call.world.snowflakes.next(), target.id, call.bot.user, name, kind=FOLLOWED)
    notice.reference = {"type": 0} | source.ids
    target.post(notice)
    return {"channel_id": str(source.id), "webhook_id": str(made.id)}


def crosspost(call: Call) -> Body:
    """Publish a message to all channels that follow its channel."""
    channel = _announcements(call)
    found = named_message(call, channel)
    call.require_in_channel(channel, "send_messages")
    if found.author.id != call.bot.id:
        call.require_in_channel(channel, "manage_messages")
    refuse_if(found.flags & CROSSPOSTED, 40033)
    refuse_if(found.by_system, 50068)
    found.flags |= CROSSPOSTED
    channel.emit_message("MESSAGE_UPDATE", found)
    followers = [webhook for webhook in call.world.webhooks.values() if webhook.source is channel]
    for webhook in followers:
        webhook.channel.post(_copy(call, webhook, found))
    return found.payload(call.bot.id)


def _announcements(call: Call) -> Channel:
    channel = text_channel(call)
    refuse_if(channel.kind != ANNOUNCEMENT, 50024)
    return channel


def _copy(call: Call, webhook: Webhook, found: Message) -> Message:
    made = Message(call.world.snowflakes.next(), webhook.channel.id, webhook.author(), found.content)
    made.embeds, made.components = deepcopy(found.embeds), deepcopy(found.components)
    made.attachments = deepcopy(found.attachments)
    made.webhook_id, made.flags = webhook.id, found.flags & ~CROSSPOSTED | IS_CROSSPOST
    assert webhook.source is not None  # noqa: S101 - it follows this channel
    made.reference = webhook.source.reference_to(found.id)
    return made


ROUTES = (
    Route("POST", "/channels/{channel_id}/followers", follow),
    Route("POST", "/channels/{channel_id}/messages/{message_id}/crosspost", crosspost),
)
