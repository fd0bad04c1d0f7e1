"""
Routes of a guild's settings, incident actions, vanity URL and voice regions.

Source: discord-api-docs, developers/resources/guild.mdx and resources/voice.mdx.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from steward.sim.channels.channel import ANNOUNCEMENT, TEXT, VOICE
from steward.sim.guilds import audit_log
from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.fields import LOCALES, Field, choice, flag, listed, moment, snowflake, take, text, whole
from steward.sim.rest.form import REQUIRED, Form
from steward.sim.rest.messages.pictures import picture

_FEATURES = ("COMMUNITY", "DISCOVERABLE", "INVITES_DISABLED", "RAID_ALERTS_DISABLED")
_FIELDS = {
    "name": Field(text(2, 100)),
    "description": Field(text(0, 300)),
    "region": Field(text(0, 100), default="us-central"),
    "icon": Field(picture),
    "splash": Field(picture),
    "discovery_splash": Field(picture),
    "banner": Field(picture),
    "home_header": Field(picture),
    "verification_level": Field(choice(0, 1, 2, 3, 4), default=1),
    "default_message_notifications": Field(choice(0, 1), default=1),
    "explicit_content_filter": Field(choice(0, 1, 2), default=0),
    "preferred_locale": Field(choice(*LOCALES), default="en-US"),
    "afk_timeout": Field(choice(60, 300, 900, 1800, 3600), default=300),
    "afk_channel_id": Field(snowflake),
    "system_channel_id": Field(snowflake),
    "system_channel_flags": Field(whole(0, 2**31 - 1), default=0),
    "rules_channel_id": Field(snowflake),
    "public_updates_channel_id": Field(snowflake),
    "safety_alerts_channel_id": Field(snowflake),
    "premium_progress_bar_enabled": Field(flag, default=False),
    "features": Field(listed(text(0, 100), 100), default=[]),
}
_CHANNELS = {
    "afk_channel_id": (VOICE,),
    "system_channel_id": (TEXT, ANNOUNCEMENT),
    "rules_channel_id": (TEXT, ANNOUNCEMENT),
    "public_updates_channel_id": (TEXT, ANNOUNCEMENT),
    "safety_alerts_channel_id": (TEXT, ANNOUNCEMENT),
}
_FOR_COMMUNITY = ("rules_channel_id", "public_updates_channel_id")
_INCIDENTS = {"invites_disabled_until": Field(moment), "dms_disabled_until": Field(moment)}
_LONGEST_INCIDENT = timedelta(hours=24)
_REGIONS = ("us-west", "us-east", "us-central", "us-south", "rotterdam", "singapore", "japan", "sydney", "brazil")


def edit(call: Call) -> Body:
    guild = call.guild("manage_guild")
    form = call.form()
    values = take(form, _FIELDS, new=False)
    for name, kinds in _CHANNELS.items():
        check_channel(form, guild, name, values.get(name), kinds)
    if "features" in values:
        values["features"] = _features(call, guild, form, values)
    form.check()
    before = _compared(guild)
    guild.name = (values.pop("name", None) or guild.name).strip()
    if "system_channel_id" in values:
        found = values.pop("system_channel_id")
        guild.system_channel_id = int(found) if found is not None else None
    guild.settings |= values
    guild.changed()
    call.log(guild, audit_log.GUILD_UPDATE, guild.id, before=before, after=_compared(guild))
    return guild.payload()


def _compared(guild: Guild) -> Json:
    """Return the settable fields of a guild, which the audit log compares."""
    whole = guild.payload()
    return {name: whole[name] for name in _FIELDS}


def check_channel(form: Form, guild: Guild, name: str, channel_id: str | None, kinds: tuple[int, ...]) -> None:
    """Record an error if a channel does not exist in the guild, or has another type."""
    if channel_id is None:
        return
    channel = guild.channels.get(int(channel_id))
    if channel is None:
        form.refuse(name, "CHANNEL_INVALID", f"Channel {channel_id} does not exist")
    elif channel.kind not in kinds:
        form.refuse(name, "CHANNEL_TYPE_INVALID", "Invalid channel type")


def _features(call: Call, guild: Guild, form: Form, values: Json) -> list[str]:
    """Return the new features of a guild, of which a request can change only four."""
    had = guild.settings.get("features", [])
    wanted = [name for name in _FEATURES if name in values["features"]]
    if "COMMUNITY" in wanted and "COMMUNITY" not in had:
        call.require_in_guild(guild, "administrator")
        for name in _FOR_COMMUNITY:
            if (guild.settings | values).get(name) is None:
                form.refuse(name, *REQUIRED)
    return [name for name in had if name not in _FEATURES] + wanted


def set_incident_actions(call: Call) -> Body:
    """Pause invites and direct messages for up to a day."""
    guild = call.guild("manage_guild")
    form = call.form()
    values = take(form, _INCIDENTS, new=True)
    latest = call.world.clock.now() + _LONGEST_INCIDENT
    for name, until in values.items():
        if until is not None and datetime.fromisoformat(until) > latest:
            form.refuse(name, "GUILD_INCIDENTS_TOO_LONG", "Must be within 24 hours.")
    form.check()
    guild.settings["incidents_data"] = values if any(values.values()) else None
    guild.changed()
    return values


def vanity_url(call: Call) -> Body:
    guild = call.guild("manage_guild")
    return {"code": guild.settings.get("vanity_url_code"), "uses": 0}


def regions(call: Call) -> Body:
    return [_region(name) for name in _REGIONS]


def regions_of_guild(call: Call) -> Body:
    call.guild()
    return regions(call)


def _region(name: str) -> Json:
    shown = name.replace("-", " ").title().replace("Us ", "US ")
    return {"id": name, "name": shown, "custom": False, "deprecated": False, "optimal": name == "us-central"}


ROUTES = (
    Route("PATCH", "/guilds/{guild_id}", edit),
    Route("PUT", "/guilds/{guild_id}/incident-actions", set_incident_actions),
    Route("GET", "/guilds/{guild_id}/vanity-url", vanity_url),
    Route("GET", "/guilds/{guild_id}/regions", regions_of_guild),
    Route("GET", "/voice/regions", regions),
)
