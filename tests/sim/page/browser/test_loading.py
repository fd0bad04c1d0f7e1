"""What is loaded after the first view: what is asked for meanwhile comes, and what no longer can come says so."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from urllib.parse import urlsplit

from steward.sim.page.server import SimulatorPage
from tests.sim.page.browser.window import PHONE
from tests.sim.page.tab import paged

FIRST = "html[data-ready]"
MISSING = "This part of the page was not loaded before the simulator stopped."
NEVER_IDLE = "globalThis.requestIdleCallback = () => {}"


async def load_again(window):
    await window(lambda page: page.reload())
    await window(lambda page: page.locator(FIRST).wait_for(state="attached"))


async def test_a_key_that_opens_what_is_still_being_loaded_is_not_lost(clock, chromium):
    async with paged(clock) as (sim, browser):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        async with chromium.window(browser.page.address) as window:
            asked = asyncio.Queue()
            await window(lambda page: page.route("**/dialogs.js", asked.put_nowait))
            await load_again(window)
            await window.press("Control+k")
            request = await window(lambda _: asked.get())
            assert not await window(lambda page: page.get_by_role("dialog").count())
            await window(lambda _: request.continue_())
            await window(lambda page: page.get_by_role("dialog", name="Go to").wait_for())
            await window.type("nowhere")
            await window.sees("Nothing fits.")


async def test_what_was_never_loaded_says_so_while_the_simulator_is_gone_and_comes_with_it(clock, chromium):
    async with paged(clock) as (sim, _):
        sim.add_guild("Penguins", members=5).add_text_channel("general")
        with ExitStack() as running:
            served = running.enter_context(SimulatorPage(sim))
            async with chromium.window(served.address, size=PHONE) as window:
                await window(lambda page: page.add_init_script(NEVER_IDLE))
                await load_again(window)
                running.close()
                await window.sees("The simulator has stopped.")
                await window.press("Control+k")
                await window.sees(MISSING)
                await window.click("button", "API")
                await window.finds(f".log:has-text('{MISSING}')")
                with SimulatorPage(sim, port=urlsplit(served.address).port):
                    await window.finds(".log:has-text('No request yet.')")
                    await window.press("Control+k")
                    await window(lambda page: page.get_by_role("dialog", name="Go to").wait_for())
                window.complaints.clear()  # the browser says on the console what it could not load
