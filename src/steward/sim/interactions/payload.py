"""
The payload of INTERACTION_CREATE and the metadata of responses.

Source: discord-api-docs, developers/interactions/receiving-and-responding.mdx, "Interaction Structure".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.channels.channel import Channel
    from steward.sim.interactions.interaction import Interaction
    from steward.sim.people.member import Member

LOCALE = "en-US"
_IN_GUILD, _IN_DIRECT_MESSAGES = 0, 1
_COMMAND, _COMPONENT, _SUBMIT = 2, 3, 5
_LEVELS = (1, 2)  # types of options that are subcommands and groups
_IN_DIRECT = BITS["attach_files"] | BITS["embed_links"] | BITS["mention_everyone"] | BITS["use_external_emojis"]


def created(interaction: Interaction) -> Json:
    """Return INTERACTION_CREATE's payload."""
    guild = interaction.channel.guild
    now = interaction.world.clock.now()
    bought = interaction.bot.active_entitlements(interaction.user.id, guild.id if guild else None, now)
    found: Json = {
        "id": str(interaction.id),
        "application_id": str(interaction.bot.application_id),
        "type": interaction.kind,
        "token": interaction.token,
        "version": 1,
        "data": interaction.data,
        "channel_id": str(interaction.channel.id),
        "channel": interaction.channel.payload(),
        "locale": interaction.user.locale,
        "entitlements": [dict(one) for one in bought],
        "entitlement_sku_ids": list(dict.fromkeys(one["sku_id"] for one in bought)),
        "attachment_size_limit": interaction.world.limits.file_bytes,
        "authorizing_integration_owners": owners(interaction),
        "context": _IN_DIRECT_MESSAGES if guild is None else _IN_GUILD,
        "app_permissions": str(_IN_DIRECT),
    }
    if guild is None:
        found["user"] = interaction.user.payload()
    else:
        may = guild.roles.permissions_in(interaction.channel, interaction.member)
        found["channel"]["permissions"] = str(may)
        found |= {
            "guild_id": str(guild.id),
            "guild": {"id": str(guild.id), "locale": LOCALE, "features": []},
            "guild_locale": LOCALE,
            "member": interaction.member.payload() | {"permissions": str(may), "unusual_dm_activity_until": None},
            "app_permissions": str(guild.roles.permissions_in(interaction.channel, interaction.bot)),
        }
    if interaction.message is not None:
        found["message"] = interaction.message.payload(interaction.bot.id)
    return found


def metadata(interaction: Interaction) -> Json:
    """Return Discord's `interaction_metadata` for a response message."""
    found: Json = {
        "id": str(interaction.id),
        "type": interaction.kind,
        "user": interaction.user.payload(),
        "authorizing_integration_owners": owners(interaction),
    }
    if interaction.kind == _COMMAND:
        found |= {"name": full_name(interaction.data), "command_type": interaction.data["type"]}
    if interaction.kind == _COMPONENT and interaction.message is not None:
        found["interacted_message_id"] = str(interaction.message.id)
    if interaction.kind == _SUBMIT and interaction.parent is not None:
        found["triggering_interaction_metadata"] = metadata(interaction.parent)
    return found


def full_name(data: Json) -> str:
    """Return a command's name with group and subcommand, from the data of its interaction."""
    name = str(data["name"])
    inner = next((option for option in data.get("options") or () if option["type"] in _LEVELS), None)
    return name if inner is None else f"{name} {full_name(inner)}"


def owners(interaction: Interaction) -> Json:
    """Return `authorizing_integration_owners`: the guild's id, or "0" in direct messages with the bot."""
    guild = interaction.channel.guild
    return {"0": "0" if guild is None else str(guild.id)}


def resolved_member(member: Member, channel: Channel) -> Json:
    """Return the member object of `resolved`: without user, `deaf` and `mute`, with permissions."""
    found = member.payload(with_user=False)
    del found["deaf"], found["mute"]
    return found | {"permissions": str(member.guild.roles.permissions_in(channel, member))}


def resolved_channel(channel: Channel, member: Member) -> Json:
    """Return the channel object of `resolved`, with the acting member's permissions."""
    found = channel.payload()
    may = channel.guild.roles.permissions_in(channel, member) if channel.guild is not None else 0
    kept = ("id", "name", "type", "parent_id", "guild_id", "flags", "nsfw", "topic", "position", "last_message_id")
    return {name: found[name] for name in kept if name in found} | {"permissions": str(may)}
