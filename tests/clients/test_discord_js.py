"""The simulator, seen by an unmodified discord.js in a Node process of its own, on the wall clock."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from steward.runtime.clock import SystemClock
from steward.sim import Limits, Simulator
from steward.sim.gateway.compression import PayloadZlib, Plain, ZlibStream
from steward.sim.limits import Rate

HERE = Path(__file__).parent / "discord_js"
RENAMES = Rate(2, 3.0)
FRAMINGS = {"none": Plain, "payload": PayloadZlib, "zlib-stream": ZlibStream}


@pytest.fixture(scope="module")
def node() -> str:
    """Node with discord.js beside it; skips where that is not to be had."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        pytest.skip("discord.js needs node and npm, which are not installed")
    modules = HERE / "node_modules"
    if not modules.is_dir():
        # In a folder of its own first: tests run in several processes, and only one of them can move it into place.
        with tempfile.TemporaryDirectory(dir=HERE, prefix=".install-") as folder:
            shutil.copy(HERE / "package.json", folder)
            install = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund"]
            done = subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False, timeout=100)
            if done.returncode:
                pytest.skip(f"npm could not install discord.js: {done.stderr.strip().splitlines()[-1:]}")
            if not modules.is_dir():
                (Path(folder) / "node_modules").rename(modules)
    return found


class Witness:
    """The Node process: `tell` it what to do, `hear` what it says."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def tell(self, do: str, **wishes: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do} | wishes).encode() + b"\n")
        await self._process.stdin.drain()

    async def hear(self, event: str) -> dict[str, Any]:
        """Return the next thing of that name; errors in between are failures."""
        assert self._process.stdout is not None
        async with asyncio.timeout(20):
            while line := await self._process.stdout.readline():
                said: dict[str, Any] = json.loads(line)
                if said["event"] == "unavailable":
                    pytest.skip(said["what"])
                if said["event"] == event:
                    return said
                assert said["event"] not in ("error", "failed"), said
        raise AssertionError(f"The process ended without saying {event}.")


@asynccontextmanager
async def discord_js(node: str, sim: Simulator, framing: str) -> AsyncIterator[Witness]:
    """Run the bot for as long as this is entered."""
    environment = os.environ | {"API": sim.api_url.removesuffix("/v10"), "TOKEN": sim.bot.token, "FRAMING": framing}
    process = await asyncio.create_subprocess_exec(
        node,
        "witness.js",
        cwd=HERE,
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    witness = Witness(process)
    try:
        yield witness
        await witness.tell("stop")
        async with asyncio.timeout(10):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.real_time
@pytest.mark.parametrize("framing", FRAMINGS)
async def test_discord_js_lives_through_the_story(node: str, framing: str):
    limits = replace(Limits(), renames=RENAMES)
    async with Simulator(clock=SystemClock(), limits=limits) as sim:
        guild = sim.add_guild("Penguins", members=5000)
        chat, counter = guild.add_text_channel("chat"), guild.add_voice_channel("Members: 0")
        async with discord_js(node, sim, framing) as bot:
            assert (await bot.hear("ready"))["guilds"] == ["Penguins"]
            (session,) = sim.sessions
            assert session.connection is not None
            assert type(session.connection.framing) is FRAMINGS[framing]

            guild.join("alice").say(chat, "hello")
            assert (await bot.hear("join"))["name"] == "alice"
            assert (await bot.hear("message"))["by"] == "alice"

            for number in (1, 2, 3):
                await bot.tell("rename", channel=str(counter.id), name=f"Members: {number}")
                assert (await bot.hear("done"))["name"] == f"Members: {number}"
            assert counter.name == "Members: 3"
            (refused,) = sim.recorder.requests(status=429)
            assert refused.route == "/channels/{channel_id}"

            sim.faults.disconnect()
            # discord.js counts a member who joined meanwhile, but tells of messages only.
            guild.join("bob").say(chat, "are you there?")
            assert (await bot.hear("message"))["by"] == "bob"
            await bot.hear("resumed")
            await bot.tell("count", guild=str(guild.id))
            assert (await bot.hear("done"))["members"] == 5002
            await bot.tell("send", channel=str(chat.id), text="done")
            await bot.hear("done")
            assert chat.messages[-1].content == "done"
            assert (len(sim.recorder.identifies), len(sim.recorder.resumes)) == (1, 1)


@pytest.mark.real_time
async def test_discord_js_syncs_a_command_and_answers_command_click_and_modal(node: str):
    async with Simulator(clock=SystemClock()) as sim:
        guild = sim.add_guild("Penguins")
        chat = guild.add_text_channel("chat")
        alice = guild.join("alice")
        async with discord_js(node, sim, "none") as bot:
            await bot.hear("ready")
            await bot.tell("sync")
            assert (await bot.hear("done"))["commands"] == 1
            greeting = await alice.run("/hello", who="world")
            assert (greeting.content, greeting.error) == ("hello world", None)
            opened = await alice.click(greeting, "Ask me")
            assert opened.modal is not None
            thanks = await alice.submit(opened, **{"Your name": "Alice"})
            assert (thanks.content, thanks.ephemeral) == ("thank you, Alice", True)
            async with asyncio.timeout(5):
                while chat.messages[-1].content != "and good bye":
                    await asyncio.sleep(0.01)
