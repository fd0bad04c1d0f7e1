"""The page in a real browser; skipped where there is no Chromium or Playwright."""

from __future__ import annotations

import shutil
from contextlib import asynccontextmanager

import pytest

from tests.sim.page.hostile import TEXTS
from tests.sim.page.tab import paged
from tests.sim.page.test_actions import restaurant

playwright = pytest.importorskip("playwright.async_api", reason="run make browser to see the page in one")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium to see the page in"),
    pytest.mark.timeout(600),
]
READY = "html[data-ready]"


class Window:
    """A page in Chromium, each method to be awaited on the simulator's loop; `complaints` must stay empty."""

    def __init__(self, browser):
        self._browser = browser
        self.complaints = []

    async def open(self):
        await self._browser.away(self._open())

    async def _open(self):
        self._playwright = await playwright.async_playwright().start()
        self._chromium = await self._playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        self._page = await self._chromium.new_page(viewport={"width": 1280, "height": 800})
        self._page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self._page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self._page.on("request", self._requested)
        await self._page.goto(self._browser.page.address)
        await self._page.wait_for_selector(READY, timeout=60_000)

    def _requested(self, request):
        own = (self._browser.page.address, self._browser.page.address.replace("http:", "ws:"), "data:", "blob:")
        if not request.url.startswith(own):
            self.complaints.append(request.url)

    async def press(self, *keys):
        for key in keys:
            await self._browser.away(self._page.keyboard.press(key))

    async def type(self, text):
        await self._browser.away(self._page.keyboard.type(text))

    async def sees(self, text):
        await self._browser.away(self._page.get_by_text(text).first.wait_for(timeout=60_000))

    async def width(self):
        return await self._browser.away(self._page.locator("html").evaluate("page => page.scrollWidth"))

    async def close(self):
        await self._browser.away(self._close())

    async def _close(self):
        await self._chromium.close()
        await self._playwright.stop()


@asynccontextmanager
async def window(browser):
    """Yield an open window, which must have complained of nothing when it closes."""
    found = Window(browser)
    await found.open()
    try:
        yield found
        assert found.complaints == []
    finally:
        await found.close()


async def test_keys_alone_write_a_message_and_run_a_command(clock):
    async with restaurant(clock) as (_, tab, chat, alice):
        async with window(tab.browser) as page:
            await page.type("hello")
            await page.press("Enter")
            await page.sees("hello")
            await page.type("/menu")
            await page.press("Enter")
            await page.type("Fri")
            await page.press("Enter")
            await page.sees("Fri for None")
        assert chat.messages[0].author is alice.user


async def test_a_message_of_a_member_appears_by_itself(clock):
    async with restaurant(clock) as (_, tab, chat, _), window(tab.browser) as page:
        chat.guild.join("bob").say(chat, "**bold** move")
        await page.sees("bold")


async def test_hostile_texts_run_nothing_ask_nobody_and_widen_nothing(clock):
    async with paged(clock) as (sim, browser):
        guild = sim.add_guild("Penguins", members=5)
        chat = guild.add_text_channel("general")
        for number, text in enumerate(TEXTS):
            member = guild.join(f"guest {number}")
            member.rename(text[:32] or None)
            chat.post_as(member, text)
            chat.topic = text[:1024]
            guild.add_text_channel(f"hall {number}").rename(text[:100] or "hall")
        async with window(browser) as page:
            await page.sees("Simulated Discord")
            assert await page.width() == 1280
