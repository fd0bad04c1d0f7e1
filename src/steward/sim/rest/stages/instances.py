"""Routes of stage instances. Source: discord-api-docs, developers/resources/stage-instance.mdx."""

from __future__ import annotations

from steward.sim.channels.channel import STAGE, Channel
from steward.sim.guilds.audit_log import STAGE_CREATE
from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Body, Call, Route
from steward.sim.rest.errors import refuse_if
from steward.sim.rest.fields import Field, choice, flag, needed, snowflake, text
from steward.sim.rest.resource import ResourceChange, log_change

_PRIVACY = {"privacy_level": Field(choice(1, 2), default=2)}
_NEW = {
    "channel_id": needed(snowflake),
    "topic": needed(text(1, 120)),
    **_PRIVACY,
    "guild_scheduled_event_id": Field(snowflake),
    "send_start_notification": Field(flag, default=False),
}
_CHANGED = {"topic": Field(text(1, 120)), **_PRIVACY}
_MODERATOR = ("manage_channels", "mute_members", "move_members")


def create(call: Call) -> Body:
    values = call.values(_NEW, new=True)
    guild, channel = _stage(call, int(values["channel_id"]))
    call.require_in_channel(channel, *_MODERATOR)
    if values.pop("send_start_notification"):
        call.require_in_channel(channel, "mention_everyone")
    event_id = values["guild_scheduled_event_id"]
    refuse_if(event_id is not None and int(event_id) not in guild.scheduled_events, 10070)
    refuse_if(channel.id in guild.stages, 150006)
    kept = {"id": str(call.world.snowflakes.next()), "guild_id": str(guild.id), "discoverable_disabled": True}
    made = guild.stages[channel.id] = kept | values
    _emit(call, guild, ResourceChange("CREATE", made, None, made))
    return made


def stage(call: Call) -> Body:
    _, _, found = _live(call)
    return found


def edit(call: Call) -> Body:
    guild, channel, found = _live(call)
    call.require_in_channel(channel, *_MODERATOR)
    values = call.values(_CHANGED, new=False)
    before = dict(found)
    found |= {name: value for name, value in values.items() if value is not None}
    _emit(call, guild, ResourceChange("UPDATE", dict(found), before, dict(found)))
    return found


def delete(call: Call) -> None:
    guild, channel, found = _live(call)
    call.require_in_channel(channel, *_MODERATOR)
    del guild.stages[channel.id]
    _emit(call, guild, ResourceChange("DELETE", found, found, None))


def _stage(call: Call, channel_id: int) -> tuple[Guild, Channel]:
    channel = call.visible_channel(channel_id)
    refuse_if(channel.kind != STAGE, 50024)
    return channel.own_guild, channel


def _live(call: Call) -> tuple[Guild, Channel, Json]:
    guild, channel = _stage(call, call.id("channel_id"))
    refuse_if(channel.id not in guild.stages, 10067)
    return guild, channel, guild.stages[channel.id]


def _emit(call: Call, guild: Guild, change: ResourceChange) -> None:
    guild.emit(f"STAGE_INSTANCE_{change.what}", change.item)
    log_change(call, guild, STAGE_CREATE, change)


_ONE = "/stage-instances/{channel_id}"
ROUTES = (
    Route("POST", "/stage-instances", create),
    Route("GET", _ONE, stage),
    Route("PATCH", _ONE, edit),
    Route("DELETE", _ONE, delete),
)
