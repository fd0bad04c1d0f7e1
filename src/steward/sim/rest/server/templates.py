"""Routes of guild templates. Source: discord-api-docs, developers/resources/guild-template.mdx."""

from __future__ import annotations

from steward.sim.channels.channel import CATEGORY, FORUM, TEXT, VOICE
from steward.sim.guilds import payload as guild_payload
from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import RestRefused, or_refuse, refuse_if
from steward.sim.rest.fields import Field, needed, text

_FIELDS = {"name": needed(text(1, 100)), "description": Field(text(0, 120))}
_CODE_LENGTH = 12
_KINDS = (CATEGORY, TEXT, VOICE, FORUM)
_OF_GUILD = (
    "name", "description", "region", "verification_level", "default_message_notifications", "explicit_content_filter",
    "preferred_locale", "afk_timeout", "system_channel_flags",
)  # fmt: skip
_OF_ROLE = ("name", "permissions", "color", "colors", "hoist", "mentionable", "icon", "unicode_emoji")


def by_code(call: Call) -> Body:
    """Return a template by its code, which needs no permission."""
    for guild in call.world.guilds.values():
        if call.path["code"] in guild.templates:
            return _shown(guild, guild.templates[call.path["code"]])
    raise RestRefused.by_code(10057)


def templates(call: Call) -> Body:
    guild = call.guild("manage_guild")
    return [_shown(guild, template) for template in guild.templates.values()]


def create(call: Call) -> Body:
    guild = call.guild("manage_guild")
    values = call.values(_FIELDS, new=True)
    refuse_if(guild.templates, 30031)
    code = call.new_code(_CODE_LENGTH)
    now = call.world.clock.now().isoformat()
    guild.templates[code] = values | {
        "code": code,
        "usage_count": 0,
        "creator_id": str(call.bot.id),
        "creator": call.bot.user.payload(),
        "created_at": now,
        "updated_at": now,
        "source_guild_id": str(guild.id),
        "serialized_source_guild": snapshot(guild),
    }
    return _shown(guild, guild.templates[code])


def sync(call: Call) -> Body:
    """Update a template from its guild."""
    guild, template = _template(call)
    template |= {"serialized_source_guild": snapshot(guild), "updated_at": call.world.clock.now().isoformat()}
    return _shown(guild, template)


def edit(call: Call) -> Body:
    guild, template = _template(call)
    values = call.values(_FIELDS, new=False)
    template |= values
    return _shown(guild, template)


def delete(call: Call) -> Body:
    guild, template = _template(call)
    del guild.templates[template["code"]]
    return _shown(guild, template)


def snapshot(guild: Guild) -> Json:
    """Return a guild as stored in a template: roles and channels have numbers as ids, @everyone 0."""
    whole = guild_payload.full(guild)
    roles = sorted(guild.roles.values(), key=lambda role: (role.id != guild.id, role.position))
    roles = [role for role in roles if role.bot_id is None]
    channels = [channel for channel in guild.channels.values() if channel.kind in _KINDS]
    channels.sort(key=lambda channel: (channel.kind != CATEGORY, channel.position))
    role_numbers = {role.id: number for number, role in enumerate(roles)}
    numbers = {channel.id: number for number, channel in enumerate(channels, 1)}

    def numbered(channel_id: str | None) -> str | None:
        number = numbers.get(int(channel_id)) if channel_id is not None else None
        return str(number) if number is not None else None

    shown = []
    for channel in channels:
        overwrites = [
            overwrite.payload() | {"id": str(role_numbers[overwrite.id])}
            for overwrite in channel.overwrites.values()
            if overwrite.id in role_numbers
        ]
        shown.append({
            "id": numbers[channel.id], "type": channel.kind, "name": channel.name, "position": channel.position,
            "topic": channel.topic, "bitrate": channel.bitrate, "user_limit": channel.user_limit, "nsfw": channel.nsfw,
            "rate_limit_per_user": channel.slowmode, "default_auto_archive_duration": None,
            "parent_id": numbered(str(channel.parent_id) if channel.parent_id else None),
            "permission_overwrites": overwrites, "available_tags": None, "template": "", "default_reaction_emoji": None,
            "default_thread_rate_limit_per_user": None, "default_sort_order": None, "default_forum_layout": None,
            "default_tag_setting": None, "icon_emoji": None, "theme_color": None,
        })  # fmt: skip
    return {name: whole[name] for name in _OF_GUILD} | {
        "afk_channel_id": numbered(whole["afk_channel_id"]),
        "system_channel_id": numbered(whole["system_channel_id"]),
        "roles": [{"id": role_numbers[role.id]} | {name: role.payload()[name] for name in _OF_ROLE} for role in roles],
        "channels": shown,
    }


def _shown(guild: Guild, template: Json) -> Json:
    changed = template["serialized_source_guild"] != snapshot(guild)
    return template | {"is_dirty": True if changed else None}


def _template(call: Call) -> tuple[Guild, Json]:
    guild = call.guild("manage_guild")
    template = or_refuse(guild.templates.get(call.path["code"]), 10057)
    return guild, template


_ALL = "/guilds/{guild_id}/templates"
_ONE = f"{_ALL}/{{code}}"
ROUTES = (
    Route("GET", "/guilds/templates/{code}", by_code),
    Route("GET", _ALL, templates),
    Route("POST", _ALL, create),
    Route("PUT", _ONE, sync),
    Route("PATCH", _ONE, edit),
    Route("DELETE", _ONE, delete),
)
