"""Routes of pins, old and new. Source: discord-api-docs, developers/resources/message.mdx."""

from __future__ import annotations

from datetime import datetime

from steward.sim.channels import pins
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.form import invalid_field
from steward.sim.rest.messages.messages import named_message, open_channel, text_channel


def pin(call: Call) -> None:
    channel = open_channel(call)
    call.require_in_channel(channel, "pin_messages")
    message = named_message(call, channel)
    refuse_if(message.by_system, 50021)
    if message.pinned_at is not None:
        return
    refuse_if(len(pins.pinned(channel)) >= pins.MOST, 30003)
    pins.pin(channel, message, call.bot.user, call.reason)


def unpin(call: Call) -> None:
    channel = open_channel(call)
    call.require_in_channel(channel, "pin_messages")
    message = named_message(call, channel)
    if message.pinned_at is not None:
        pins.unpin(channel, message, call.bot.user, call.reason)


def listed(call: Call) -> Body:
    channel = text_channel(call)
    limit = call.number("limit", 1, 50, 50)
    found = pins.pinned(channel)
    if "before" in call.query:
        before = _moment(call.query["before"])
        found = [message for message in found if message.pinned_at is not None and message.pinned_at < before]
    items = [
        {"pinned_at": message.pinned_at.isoformat(), "message": message.payload(call.bot.id)}
        for message in found[:limit]
        if message.pinned_at is not None
    ]
    return {"items": items, "has_more": len(found) > limit}


def listed_by_old_route(call: Call) -> Body:
    channel = text_channel(call)
    return [message.payload(call.bot.id) for message in pins.pinned(channel)[:50]]


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
    Route("GET", _NEW, listed),
    Route("GET", _OLD, listed_by_old_route),
    *(Route("PUT", f"{path}/{{message_id}}", pin) for path in (_NEW, _OLD)),
    *(Route("DELETE", f"{path}/{{message_id}}", unpin) for path in (_NEW, _OLD)),
)
