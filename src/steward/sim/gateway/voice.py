"""
Op 4: a bot joins, changes or leaves a voice channel. There is no media server: the endpoint is always null.

Source: discord-api-docs, events/gateway-events.mdx, "Update Voice State" and "Voice Server Update" (a null endpoint
means that no voice server is available).
"""

from __future__ import annotations

from typing import Any

import orjson

from steward.sim.gateway.channel_info import known_guild
from steward.sim.gateway.session import GatewaySession
from steward.sim.world import World


def answer(session: GatewaySession, world: World, data: Any) -> None:
    """Move the session's bot as requested; requests without permission are ignored, as by Discord."""
    guild = known_guild(session, world, data.get("guild_id")) if isinstance(data, dict) else None
    member = guild.members.get_stored(session.bot.id) if guild is not None else None
    if guild is None or member is None:
        return
    wanted, before = data.get("channel_id"), member.voice_channel
    if wanted is None:
        member.leave_voice()
        return
    channel = next((found for found in guild.channels.values() if str(found.id) == str(wanted)), None)
    if channel is None:
        return
    member.self_mute, member.self_deaf = data.get("self_mute") is True, data.get("self_deaf") is True
    if channel is before:
        member.emit_voice_state()
        return
    try:
        member.join_voice(channel)
    except (PermissionError, ValueError):
        return
    server = {"token": f"{world.random.getrandbits(64):016x}", "guild_id": str(guild.id), "endpoint": None}
    session.dispatch("VOICE_SERVER_UPDATE", orjson.dumps(server))
