"""Routes of the welcome screen and the onboarding. Source: discord-api-docs, developers/resources/guild.mdx."""

from __future__ import annotations

from steward.sim.channels.channel import CATEGORY
from steward.sim.guilds.audit_log import ONBOARDING_UPDATE
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.fields import Field, choice, flag, listed, needed, new_object, snowflake, take, text

_SHOWN = "WELCOME_SCREEN_ENABLED"
_CHANNEL = {
    "channel_id": needed(snowflake),
    "description": needed(text(1, 50)),
    "emoji_id": Field(snowflake),
    "emoji_name": Field(text(0, 100)),
}
_SCREEN = {
    "enabled": Field(flag),
    "description": Field(text(0, 140)),
    "welcome_channels": Field(listed(new_object(_CHANNEL), 5), default=[]),
}
_OPTION = {
    "id": Field(snowflake),
    "title": needed(text(1, 50)),
    "description": Field(text(0, 100), default=""),
    "emoji_id": Field(snowflake),
    "emoji_name": Field(text(0, 100)),
    "emoji_animated": Field(flag, default=False),
    "role_ids": Field(listed(snowflake, 50), default=[]),
    "channel_ids": Field(listed(snowflake, 50), default=[]),
}
_PROMPT = {
    "id": needed(snowflake),
    "title": needed(text(1, 100)),
    "options": needed(listed(new_object(_OPTION), 50, least=1)),
    "single_select": Field(flag, default=False),
    "required": Field(flag, default=False),
    "in_onboarding": Field(flag, default=False),
    "type": Field(choice(0, 1), default=0),
}
_ONBOARDING = {
    "prompts": Field(listed(new_object(_PROMPT), 15), default=[]),
    "default_channel_ids": Field(listed(snowflake, 500), default=[]),
    "enabled": Field(flag, default=False),
    "mode": Field(choice(0, 1), default=0),
}
_MIN_CHANNELS, _MIN_WRITABLE = 7, 5


def screen(call: Call) -> Body:
    guild = call.guild()
    screen = or_refuse(guild.welcome_screen, 10069)
    if not guild.has(_SHOWN):
        call.require_in_guild(guild, "manage_guild")
    return screen


def edit_screen(call: Call) -> Body:
    guild = call.guild("manage_guild")
    form = call.form()
    values = take(form, _SCREEN, new=False)
    for number, channel in enumerate(values.get("welcome_channels", ())):
        if (channel.get("channel_id") is not None) and int(channel["channel_id"]) not in guild.channels:
            path = f"welcome_channels.{number}.channel_id"
            form.refuse(path, "CHANNEL_INVALID", f"Channel {channel['channel_id']} does not exist")
    form.check()
    shown = values.pop("enabled", None)
    before: Json = guild.welcome_screen or {"description": None, "welcome_channels": []}
    guild.welcome_screen = before | values
    if shown is not None:
        guild.set_feature(_SHOWN, on=shown)
        guild.changed()
    return guild.welcome_screen


def new_member_welcome(call: Call) -> None:
    """Return no server guide, as bots cannot create one."""
    call.guild()


def onboarding(call: Call) -> Body:
    guild = call.guild()
    return {"guild_id": str(guild.id)} | guild.onboarding


def edit_onboarding(call: Call) -> Body:
    guild = call.guild("manage_guild", "manage_roles")
    values = call.values(_ONBOARDING, new=False)
    prompts = values.get("prompts")
    if prompts is not None:
        values["prompts"] = [_prompt(call, guild, prompt) for prompt in prompts]
    refuse_if(any(int(channel_id) not in guild.channels for channel_id in values.get("default_channel_ids", ())), 10003)
    wanted = guild.onboarding | values
    refuse_if(wanted["enabled"] and not _is_enough(guild, wanted), 350000)
    before, guild.onboarding = guild.onboarding, wanted
    call.log(guild, ONBOARDING_UPDATE, guild.id, before=before, after=wanted)
    return onboarding(call)


def _prompt(call: Call, guild: Guild, values: Json) -> Json:
    """Return a prompt as Discord returns it: with ids for new parts and emoji as objects."""
    known = {prompt["id"] for prompt in guild.onboarding["prompts"]}
    known |= {option["id"] for prompt in guild.onboarding["prompts"] for option in prompt["options"]}

    def kept(found: str | None) -> str:
        return found if found is not None and found in known else str(call.world.snowflakes.next())

    options = []
    for option in values["options"]:
        for role_id in option["role_ids"]:
            refuse_if(int(role_id) not in guild.roles, 10011)
        for channel_id in option["channel_ids"]:
            refuse_if(int(channel_id) not in guild.channels, 10003)
        emoji = {name: option[f"emoji_{name}"] for name in ("id", "name", "animated")}
        shown = {name: option[name] for name in ("title", "description", "role_ids", "channel_ids")}
        options.append(shown | {"id": kept(option["id"]), "emoji": emoji})
    return values | {"id": kept(values["id"]), "options": options}


def _is_enough(guild: Guild, wanted: Json) -> bool:
    """Return whether there are at least seven default channels, with @everyone allowed to write in five."""
    ids = {int(channel_id) for channel_id in wanted["default_channel_ids"]}
    if wanted["mode"] == 1:  # the channels of the options count, too
        ids |= {
            int(found)
            for prompt in wanted["prompts"]
            for option in prompt["options"]
            for found in option["channel_ids"]
        }
    channels = [guild.channels[channel_id] for channel_id in ids if guild.channels[channel_id].kind != CATEGORY]
    denied = [found.overwrites[guild.id].deny if guild.id in found.overwrites else 0 for found in channels]
    writable = sum(not deny & BITS["send_messages"] for deny in denied)
    return len(channels) >= _MIN_CHANNELS and writable >= _MIN_WRITABLE


_SCREEN_PATH, _ONBOARDING_PATH = "/guilds/{guild_id}/welcome-screen", "/guilds/{guild_id}/onboarding"
ROUTES = (
    Route("GET", _SCREEN_PATH, screen),
    Route("PATCH", _SCREEN_PATH, edit_screen),
    Route("GET", "/guilds/{guild_id}/new-member-welcome", new_member_welcome),
    Route("GET", _ONBOARDING_PATH, onboarding),
    Route("PUT", _ONBOARDING_PATH, edit_onboarding),
)
