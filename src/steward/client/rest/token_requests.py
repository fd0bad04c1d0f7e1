"""
Requests that carry an interaction's token in their address: callbacks, and messages through the token.

They are what a busy bot sends most. Each goes straight to a connection of the session's own pool: aiohttp's request and
response objects, its traces and discord.py's adapter around them take three times the CPU of all the rest of it. What
Discord can't take at the moment (429, 5xx) is left to that adapter, which waits as Discord asks.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import aiohttp
import discord
import orjson
import yarl
from aiohttp.http import RawResponseMessage
from aiohttp.http_exceptions import HttpProcessingError
from discord.http import HTTPClient, Route
from discord.webhook.async_ import async_context

from steward.client.discord_clock import DiscordClock
from steward.client.payloads import Payload
from steward.client.rest.gate import Gate
from steward.client.rest.request_times import RequestTimes

CONNECT_WITHIN = 10.0  # seconds
AGAIN_AFTER = 1.0  # seconds after an outage; what discord.py itself waits
_INFORMATIONAL = range(100, 200)


@dataclass(frozen=True, slots=True)
class _Status:
    """All that `discord.HTTPException` reads of a response."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class _Host:
    """Where Discord is, in the forms that are needed."""

    base: str
    prefix: str
    pooled: aiohttp.ClientRequest
    """Says which connections of the pool lead there."""
    head: str


class TokenRequests:
    """
    Sends them.

    Args:
        http: discord.py's client, logged in when the first is sent: its connections are used.

    """

    def __init__(
        self, http: HTTPClient, gate: Gate, times: RequestTimes | None = None, clock: DiscordClock | None = None
    ) -> None:
        self._http = http
        self._gate = gate
        self._times = times
        self._clock = clock
        self._timeout = aiohttp.ClientTimeout(connect=CONNECT_WITHIN)
        self._known_host: _Host | None = None

    async def request(
        self,
        route: Route,
        session: aiohttp.ClientSession,
        *,
        payload: Payload | None = None,
        multipart: list[dict[str, Any]] | None = None,
    ) -> None:
        """
        Send a request as `discord.webhook.async_.AsyncWebhookAdapter` does, again where Discord has no time for it.

        Args:
            session: for what is left to discord.py's adapter.
            multipart: what is sent, if files come along.

        Raises:
            discord.HTTPException: Discord's refusal.
            aiohttp.ClientError, OSError: there is no connection, or no answer.

        """
        if multipart is not None:
            await async_context.get().request(route, session, multipart=multipart)
            return
        answer, content = await self._ask(route, b"" if payload is None else orjson.dumps(payload))
        if HTTPStatus.OK <= answer.status < HTTPStatus.MULTIPLE_CHOICES:
            return
        said = _read(content)
        limited = answer.status == HTTPStatus.TOO_MANY_REQUESTS and isinstance(said, dict) and "retry_after" in said
        if not limited and answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise discord.HTTPException(answer, said)  # type: ignore[arg-type]
        await asyncio.sleep(float(said["retry_after"]) if limited else AGAIN_AFTER)
        await async_context.get().request(route, session, payload=payload)

    async def _ask(self, route: Route, body: bytes) -> tuple[_Status, bytes]:
        host = self._host()
        path = route.url.removeprefix(host.base)
        kind = "Content-Type: application/json\r\n" if body else ""
        head = f"{route.method} {host.prefix}{path} HTTP/1.1\r\n{host.head}{kind}Content-Length: {len(body)}\r\n\r\n"
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            message, content = await self._exchange(host.pooled, head.encode("ascii") + body)
        except Exception:
            if self._times is not None:
                self._times.took(loop.time() - began, None)
            raise
        took = loop.time() - began
        self._gate.answered(message.code)
        if self._times is not None:
            self._times.took(took, message.code)
        if self._clock is not None:
            self._clock.heard(message.headers.get("Date"), took)
        return _Status(message.code, message.reason), content

    async def _exchange(self, pooled: aiohttp.ClientRequest, request: bytes) -> tuple[RawResponseMessage, bytes]:
        connection = await self._http.connector.connect(pooled, [], self._timeout)
        try:
            protocol, transport = connection.protocol, connection.transport
            if protocol is None or transport is None:
                raise aiohttp.ClientConnectionError("the connection was lost")
            protocol.set_response_params(read_until_eof=True)
            transport.write(request)
            message, payload = await protocol.read()
            while message.code in _INFORMATIONAL:
                message, payload = await protocol.read()
            content = await payload.read()
        except BaseException as error:
            connection.close()
            if isinstance(error, HttpProcessingError):
                raise aiohttp.ClientPayloadError("the answer is no HTTP") from error
            raise
        connection.release()
        return message, content

    def _host(self) -> _Host:
        known = self._known_host
        if known is None or known.base != Route.BASE:
            url = yarl.URL(Route.BASE)
            pooled = aiohttp.ClientRequest("POST", url, loop=asyncio.get_running_loop())
            head = f"Host: {pooled.headers['Host']}\r\nUser-Agent: {self._http.user_agent}\r\nAccept: */*\r\n"
            known = self._known_host = _Host(Route.BASE, url.raw_path.rstrip("/"), pooled, head)
        return known


def _read(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        return content.decode(errors="replace")
