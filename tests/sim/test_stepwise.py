"""A simulator driven step by step from plain code."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import discord
import hikari
import pytest
from discord.ext import commands, tasks

from steward.sim import Fault, Limits
from steward.sim.limits import Rate
from steward.sim.stepwise import BotEnded, SteppedSimulator


def echo() -> commands.Bot:
    intents = discord.Intents(guilds=True, guild_messages=True, message_content=True)
    bot = commands.Bot("!", intents=intents, help_command=None)

    @bot.command()
    async def say(context: commands.Context[commands.Bot], *, text: str) -> None:
        await context.send(text)

    return bot


def test_a_bot_answers_in_plain_code():
    with SteppedSimulator(members=5000) as discord_sim:
        chat = discord_sim.guild.add_text_channel("chat")
        bot = echo()
        discord_sim.start(bot)
        assert [guild.member_count for guild in bot.guilds] == [5000]
        discord_sim.guild.join("alice").say(chat, "!say hello")
        discord_sim.wait_until(lambda: len(chat.messages) > 1)
        assert chat.messages[-1].content == "hello"
        assert discord_sim.recorder.count(method="POST") == 1


def test_time_passes_only_when_told_and_then_at_once():
    with SteppedSimulator() as discord_sim:
        began, wall = discord_sim.clock.now(), time.perf_counter()
        discord_sim.guild.join("alice")
        assert discord_sim.clock.now() == began
        discord_sim.wait(7 * 86_400)
        assert discord_sim.clock.now() - began == timedelta(days=7)
        assert time.perf_counter() - wall < 10


def test_loops_of_the_library_keep_virtual_time():
    ticks = []

    class Ticking(discord.Client):
        @tasks.loop(hours=1)  # type: ignore[untyped-decorator]
        async def tick(self) -> None:
            ticks.append(discord.utils.utcnow())

        async def setup_hook(self) -> None:
            self.tick.start()

    with SteppedSimulator() as discord_sim:
        discord_sim.start(Ticking(intents=discord.Intents(guilds=True)))
        discord_sim.wait(86_400 - 60)
        assert len(ticks) == 24
        assert ticks[-1] - ticks[0] == timedelta(hours=23)


def test_a_bot_that_stops_by_itself_is_an_error_with_its_cause():
    with SteppedSimulator() as discord_sim:
        discord_sim.sim.bot.privileged_intents = frozenset()
        with pytest.raises(BotEnded, match="Client stopped by itself") as caught:
            discord_sim.start(discord.Client(intents=discord.Intents.all()))
        assert isinstance(caught.value.__cause__, discord.PrivilegedIntentsRequired)
    with SteppedSimulator() as discord_sim:
        bot = echo()
        discord_sim.start(bot)
        discord_sim.faults.disconnect(4004)
        with pytest.raises(BotEnded, match="Bot stopped by itself"):
            discord_sim.wait(10)


def test_a_bot_that_is_not_ready_in_time_is_an_error():
    with SteppedSimulator() as discord_sim:
        discord_sim.faults.silence()
        with pytest.raises(TimeoutError, match="not ready within 10 virtual seconds"):
            discord_sim.start(echo(), within=10)


def test_waiting_in_vain_says_what_the_bot_did_last():
    with SteppedSimulator() as discord_sim:
        discord_sim.start(echo())
        with pytest.raises(TimeoutError, match=r"30 virtual seconds in vain(.|\n)*GET /users/@me -> 200"):
            discord_sim.wait_until(lambda: False, within=30)


def test_limits_and_faults_are_at_hand():
    limits = replace(Limits(), renames=Rate(1, 60.0))
    with SteppedSimulator(limits=limits) as discord_sim:
        counter = discord_sim.guild.add_voice_channel("Members: 0")
        bot = echo()
        discord_sim.start(bot)
        channel = bot.get_channel(counter.id)
        assert isinstance(channel, discord.VoiceChannel)
        discord_sim.faults.rest(action=Fault.status(500), method="PATCH")
        began = discord_sim.clock.monotonic()
        discord_sim.run(channel.edit(name="Members: 1"))
        discord_sim.run(channel.edit(name="Members: 2"))
        assert counter.name == "Members: 2"
        assert 60 <= discord_sim.clock.monotonic() - began < 65
        assert [found.status for found in discord_sim.recorder.requests(method="PATCH")] == [500, 200, 429, 200]


def test_bots_of_other_libraries_are_run_by_their_own_means():
    with SteppedSimulator() as discord_sim:
        bot = hikari.GatewayBot(discord_sim.token, rest_url=discord_sim.api_url, logs=None, banner=None)
        discord_sim.run(bot.start(check_for_updates=False))
        discord_sim.wait(60)
        assert [guild.name for guild in bot.cache.get_guilds_view().values()] == ["Test guild"]
        discord_sim.run(bot.close())
