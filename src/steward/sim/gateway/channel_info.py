"""
Ops 31 and 43: soundboard sounds, and passing facts of voice channels: their status.

Source: discord-api-docs, events/gateway-events.mdx, "Request Soundboard Sounds" and "Request Channel Info".
"""

from __future__ import annotations

from typing import Any

import orjson

from steward.sim.gateway.opcodes import Op
from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds.guild import Guild
from steward.sim.world import World

_MOST_GUILDS = 100


def answer(session: GatewaySession, world: World, op: Op, data: Any) -> None:
    """Tell of each guild asked for that the session knows; what Discord ignores is ignored."""
    if not isinstance(data, dict):
        return
    if op is Op.REQUEST_CHANNEL_INFO:
        if guild := known_guild(session, world, data.get("guild_id")):
            told = [
                {"id": str(channel.id), "status": channel.status}
                for channel in guild.channels.values()
                if channel.status
            ]
            session.dispatch("CHANNEL_INFO", orjson.dumps({"guild_id": str(guild.id), "channels": told}))
        return
    wanted = data.get("guild_ids")
    for guild_id in wanted[:_MOST_GUILDS] if isinstance(wanted, list) else ():
        if guild := known_guild(session, world, guild_id):
            sounds = {"guild_id": str(guild.id), "soundboard_sounds": list(guild.sounds.values())}
            session.dispatch("SOUNDBOARD_SOUNDS", orjson.dumps(sounds))


def known_guild(session: GatewaySession, world: World, guild_id: object) -> Guild | None:
    """Return a guild by the id a client named, if its bot is in it and the session's shard covers it."""
    if not isinstance(guild_id, str | int) or not str(guild_id).isdecimal():
        return None
    guild = world.guilds.get(int(guild_id)) if len(str(guild_id)) <= 20 else None  # noqa: PLR2004 - digits of 64 bits
    return guild if guild is not None and session.bot.id in guild.bots and session.covers(guild) else None
