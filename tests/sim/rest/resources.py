"""Helpers for tests of resources: a guild whose bot has all permissions but ADMINISTRATOR, and pictures."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import discord

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS
from steward.sim.people.member import Member
from tests.sim.discord_client import logged_in

EVERYTHING = tuple(name for name in BITS if name != "administrator")
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 20
PICTURE = "data:image/png;base64," + b64encode(PNG).decode()


@asynccontextmanager
async def library(
    clock: Clock, *, permissions: tuple[str, ...] = EVERYTHING, members: int = 10
) -> AsyncIterator[tuple[Guild, Any, Any]]:
    """Yield a guild in the simulator and in an unmodified discord.py client."""
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=members, permissions=permissions)
        for name in ("chat", "news"):
            guild.add_text_channel(name)
        guild.add_voice_channel("hall")
        guild.add_stage_channel("stage")
        async with logged_in(sim, intents=discord.Intents.all()) as client:
            seen = client.get_guild(guild.id)
            assert seen is not None
            yield guild, seen, client


def own_member(guild: Guild) -> Member:
    """Return the bot as a member of the simulator's guild."""
    found = guild.members.stored.get(next(iter(guild.bots)))
    assert found is not None
    return found


def channel_of(guild: Guild, name: str) -> Any:
    """Return a channel of the simulator's guild by name."""
    return next(channel for channel in guild.channels.values() if channel.name == name)
