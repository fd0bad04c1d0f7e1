"""Serves the page, on a thread and an ordinary event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from http import HTTPStatus
from threading import Thread
from typing import TYPE_CHECKING, Any, Self, TypeVar

from aiohttp import WSMsgType, web

from steward.runtime.page_headers import page_headers
from steward.runtime.static_files import StaticFiles
from steward.sim.listener import HOST
from steward.sim.page.desk import Desk
from steward.sim.page.encoding import decoded
from steward.sim.page.tab.viewpoint import Viewpoint
from steward.sim.uploads import headers_for

if TYPE_CHECKING:
    from steward.sim.page.tab.viewer import Viewer
    from steward.sim.people.user import Json
    from steward.sim.server import Simulator

T = TypeVar("T")

FLUSH_EVERY = 0.1  # seconds of the wall clock
MAX_UNSENT = 1 << 20  # bytes; a tab that is further behind is closed, and comes back for a new view
MAX_TEXT = 32 << 20  # bytes of one text from a tab: a file of 10 MiB in base64, and some
ENDED_WITHIN = 5.0
LOADED_AGAIN_WITHIN = 3.0  # seconds in which a tab that is loaded again is back
_SECURITY = page_headers("'self' data: blob:")
PAGE_FILES = StaticFiles("steward.sim.page", _SECURITY)


class SimulatorPage:
    """
    The page of a running simulator.

    Use as `with SimulatorPage(sim) as page` inside the simulator's loop; `page.address` is what to open.

    Args:
        sim: the simulator; its clock can be controlled if its loop is accelerated.
        port: of the page; a free one if it is 0 or taken.
        first: what a new tab shows; by default the first channel, as the first person who has acted.
        visited: called on the simulator's loop with True when the first tab has opened, and with False when the last
            has been closed for three seconds.

    """

    def __init__(
        self,
        sim: Simulator,
        *,
        port: int = 0,
        first: Viewpoint | None = None,
        visited: Callable[[bool], object] = lambda _: None,
    ) -> None:
        self._sim = sim
        self._sim_loop = asyncio.get_running_loop()
        self._desk = Desk(sim, first or Viewpoint())
        self._visited = visited
        self._told_visited = False
        self._port = port
        self._started: Future[int] = Future()
        self._stop: Callable[[], object] = lambda: None
        self._thread = Thread(target=self._run, name="the simulator's page", daemon=True)
        self._tabs: dict[Viewer, _Outbox] = {}

    @property
    def address(self) -> str:
        """The page's URL."""
        return f"http://{HOST}:{self._port}/"

    @property
    def used(self) -> bool:
        """Whether somebody has acted in a tab, or injected a fault."""
        return self._desk.used

    def __enter__(self) -> Self:
        self._thread.start()
        self._port = self._started.result()
        return self

    def __exit__(self, *_: object) -> None:
        self._desk.end()
        self._stop()
        self._thread.join(ENDED_WITHIN)  # what it has asked of this loop is cancelled, so it ends without an answer

    # The thread

    def _run(self) -> None:
        with suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        loop, ended = asyncio.get_running_loop(), asyncio.Event()
        server = web.Server(self._answer, access_log=None)
        try:
            listening = await _listen(server, self._port)
        except BaseException as error:  # noqa: BLE001 - belongs to who starts it
            self._started.set_exception(error)
            return
        self._stop = lambda: loop.call_soon_threadsafe(ended.set)
        self._started.set_result(listening.sockets[0].getsockname()[1])
        flushing = asyncio.create_task(self._flush_often())
        await ended.wait()
        flushing.cancel()
        listening.close()
        await server.shutdown(0.1)

    async def _in_sim(self, work: Callable[[], T]) -> T:
        """Call a function on the simulator's loop, and return its result here."""
        future: Future[T] = Future()

        def run() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                future.set_result(work())
            except Exception as error:  # noqa: BLE001 - belongs to the caller
                future.set_exception(error)

        self._sim_loop.call_soon_threadsafe(run)
        return await asyncio.wrap_future(future)

    # HTTP

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Host", "") not in self._hosts:
            return web.Response(
                status=HTTPStatus.MISDIRECTED_REQUEST, text=f"Open {self.address} instead.\n", headers=_SECURITY
            )
        if request.path == "/ws":
            return await self._talk(request)
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers=_SECURITY)
        if (upload := self._sim.world.uploads.at(request.path)) is not None:
            headers = {**_SECURITY, **headers_for(upload)}
            headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
            return web.Response(body=upload.content, headers=headers)
        found = PAGE_FILES.answer(request.path, request.headers)
        if found is None:
            return web.Response(status=404, text="There is no such file.\n", headers=_SECURITY)
        status, body, headers = found
        return web.Response(status=status, body=body, headers=headers)

    @property
    def _hosts(self) -> tuple[str, ...]:
        """The only `Host` headers answered, so that no foreign page can read this one by DNS rebinding."""
        return tuple(f"{name}:{self._port}" for name in (HOST, "localhost"))

    # Tabs

    async def _talk(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Origin") not in [f"http://{host}" for host in self._hosts]:
            return web.Response(status=403, text="Only this page may connect.\n", headers=_SECURITY)
        tab = web.WebSocketResponse(compress=False, max_msg_size=MAX_TEXT, heartbeat=30.0)
        try:
            await tab.prepare(request)
        except ConnectionError:  # the tab was closed meanwhile: nobody gets this
            return web.Response()
        viewer = await self._in_sim(self._desk.open)
        outbox = self._tabs[viewer] = _Outbox(tab)
        self._tell_visited()
        acting = {asyncio.create_task(outbox.send_all())}
        try:
            async for text in tab:
                if text.type is not WSMsgType.TEXT:
                    continue
                asked = _parsed(text.data)
                if asked.get("op") == "look":
                    outbox.put(await self._in_sim(partial(self._desk.look, viewer, asked)))
                else:
                    task = asyncio.create_task(self._answer_tab(outbox, viewer, viewer.place, asked))
                    acting.add(task)
                    task.add_done_callback(acting.discard)
        finally:
            for task in acting:
                task.cancel()
            del self._tabs[viewer]
            self._sim_loop.call_soon_threadsafe(self._desk.close, viewer)
            asyncio.get_running_loop().call_later(LOADED_AGAIN_WITHIN, self._tell_visited)
        return tab

    def _tell_visited(self) -> None:
        """Tell whether a tab is open, if that is no longer what was told."""
        if bool(self._tabs) is not self._told_visited:
            self._told_visited = not self._told_visited
            self._sim_loop.call_soon_threadsafe(self._visited, self._told_visited)

    async def _answer_tab(self, outbox: _Outbox, viewer: Viewer, place: Viewpoint, asked: Json) -> None:
        done = asyncio.run_coroutine_threadsafe(self._desk.answer(viewer, place, asked), self._sim_loop)
        outbox.put(await asyncio.wrap_future(done))

    async def _flush_often(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_EVERY)
            if self._tabs:
                for viewer, change in (await self._in_sim(self._desk.changes)).items():
                    if viewer in self._tabs:
                        self._tabs[viewer].put(change)


async def _listen(server: web.Server, port: int) -> asyncio.Server:
    listen = partial(asyncio.get_running_loop().create_server, server, HOST)
    try:
        return await listen(port)
    except OSError:  # taken
        return await listen(0)


class _Outbox:
    """The texts for one tab, in order; one that reads too slowly is closed, and holds up no other."""

    def __init__(self, tab: web.WebSocketResponse) -> None:
        self._tab = tab
        self._texts: asyncio.Queue[bytes] = asyncio.Queue()
        self._unsent = 0
        self._closing: asyncio.Task[bool] | None = None

    def put(self, text: bytes) -> None:
        """Add a text; above the limit, close the tab."""
        self._unsent += len(text)
        self._texts.put_nowait(text)
        if self._unsent > MAX_UNSENT + len(text) and self._closing is None:
            self._closing = asyncio.create_task(self._tab.close())

    async def send_all(self) -> None:
        """Send the texts as they come, until the tab is closed."""
        with suppress(ConnectionError):
            while not self._tab.closed:
                text = await self._texts.get()
                await self._tab.send_str(text.decode())
                self._unsent -= len(text)


def _parsed(text: str) -> Json:
    try:
        asked: Any = decoded(text)
    except (ValueError, RecursionError):
        return {}
    return asked if isinstance(asked, dict) else {}
