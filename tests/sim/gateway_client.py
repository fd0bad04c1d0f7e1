"""A plain websocket client for the tests of the gateway."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import zstandard

from steward.sim import Simulator

GUILDS, MEMBERS, MODERATION, PRESENCES, MESSAGES = 1 << 0, 1 << 1, 1 << 2, 1 << 8, 1 << 9
MESSAGE_CONTENT = 1 << 15


class GatewayClient:
    """One websocket; `seq` is the last event's number."""

    def __init__(self, sim: Simulator, socket: aiohttp.ClientWebSocketResponse, compress: str | None) -> None:
        self.sim = sim
        self.socket = socket
        self.seq: int | None = None
        self.ready: dict[str, Any] = {}
        self._zlib = zlib.decompressobj()
        self._zstd = zstandard.ZstdDecompressor().decompressobj()
        self._compress = compress

    async def next(self) -> dict[str, Any]:
        """Return the next payload; a close raises `Closed`."""
        message = await self.socket.receive()
        if message.type in (aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.CLOSING):
            raise Closed(self.socket.close_code, message.extra or "")
        payload: dict[str, Any] = json.loads(self._plain(message.data))
        if payload["s"] is not None:
            self.seq = payload["s"]
        return payload

    async def event(self, name: str) -> Any:
        """Return the data of the next event of that name, skipping others."""
        while True:
            payload = await self.next()
            if payload["t"] == name:
                return payload["d"]

    async def events(self, seconds: float = 1.0) -> list[str]:
        """Return the names of the events that arrive within some seconds."""
        found = []
        try:
            async with asyncio.timeout(seconds):
                while True:
                    payload = await self.next()
                    if payload["op"] == 0:
                        found.append(payload["t"])
        except TimeoutError:
            return found

    async def closed(self) -> Closed:
        """Return how the connection ends."""
        try:
            while True:
                await self.next()
        except Closed as closed:
            return closed

    async def send(self, op: int, data: Any) -> None:
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def identify(self, intents: int = GUILDS, **changes: Any) -> None:
        data = {"token": self.sim.bot.token, "intents": intents, "properties": {"os": "test"}}
        await self.send(2, data | changes)

    async def log_in(self, intents: int = GUILDS, **changes: Any) -> None:
        """Go all the way to READY."""
        hello = await self.next()
        assert hello["op"] == 10
        await self.identify(intents, **changes)
        self.ready = await self.event("READY")

    async def resume(self, session_id: str, seq: int) -> None:
        hello = await self.next()
        assert hello["op"] == 10
        await self.send(6, {"token": self.sim.bot.token, "session_id": session_id, "seq": seq})

    def _plain(self, data: str | bytes) -> str | bytes:
        if isinstance(data, str):
            return data
        if self._compress == "zstd-stream":
            return self._zstd.decompress(data)
        if self._compress == "zlib-stream":
            assert data.endswith(b"\x00\x00\xff\xff")
            return self._zlib.decompress(data)
        return zlib.decompress(data)


class Closed(Exception):
    """The gateway closed the connection."""

    def __init__(self, code: int | None, reason: str) -> None:
        super().__init__(code, reason)
        self.code = code
        self.reason = reason


@asynccontextmanager
async def connected(sim: Simulator, query: str = "v=10&encoding=json") -> AsyncIterator[GatewayClient]:
    """Yield a client whose websocket is open."""
    compress = next((part[9:] for part in query.split("&") if part.startswith("compress=")), None)
    async with (
        aiohttp.ClientSession() as session,
        session.ws_connect(f"{sim.gateway_url}?{query}", max_msg_size=0) as socket,
    ):
        yield GatewayClient(sim, socket, compress)
