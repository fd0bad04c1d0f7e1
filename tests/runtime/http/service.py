"""A web service that misbehaves on request, on a port of this process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Service:
    """What arrived, and what is to be answered: the script's next handler, the last one for ever."""

    url: str = ""
    script: list[Handler] = field(default_factory=list)
    requests: list[web.Request] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    running: int = 0
    most: int = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.requests.append(request)
        self.at.append(asyncio.get_running_loop().time())
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            handler = self.script.pop(0) if len(self.script) > 1 else self.script[0]
            return await handler(request)
        finally:
            self.running -= 1


def says(body: str | bytes = "{}", status: int = 200, after: float = 0.0, **headers: str) -> Handler:
    async def handler(request: web.Request) -> web.StreamResponse:
        await asyncio.sleep(after)
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=data, status=status, headers=named)

    return handler


async def drops(request: web.Request) -> web.StreamResponse:
    """Close the connection without a word."""
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def breaks_off(request: web.Request) -> web.StreamResponse:
    """Promise more than it sends."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"a beginning")
    assert request.transport is not None
    request.transport.close()
    return response


async def falls_silent(request: web.Request) -> web.StreamResponse:
    """Send a beginning, keep the connection, and never go on."""
    response = web.StreamResponse(headers={"Content-Length": "1000"})
    await response.prepare(request)
    await response.write(b"a beginning")
    await asyncio.sleep(36_000)
    return response


async def never_ends(request: web.Request) -> web.StreamResponse:
    """Send and send, without saying how much."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"x" * 65536)
        await asyncio.sleep(0)


@asynccontextmanager
async def serving(*script: Handler) -> AsyncIterator[Service]:
    service = Service(script=list(script))
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", service.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.01, handler_cancellation=True)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    service.url = f"http://127.0.0.1:{runner.addresses[0][1]}/table"
    try:
        yield service
    finally:
        await runner.cleanup()
