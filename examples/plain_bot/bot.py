"""A plain discord.py bot, as anybody would write it."""

import asyncio
import os

import discord


def make_bot() -> discord.Client:
    bot = discord.Client(intents=discord.Intents(guilds=True, members=True, guild_messages=True, message_content=True))

    @bot.event
    async def on_member_join(member: discord.Member) -> None:
        channel = discord.utils.get(member.guild.text_channels, name="chat")
        if channel is not None:
            await channel.send(f"Welcome, {member.name}!")

    @bot.event
    async def on_message(message: discord.Message) -> None:
        word, _, rest = message.content.partition(" ")
        if word == "!remind":
            hours, _, what = rest.partition(" ")
            await asyncio.sleep(float(hours) * 3600)
            await message.channel.send(f"{message.author.name}: {what}")

    return bot


if __name__ == "__main__":
    make_bot().run(os.environ["DISCORD_TOKEN"])
