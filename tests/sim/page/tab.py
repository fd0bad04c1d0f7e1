"""A tab for tests: a WebSocket client on a thread of its own, as a browser is another process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from itertools import count
from threading import Thread
from typing import Any, TypeVar

import aiohttp

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.page.server import SimulatorPage

T = TypeVar("T")
Json = dict[str, Any]


class Browser:
    """Opens the page as a browser does; each method can be awaited on the simulator's loop."""

    def __init__(self, page: SimulatorPage) -> None:
        self.page = page
        self.loop = asyncio.new_event_loop()
        self.tabs: list[Tab] = []
        self._thread = Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    async def close(self) -> None:
        """Close all tabs and end the thread."""
        for tab in self.tabs:
            await tab.close()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    async def away(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine on the browser's thread."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self.loop))

    async def get(self, path: str = "", *, method: str = "GET", **headers: str) -> tuple[int, str, Any]:
        """Return status, body and headers of a request."""

        async def get() -> tuple[int, str, Any]:
            async with aiohttp.ClientSession() as session:
                address = self.page.address + path
                async with session.request(method, address, headers=headers, skip_auto_headers=["Host"]) as response:
                    return response.status, await response.text(errors="replace"), response.headers

        return await self.away(get())

    async def tab(self, **look: Any) -> Tab:
        """Open a tab that looks at a place."""
        tab = Tab(self)
        await self.away(tab.connect())
        await tab.look(**look)
        return tab


class Tab:
    """One tab: its newest view with all changes applied to `seen`, and `act` to do something."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self._numbers = count(1)
        self.seen: Json = {}
        self.texts: list[Json] = []

    async def connect(self) -> None:
        self._session = aiohttp.ClientSession()
        origin = self.browser.page.address.rstrip("/")
        self._socket = await self._session.ws_connect(f"{origin}/ws", headers={"Origin": origin})
        self.browser.tabs.append(self)

    async def look(self, **place: Any) -> Json:
        """Go to a place; objects stand for their ids."""
        asked = {name: getattr(value, "id", value) for name, value in place.items()}
        ids = {name: value if isinstance(value, bool) else str(value) for name, value in asked.items()}
        await self.send({"op": "look", **ids})
        return await self.until(lambda text: text["op"] == "view")

    async def act(self, action: str, **asked: Any) -> Json:
        """Do something as the tab's member, and return the result; an error is raised."""
        return await self.ask("act", do=action, **asked)

    async def ask(self, op: str, **asked: Any) -> Json:
        """Ask for something else."""
        number = next(self._numbers)
        await self.send({"op": op, "n": number, **asked})
        done = await self.until(lambda text: text["op"] == "done" and text["n"] == number)
        if done["error"] is not None:
            raise ValueError(done["error"])
        result: Json = done["result"]
        return result

    async def failure(self, op: str, **asked: Any) -> str:
        """Return the sentence of what cannot be done."""
        try:
            await self.ask(op, **asked)
        except ValueError as error:
            return str(error)
        raise AssertionError("It was done.")

    async def until(self, fits: Any) -> Json:
        """Return the next text that fits; others are applied."""
        while True:
            text: Json = await self.browser.away(self._socket.receive_json())
            self._apply(text)
            if fits(text):
                return text

    async def sees(self, fits: Any) -> None:
        """Wait until the view fits."""
        while not fits(self.seen):
            await self.until(lambda _: True)

    async def close(self) -> None:
        """Leave the page."""
        await self.browser.away(self._socket.close())
        await self.browser.away(self._session.close())

    async def send(self, text: Json) -> None:
        """Send a text, whatever comes of it."""
        await self.browser.away(self._socket.send_json(text))

    def _apply(self, text: Json) -> None:
        self.texts.append(text)
        if text["op"] == "view":
            self.seen = text
        elif text["op"] == "change":
            new = {message["id"]: message for message in text.pop("messages", ())}
            gone = text.pop("gone_messages", ())
            kept = {message["id"]: message for message in self.seen["messages"]} | new
            self.seen |= text | {"messages": [kept[one] for one in sorted(kept, key=int) if one not in gone]}


@asynccontextmanager
async def paged(clock: Clock) -> AsyncIterator[tuple[Simulator, Browser]]:
    """Yield a simulator at the wall clock's speed, and a browser for its page."""
    loop: Any = asyncio.get_running_loop()
    loop.speed = 1
    async with Simulator(clock=clock) as sim:
        with SimulatorPage(sim) as page:
            browser = Browser(page)
            try:
                yield sim, browser
            finally:
                await browser.close()
    loop.speed = None
