"""
Ops 4, 31 and 43: the bot's voice state, and requests for soundboard sounds and for the status of voice channels.

There is no media server: the endpoint is always null, which means that no voice server is available. Source:
discord-api-docs, events/gateway-events.mdx, "Update Voice State", "Voice Server Update", "Request Soundboard Sounds"
and "Request Channel Info".
"""

from __future__ import annotations

from typing import Any

import orjson

from steward.sim.gateway.opcodes import Op
from steward.sim.gateway.session import GatewaySession
from steward.sim.guilds.guild import Guild
from steward.sim.world import World

_MAX_GUILDS = 100


def describe_channels(session: GatewaySession, world: World, op: Op, data: Any) -> None:
    """Answer for each requested guild of the session; invalid requests are ignored, as by Discord."""
    if not isinstance(data, dict):
        return
    if op is Op.REQUEST_CHANNEL_INFO:
        if guild := known_guild(session, world, data.get("guild_id")):
            channels = [{"id": str(one.id), "status": one.status} for one in guild.channels.values() if one.status]
            session.dispatch("CHANNEL_INFO", orjson.dumps({"guild_id": str(guild.id), "channels": channels}))
        return
    wanted = data.get("guild_ids")
    for guild_id in wanted[:_MAX_GUILDS] if isinstance(wanted, list) else ():
        if guild := known_guild(session, world, guild_id):
            sounds = {"guild_id": str(guild.id), "soundboard_sounds": list(guild.sounds.values())}
            session.dispatch("SOUNDBOARD_SOUNDS", orjson.dumps(sounds))


def known_guild(session: GatewaySession, world: World, guild_id: object) -> Guild | None:
    """Return a guild by the id a client sent, if the bot is a member and the session's shard covers it."""
    if not isinstance(guild_id, str | int) or not str(guild_id).isdecimal():
        return None
    guild = world.guilds.get(int(guild_id)) if len(str(guild_id)) <= 20 else None  # noqa: PLR2004 - digits of 64 bits
    return guild if guild is not None and session.bot.id in guild.bots and session.covers(guild) else None


def update_voice_state(session: GatewaySession, world: World, data: Any) -> None:
    """Move the session's bot as requested; requests without permission are ignored, as by Discord."""
    guild = known_guild(session, world, data.get("guild_id")) if isinstance(data, dict) else None
    if guild is None:
        return
    member, wanted = guild.members.stored[session.bot.id], data.get("channel_id")
    if wanted is None:
        member.leave_voice()
        return
    channel = next((found for found in guild.channels.values() if str(found.id) == str(wanted)), None)
    if channel is None:
        return
    member.self_mute, member.self_deaf = data.get("self_mute") is True, data.get("self_deaf") is True
    if channel is member.voice_channel:
        member.emit_voice_state()
        return
    try:
        member.join_voice(channel)
    except (PermissionError, ValueError):
        return
    server = {"token": f"{world.random.getrandbits(64):016x}", "guild_id": str(guild.id), "endpoint": None}
    session.dispatch("VOICE_SERVER_UPDATE", orjson.dumps(server))
