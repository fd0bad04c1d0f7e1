"""The opponent: a discord.py bot as usually written, every intent and the default caches."""

from __future__ import annotations

import asyncio
import os

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route


class PlainBot(discord.Client):
    """Says that it is ready once it holds all members, as its defaults have it."""

    def __init__(self) -> None:
        super().__init__(intents=discord.Intents.all())

    async def on_ready(self) -> None:
        while not all(guild.chunked for guild in self.guilds):
            await asyncio.sleep(0.2)
        print("ready", flush=True)


if __name__ == "__main__":
    Route.BASE = os.environ["DISCORD_API_URL"]
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(os.environ["BENCHMARK_GATEWAY"])
    PlainBot().run(os.environ["BOT_TOKEN"], log_handler=None)
