"""Serves the pages; if the port is taken, the bot runs without them and retries."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import structlog
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import Response, StreamResponse
from aiohttp.web_server import Server

from steward.runtime.backoff import full_jitter

log = structlog.get_logger(__name__)

MAX_CONNECTIONS = 64
HEAD_WITHIN = 10.0
"""Seconds for the head of a request; also the keep-alive timeout."""
PORT_REMEDY = "Set STEWARD_HEALTH_PORT to a free port, or to 0 to turn these pages off."
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 60.0
CLOSE_WITHIN = 1.0


class BoundedServer(Server):
    """
    aiohttp's low-level server with limits; its router and runner would take 1.4 MiB.

    Beyond `MAX_CONNECTIONS`, the oldest connection is closed: most likely one that never sends a request.
    """

    def __init__(self, handler: Callable[[BaseRequest], Awaitable[StreamResponse]]) -> None:
        super().__init__(handler, access_log=None, keepalive_timeout=HEAD_WITHIN, lingering_time=1.0)

    def __call__(self) -> RequestHandler:
        """Return the protocol of a new connection, for asyncio."""
        return _Connection(self, loop=asyncio.get_running_loop(), **self._kwargs)


class _Connection(RequestHandler):
    __slots__ = ()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        manager = self._manager
        if manager is not None and len(manager.connections) >= MAX_CONNECTIONS:
            manager.connections[0].force_close()
        super().connection_made(transport)

    def handle_error(
        self, request: BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> StreamResponse:
        """Respond to a request that failed; a malformed one is no error of the bot."""
        if status >= 500:  # noqa: PLR2004 - server errors
            return super().handle_error(request, status, exc, message)
        log.debug("request_malformed", status=status, reason=type(exc).__name__)
        refusal = Response(status=status, text="Malformed request.\n")
        refusal.force_close()
        return refusal


class PageServer:
    """
    Binds the port, and retries while it is taken.

    Attributes:
        port: of the pages; None while they are not served.
        problem: why they are not served, with the remedy; None while they are.

    """

    def __init__(self, pages: BoundedServer, *, host: str, port: int) -> None:
        self._pages = pages
        self._host = host
        self._wanted = port
        self._listening: asyncio.Server | None = None
        self.port: int | None = None
        self.problem: str | None = None

    @property
    def address(self) -> str | None:
        """The base URL; None while the pages are not served."""
        return None if self.port is None else f"http://{authority(self._host, self.port)}"

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """Serve the pages while entered; a taken port sets `problem` instead of raising."""
        await self.bind()
        try:
            yield
        finally:
            if self._listening is not None:
                self._listening.close()
            await self._pages.shutdown(timeout=CLOSE_WITHIN)

    async def keep_trying(self) -> None:
        """Retry until the pages are served; a background task."""
        failures = 0
        while self._listening is None:
            failures += 1
            await asyncio.sleep(FIRST_PAUSE + full_jitter(failures, base_delay=FIRST_PAUSE, max_delay=LONGEST_PAUSE))
            await self.bind()

    async def bind(self) -> None:
        """Try once; the first failure and the success after it are logged."""
        try:
            self._listening = await asyncio.get_running_loop().create_server(self._pages, self._host, self._wanted)
        except OSError as error:
            if self.problem is None:
                why = reason(error)
                self.problem = (
                    f"The health pages can't be served on port {self._wanted} ({why}). The bot runs without them and"
                    f" keeps trying. {PORT_REMEDY}"
                )
                address = authority(self._host, self._wanted)
                log.warning("health_pages_unavailable", address=address, reason=why, remedy=PORT_REMEDY)
            return
        self.port = int(self._listening.sockets[0].getsockname()[1])
        if self.problem is not None:
            self.problem = None
            log.info("health_pages_served", address=self.address)


def authority(host: str, port: int) -> str:
    """Return host and port as in a URL."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def host_of(header: str) -> str:
    """Return the name or address in a `Host` header, without the port."""
    name, _, port = header.rpartition(":")
    return name if port.isdigit() else header


def reason(error: OSError) -> str:
    """Return the system's message, without the address that asyncio repeats."""
    return os.strerror(error.errno).lower() if error.errno is not None and error.errno > 0 else str(error)
