"""axe-core finds nothing to object to: in each state of the page, in both themes, on a desk and on a phone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager
from typing import Any

import discord
import pytest
from discord import app_commands, ui

from steward.runtime.clock import Clock
from steward.sim import File, Simulator
from steward.sim.page.server import SimulatorPage
from tests.sim.discord_client import logged_in
from tests.sim.page.browser.window import PHONE, WIDE
from tests.sim.page.tab import Browser, paged

axe = pytest.importorskip("axe_playwright_python.base", reason="run make browser to judge the page with axe")

RUN = """(rules) => axe.run(document, rules).then(({ violations }) => violations.map(({ id, nodes }) =>
  `${id}: ${nodes.map(({ html }) => html.slice(0, 200)).join(" | ")}`))"""
EVERYTHING: dict[str, Any] = {"resultTypes": ["violations"]}
CONTRAST = EVERYTHING | {"runOnly": ["color-contrast"]}  # all that another theme changes
SIZES = pytest.mark.parametrize("size", [WIDE, PHONE], ids=["desk", "phone"])

Interaction = discord.Interaction[Any]


class Order(ui.Modal, title="Order"):
    dish: ui.TextInput[Order] = ui.TextInput(label="Dish", placeholder="Soup")
    note: ui.TextInput[Order] = ui.TextInput(label="Note", required=False, style=discord.TextStyle.paragraph)

    async def on_submit(self, interaction):
        await interaction.response.send_message("On its way.", ephemeral=True)


class Menu(ui.View):
    @ui.button(label="Order", style=discord.ButtonStyle.primary)
    async def order(self, interaction, _):
        await interaction.response.send_modal(Order())

    @ui.button(label="Pay", style=discord.ButtonStyle.success)
    async def pay(self, interaction, _):
        await interaction.response.send_message("Paid.", ephemeral=True)

    @ui.button(label="Wait", style=discord.ButtonStyle.danger)
    async def wait(self, interaction, _):
        """Never answers."""

    @ui.select(placeholder="Which day?", options=[discord.SelectOption(label="Fri", description="Fish")])
    async def day(self, interaction, select):
        await interaction.response.send_message(f"{select.values[0]} it is.")


@asynccontextmanager
async def busy(clock: Clock) -> AsyncIterator[tuple[Simulator, Browser]]:
    """Yield a server with every kind of message, and a bot with a command."""
    async with paged(clock) as (sim, browser), logged_in(sim) as client:
        guild = sim.add_guild("Penguins", members=500, online=80)
        chat = guild.add_text_channel("general")
        guild.add_text_channel("empty")
        guild.add_voice_channel("Members: 500")
        alice, bob = guild.join("alice"), guild.join("bob")
        alice.give(guild.add_role("Cooks", "pin_messages").id)
        tree: app_commands.CommandTree[Any] = app_commands.CommandTree(client)

        @tree.command(description="Show the menu")
        async def menu(interaction: Interaction, day: str, guest: discord.Member | None = None) -> None:
            embed = discord.Embed(title="Menu", description="**Soup** of `fish`", colour=0x2288CC)
            embed.add_field(name="When", value="<t:1767571200:F>").set_footer(text="While stocks last")
            await interaction.response.send_message(f"{day}, {guest}", embed=embed, view=Menu(timeout=None))

        @tree.command(description="Take a while")
        async def think(interaction: Interaction) -> None:
            await interaction.response.defer(ephemeral=True)

        await tree.sync()
        said = bob.say(chat, f"> a quote\n# A title\n`code` ||spoiler|| <@{alice.id}> https://example.org\n- a\n- list")
        bob.react(said, "\N{THUMBS UP SIGN}")
        alice.reply(said, "a reply", files=[File("a.txt", b"a", "text/plain")])
        bob.ask(chat, "Dinner?", "Fish", "Krill")
        alice.pin(said)
        bob.open_thread(said, "More")
        await bob.run("/menu", chat, day="Fri")
        yield sim, browser


def set_speed(speed):
    loop: Any = asyncio.get_running_loop()
    loop.speed = speed


def button(name):
    async def click(page):
        await page(lambda it: it.get_by_role("button", name=name, exact=True).last.click())

    return click


def keys(*names):
    async def press(page):
        await page.press(*names)

    return press


async def names(page):
    await page.type("@")
    await page(lambda it: it.get_by_role("option").first.wait_for())


async def command(page):
    await page.type("/")
    await page(lambda it: it.get_by_role("option").first.wait_for())


async def options(page):
    await page.type("menu")
    await page.press("Enter")
    await page(lambda it: it.get_by_role("textbox").or_(it.get_by_role("combobox")).first.wait_for())


async def wrong_option(page):
    await page.press("Enter")
    await page(lambda it: it.get_by_role("alert").wait_for())


async def empty_box(page):
    await page(lambda it: it.get_by_label("Message #general as alice").fill(""))


async def dialog(page):
    await page(lambda it: it.get_by_role("dialog").wait_for())


async def empty_field(page):
    await page(lambda it: it.get_by_role("button", name="Submit").click())
    await page(lambda it: it.get_by_role("alert").wait_for())


async def thinking(page):
    await page.type("/think")
    await page.press("Enter", "Enter")
    await page.sees("is thinking")


async def waiting(page):
    set_speed(0)
    await button("Wait")(page)
    await page(lambda it: it.locator("[aria-busy=true]").wait_for())


async def failed(page):
    set_speed(1)
    await page.sees("This interaction failed")


async def message_focused(page):
    await page(lambda it: it.locator("[data-row]").last.focus())


async def empty_channel(page):
    await page.press("Control+k")
    await page.type("empty")
    await page.press("Enter")
    await page.sees("This is the start of #empty.")


ESCAPE = keys("Escape")
STATES = {
    "messages": [],
    "names to mention": [names],
    "the picker": [empty_box, command],
    "options": [options],
    "an option that is missing": [wrong_option, ESCAPE, ESCAPE, ESCAPE],
    "a form": [
        lambda page: page(lambda it: it.get_by_label("Message #general as alice").fill("")),
        button("Order"),
        dialog,
    ],
    "a form with an empty field": [empty_field, ESCAPE],
    "a message with the focus": [message_focused, ESCAPE],
    "an ephemeral message": [button("Pay"), lambda page: page.sees("Paid.")],
    "a menu": [button("Which day?")],
    "a bot that thinks": [ESCAPE, thinking],
    "a click that waits": [waiting],
    "a click that failed": [failed],
    "the switcher": [keys("Control+k")],
    "acting as another": [ESCAPE, keys("Control+Shift+A")],
    "pinned messages": [ESCAPE, button("Pinned messages")],
    "no messages": [ESCAPE, empty_channel],
    "a stopped clock": [button("Pause")],
}
ON_A_DESK = {"a stopped clock"}


@SIZES
async def test_no_state_of_the_page_is_objected_to(clock, chromium, size):
    found = {}
    async with (
        busy(clock) as (_, browser),
        chromium.window(browser.page.address, size=size, reduced_motion="reduce") as page,
    ):
        await page(lambda it: it.evaluate(axe.AXE_SCRIPT))
        for state, steps in STATES.items():
            if size == PHONE and state in ON_A_DESK:
                continue
            for step in steps:
                await step(page)
            found[state] = await objections(page)
        if size == PHONE:
            for tab in ("Channels", "People", "API"):
                await button(tab)(page)
                found[f"the tab {tab}"] = await objections(page)
        else:
            await page(lambda it: it.get_by_role("button", name="POST /").first.click())
            found["a request"] = await objections(page)
            await page(lambda it: it.get_by_role("button", name="bob").last.click())
            found["a profile"] = await objections(page)
    assert {state: words for state, words in found.items() if words} == {}
    assert len(found) > 15


async def objections(page):
    """Return what axe says in the light theme, and of contrast in the dark one."""
    light = await page(lambda it: it.evaluate(RUN, EVERYTHING))
    await page(lambda it: it.emulate_media(color_scheme="dark"))
    dark = await page(lambda it: it.evaluate(RUN, CONTRAST))
    await page(lambda it: it.emulate_media(color_scheme="light"))
    return light + [f"dark: {words}" for words in dark]


@SIZES
async def test_a_page_without_a_server_or_a_bot_is_not_objected_to(clock, chromium, size):
    async with (
        paged(clock) as (sim, browser),
        chromium.window(browser.page.address, size=size, reduced_motion="reduce") as page,
    ):
        await page(lambda it: it.evaluate(axe.AXE_SCRIPT))
        await page.sees("There is no server yet.")
        assert await objections(page) == []
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        await page(lambda it: it.reload())
        await page.sees("No bot has logged in.")
        await page(lambda it: it.evaluate(axe.AXE_SCRIPT))
        assert await objections(page) == []


@SIZES
async def test_a_page_that_loads_and_one_that_is_cut_off_are_not_objected_to(clock, chromium, size):
    async with Simulator(clock=clock) as sim:
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        with SimulatorPage(sim) as served:
            async with chromium.window(served.address, size=size, reduced_motion="reduce") as page:
                await page(lambda it: it.route_web_socket("**/ws", lambda _: None))  # never answers
                await page(lambda it: it.reload())
                await page(lambda it: it.get_by_label("Loading").wait_for())
                await page(lambda it: it.evaluate(axe.AXE_SCRIPT))
                assert await objections(page) == []
        with ExitStack() as serving:
            served = serving.enter_context(SimulatorPage(sim))
            async with chromium.window(served.address, size=size, reduced_motion="reduce") as page:
                serving.close()
                await page.sees("The simulator has stopped.")
                await page(lambda it: it.evaluate(axe.AXE_SCRIPT))
                assert await objections(page) == []
                page.complaints.clear()  # of connections that failed
