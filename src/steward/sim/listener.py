"""The HTTP server: routes requests to REST, the gateway or uploaded files."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from email.utils import format_datetime
from ipaddress import ip_address

from aiohttp import web

from steward.sim.gateway.compression import UnsupportedFraming, framing_for
from steward.sim.gateway.hub import Hub, gateway_url_for
from steward.sim.gateway.opcodes import Close
from steward.sim.uploads import headers_for
from steward.sim.world import World

HOST = "127.0.0.1"
_LONGEST_REASON = 120
_IPV4 = 4
_BACKLOG = 1024  # connections that wait to be taken: many shards may come at once


class Listener:
    """Listens on one IP address; port 0 is a free one, which is reused when the server is reopened."""

    def __init__(
        self,
        host: str,
        port: int,
        world: World,
        hub: Hub,
        api: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
    ) -> None:
        self._address = ip_address(host)
        self.port = port
        self._world = world
        self._hub = hub
        self._api = api
        self._server: web.Server | None = None
        self._listener: asyncio.Server | None = None

    @property
    def authority(self) -> str:
        """The address and port to connect to from this machine, as in a URL."""
        address, ipv4 = self._address, self._address.version == _IPV4
        if address.is_unspecified:  # it listens on all addresses, but nobody can connect to this one
            address = ip_address(HOST if ipv4 else "::1")
        return f"{address}:{self.port}" if ipv4 else f"[{address}]:{self.port}"

    async def open(self) -> None:
        """Open the port; does nothing if it is open."""
        if self._listener is not None:
            return
        loop = asyncio.get_running_loop()
        self._server = web.Server(self._answer, access_log=None)
        self._listener = await loop.create_server(
            self._server, str(self._address), self.port, reuse_address=True, backlog=_BACKLOG
        )
        self.port = self._listener.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Close the port and all connections."""
        if self._listener is None or self._server is None:
            return
        listener, server = self._listener, self._server
        self._listener = self._server = None
        listener.close()
        for connection in server.connections:
            if connection.transport is not None:
                connection.transport.abort()
        await server.shutdown(0.1)
        await listener.wait_closed()

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        response = await self._response(request)
        if not response.prepared:
            response.headers["Date"] = format_datetime(self._world.clock.now(), usegmt=True)
        return response

    async def _response(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            return await self._converse(request)
        if request.path.startswith("/api"):
            return await self._api(request)
        if (file := self._world.uploads.at(request.path)) is not None:
            return web.Response(body=file.content, headers=headers_for(file))
        return web.Response(status=404, text="The simulator serves /api/v10, the gateway and uploaded files.")

    async def _converse(self, request: web.BaseRequest) -> web.StreamResponse:
        socket = web.WebSocketResponse(timeout=5.0, compress=False, max_msg_size=1 << 20)
        try:
            await socket.prepare(request)
        except ConnectionError:  # the client has gone away: nobody gets this
            return web.Response()
        query = request.query
        try:
            framing = framing_for(query.get("encoding", "json"), query.get("compress"))
        except UnsupportedFraming as error:
            await socket.close(code=Close.DECODE_ERROR, message=str(error).encode()[:_LONGEST_REASON])
            return socket
        if query.get("v", "10") not in ("9", "10"):
            await socket.close(code=Close.INVALID_API_VERSION, message=b"Invalid API version.")
            return socket
        await self._hub.connect(socket, request.transport, framing, gateway_url_for(request))
        return socket
