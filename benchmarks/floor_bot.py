"""The floor: the smallest discord.py bot. It gets Discord's addresses from the environment."""

from __future__ import annotations

import os

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


class FloorBot(discord.Client):
    """
    Has Steward's intents and caches, and nothing else; `on_connect` is READY without the wait for guilds.

    It acknowledges each interaction and does nothing else.
    """

    def __init__(self) -> None:
        super().__init__(
            intents=discord.Intents(guilds=True, moderation=True, members=True, guild_messages=True, voice_states=True),
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_messages=None,
        )

    async def on_connect(self) -> None:
        print("connected", flush=True)

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        await interaction.response.defer()


if __name__ == "__main__":
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BENCHMARK_GATEWAY"])
    FloorBot().run(os.environ["BOT_TOKEN"], log_handler=None)
