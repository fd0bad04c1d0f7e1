"""Pinning and unpinning messages. Source: discord-api-docs, developers/resources/message.mdx."""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.sim.channels.message import PINNED, Message
from steward.sim.guilds import audit_log

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.people.user import User

MOST = 250


def pinned(channel: Channel) -> list[Message]:
    """Return the pinned messages of a channel, latest pin first."""
    found = [(message.pinned_at, message) for message in channel.messages if message.pinned_at is not None]
    return [message for _, message in sorted(found, key=lambda pair: pair[0], reverse=True)]


def pin(channel: Channel, message: Message, by: User, reason: str | None = None) -> None:
    """Pin a message and post the system message about it."""
    message.pinned_at = channel.last_pin_at = channel.world.clock.now()
    channel.emit_message("MESSAGE_UPDATE", message)
    _emit(channel)
    notice = Message(channel.world.snowflakes.next(), channel.id, by, kind=PINNED)
    notice.reference = channel.reference_to(message.id)
    channel.post(notice)
    _log(audit_log.MESSAGE_PIN, channel, message, by, reason)


def unpin(channel: Channel, message: Message, by: User, reason: str | None = None) -> None:
    """Unpin a message."""
    message.pinned_at = None
    latest = next(iter(pinned(channel)), None)
    channel.last_pin_at = latest.pinned_at if latest is not None else None
    channel.emit_message("MESSAGE_UPDATE", message)
    _emit(channel)
    _log(audit_log.MESSAGE_UNPIN, channel, message, by, reason)


def _emit(channel: Channel) -> None:
    at = channel.last_pin_at.isoformat() if channel.last_pin_at is not None else None
    channel.emit("CHANNEL_PINS_UPDATE", {"last_pin_timestamp": at} | channel.ids)


def _log(action: int, channel: Channel, message: Message, by: User, reason: str | None) -> None:
    if channel.guild is not None:
        options = {"channel_id": str(channel.id), "message_id": str(message.id)}
        channel.guild.log_change(action, message.author.id, by.id, reason, options)
