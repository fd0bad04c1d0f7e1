"""The HTTP server of the pages, with limits on connections and time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_request import BaseRequest
from aiohttp.web_response import Response, StreamResponse
from aiohttp.web_server import Server

log = structlog.get_logger(__name__)

MAX_CONNECTIONS = 64
HEAD_WITHIN = 10.0
"""Seconds for the head of a request; also the keep-alive timeout."""


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
