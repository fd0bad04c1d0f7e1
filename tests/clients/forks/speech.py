"""How the bots here are told where Discord is, and how they tell what they hear."""

import json
import os

API, TOKEN = os.environ["API"], os.environ["TOKEN"]


def say(event, name=""):
    print(json.dumps({"event": event, "name": name}), flush=True)


def load_ops(bot):
    """Load `steward.ops` and return what comes of it."""
    try:
        bot.load_extension("steward.ops")
    except Exception as error:
        cause = error.__cause__ or getattr(error, "original", None) or error
        return f"{type(cause).__name__}: {cause}"
    return "loaded"


async def rename(channels):
    """Write a new number into the counter's name, three times in a row."""
    counter = next(channel for channel in channels if channel.name == "Members: 0")
    for number in (1, 2, 3):
        await counter.edit(name=f"Members: {number}")


def listen(bot):
    """Have a bot on a fork of discord.py tell what it hears, and do what members write."""

    @bot.event
    async def on_ready():
        say("ready")

    @bot.event
    async def on_member_join(member):
        say("joined", member.name)

    @bot.event
    async def on_message(message):
        if message.content == "!rename":
            await rename(message.guild.channels)
        if message.content == "!ops":
            await message.channel.send(load_ops(bot))
