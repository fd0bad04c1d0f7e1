"""The simulator, seen by unmodified JavaScript libraries, each in a Node process of its own, on the wall clock."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from steward.runtime.clock import SystemClock
from steward.sim import Limits, Simulator
from steward.sim.gateway.compression import PayloadZlib, Plain, ZlibStream, ZstdStream
from steward.sim.limits import Rate, observed_routes

HERE = Path(__file__).parent / "javascript"
RENAME = ("PATCH", "/channels/{channel_id}")
# After a 429 eris, oceanic.js and discordeno wait for the route's bucket, not for the time that the 429 itself tells.
LIMITS = Limits(renames=Rate(2, 3.0), routes=observed_routes() | {RENAME: Rate(5, 3.5)})
FRAMINGS = {"none": Plain, "payload": PayloadZlib, "zlib-stream": ZlibStream, "zstd-stream": ZstdStream}
LIBRARIES = {
    "discord_js": ["none", "payload", "zlib-stream"],
    "eris": ["none", "zlib-stream"],
    "oceanic_js": ["none", "zlib-stream"],  # its zstd-stream takes a Node that has zstd
    "discordeno": ["none", "payload", "zlib-stream", "zstd-stream"],
}
INSTALL = ["install", "--no-package-lock", "--no-audit", "--no-fund"]
IMPATIENT = ["--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=2000"]

pytestmark = pytest.mark.real_time


@pytest.fixture(scope="module")
def install() -> Callable[[str], None]:
    """Puts a library beside its bot, once; skips where that can't be done."""
    missing: dict[str, str] = {}

    def installed(library: str) -> None:
        if library not in missing:
            missing[library] = _install(HERE / library)
        if missing[library]:
            pytest.skip(f"{library} can't be installed here: {missing[library]}")

    return installed


def _install(folder: Path) -> str:
    """Return what stands in the way, or nothing."""
    modules = folder / "node_modules"
    if modules.is_dir():
        return ""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return "node and npm are needed"
    # In a folder of its own first: tests run in several processes, and only one of them can move it into place.
    with tempfile.TemporaryDirectory(dir=folder, prefix=".install-") as place:
        shutil.copy(folder / "package.json", place)
        try:
            done = subprocess.run(
                [npm, *INSTALL, *IMPATIENT], cwd=place, capture_output=True, text=True, check=False, timeout=100
            )
        except subprocess.TimeoutExpired:
            return "npm takes too long"
        if done.returncode:
            return " ".join(done.stderr.strip().splitlines()[:2])
        if not modules.is_dir():
            (Path(place) / "node_modules").rename(modules)
    return ""


class Bot:
    """The Node process: `tell` it what to do, `hear` what it says."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._kept: list[dict[str, Any]] = []

    async def tell(self, do: str, **wishes: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"do": do} | wishes).encode() + b"\n")
        await self._process.stdin.drain()

    async def hear(self, event: str) -> dict[str, Any]:
        """Return the next thing of that name, and keep what else is said; errors in between are failures."""
        for kept in self._kept:
            if kept["event"] == event:
                self._kept.remove(kept)
                return kept
        assert self._process.stdout is not None
        async with asyncio.timeout(20):
            while line := await self._process.stdout.readline():
                said: dict[str, Any] = json.loads(line)
                if said["event"] == "unavailable":
                    pytest.skip(said["what"])
                assert said["event"] != "failed", said["message"]
                if said["event"] == event:
                    return said
                self._kept.append(said)
        raise AssertionError(f"The process ended without saying {event}.")

    async def do(self, deed: str, **wishes: object) -> dict[str, Any]:
        """Have something done, and return what comes of it."""
        await self.tell(deed, **wishes)
        return await self.hear("done")


@asynccontextmanager
async def running(library: str, sim: Simulator, framing: str = "none") -> AsyncIterator[Bot]:
    """Run the bot of a library until the block is left."""
    process = await asyncio.create_subprocess_exec(
        "node",
        "bot.js",
        cwd=HERE / library,
        env={"PATH": os.environ["PATH"], "API": sim.api_url, "TOKEN": sim.bot.token, "FRAMING": framing},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    bot = Bot(process)
    try:
        yield bot
        await bot.tell("stop")
        async with asyncio.timeout(60):
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


@pytest.mark.parametrize(
    ("library", "framing"), [(library, framing) for library, framings in LIBRARIES.items() for framing in framings]
)
async def test_it_lives_through_the_story(install, library: str, framing: str):
    install(library)
    async with Simulator(clock=SystemClock(), limits=LIMITS) as sim:
        guild = sim.add_guild("Penguins", members=5000)
        chat, counter = guild.add_text_channel("chat"), guild.add_voice_channel("Members: 0")
        async with running(library, sim, framing) as bot:
            assert (await bot.hear("ready"))["guilds"] == ["Penguins"]
            (session,) = sim.sessions
            assert session.connection is not None
            assert type(session.connection.framing) is FRAMINGS[framing]

            guild.join("alice").say(chat, "hello")
            assert (await bot.hear("joined"))["name"] == "alice"
            assert (await bot.hear("written"))["by"] == "alice"

            for number in (1, 2, 3):
                done = await bot.do("rename", channel=str(counter.id), name=f"Members: {number}")
                assert done["name"] == f"Members: {number}"
            assert counter.name == "Members: 3"
            (refused,) = sim.recorder.requests(status=429)
            assert (refused.method, refused.route) == RENAME

            sim.faults.disconnect()
            # A client counts whoever joined meanwhile; discord.js tells of messages only.
            guild.join("bob").say(chat, "are you there?")
            assert (await bot.hear("written"))["by"] == "bob"
            await bot.hear("resumed")
            assert (await bot.do("count", guild=str(guild.id)))["members"] == 5002
            await bot.do("send", channel=str(chat.id), text="done")
            assert chat.messages[-1].content == "done"
            assert (len(sim.recorder.identifies), len(sim.recorder.resumes)) == (1, 1)


@pytest.mark.parametrize("library", LIBRARIES)
async def test_it_syncs_a_command_and_answers_command_click_and_modal(install, library: str):
    install(library)
    async with Simulator(clock=SystemClock()) as sim:
        guild = sim.add_guild("Penguins")
        chat = guild.add_text_channel("chat")
        alice = guild.join("alice")
        async with running(library, sim) as bot:
            await bot.hear("ready")
            assert (await bot.do("sync"))["commands"] == 1
            greeting = await alice.run("/hello", who="world")
            assert (greeting.content, greeting.error) == ("hello world", None)
            opened = await alice.click(greeting, "Ask me")
            assert opened.modal is not None
            thanks = await alice.submit(opened, **{"Your name": "Alice"})
            assert (thanks.content, thanks.ephemeral) == ("thank you, Alice", True)
            async with asyncio.timeout(60):
                while chat.messages[-1].content != "and good bye":
                    await asyncio.sleep(0.01)


@pytest.mark.parametrize("library", LIBRARIES)
async def test_it_hears_of_messages_reactions_and_threads_and_makes_its_own(install, library: str):
    install(library)
    async with Simulator(clock=SystemClock()) as sim:
        guild = sim.add_guild("Penguins")
        chat = guild.add_text_channel("chat")
        chat.allow("everyone", "create_public_threads")
        alice = guild.join("alice")
        async with running(library, sim) as bot:
            await bot.hear("ready")
            hello = alice.say(chat, "hello")
            assert (await bot.hear("written"))["by"] == "alice"
            alice.edit(hello, "hello!")
            assert (await bot.hear("edited"))["by"] == "alice"
            alice.react(hello, "🐟")
            assert (await bot.hear("reacted")) == {"event": "reacted", "by": str(alice.id), "emoji": "🐟"}
            alice.open_thread(hello, "Fish")
            assert (await bot.hear("thread"))["name"] == "Fish"
            alice.delete(hello)
            assert (await bot.hear("deleted"))["id"] == str(hello.id)

            assert (await bot.do("tend", channel=str(chat.id)))["reactions"] == ["🐧"]
            kept = chat.messages[-1]
            assert kept.content == "penguin!"
            thread = guild.threads[kept.id]
            assert (thread.name, thread.messages[-1].content) == ("Penguins", "in here")
