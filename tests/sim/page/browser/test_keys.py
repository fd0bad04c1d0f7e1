"""Everything can be done without a mouse."""

from __future__ import annotations

import asyncio
import re

from steward.sim.page.server import SimulatorPage
from steward.sim.page.tab.viewpoint import Viewpoint
from tests.scenarios.events.crowd import listed
from tests.scenarios.events.organisers import organiser
from tests.sim.page.test_actions import restaurant
from tests.stage import stage

BOX = "Message #events as olga"
STOPS = 40  # more than there are on the way to anything


async def reach(page, name, key="Tab"):
    """Press a key until what has the focus has a name of this pattern."""
    passed = []
    for _ in range(STOPS):
        await page.press(key)
        passed.append(await page.focus())
        if re.fullmatch(name, passed[-1], re.DOTALL):
            return
    raise AssertionError(f"{key} did not reach {name!r} but {passed}")


async def test_from_loading_to_an_answer_with_keys_alone(clock, tmp_path, chromium):
    """Steward's own story: /event create, its form, Post, and Yes under what was posted."""
    async with stage(clock, tmp_path) as scene, scene.steward() as steward:
        olga = await organiser(scene, steward)
        hall = scene.guild.add_text_channel("events")
        asyncio.get_running_loop().speed = 5
        with SimulatorPage(scene.sim, first=Viewpoint(scene.guild, hall, olga)) as served:
            async with chromium.window(served.address) as page:
                await page.type("/event create")
                await page.press("Enter", "Enter")
                await page(lambda it: it.get_by_label("Title").and_(it.locator(":focus")).wait_for())
                await page.type("Board games")
                await page.press("Tab")
                await page.type("tomorrow 20:00")
                await page.press("Enter")
                await page.sees("Nothing is posted until you press Post.")
                assert await page.focus() == BOX
                await reach(page, "StewardAPP.*", "Shift+Tab")
                await reach(page, "Post")
                await page.press("Enter")
                await page(lambda it: it.get_by_role("button", name="Yes").wait_for())
                await page.press("Escape")
                assert await page.focus() == BOX
                await reach(page, "StewardAPP.*", "Shift+Tab")
                await page.press("End")
                await reach(page, ".*Yes")
                await page.press("Enter")
                await page.sees("Yes (1)")
        (post,) = hall.messages
        assert listed(post, "Yes") == ["olga"]


async def test_escape_ends_what_has_begun_and_leads_back_to_the_box(clock, chromium):
    async with restaurant(clock) as (_, tab, chat, alice), chromium.window(tab.browser.page.address) as page:
        box = "Message #general as alice"
        order = await alice.run("/menu", chat, day="Fri")
        await page.sees("Fri for None")
        assert await page.focus() != box
        await page.type("h")
        assert await page.focus() == box
        await page.press("Backspace")
        for opens, shows in (("Control+k", "Go to"), ("Control+Shift+A", "Act as")):
            await page.press(opens)
            await page(lambda it, shows=shows: it.get_by_role("dialog", name=shows).wait_for())
            await page.press("Escape")
            await page(lambda it, shows=shows: it.get_by_role("dialog", name=shows).wait_for(state="detached"))
        await page.press("Escape")
        assert await page.focus() == box
        await page.type("/menu")
        await page.press("Enter")
        assert await page.focus() == "day"
        await page.press("Escape", "Escape", "Escape")
        assert await page.focus() == box
        await page(lambda it: it.get_by_label(box).fill(""))
        await reach(page, "alice used /menu.*", "Shift+Tab")
        await reach(page, "Order")
        await page.press("Enter")
        await page(lambda it: it.get_by_role("dialog", name="Order").wait_for())
        await page.press("Escape")
        await page(lambda it: it.get_by_role("dialog").wait_for(state="detached"))
        assert await page.focus() == "Order"
        await page.press("Escape")
        assert await page.focus() == box
        assert order.error is None


async def test_each_column_is_one_stop_of_the_tab_key(clock, chromium):
    """Forty messages with two controls each add one stop."""
    async with restaurant(clock) as (_, tab, chat, alice), chromium.window(tab.browser.page.address) as page:
        bob = chat.guild.join("bob")
        for number in range(40):
            bob.react(alice.say(chat, f"message {number}"), "\N{THUMBS UP SIGN}")
        await page.sees("message 39")
        stops = []
        for _ in range(STOPS):
            await page.press("Shift+Tab")
            stops.append(await page.focus())
        around = stops.index(stops[0], 1)
        assert around <= 24, stops
        assert sum("message 39" in stop for stop in stops[:around]) == 2, "the row, and the box around all"
