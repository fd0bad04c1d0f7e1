"""A test that stops at its page, and the picture of one that fails: pytest as a bot's developer runs it."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from steward.sim.page.tab.viewpoint import Viewpoint, latest_place
from steward.sim.pytest_plugin import picture_name
from tests.sim.page.tab import Browser, paged
from tests.terminal import Terminal

BOT = """
import discord
from discord.ext import commands


class Order(discord.ui.View):
    @discord.ui.button(label="Pay")
    async def pay(self, interaction, button):
        await interaction.response.edit_message(content=f"Paid by {interaction.user.name}", view=None)


class PizzaBot(commands.Bot):
    def __init__(self):
        super().__init__(command_prefix="!", intents=discord.Intents.default())

    async def setup_hook(self):
        @self.tree.command(description="Order a pizza")
        async def pizza(interaction: discord.Interaction, kind: str):
            await interaction.response.send_message(f"One {kind}, please pay", view=Order())

        await self.tree.sync()
"""
LOOKS = """
from bot import PizzaBot


def test_somebody_pays(discord_sim):
    discord_sim.guild.add_text_channel("lobby")
    chat = discord_sim.guild.add_text_channel("chat")
    discord_sim.start(PizzaBot())
    alice = discord_sim.guild.join("alice")
    order = discord_sim.run(alice.run("/pizza", chat, kind="margherita"))
    began = discord_sim.clock.now()
    discord_sim.page(speed=0)
    assert order.content == "Paid by alice"
    assert discord_sim.clock.now() == began
"""
FAILS = LOOKS.replace("    discord_sim.page(speed=0)\n", "")
ADDRESS = re.compile(r"Open (http://\S+) to see")
PICTURE = re.compile(r"A picture of its Discord: (\S+)")


def project(folder: Path, test: str) -> list[str]:
    """Write a project with a bot and a test, and return the command that runs the test."""
    (folder / "bot.py").write_text(BOT)
    (folder / "test_bot.py").write_text(test)
    options = ["-p", "no:cacheprovider", "--color=no", "--basetemp", str(folder / "temp")]
    return [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, "--rootdir", str(folder), *options, str(folder)]


def run(command: list[str], **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command without a terminal."""
    return subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
        env=os.environ | environ,
    )


@pytest.mark.real_time
@pytest.mark.parametrize("going_on", ["Enter", "closing the tab"])
async def test_a_test_stops_at_its_page_where_one_can_use_the_bot(tmp_path, going_on):
    with closing(Terminal(project(tmp_path, LOOKS))) as terminal:
        address = await asyncio.to_thread(terminal.until, ADDRESS)
        browser = Browser(SimpleNamespace(address=address))
        try:
            tab = await browser.tab()
            assert [one["name"] for one in tab.seen["channels"] if one["id"] == tab.seen["channel"]] == ["chat"]
            assert tab.seen["me"]["name"] == "alice"
            assert (tab.seen["time"]["speed"], tab.seen["time"]["resume"]) == (0, 1)
            (message,) = tab.seen["messages"]
            (button,) = message["components"][0]["components"]
            assert any(
                row["route"] == "/interactions/{interaction_id}/{interaction_token}/callback" for row in tab.seen["log"]
            )
            await tab.act("click", message=message["id"], custom_id=button["custom_id"])
            if going_on == "Enter":
                terminal.press("\n")
                assert await asyncio.to_thread(terminal.ended) == 0
        finally:
            await browser.close()
        assert await asyncio.to_thread(terminal.ended) == 0
        assert "1 passed" in terminal.said


@pytest.mark.real_time
async def test_the_option_stops_at_the_end_of_each_test_failed_or_not(tmp_path):
    command = project(tmp_path, FAILS + "\n\ndef test_passes(discord_sim):\n    discord_sim.wait(1)\n")
    with closing(Terminal([*command, "--discord-page"])) as terminal:
        seen = set()
        for _ in range(2):
            seen.add(await asyncio.to_thread(terminal.until, ADDRESS))
            terminal.said = ""
            terminal.press("\n")
        assert await asyncio.to_thread(terminal.ended) == 1
        assert len(seen) == 2
        assert "1 failed, 1 passed" in terminal.said


def test_without_a_terminal_nothing_stops(tmp_path):
    command = [*project(tmp_path, LOOKS), "--discord-page"]
    done = run(command)
    assert done.returncode == 1
    assert "One margherita, please pay" in done.stdout
    assert "Open http" not in done.stdout + done.stderr


def test_the_option_changes_nothing_for_a_bot_that_has_stopped(tmp_path):
    tests = """
from bot import PizzaBot


def test_of_a_bot_that_is_closed(discord_sim):
    bot = PizzaBot()
    discord_sim.start(bot)
    discord_sim.run(bot.close())


def test_of_a_bot_that_fails(discord_sim):
    bot = PizzaBot()
    discord_sim.start(bot)
    discord_sim.run(bot.close())
    discord_sim.wait(1)


def test_the_next(discord_sim):
    discord_sim.wait(1)
"""
    done = run([*project(tmp_path, tests), "--discord-page"])
    assert "INTERNALERROR" not in done.stdout + done.stderr
    assert "1 failed, 2 passed" in done.stdout
    assert "BotEnded: PizzaBot stopped by itself." in done.stdout


TIMER = """
class Timeout:
    def pytest_timeout_cancel_timer(self, item):
        "Stop the timer."


def pytest_addhooks(pluginmanager):
    pluginmanager.add_hookspecs(Timeout)


def pytest_timeout_cancel_timer(item):
    item.user_properties.append(("timer", "cancelled"))


def pytest_runtest_logreport(report):
    if report.when == "call":
        print(f"The timer is {dict(report.user_properties).get('timer', 'running')}.")
"""


def test_a_call_without_a_terminal_leaves_the_timeout(tmp_path):
    (tmp_path / "conftest.py").write_text(TIMER)
    tests = "def test_it(discord_sim):\n    discord_sim.page()\n"
    done = run([*project(tmp_path, tests), "-s", "-p", "no:timeout"])
    assert "The timer is running." in done.stdout


@pytest.mark.real_time
async def test_a_call_on_a_terminal_ends_the_timeout(tmp_path):
    (tmp_path / "conftest.py").write_text(TIMER)
    tests = "def test_it(discord_sim):\n    discord_sim.page()\n"
    with closing(Terminal([*project(tmp_path, tests), "-s", "-p", "no:timeout"])) as terminal:
        await asyncio.to_thread(terminal.until, ADDRESS)
        terminal.press("\n")
        assert await asyncio.to_thread(terminal.ended) == 0
        assert "The timer is cancelled." in terminal.said


def test_a_picture_is_named_after_the_whole_id_of_its_test():
    ids = ("test_x.py::test_y[a/b]", "one/test_x.py::test_y", "two/test_x.py::test_y")
    assert [picture_name(node_id) for node_id in ids] == [
        "test_x.py_test_y_a_b_.png",
        "one_test_x.py_test_y.png",
        "two_test_x.py_test_y.png",
    ]
    assert picture_name("x" * 1000) == "x" * 150 + ".png"


def test_a_failure_is_reported_with_a_picture_where_there_is_a_browser(tmp_path):
    done = run(project(tmp_path, FAILS))
    assert done.returncode == 1
    found = PICTURE.search(done.stdout)
    if find_spec("playwright") is None:
        assert found is None
        pytest.skip("run make browser to see pictures of failures")
    if found is None:
        assert "No picture" not in done.stdout
        pytest.skip("there is no Chromium to take pictures in")
    picture = Path(found[1])
    assert picture == tmp_path / "temp" / "discord_sim" / "test_bot.py_test_somebody_pays.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_a_failure_without_a_browser_is_reported_as_ever(tmp_path):
    """Playwright is there and no Chromium, neither its own nor one of the system."""
    pytest.importorskip("playwright")
    done = run(project(tmp_path, FAILS), PATH=str(tmp_path), PLAYWRIGHT_BROWSERS_PATH=str(tmp_path))
    assert done.returncode == 1
    assert "icture" not in done.stdout
    assert not (tmp_path / "temp" / "discord_sim").exists()


async def test_the_page_begins_where_something_happened_last(clock):
    async with paged(clock) as (sim, _):
        assert latest_place(sim.world) == Viewpoint()
        guild = sim.add_guild("Penguins", members=5)
        chat, hall = guild.add_text_channel("general"), guild.add_text_channel("hall")
        alice, bob = guild.join("alice"), guild.join("bob")
        alice.say(chat, "hello")
        bob.say(hall, "hello")
        alice.say(hall, "hello")
        hall.post_as(guild.members.get(sim.bot.id), "hello")
        assert latest_place(sim.world) == Viewpoint(guild, hall, alice)
        bob.write_to(sim.bot, "hello")
        assert latest_place(sim.world) == Viewpoint(None, bob.direct_channel(sim.bot), bob)
