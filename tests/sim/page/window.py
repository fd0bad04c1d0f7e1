"""A window of the run's Chromium, for tests with `pytest.mark.usefixtures("chromium")`."""

from __future__ import annotations

from contextlib import asynccontextmanager

from steward.sim.page.picture import READY
from tests.sim.page.browser.chromium import Chromium

DESKTOP, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}


class Window:
    """A page in Chromium, each method to be awaited on the simulator's loop; `complaints` must stay empty."""

    def __init__(self, browser, size, **options):
        self._chromium = Chromium.running
        self._address = browser.page.address
        self._options = {"viewport": size, "locale": "en-US", "timezone_id": "UTC", **options}
        self.complaints = []
        self.sockets = []

    async def open(self):
        self._context = await self._chromium.context(**self._options)
        await self._chromium.away(self._open())

    async def _open(self):
        self._page = await self._context.new_page()
        self._page.on("console", lambda said: said.type == "error" and self.complaints.append(said.text))
        self._page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._page.on("dialog", lambda dialog: self.complaints.append(dialog.message))
        self._page.on("request", self._requested)
        await self._page.route_web_socket("**/ws", self._connected)
        await self._page.goto(self._address)
        await self._page.wait_for_selector(READY)

    def _requested(self, request):
        own = (self._address, self._address.replace("http:", "ws:"), "data:", "blob:")
        if not request.url.startswith(own):
            self.complaints.append(request.url)

    def _connected(self, socket):
        socket.connect_to_server()
        self.sockets.append(socket)

    async def disconnect(self):
        """Lose the connection to the simulator; the page opens another one."""
        await self._chromium.away(self.sockets[-1].close())

    async def press(self, *keys):
        for key in keys:
            await self._chromium.away(self._page.keyboard.press(key))

    async def type(self, text):
        await self._chromium.away(self._page.keyboard.type(text))

    async def paste(self, text):
        await self._chromium.away(self._page.locator("#box").fill(text))

    async def click(self, role, name):
        await self._chromium.away(self._page.get_by_role(role, name=name).first.click())

    async def click_at(self, selector):
        await self._chromium.away(self._page.locator(selector).first.click())

    async def attach(self, name, content):
        files = {"name": name, "mimeType": "text/plain", "buffer": content}
        await self._chromium.away(self._page.get_by_label("Attach files").set_input_files(files))

    async def sees(self, text, *, exact=False):
        await self._chromium.away(self._page.get_by_text(text, exact=exact).first.wait_for())

    async def finds(self, selector):
        await self._chromium.away(self._page.wait_for_selector(selector))

    async def no_longer_sees(self, text):
        await self._chromium.away(self._page.get_by_text(text).first.wait_for(state="hidden"))

    async def shown(self, text):
        return await self._chromium.away(self._page.get_by_text(text).count()) > 0

    async def runs(self, function, argument=None):
        """Return what a function of JavaScript returns in the page."""
        return await self._chromium.away(self._page.evaluate(function, argument))

    async def width(self):
        return await self.runs("() => document.documentElement.scrollWidth")

    async def close(self):
        await self._chromium.away(self._context.close())


@asynccontextmanager
async def window(browser, size=DESKTOP, **options):
    """Yield an open window, which must have complained of nothing when it closes."""
    found = Window(browser, size, **options)
    await found.open()
    try:
        yield found
        assert found.complaints == []
    finally:
        await found.close()
