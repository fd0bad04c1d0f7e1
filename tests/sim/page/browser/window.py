"""A window of Chromium, for tests of the page."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, TypeVar

from steward.sim.page.picture import READY

if TYPE_CHECKING:
    from tests.sim.page.browser.chromium import Chromium

T = TypeVar("T")

WIDE, PHONE = (1280, 800), (390, 844)


def measures(size: tuple[int, int]) -> dict[str, int]:
    """Return a size as Playwright takes it."""
    return dict(zip(("width", "height"), size, strict=True))


class Window:
    """
    A window with one tab or more of the page at an address.

    Attributes:
        page: Playwright's page of the newest tab, for `self(...)`.
        complaints: errors on the console, refusals by the Content-Security-Policy among them, uncaught errors, dialogs,
            and requests to anything but the page's own server.

    """

    def __init__(self, chromium: Chromium, context: Any, address: str, *, can_disconnect: bool) -> None:
        self.complaints: list[str] = []
        self.address = address
        self.page: Any = None
        self._chromium = chromium
        self._context = context
        self._can_disconnect = can_disconnect
        self._socket: Any = None

    async def open_tab(self, *, ready: str = READY) -> None:
        """Open one more tab, and wait until it shows something."""
        await self._chromium.away(self._open(ready))

    async def __call__(self, work: Callable[[Any], Coroutine[Any, Any, T]]) -> T:
        """Have Playwright do something with the page: `await window(lambda page: page.reload())`."""
        return await self._chromium.away(work(self.page))

    async def press(self, *keys: str) -> None:
        """Press keys, by the names of the DOM."""
        for key in keys:
            await self(lambda page, key=key: page.keyboard.press(key))  # type: ignore[misc]

    async def type(self, text: str) -> None:
        """Type a text where the focus is."""
        await self(lambda page: page.keyboard.type(text))

    async def paste(self, text: str) -> None:
        """Fill the box of messages at once."""
        await self(lambda page: page.locator("#box").fill(text))

    async def click(self, role: str, name: str) -> None:
        """Click the first of a role with a name, as screen readers know it."""
        await self(lambda page: page.get_by_role(role, name=name).first.click())

    async def click_at(self, selector: str) -> None:
        """Click the first that a selector of Playwright finds."""
        await self(lambda page: page.locator(selector).first.click())

    async def attach(self, name: str, content: bytes) -> None:
        """Attach a text file to the message."""
        file = {"name": name, "mimeType": "text/plain", "buffer": content}
        await self(lambda page: page.get_by_label("Attach files").set_input_files(file))

    async def sees(self, text: str, *, exact: bool = False) -> None:
        """Wait until a text is shown."""
        await self(lambda page: page.get_by_text(text, exact=exact).first.wait_for())

    async def no_longer_sees(self, text: str) -> None:
        """Wait until a text is shown no longer."""
        await self(lambda page: page.get_by_text(text).first.wait_for(state="hidden"))

    async def shows(self, text: str) -> bool:
        """Return whether a text is there now."""
        return bool(await self(lambda page: page.get_by_text(text).count()))

    async def finds(self, selector: str) -> None:
        """Wait until a selector of Playwright finds something that is shown."""
        await self(lambda page: page.wait_for_selector(selector))

    async def runs(self, function: str, argument: object = None) -> Any:
        """Return what a function of JavaScript returns in the page."""
        return await self(lambda page: page.evaluate(function, argument))

    async def disconnect(self) -> None:
        """Cut the connection to the simulator; the page opens another one."""
        await self._chromium.away(self._socket.close())

    async def resize(self, size: tuple[int, int]) -> None:
        """Make the window as large as this."""
        await self(lambda page: page.set_viewport_size(measures(size)))

    async def focus(self) -> str:
        """Return the name, for screen readers, of what has the focus."""
        script = (
            "page => { const it = page.ownerDocument.activeElement;"
            " return it.getAttribute('aria-label') || it.labels?.[0]?.textContent.trim() || it.textContent.trim(); }"
        )
        return await self(lambda page: page.locator("html").evaluate(script))

    async def _open(self, ready: str) -> None:
        self.page = page = await self._context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"uncaught: {error}"))
        page.on("dialog", self._refuse)
        page.on("request", lambda request: self._note(request.url))
        page.on("websocket", lambda socket: self._note(socket.url))
        if self._can_disconnect:
            await page.route_web_socket("**/ws", self._connected)
        await page.goto(self.address)
        await page.locator(ready).wait_for(state="attached")

    def _hear(self, said: Any) -> None:
        if said.type == "error":
            self.complaints.append(said.text)

    async def _refuse(self, dialog: Any) -> None:
        self.complaints.append(f"dialog: {dialog.message}")
        await dialog.dismiss()

    def _note(self, url: str) -> None:
        own = (self.address, self.address.replace("http:", "ws:"), "data:", "blob:")
        if not url.startswith(own):
            self.complaints.append(f"request: {url}")

    def _connected(self, socket: Any) -> None:
        socket.connect_to_server()
        self._socket = socket
