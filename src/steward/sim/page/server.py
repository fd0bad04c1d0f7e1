"""Serves the page, on a thread and an ordinary event loop of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import suppress
from functools import partial
from importlib.resources import files
from threading import Thread
from typing import TYPE_CHECKING, Any, Self, TypeVar

import orjson
from aiohttp import WSMsgType, web

from steward.sim.listener import HOST
from steward.sim.page.desk import Desk
from steward.sim.page.encoding import encoded
from steward.sim.uploads import headers_for

if TYPE_CHECKING:
    from steward.sim.page.viewer import Viewer
    from steward.sim.people.user import Json
    from steward.sim.server import Simulator

T = TypeVar("T")

FLUSH_EVERY = 0.1  # seconds of the wall clock
MAX_UNSENT = 1 << 20  # bytes; a tab that is further behind is closed, and comes back for a new view
MAX_TEXT = 32 << 20  # bytes of one text from a tab: a file of 10 MiB in base64, and some
ENDED_WITHIN = 5.0
MISDIRECTED = 421
_TYPES = {".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_SECURITY = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class SimulatorPage:
    """
    The page of a running simulator.

    Use as `with SimulatorPage(sim) as page` inside the simulator's loop; `page.address` is what to open.

    Args:
        sim: the simulator; its clock can be controlled if its loop is accelerated.
        port: 0 for a free one.

    Raises:
        OSError: the port can't be used.

    """

    def __init__(self, sim: Simulator, *, port: int = 0) -> None:
        self._sim = sim
        self._sim_loop = asyncio.get_running_loop()
        self._desk = Desk(sim)
        self._port = port
        self._files = _static_files()
        self._started: Future[int] = Future()
        self._stop: Callable[[], object] = lambda: None
        self._thread = Thread(target=self._run, name="the simulator's page", daemon=True)
        self._tabs: dict[web.WebSocketResponse, Viewer] = {}

    @property
    def address(self) -> str:
        """The page's URL."""
        return f"http://{HOST}:{self._port}/"

    def __enter__(self) -> Self:
        self._thread.start()
        self._port = self._started.result()
        return self

    def __exit__(self, *_: object) -> None:
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
            listening = await loop.create_server(server, HOST, self._port)
        except OSError as error:
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
            try:
                future.set_result(work())
            except Exception as error:  # noqa: BLE001 - belongs to the caller
                future.set_exception(error)

        self._sim_loop.call_soon_threadsafe(run)
        return await asyncio.wrap_future(future)

    # HTTP

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Host", "") not in self._hosts:
            return web.Response(status=MISDIRECTED, text=f"Open {self.address} instead.\n", headers=_SECURITY)
        if request.path == "/ws":
            return await self._talk(request)
        if request.method not in ("GET", "HEAD"):
            return web.Response(status=405, headers=_SECURITY)
        if (upload := self._sim.world.uploads.at(request.path)) is not None:
            headers = {**_SECURITY, **headers_for(upload)}
            headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
            return web.Response(body=upload.content, headers=headers)
        found = self._files.get("/index.html" if request.path == "/" else request.path)
        if found is None:
            return web.Response(status=404, text="There is no such file.\n", headers=_SECURITY)
        return web.Response(body=found[1], headers={**_SECURITY, "Content-Type": f"{found[0]}; charset=utf-8"})

    @property
    def _hosts(self) -> tuple[str, ...]:
        """The only `Host` headers answered, so that no foreign page can read this one by DNS rebinding."""
        return tuple(f"{name}:{self._port}" for name in (HOST, "localhost"))

    # Tabs

    async def _talk(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Origin") not in [f"http://{host}" for host in self._hosts]:
            return web.Response(status=403, text="Only this page may connect.\n", headers=_SECURITY)
        tab = web.WebSocketResponse(compress=False, max_msg_size=MAX_TEXT, heartbeat=30.0)
        await tab.prepare(request)
        viewer = self._tabs[tab] = await self._in_sim(self._desk.open)
        acting: set[asyncio.Task[None]] = set()
        try:
            async for text in tab:
                if text.type is not WSMsgType.TEXT:
                    continue
                asked = _parsed(text.data)
                if asked.get("op") == "look":
                    await _send(tab, encoded(await self._in_sim(partial(self._desk.look, viewer, asked))))
                else:
                    task = asyncio.create_task(self._act(tab, viewer, asked))
                    acting.add(task)
                    task.add_done_callback(acting.discard)
        finally:
            for task in acting:
                task.cancel()
            del self._tabs[tab]
            self._sim_loop.call_soon_threadsafe(self._desk.close, viewer)
        return tab

    async def _act(self, tab: web.WebSocketResponse, viewer: Viewer, asked: Json) -> None:
        done = asyncio.run_coroutine_threadsafe(self._desk.act(viewer, asked), self._sim_loop)
        await _send(tab, encoded(await asyncio.wrap_future(done)))

    async def _flush_often(self) -> None:
        while True:
            await asyncio.sleep(FLUSH_EVERY)
            if not self._tabs:
                continue
            due = await self._in_sim(self._desk.changes)
            for tab, viewer in list(self._tabs.items()):
                if (change := due.get(viewer)) is not None:
                    await _send(tab, change)


async def _send(tab: web.WebSocketResponse, text: bytes) -> None:
    """Send a text, or close a tab that does not read."""
    writer = tab._writer  # noqa: SLF001 - aiohttp has no public way to ask what is unsent
    transport = writer.transport if writer is not None else None
    if tab.closed or transport is None:
        return
    if transport.get_write_buffer_size() > MAX_UNSENT:
        transport.abort()
        return
    with suppress(ConnectionError):
        await tab.send_str(text.decode())


def _parsed(text: str) -> Json:
    try:
        asked: Any = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return asked if isinstance(asked, dict) else {}


def _static_files() -> Mapping[str, tuple[str, bytes]]:
    """Return the files of the page by path, with their media types."""
    found: dict[str, tuple[str, bytes]] = {}
    folders = [("", files("steward.sim.page") / "static")]
    while folders:
        path, folder = folders.pop()
        for entry in folder.iterdir():
            name = f"{path}/{entry.name}"
            if entry.is_dir():
                folders.append((name, entry))
            elif (kind := _TYPES.get(name[name.rfind(".") :])) is not None:
                found[name] = kind, entry.read_bytes()
    return found
