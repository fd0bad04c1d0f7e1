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


def _settings(found: Guild, defaults: Json) -> Json:
    """Return settings of a guild, or their defaults."""
    return {name: found.settings.get(name, default) for name, default in defaults.items()}


def _public(found: Guild) -> Json:
    """Return the fields that the guild object and the preview share."""
    return {"id": str(found.id), "name": found.name} | _settings(found, _PUBLIC)


def without_creator(found: Json) -> Json:
    """Return an emoji, sticker or sound without `user`, as shown to bots that may not manage expressions."""
    return {name: value for name, value in found.items() if name != "user"}


def new_emoji(emoji_id: int, name: str) -> Json:
    """Return a new custom emoji."""
    fixed = {"roles": [], "require_colons": True, "managed": False, "animated": False, "available": True}
    return {"id": str(emoji_id), "name": name} | fixed


def emojis(found: Guild) -> list[Json]:
    """Return the emoji of a guild without their creators, which only the emoji routes return."""
    return [without_creator(emoji) for emoji in found.emojis.values()]


def stickers(found: Guild) -> list[Json]:
    """Return the stickers of a guild without their creators."""
    return [without_creator(sticker) for sticker in found.stickers.values()]


def guild(found: Guild, *, with_counts: bool = False) -> Json:
    """Return the guild object of REST and GUILD_UPDATE."""
    system = found.system_channel_id
    data: Json = {
        **_public(found),
        "banner": None,
        "owner_id": str(found.owner_id),
        "application_id": None,
        "region": "us-central",
        "afk_channel_id": None,
        "afk_timeout": 300,
        "system_channel_id": str(system) if system else None,
        "system_channel_flags": 0,
        "widget_enabled": False,
        "widget_channel_id": None,
        "verification_level": 1,
        "roles": [role.payload() for role in found.roles.values()],
        "default_message_notifications": 1,
        "mfa_level": 0,
        "explicit_content_filter": 0,
        "max_presences": None,
        "max_members": 25_000_000,
        "max_stage_video_channel_users": 50,
        "max_video_channel_users": 25,
        "vanity_url_code": None,
        "premium_tier": found.boost_tier,
        "premium_subscription_count": found.boosts,
        "preferred_locale": "en-US",
        "rules_channel_id": None,
        "safety_alerts_channel_id": None,
        "public_updates_channel_id": None,
        "premium_progress_bar_enabled": False,
        "nsfw": False,
        "nsfw_level": 0,
        "emojis": emojis(found),
        "stickers": stickers(found),
        "incidents_data": None,
    } | found.settings
    return data | found.approximate_counts.payload() if with_counts else data


def listed(found: Guild, bot: BotAccount, *, with_counts: bool) -> Json:
    """Return one entry of a bot's list of guilds."""
    data: Json = {
        "id": str(found.id),
        "name": found.name,
        "owner": False,
        "permissions": str(found.roles.permissions_of(bot.id)),
    } | _settings(found, _LISTED)
    return data | found.approximate_counts.payload() if with_counts else data


def preview(found: Guild) -> Json:
    """Return the guild preview object."""
    own = {"emojis": emojis(found), "stickers": stickers(found)}
    return _public(found) | own | found.approximate_counts.payload()


def created(found: Guild, bot: BotAccount, people: Sequence[Member], *, large: bool) -> Json:
    """
    Return GUILD_CREATE's payload for a bot.

    `people` are the members to list (chosen by `steward.sim.gateway.ready`); `large` is a field of the payload.
    """
    return guild(found) | {
        "joined_at": found.members.stored[bot.id].joined_at.isoformat(),
        "large": large,
        "unavailable": False,
        "member_count": found.member_count,
        "voice_states": [one.voice_state() for one in found.members.in_voice],
        "members": [one.payload() for one in people],
        "channels": [channel.payload() for channel in found.channels.values()],
        "threads": _threads(found, bot),
        "presences": [one.presence() for one in people if one.status != "offline"],
        "stage_instances": list(found.stages.values()),
        "guild_scheduled_events": [event.payload() for event in found.scheduled_events.open],
        "soundboard_sounds": list(found.sounds.values()),
    }


def _threads(found: Guild, bot: BotAccount) -> list[Json]:
    """Return the active threads that a bot may view, with the bot's membership."""
    return [
        thread.payload() | ({"member": thread.member_payload(bot.id)} if bot.id in thread.joined else {})
        for thread in found.threads.values()
        if not thread.archived and thread.visible_to(bot)
    ]
