"""The simulator, seen by other Python libraries, unmodified, each in an environment and a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import venv
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from steward.runtime.clock import SystemClock
from steward.sim import Limits, Rate, Simulator

HERE = Path(__file__).parent / "forks"
SOURCE = Path(__file__).parents[2] / "src"
COGS = Path(__file__).parents[2] / "examples" / "ops_in_red"
RENAMES = Rate(2, 3.0)
REQUIREMENTS = {
    "py-cord": ["py-cord==2.8.1"],
    # It asks setuptools for its own version, and for a module that Python 3.13 has no more.
    "nextcord": ["nextcord==2.6.0", "setuptools<81", "audioop-lts; python_version >= '3.13'"],
    "disnake": ["disnake==2.12.2"],
    "interactions.py": ["discord-py-interactions==5.16.0"],
    "red": ["Red-DiscordBot==3.5.24", "pip"],  # a bot on discord.py, for Python up to 3.11
}
LIBRARIES = ["py-cord", "nextcord", "disnake", "interactions.py"]
FORKS = ["py-cord", "nextcord", "disnake"]

pytestmark = [pytest.mark.real_time, pytest.mark.slow]


@pytest.fixture(scope="module")
def environments(tmp_path_factory):
    """Makes the environment of a library once, and returns its Python; skips where it can't be installed."""
    made = {}

    def environment(library):
        if library not in made:
            folder = tmp_path_factory.mktemp("environment")
            venv.create(folder, with_pip=False, symlinks=True)
            python = folder / "bin" / "python"
            pip = [sys.executable, "-m", "pip", "--python", python, "--quiet", "--disable-pip-version-check"]
            install = [*pip, "install", "--no-compile", *REQUIREMENTS[library]]
            done = subprocess.run(install, capture_output=True, text=True, check=False, timeout=200)
            made[library] = python if done.returncode == 0 else done.stderr.strip().splitlines()[-1:]
        if not isinstance(made[library], Path):
            pytest.skip(f"{library} can't be installed here: {made[library]}")
        return made[library]

    return environment


class Bot:
    """The other process."""

    def __init__(self, process):
        self._process = process

    async def hear(self, event):
        """Return the name that comes with the next event of a kind."""
        async with asyncio.timeout(60):
            while line := await self._process.stdout.readline():
                heard = json.loads(line)
                if heard["event"] == event:
                    return heard["name"]
        raise AssertionError(f"The bot ended before {event}: {(await self._process.stderr.read()).decode()[-2000:]}")


@asynccontextmanager
async def running(python, library, sim, **environment):
    """Run the bot of a library until the block is left."""
    program = HERE / f"with_{library.replace('-', '_').replace('.', '_')}.py"
    process = await asyncio.create_subprocess_exec(
        python,
        program,
        env={
            "PATH": os.environ["PATH"],
            "API": sim.api_url,
            "TOKEN": sim.bot.token,
            "PYTHONPATH": str(SOURCE),
            **environment,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield Bot(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until(condition):
    async with asyncio.timeout(60):
        while not condition():
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("library", LIBRARIES)
async def test_it_lives_through_the_story(library, environments):
    python = environments(library)
    async with Simulator(clock=SystemClock(), limits=Limits(renames=RENAMES)) as sim:
        guild = sim.add_guild("Penguins", members=20)
        chat, counter = guild.add_text_channel("chat"), guild.add_voice_channel("Members: 0")
        async with running(python, library, sim) as bot:
            await bot.hear("ready")
            alice = guild.join("alice")
            assert await bot.hear("joined") == "alice"

            await until(lambda: any(sim.bot.commands.values()))
            greeting = await alice.run("/hello", chat, who="world")
            assert (greeting.content, greeting.error) == ("hello world", None)
            opened = await alice.click(greeting, "Ask me")
            thanks = await alice.submit(opened, **{"Your name": "Alice"})
            await until(lambda: "thank you, Alice" in [thanks.content, *(one.content for one in thanks.followups)])

            alice.say(chat, "!rename")
            await until(lambda: counter.name == "Members: 3")
            assert sim.recorder.count(status=429) == 1

            sim.faults.disconnect()
            guild.join("bob")
            assert await bot.hear("joined") == "bob"
            assert (len(sim.recorder.identifies), len(sim.recorder.resumes)) == (1, 1)


@pytest.mark.parametrize("library", FORKS)
async def test_steward_ops_says_that_it_needs_discord_py(library, environments):
    python = environments(library)
    async with Simulator(clock=SystemClock()) as sim:
        chat = sim.add_guild("Penguins", members=5).add_text_channel("chat")
        async with running(python, library, sim) as bot:
            await bot.hear("ready")
            sim.world.guilds[chat.guild.id].join("alice").say(chat, "!ops")
            await until(lambda: len(chat.messages) > 1)
        assert "steward.ops needs discord.py 2" in chat.messages[-1].content
        assert library in chat.messages[-1].content


async def test_steward_ops_is_a_cog_of_red(environments, tmp_path):
    python = environments("red")
    async with Simulator(clock=SystemClock()) as sim:
        guild = sim.add_guild("Penguins", members=5)
        chat = guild.add_text_channel("chat")
        olga = guild.join("olga")
        olga.give(guild.add_role("Admins", "administrator").id)

        async def told(wish):
            before = len(chat.messages)
            olga.say(chat, wish)
            await until(lambda: len(chat.messages) > before + 1)
            return chat.messages[-1].content

        async with running(python, "red", sim, COGS=str(COGS), OWNER=str(olga.id), HOME=str(tmp_path)):
            await until(lambda: any(not session.pending for session in sim.sessions))  # else it never hears of it
            assert await told("!load stewardops") == "Loaded `stewardops`."
            assert "Enabled 6 commands" in await told("!slash enablecog steward.ops")
            assert await told("!slash sync") == "Synced 6 commands."
            health = await olga.run("/system_health", chat)
            assert "**Memory**" in health.embeds[0]["description"]

            assert "unloaded: `stewardops`" in await told("!unload stewardops")
            assert await told("!load stewardops") == "Loaded `stewardops`.", "it had left something behind"
