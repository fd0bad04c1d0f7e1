"""Bots in voice channels."""

from __future__ import annotations

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.gateway.intents import VOICE_STATES
from tests.sim.gateway_client import GUILDS, connected


async def test_a_bot_joins_mutes_itself_and_leaves(clock: Clock):
    """Update Voice State causes the voice state event, then the server event, whose endpoint is null."""
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        hall = guild.add_voice_channel("Hall")
        await client.log_in(GUILDS | VOICE_STATES)
        await client.event("GUILD_CREATE")
        asked = {"guild_id": str(guild.id), "channel_id": str(hall.id), "self_mute": False, "self_deaf": False}
        await client.send(4, asked)
        state, server = await client.next(), await client.next()
        assert (state["t"], state["d"]["channel_id"]) == ("VOICE_STATE_UPDATE", str(hall.id))
        assert (server["t"], server["d"]["endpoint"]) == ("VOICE_SERVER_UPDATE", None)
        await client.send(4, asked | {"self_mute": True})
        assert (await client.event("VOICE_STATE_UPDATE"))["self_mute"] is True
        await client.send(4, asked | {"channel_id": None})
        assert (await client.event("VOICE_STATE_UPDATE"))["channel_id"] is None
        assert await client.events() == []


async def test_a_bot_is_ignored_where_it_may_not_connect(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins", permissions=("view_channel",))
        chat, hall = guild.add_text_channel("chat"), guild.add_voice_channel("Hall")
        hall.deny("everyone", "connect")
        await client.log_in(GUILDS | VOICE_STATES)
        await client.event("GUILD_CREATE")
        nonsense: tuple[object, ...] = (str(hall.id), str(chat.id), "1", [], {})
        for channel_id in nonsense:
            await client.send(4, {"guild_id": str(guild.id), "channel_id": channel_id})
        await client.send(4, {"guild_id": "1", "channel_id": str(hall.id)})
        await client.send(4, None)
        assert await client.events() == []
        assert guild.members.in_voice == []
