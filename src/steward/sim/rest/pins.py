"""Pinned messages, by the old routes and the new. Source: discord-api-docs, developers/resources/message.mdx."""

from __future__ import annotations

from datetime import datetime

from steward.sim.channel import Channel
from steward.sim.message import PINNED, Message
from steward.sim.rest.call import Answer, Call, Route
from steward.sim.rest.errors import Refused
from steward.sim.rest.form import invalid_field
from steward.sim.rest.messages import named_message, open_channel, text_channel

_MOST = 250


def pin(call: Call) -> Answer:
    channel = open_channel(call)
    call.need_in_channel(channel, "pin_messages")
    message = named_message(call, channel)
    if message.by_system:
        raise Refused.by_code(50021)
    if message.pinned_at is not None:
        return Answer(204)
    if len(_pinned(channel)) >= _MOST:
        raise Refused.by_code(30003)
    message.pinned_at = call.world.clock.now()
    _tell(channel)
    reference = {"type": 0, "channel_id": str(channel.id), "message_id": str(message.id)}
    notice = Message(call.world.snowflakes.next(), channel.id, call.bot.user, kind=PINNED, reference=reference)
    channel.post(notice)
    return Answer(204)


def unpin(call: Call) -> Answer:
    channel = open_channel(call)
    call.need_in_channel(channel, "pin_messages")
    message = named_message(call, channel)
    if message.pinned_at is not None:
        message.pinned_at = None
        _tell(channel)
    return Answer(204)


def pins(call: Call) -> Answer:
    channel = text_channel(call)
    limit = call.number("limit", 1, 50, 50)
    found = _pinned(channel)
    if "before" in call.query:
        before = _moment(call.query["before"])
        found = [message for message in found if message.pinned_at is not None and message.pinned_at < before]
    items = [
        {"pinned_at": message.pinned_at.isoformat(), "message": message.payload(call.bot.id)}
        for message in found[:limit]
        if message.pinned_at is not None
    ]
    return Answer(200, {"items": items, "has_more": len(found) > limit})


def pins_by_the_old_route(call: Call) -> Answer:
    channel = text_channel(call)
    return Answer(200, [message.payload(call.bot.id) for message in _pinned(channel)[:50]])


def _pinned(channel: Channel) -> list[Message]:
    """Return the pinned messages, the latest pin first."""
    found = [(message.pinned_at, message) for message in channel.messages if message.pinned_at is not None]
    return [message for _, message in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _tell(channel: Channel) -> None:
    latest = next(iter(_pinned(channel)), None)
    at = latest.pinned_at.isoformat() if latest is not None and latest.pinned_at is not None else None
    data = {"channel_id": str(channel.id), "last_pin_timestamp": at}
    channel.emit("CHANNEL_PINS_UPDATE", data | ({"guild_id": str(channel.guild.id)} if channel.guild else {}))


def _moment(text: str) -> datetime:
    wrong = invalid_field("before", "DATE_TIME_TYPE_PARSE", f"Could not parse {text[:50]}. Should be ISO8601.")
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise wrong from None
    if found.tzinfo is None:
        raise wrong
    return found


_NEW, _OLD = "/channels/{channel_id}/messages/pins", "/channels/{channel_id}/pins"
ROUTES = (
    Route("GET", _NEW, pins),
    Route("GET", _OLD, pins_by_the_old_route),
    *(Route("PUT", f"{path}/{{message_id}}", pin) for path in (_NEW, _OLD)),
    *(Route("DELETE", f"{path}/{{message_id}}", unpin) for path in (_NEW, _OLD)),
)
