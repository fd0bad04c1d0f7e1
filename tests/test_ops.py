"""The runtime loaded into a plain discord.py bot: commands, figures, memory relief, clean unloading."""

import asyncio
import os
import re
import subprocess
import sys
import threading
from contextlib import asynccontextmanager
from pathlib import Path

import discord
import pytest
from discord.ext import commands

from steward.bots.ops.facts import Fact
from steward.bots.ops.pages import OpsPage
from steward.ops import Ops
from steward.runtime.memory import Pressure
from steward.sim import Simulator
from steward.sim.library_address import pointed_at
from tests.stage import until

NAMES = {
    "system_health",
    "performance_metrics",
    "memory_optimization",
    "force_cleanup",
    "security_status",
    "bot_status",
}


class PlainBot(commands.Bot):
    def __init__(self):
        super().__init__(command_prefix="!", intents=discord.Intents.default())

    async def setup_hook(self):
        await self.load_extension("steward.ops")
        await self.tree.sync()

    @property
    def ops(self):
        return self.get_cog("Ops")


@asynccontextmanager
async def scene_of(clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=50)
        guild.add_text_channel("general")
        with pointed_at(sim.api_url, sim.gateway_url):
            async with PlainBot() as bot:
                running = asyncio.create_task(bot.start(sim.bot.token))
                await until(lambda: bot.is_ready() and bool(sim.recorder.requests(method="PUT", status=200)))
                olga = guild.join("olga")
                olga.give(guild.add_role("Admins", "administrator").id)
                yield sim, guild, bot, olga
            await asyncio.gather(running, return_exceptions=True)


def lines(message):
    return message.embeds[0]["description"].splitlines()


async def test_two_lines_give_a_bot_the_six_commands_for_administrators(clock):
    async with scene_of(clock) as (sim, *_):
        registered = {command["name"]: command for command in sim.bot.commands[None].values()}
        assert set(registered) == NAMES
        assert {command["default_member_permissions"] for command in registered.values()} == {"8"}


@pytest.mark.parametrize("name", sorted(NAMES))
async def test_each_command_answers_the_administrator_alone_with_lines_that_a_phone_shows(clock, name):
    async with scene_of(clock) as (_, _, _, olga):
        await asyncio.sleep(60)
        told = await olga.run(f"/{name}")
        assert told.ephemeral
        assert lines(told)
        assert all(re.match("[🟢🟡🔴] \\*\\*.+\\*\\* .", line) for line in lines(told)), lines(told)
        assert max(map(len, lines(told))) <= 150


async def test_the_figures_are_true(clock):
    async with scene_of(clock) as (_sim, _, bot, olga):
        await asyncio.sleep(60)
        told = "\n".join(lines(await olga.run("/system_health")))
        shown = float(re.search(r"Memory\*\* ([\d.]+) MB", told)[1])
        assert shown == pytest.approx(bot.ops.guard.used / 2**20, rel=0.2)
        status = "\n".join(lines(await olga.run("/bot_status")))
        assert "**Servers** 1" in status
        assert "**Commands** 6" in status


async def test_other_members_are_refused_and_recorded(clock):
    async with scene_of(clock) as (sim, guild, _, olga):
        mallory = guild.join("mallory")
        mallory.give(guild.add_role("Helpers", "manage_guild").id)
        for command in sim.bot.commands[None].values():
            command["default_member_permissions"] = None  # the server's own settings show it to everybody
        refused = await mallory.run("/force_cleanup")
        assert "is for whoever runs the bot" in refused.content
        told = "\n".join(lines(await olga.run("/security_status")))
        assert f"<@{mallory.id}> tried `/force_cleanup`" in told


async def test_a_cleanup_reports_what_each_part_freed(clock):
    async with scene_of(clock) as (_, _, bot, olga):
        hoard = [bytes(1000) for _ in range(50_000)]
        bot.ops.guard.on(Pressure.HIGH, "drop the hoard", hoard.clear)
        told = lines(await olga.run("/force_cleanup"))
        assert hoard == []
        freed = {line.split("**")[1]: float(re.search(r"(-?[\d.]+) MB", line)[1]) for line in told}
        assert set(freed) == {"Freed", "Collect garbage", "Drop the hoard", "Give free memory back"}
        assert freed["Freed"] > 20
        assert freed["Drop the hoard"] + freed["Give free memory back"] > 20


async def test_facts_of_the_bot_are_shown_and_failing_ones_isolated(clock):
    async with scene_of(clock) as (_, _, bot, olga):
        bot.ops.pages.add(OpsPage.STATUS, lambda _: [Fact("Penguins fed", "7")])
        bot.ops.pages.add(OpsPage.STATUS, lambda _: 1 / 0)
        told = "\n".join(lines(await olga.run("/bot_status")))
        assert "**Penguins fed** 7" in told
        assert "🟡 **Some of it couldn't be read**" in told
        assert "**Python**" in told


async def test_unloaded_it_leaves_nothing_behind(clock):
    async with scene_of(clock) as (_, _, bot, _):
        before = {task.get_name() for task in asyncio.all_tasks()}
        assert "measure" in before
        await bot.unload_extension("steward.ops")
        assert bot.tree.get_commands() == []
        assert "measure" not in {task.get_name() for task in asyncio.all_tasks()}
        await bot.load_extension("steward.ops")
        assert len(bot.tree.get_commands()) == 6


async def test_the_memory_budget_can_be_set(clock):
    async with scene_of(clock) as (_, _, bot, _):
        await bot.unload_extension("steward.ops")
        await bot.add_cog(Ops(bot, memory_mb=512))
        assert bot.ops.guard.limit <= 512 * 2**20


def test_the_example_passes_its_own_test():
    folder = Path(__file__).parents[1] / "examples" / "ops_in_your_bot"
    command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "-p", "no:cacheprovider", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=500, check=False, cwd=folder)
    assert "1 passed" in done.stdout, done.stdout + done.stderr


SIMULATOR = {"RequestHandler.start"}  # it serves in the same process, a task for each connection


def coroutine_of(task):
    return task.get_coro().__qualname__


class BotOfItsOwn(commands.Bot):
    """A bot with a command tree, a command, a listener and an `on_ready` of its own."""

    class Tree(discord.app_commands.CommandTree):
        asked = 0

        async def interaction_check(self, _):
            self.asked += 1
            return True

    def __init__(self):
        super().__init__(command_prefix="!", intents=discord.Intents.default(), tree_cls=self.Tree)
        self.readies = self.heard = 0
        self.tree.add_command(discord.app_commands.Command(name="hello", description="Greet", callback=self.hello))
        self.add_listener(self.hear, "on_socket_event_type")

    async def hello(self, interaction: discord.Interaction):
        await interaction.response.send_message("Hello!")

    async def hear(self, _):
        self.heard += 1

    async def on_ready(self):
        self.readies += 1

    def shape(self):
        """All that an extension could leave behind."""
        return {
            "tasks": sorted(name for task in asyncio.all_tasks() if (name := coroutine_of(task)) not in SIMULATOR),
            "threads": sorted(thread.name for thread in threading.enumerate()),
            "listeners": {event: len(listeners) for event, listeners in self.extra_events.items() if listeners},
            "commands": sorted(command.name for command in self.tree.get_commands()),
            "cogs": sorted(self.cogs),
            "extensions": sorted(self.extensions),
            "modules": "steward.ops" in sys.modules,
        }


async def test_loading_reloading_and_unloading_in_a_bot_with_own_commands_leaves_nothing(clock):
    async with Simulator(clock=clock) as sim:
        guilds = [sim.add_guild(name, members=50) for name in ("Penguins", "Seagulls")]
        for guild in guilds:
            guild.add_text_channel("general")
        with pointed_at(sim.api_url, sim.gateway_url):
            async with BotOfItsOwn() as bot:
                running = asyncio.create_task(bot.start(sim.bot.token))
                await until(lambda: bot.readies == 1)
                await asyncio.sleep(60)
                before = {**bot.shape(), "modules": False}

                await bot.load_extension("steward.ops")
                await bot.tree.sync()
                assert set(bot.shape()["commands"]) == {*NAMES, "hello"}
                for _ in range(3):
                    await bot.reload_extension("steward.ops")
                    await asyncio.sleep(60)
                loaded = bot.shape()
                assert len(loaded["tasks"]) == len(before["tasks"]) + 1, "a reload has left tasks behind"
                assert loaded["threads"].count("loop-watch") == 1
                assert loaded["listeners"]["on_socket_event_type"] == 2
                for guild in guilds:
                    olga = guild.join("olga")
                    olga.give(guild.add_role("Admins", "administrator").id)
                    assert (await olga.run("/hello")).content == "Hello!"
                    refused = await olga.run("/system_health")
                    assert "is for whoever runs the bot" in refused.content, (
                        "in two servers an administrator is a guest"
                    )
                assert bot.tree.asked == 4, "the bot's own tree is asked first"

                await bot.unload_extension("steward.ops")
                await asyncio.sleep(60)
                assert bot.shape() == before
                assert (await guilds[0].join("ada").run("/hello")).content == "Hello!"
                assert bot.readies == 1
            await asyncio.gather(running, return_exceptions=True)
