"""Adding and removing reactions."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from steward.sim.channels.message import Message, Reaction
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.guilds.guild import Guild

MOST = 20
_OTHER_EMOJI = "©®‼⁉\u2139↔⤴⤵◻◼◽◾〰\u20e3"  # emoji outside category So or below U+2000; the last makes keycaps


def emoji_of(text: str, guild: Guild | None) -> Json | None:
    """Parse a Unicode emoji, or `name:id` of one of the guild's; None for anything else."""
    name, _, number = text.rpartition(":")
    if name:
        found = guild.emojis.get(int(number)) if guild is not None and number.isdecimal() else None
        return {"id": found["id"], "name": found["name"]} if found else None
    emoji = any(char in _OTHER_EMOJI or (char > "\u2000" and unicodedata.category(char) == "So") for char in text)
    letters = any(unicodedata.category(char)[0] == "L" and char not in _OTHER_EMOJI for char in text)
    return {"id": None, "name": text} if emoji and not letters else None


def find(message: Message, emoji: Json) -> Reaction | None:
    """Return a message's reaction with this emoji."""
    return next((reaction for reaction in message.reactions if same(reaction.emoji, emoji)), None)


def same(one: Json, other: Json) -> bool:
    """Return whether two emoji are the same: custom ones by id, as they may have been renamed."""
    return one["id"] == other["id"] and (one["id"] is not None or one["name"] == other["name"])


def add(channel: Channel, message: Message, emoji: Json, user_id: int) -> None:
    """Add a user's reaction, unless it exists."""
    reaction = find(message, emoji)
    if reaction is None:
        reaction = Reaction(emoji)
        message.reactions.append(reaction)
    if user_id in reaction.user_ids:
        return
    reaction.user_ids.append(user_id)
    data = _about(channel, message, emoji) | {
        "user_id": str(user_id),
        "message_author_id": str(message.author.id),
        "burst": False,
        "type": 0,
    }
    if channel.guild is not None and (member := channel.guild.members.get(user_id)) is not None:
        data["member"] = member.payload()
    channel.emit("MESSAGE_REACTION_ADD", data)


def remove(channel: Channel, message: Message, emoji: Json, user_id: int) -> bool:
    """Remove a user's reaction and return whether there was one."""
    reaction = find(message, emoji)
    if reaction is None or user_id not in reaction.user_ids:
        return False
    reaction.user_ids.remove(user_id)
    if not reaction.user_ids:
        message.reactions.remove(reaction)
    data = _about(channel, message, emoji) | {"user_id": str(user_id), "burst": False, "type": 0}
    channel.emit("MESSAGE_REACTION_REMOVE", data)
    return True


def clear(channel: Channel, message: Message, emoji: Json | None = None) -> None:
    """Remove all reactions, or all of one emoji."""
    if emoji is None:
        message.reactions.clear()
        channel.emit("MESSAGE_REACTION_REMOVE_ALL", {"message_id": str(message.id)} | channel.ids)
        return
    message.reactions = [reaction for reaction in message.reactions if not same(reaction.emoji, emoji)]
    channel.emit("MESSAGE_REACTION_REMOVE_EMOJI", _about(channel, message, emoji))


def _about(channel: Channel, message: Message, emoji: Json) -> Json:
    return {"message_id": str(message.id), "emoji": emoji} | channel.ids
