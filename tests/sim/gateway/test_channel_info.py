"""Ops 31 and 43."""

from __future__ import annotations

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.gateway_client import GUILDS, connected


async def test_sounds_and_channel_status_are_empty_by_default(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        ours, stranger = sim.add_guild("Ours"), sim.add_guild("Theirs", bot=sim.add_bot("Other"))
        await client.log_in(GUILDS)
        await client.send(31, {"guild_ids": [str(ours.id), str(stranger.id), "7", None]})
        sounds = await client.event("SOUNDBOARD_SOUNDS")
        assert sounds == {"guild_id": str(ours.id), "soundboard_sounds": []}
        await client.send(43, {"guild_id": str(ours.id), "fields": ["status"]})
        assert await client.event("CHANNEL_INFO") == {"guild_id": str(ours.id), "channels": []}


async def test_nonsense_is_ignored(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in(GUILDS)
        nonsense: tuple[object, ...] = (
            None,
            [],
            {},
            {"guild_ids": "x"},
            {"guild_id": []},
            {"guild_id": "9" * 3000},
            {"guild_id": "²"},
        )
        for data in nonsense:
            await client.send(31, data)
            await client.send(43, data)
        assert await client.events() == []
