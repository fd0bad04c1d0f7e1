"""Bots on other libraries, unmodified, on the simulator's page: what they post is shown, and clicks reach them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from steward.runtime.clock import SystemClock
from steward.sim import Simulator
from steward.sim.page.server import SimulatorPage
from tests.clients.test_hikari import greeter_on
from tests.clients.test_javascript import install, running
from tests.sim.discord_client import logged_in

__all__ = ["install"]  # a fixture

Interaction = discord.Interaction[Any]
pytestmark = pytest.mark.real_time


class Form(ui.Modal, title="Who are you?"):
    name: ui.TextInput[Form] = ui.TextInput(label="Your name")

    async def on_submit(self, interaction):
        await interaction.response.send_message(f"thank you, {self.name.value}", ephemeral=True)


class Ask(ui.View):
    @ui.button(label="Ask me")
    async def ask(self, interaction, _):
        await interaction.response.send_modal(Form())


@asynccontextmanager
async def on_discord_py(sim: Simulator) -> AsyncIterator[None]:
    async with logged_in(sim) as client:
        tree: app_commands.CommandTree[Any] = app_commands.CommandTree(client)

        @tree.command(description="Say hello")
        async def hello(interaction: Interaction, who: str) -> None:
            await interaction.response.send_message(f"hello {who}", view=Ask())

        await tree.sync()
        yield


@asynccontextmanager
async def on_discord_js(sim: Simulator) -> AsyncIterator[None]:
    async with running("discord_js", sim) as bot:
        await bot.hear("ready")
        await bot.do("sync")
        yield


BOTS: dict[str, Callable[[Simulator], AbstractAsyncContextManager[None]]] = {
    "discord.py": on_discord_py,
    "hikari": greeter_on,
    "discord.js": on_discord_js,
}


@pytest.mark.parametrize("library", BOTS)
async def test_what_it_posts_is_shown_and_clicks_reach_it(library, install, chromium):
    if library == "discord.js":
        install("discord_js")
    async with Simulator(clock=SystemClock()) as sim:
        guild = sim.add_guild("Penguins")
        guild.add_text_channel("chat")
        guild.join("alice")
        async with BOTS[library](sim):
            with SimulatorPage(sim) as served:
                async with chromium.window(served.address) as page:
                    await page.type("/hello")
                    await page.press("Enter")
                    await page.type("world")
                    await page.press("Enter", "Enter")
                    await page.sees("hello world")
                    await page(lambda it: it.get_by_role("button", name="Ask me").click())
                    await page(lambda it: it.get_by_label("Your name").fill("Alice"))
                    await page.press("Enter")
                    await page.sees("thank you, Alice")
                    await page.sees("Only you can see this")
