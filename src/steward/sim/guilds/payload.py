"""Payloads of a guild: the guild object, list entries, previews and GUILD_CREATE."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from steward.sim.people.user import Json

if TYPE_CHECKING:
    from steward.sim.guilds.guild import Guild
    from steward.sim.people.bot import BotAccount
    from steward.sim.people.member import Member


_PUBLIC: Json = {
    "icon": None, "description": None, "home_header": None, "splash": None, "discovery_splash": None, "features": [],
}  # fmt: skip
_LISTED: Json = {"icon": None, "banner": None, "features": []}


def _settings(guild: Guild, defaults: Json) -> Json:
    """Return settings of a guild, or their defaults."""
    return {name: guild.settings.get(name, default) for name, default in defaults.items()}


def _public(guild: Guild) -> Json:
    """Return the fields that the guild object and the preview share."""
    return {"id": str(guild.id), "name": guild.name} | _settings(guild, _PUBLIC)


def without_creator(found: Json) -> Json:
    """Return an emoji, sticker or sound without `user`, as shown to bots that may not manage expressions."""
    return {name: value for name, value in found.items() if name != "user"}


def new_emoji(emoji_id: int, name: str) -> Json:
    """Return a new custom emoji."""
    fixed = {"roles": [], "require_colons": True, "managed": False, "animated": False, "available": True}
    return {"id": str(emoji_id), "name": name} | fixed


def emojis(guild: Guild) -> list[Json]:
    """Return the emoji of a guild without their creators, which only the emoji routes return."""
    return [without_creator(emoji) for emoji in guild.emojis.values()]


def stickers(guild: Guild) -> list[Json]:
    """Return the stickers of a guild without their creators."""
    return [without_creator(sticker) for sticker in guild.stickers.values()]


def full(guild: Guild, *, with_counts: bool = False) -> Json:
    """Return the guild object of REST and GUILD_UPDATE."""
    system = guild.system_channel_id
    data: Json = {
        **_public(guild),
        "banner": None,
        "owner_id": str(guild.owner_id),
        "application_id": None,
        "region": "us-central",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": str(system) if system else None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "roles": [role.payload() for role in guild.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 25_000_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": guild.boost_tier,
        "premium_subscription_count": guild.boosts,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": emojis(guild),
        "stickers": stickers(guild),
        "incidents_data": None,
    } | guild.settings
    return data | guild.approximate_counts.payload() if with_counts else data


def listed(guild: Guild, bot: BotAccount, *, with_counts: bool) -> Json:
    """Return one entry of a bot's list of guilds."""
    data: Json = {
        "id": str(guild.id),
        "name": guild.name,
        "owner": False,
        "permissions": str(guild.roles.permissions_of(bot.id)),
    } | _settings(guild, _LISTED)
    return data | guild.approximate_counts.payload() if with_counts else data


def preview(guild: Guild) -> Json:
    """Return the guild preview object."""
    own = {"emojis": emojis(guild), "stickers": stickers(guild)}
    return _public(guild) | own | guild.approximate_counts.payload()


def created(guild: Guild, bot: BotAccount, people: Sequence[Member], *, large: bool) -> Json:
    """
    Return GUILD_CREATE's payload for a bot.

    `people` are the members to list (chosen by `steward.sim.gateway.ready`); `large` is a field of the payload.
    """
    return full(guild) | {
        "joined_at": guild.members.stored[bot.id].joined_at.isoformat(),
        "large": large,
        "unavailable": False,
        "member_count": guild.member_count,
        "voice_states": [one.voice_state() for one in guild.members.in_voice],
        "members": [one.payload() for one in people],
        "channels": [channel.payload() for channel in guild.channels.values()],
        "threads": _threads(guild, bot),
        "presences": [one.presence() for one in people if one.status != "offline"],
        "stage_instances": list(guild.stages.values()),
        "guild_scheduled_events": [event.payload() for event in guild.scheduled_events.open],
        "soundboard_sounds": list(guild.sounds.values()),
    }


def _threads(guild: Guild, bot: BotAccount) -> list[Json]:
    """Return the active threads that a bot may view, with the bot's membership."""
    return [
        thread.payload() | ({"member": thread.member_payload(bot.id)} if bot.id in thread.joined else {})
        for thread in guild.threads.values()
        if not thread.archived and thread.visible_to(bot)
    ]
