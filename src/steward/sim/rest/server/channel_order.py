"""Positions of channels. Source: discord-api-docs, resources/guild.mdx, "Modify Guild Channel Positions"."""

from __future__ import annotations

from dataclasses import replace

from steward.sim.channels.channel import CATEGORY, Channel
from steward.sim.guilds.guild import Guild
from steward.sim.people.user import Json
from steward.sim.rest.call import Call, Route
from steward.sim.rest.errors import or_refuse, refuse_if
from steward.sim.rest.fields import Field, flag, needed, snowflake, take, whole

_MOST = 500
_FIELDS = {
    "id": needed(snowflake),
    "position": Field(whole(0, 2**31 - 1)),
    "parent_id": Field(snowflake),
    "lock_permissions": Field(flag, default=False),
}


def move(call: Call) -> None:
    """Move channels to other positions and categories."""
    guild = call.guild("manage_channels")
    form = call.list_form("channels")
    wanted = [take(part, _FIELDS, new=False) | {"named": set(part.body)} for part in form.parts("channels", most=_MOST)]
    form.check()
    moves = [(_channel(guild, values), values) for values in wanted if values.get("id") is not None]
    for _, values in moves:
        parent = guild.channels.get(int(values.get("parent_id") or 0))
        refuse_if(values.get("parent_id") is not None and (parent is None or parent.kind != CATEGORY), 10003)
    for channel, values in moves:
        _move(guild, channel, values)


def _channel(guild: Guild, values: Json) -> Channel:
    return or_refuse(guild.channels.get(int(values["id"])), 10003)


def _move(guild: Guild, channel: Channel, values: Json) -> None:
    before = channel.position, channel.parent_id
    if values.get("position") is not None:
        channel.position = values["position"]
    if "parent_id" in values["named"] and channel.kind != CATEGORY:
        found = values["parent_id"]
        channel.parent_id = int(found) if found is not None else None
    locked = values.get("lock_permissions") and channel.parent_id is not None
    if locked:
        parent = guild.channels[channel.parent_id or 0]
        channel.overwrites.clear()  # in place: its threads share them
        channel.overwrites.update({key: replace(overwrite) for key, overwrite in parent.overwrites.items()})
    if locked or before != (channel.position, channel.parent_id):
        channel.changed()


ROUTES = (Route("PATCH", "/guilds/{guild_id}/channels", move),)
