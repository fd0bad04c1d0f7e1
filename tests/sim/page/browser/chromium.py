"""Chromium for tests: on a thread of its own, as a browser is another process."""

from __future__ import annotations

import asyncio
import importlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from threading import Thread
from typing import Any, TypeVar

from steward.sim.page.picture import READY, chromium_flags, chromium_of
from tests.sim.page.browser.window import WIDE, Window, measures

T = TypeVar("T")

PATIENCE = 60_000  # milliseconds: for machines that are busy with other tests
EVIL = "evil.example"  # a name that Chromium resolves to this machine, as in DNS rebinding


class Chromium:
    """One browser for all tests; windows do not know of each other."""

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
        self,
        address: str,
        *,
        size: tuple[int, int] = WIDE,
        ready: str = READY,
        can_disconnect: bool = False,
        **options: Any,
    ) -> AsyncIterator[Window]:
        """
        Yield a window that shows an address; when it closes, it must have complained of nothing.

        Args:
            address: of the page.
            size: in pixels.
            ready: a selector of what is there once the page shows something.
            can_disconnect: whether the test cuts the connection to the simulator, by `Window.disconnect`.
            options: of Playwright's contexts, such as `color_scheme="dark"`.

        """
        context = await self.context(viewport=measures(size), locale="en-US", timezone_id="UTC", **options)
        try:
            window = Window(self, context, address, can_disconnect=can_disconnect)
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
