"""Any discord.py bot, with Steward's runtime in two lines."""

import os

import discord
from discord.ext import commands


class MyBot(commands.Bot):
    def __init__(self) -> None:
        super().__init__(command_prefix="!", intents=discord.Intents(guilds=True, guild_messages=True))

    async def setup_hook(self) -> None:
        await self.load_extension("steward.ops")
        await self.tree.sync()


if __name__ == "__main__":
    MyBot().run(os.environ["DISCORD_TOKEN"])
