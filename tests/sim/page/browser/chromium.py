"""Chromium for tests: on a thread of its own, as a browser is another process."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any, ClassVar, TypeVar

from steward.sim.page.picture import READY, chromium_flags, chromium_of

T = TypeVar("T")

WIDE, PHONE = (1280, 800), (390, 844)
PATIENCE = 60_000  # milliseconds: for machines that are busy with other tests
EVIL = "evil.example"  # a name that Chromium resolves to this machine, as in DNS rebinding


class Chromium:
    """
    One browser for all tests; windows do not know of each other.

    Attributes:
        running: the one of this run, once a test has asked for the fixture `chromium`.

    """

    running: ClassVar[Chromium]

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="Chromium", daemon=True)
        self._thread.start()
        self._tools: Any = None
        self._chromium: Any = None

    def start(self) -> bool:
        """Start it; return False if none is installed."""
        return asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()

    def close(self) -> None:
        """Close it, and end the thread."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def away(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the browser's thread, and return its result on the caller's loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def context(self, **options: Any) -> Any:
        """Return a new context of Playwright, with its own cookies and storage."""
        found = await self.away(self._chromium.new_context(**options))
        found.set_default_timeout(PATIENCE)
        return found

    @asynccontextmanager
    async def window(
        self, address: str, *, size: tuple[int, int] = WIDE, theme: str = "light", ready: str = READY
    ) -> AsyncIterator[Window]:
        """Yield a window that shows an address; when it closes, it must have complained of nothing."""
        context = await self.context(
            viewport=measures(size), color_scheme=theme, reduced_motion="reduce", locale="en-GB", timezone_id="UTC"
        )
        try:
            window = Window(self, context, address)
            await window.open_tab(ready=ready)
            yield window
            assert window.complaints == []
        finally:
            await self.away(context.close())

    async def _start(self) -> bool:
        self._tools = await importlib.import_module("playwright.async_api").async_playwright().start()
        executable = chromium_of(self._tools)
        if executable is not None:
            flags = [*chromium_flags(), f"--host-resolver-rules=MAP {EVIL} 127.0.0.1"]
            self._chromium = await self._tools.chromium.launch(executable_path=executable, args=flags)
        return executable is not None

    async def _close(self) -> None:
        if self._chromium is not None:
            await self._chromium.close()
        await self._tools.stop()


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

    def __init__(self, chromium: Chromium, context: Any, address: str) -> None:
        self.complaints: list[str] = []
        self.address = address
        self.page: Any = None
        self._chromium = chromium
        self._context = context

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

    async def sees(self, text: str) -> None:
        """Wait until a text is shown."""
        await self(lambda page: page.get_by_text(text).first.wait_for())

    async def sees_no(self, text: str) -> None:
        """Wait until a text is shown no longer."""
        await self(lambda page: page.get_by_text(text).first.wait_for(state="hidden"))

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
