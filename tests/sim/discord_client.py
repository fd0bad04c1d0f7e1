"""A lean, real discord.Client on the simulator: how every test and example points it there."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from typing import Any

import discord

from steward.sim import Simulator, library_address


def pointed_at(sim: Simulator) -> AbstractContextManager[None]:
    """Point the library at the simulator, and back afterwards."""
    return library_address.pointed_at(sim.api_url, sim.gateway_url)


class LeanClient(discord.Client):
    """A client without caches that writes down what it hears."""

    def __init__(self, intents: discord.Intents, **options: Any) -> None:
        lean: dict[str, Any] = {
            "chunk_guilds_at_startup": False,
            "member_cache_flags": discord.MemberCacheFlags.none(),
            "max_messages": None,
            "guild_ready_timeout": 0.1,
            "allowed_mentions": discord.AllowedMentions.none(),
            "max_ratelimit_timeout": 30.0,
        }
        super().__init__(intents=intents, **(lean | options))
        self.heard: list[tuple[str, Any]] = []

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        self.heard.append((event, args[0] if args else None))
        super().dispatch(event, *args, **kwargs)

    def names_heard(self) -> list[str]:
        return [name for name, _ in self.heard]


@asynccontextmanager
async def logged_in(
    sim: Simulator, *, intents: discord.Intents | None = None, **options: Any
) -> AsyncIterator[LeanClient]:
    """Yield a client that has become ready; it is closed afterwards."""
    intents = intents or discord.Intents(guilds=True, moderation=True, members=True, guild_messages=True)
    client = LeanClient(intents, **options)
    with pointed_at(sim):
        async with client:
            running = asyncio.create_task(client.start(sim.bot.token))
            ready = asyncio.create_task(client.wait_until_ready())
            try:
                await asyncio.wait({running, ready}, return_when=asyncio.FIRST_COMPLETED)
                if running.done():
                    running.result()
                yield client
            finally:
                ready.cancel()
                await client.close()
                await asyncio.gather(running, ready, return_exceptions=True)
