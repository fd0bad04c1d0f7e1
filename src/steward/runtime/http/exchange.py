"""One request on the network, with every error translated; freshness of what is cached (RFC 9111, RFC 9110)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import aiohttp
from multidict import CIMultiDict
from yarl import URL

from steward.runtime.clock import Clock
from steward.runtime.http.answer import HostAway, HttpAnswer, HttpRefused, Unusable
from steward.runtime.http_date import read_http_date

REDIRECTS = 5
CHUNK = 1 << 16
COME_AGAIN = {408, 425, 429}
REDIRECTION, NOT_MODIFIED, CLIENT_ERROR, SERVER_ERROR = 300, 304, 400, 500
EXCERPT = 4096


async def send_once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """
    Disable aiohttp's own retries on reused connections: retries are the host policy's job.

    aiohttp retries these errors unless a middleware turns them into others.
    """
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise _broke_off(request.url.host or "?", error) from error


class Wire:
    """
    Sends requests through one session.

    Args:
        session: with `send_once` among its middlewares.
        clock: for `Retry-After`.
        largest: most bytes of a decompressed body.
        follow: go where a redirect of a GET or HEAD points.

    """

    def __init__(self, session: aiohttp.ClientSession, clock: Clock, *, largest: int, follow: bool) -> None:
        self._session = session
        self._clock = clock
        self._largest = largest
        self._follow = follow

    async def ask(self, method: str, url: URL, *, headers: Mapping[str, str], **content: Any) -> HttpAnswer:
        """
        Send the request once and read the whole response; 304 is a response.

        Raises:
            HostAway, HttpRefused, Unusable: see there.

        """
        host = url.host or "?"
        follow = self._follow and method in {"GET", "HEAD"}
        try:
            async with self._session.request(
                method, url, headers=headers, allow_redirects=follow, max_redirects=REDIRECTS, **content
            ) as response:
                await self._check(host, response)
                body = await self._read(host, response)
        except aiohttp.TooManyRedirects as error:
            raise Unusable(host, "redirects in a loop") from error
        except (aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError) as error:
            raise Unusable(host, "is no web address, or redirects to none") from error
        except (aiohttp.ClientError, OSError) as error:
            raise _broke_off(host, error) from error
        if CLIENT_ERROR <= response.status < SERVER_ERROR:
            raise HttpRefused(host, response.status, body[:EXCERPT])
        if REDIRECTION <= response.status < CLIENT_ERROR and response.status != NOT_MODIFIED:
            raise Unusable(host, f"redirects ({response.status}) a request that cannot be redirected")
        return HttpAnswer(response.status, host, response.headers, body)

    async def _check(self, host: str, response: aiohttp.ClientResponse) -> None:
        if response.status >= SERVER_ERROR or response.status in COME_AGAIN:
            wait = asked_to_wait(response.headers, self._clock.now())
            said = await response.content.read(EXCERPT) if response.status < SERVER_ERROR else b""
            raise HostAway(
                f"{host} is unavailable ({response.status}).",
                host=host,
                status=response.status,
                retry_after=wait,
                body=said,
                headers=response.headers,
            )

    async def _read(self, host: str, response: aiohttp.ClientResponse) -> bytes:
        if (response.content_length or 0) > self._largest:
            response.close()
            raise self._too_large(host)
        body = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > self._largest:
                response.close()
                raise self._too_large(host)
        return bytes(body)

    def _too_large(self, host: str) -> Unusable:
        return Unusable(host, f"sends more than {self._largest / (1 << 20):g} MB")


def _broke_off(host: str, error: Exception) -> HostAway:
    return HostAway(f"{host} cannot be reached, or the connection broke ({type(error).__name__}).", host=host)


RENEWED = frozenset({"age", "cache-control", "date", "etag", "expires", "last-modified", "vary"})


def directives(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the directives of `Cache-Control`, by lower-case name."""
    parts = (part.strip().partition("=") for part in headers.get("Cache-Control", "").split(","))
    return {name.lower(): value.strip('" ') for name, _, value in parts if name}


def lifetime(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds a response is fresh from its arrival; 0 if not given."""
    said = directives(headers)
    if "no-store" in said or "no-cache" in said:
        return 0.0
    if "max-age" in said:
        return max(0.0, _seconds(said["max-age"]) - _seconds(headers.get("Age", "0")))
    expires = read_http_date(headers.get("Expires"))
    if expires is None:
        return 0.0
    return max(0.0, (expires - (read_http_date(headers.get("Date")) or now)).total_seconds())


def storable(headers: Mapping[str, str]) -> bool:
    """Return whether the response may be cached."""
    return "no-store" not in directives(headers) and headers.get("Vary", "").strip() != "*"


def condition(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that revalidate a cached response; empty without a validator."""
    asked = {}
    if "ETag" in headers:
        asked["If-None-Match"] = headers["ETag"]
    if "Last-Modified" in headers:
        asked["If-Modified-Since"] = headers["Last-Modified"]
    return asked


def confirmed(kept: Mapping[str, str], update: Mapping[str, str]) -> Mapping[str, str]:
    """Return the headers of a cached response, updated from a 304."""
    headers = CIMultiDict(kept)
    for name in ("Age", "Date"):
        headers.pop(name, None)
    headers.update({name: value for name, value in update.items() if name.lower() in RENEWED})
    return headers


def asked_to_wait(headers: Mapping[str, str], now: datetime) -> float:
    """Return the seconds of `Retry-After`, a number or a date; 0 if missing."""
    said = headers.get("Retry-After", "")
    date = read_http_date(said)
    return _seconds(said) if date is None else max(0.0, (date - now).total_seconds())


def _seconds(text: str) -> float:
    text = text.strip()
    return float(text[:9]) if text.isascii() and text.isdigit() else 0.0
