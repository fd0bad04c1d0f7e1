"""Requests by a token on connections of the pool: answers of every form, what is counted, what is asked again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.utils import format_datetime

import aiohttp
import discord
import pytest
from discord.http import HTTPClient, Route

from steward.client.discord_clock import DiscordClock
from steward.client.rest.asking import asking
from steward.client.rest.errors import TryLater
from steward.client.rest.gate import Gate
from steward.client.rest.request_times import RequestTimes
from steward.client.rest.token_requests import TokenRequests
from steward.runtime.monitor import Monitor

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{}  \r\n0\r\n\r\n"
CONTINUED = b"HTTP/1.1 103 Early Hints\r\n\r\n" + NO_CONTENT
UNTIL_CLOSED = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{}"
NOT_FOUND = b'HTTP/1.1 404 Not Found\r\nContent-Length: 46\r\n\r\n{"message":"Unknown interaction","code":10062}'
FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 13\r\n\r\n<html></html>"
LIMITED = b'HTTP/1.1 429 Too Many Requests\r\nVia: 1.1\r\nContent-Length: 20\r\n\r\n{"retry_after": 7.5}'
OUTAGE = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
BODY = {"type": 4, "data": {"content": "Grüße"}}


class Host:
    """Answers requests with what it is given, one after the other, and notes them."""

    def __init__(self, clock, answers: list[bytes]) -> None:
        self.clock = clock
        self.answers = answers
        self.requests: list[bytes] = []
        self.connections = 0
        self.monitor = Monitor(clock)
        self.requests_by_token: TokenRequests
        self.gate = Gate(clock)
        self.discord_clock = DiscordClock(clock)
        self.session: aiohttp.ClientSession

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while head := await _head(reader):
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            self.requests.append(head + await reader.readexactly(length))
            answer = self.answers.pop(0)
            writer.write(answer)
            if b"close" in answer or not answer.startswith(b"HTTP"):
                break
        writer.close()

    async def post(self, **content) -> None:
        route = Route("POST", "/interactions/{webhook_id}/{webhook_token}/callback", webhook_id=7, webhook_token="a b")
        await self.requests_by_token.request(route, self.session, **content)


async def _head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


@asynccontextmanager
async def host(clock, *answers: bytes) -> AsyncIterator[Host]:
    made = Host(clock, list(answers))
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    before, Route.BASE = Route.BASE, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api/v10"
    http = HTTPClient(asyncio.get_running_loop())
    count = made.monitor.counter
    timer = made.monitor.timer("seconds")
    times = RequestTimes(timer, count("sent"), count("failed"), count("limited"), clock.monotonic)
    try:
        http.connector = aiohttp.TCPConnector()
        async with aiohttp.ClientSession(connector=http.connector) as made.session:
            made.requests_by_token = TokenRequests(http, made.gate, times, made.discord_clock)
            yield made
    finally:
        Route.BASE = before
        server.close()
        await server.wait_closed()


@pytest.mark.parametrize("answer", [NO_CONTENT, CHUNKED, CONTINUED, UNTIL_CLOSED])
async def test_an_answer_of_any_form_is_read_and_the_connection_used_again_where_it_may_be(clock, answer):
    async with host(clock, answer, NO_CONTENT) as there:
        await there.post(payload=BODY)
        await there.post()
        assert there.connections == 1 + (answer is UNTIL_CLOSED)
        with_body, without = there.requests
        assert with_body.startswith(b"POST /api/v10/interactions/7/a%20b/callback HTTP/1.1\r\nHost: 127.0.0.1:")
        assert b"\r\nUser-Agent: DiscordBot (" in with_body
        assert with_body.endswith('\r\n\r\n{"type":4,"data":{"content":"Grüße"}}'.encode())
        assert b"Content-Type" not in without
        assert without.endswith(b"Content-Length: 0\r\n\r\n")


async def test_a_refusal_has_discords_own_code_and_counts_where_an_address_may_be_banned_for_it(clock):
    async with host(clock, NOT_FOUND, FORBIDDEN) as there:
        with pytest.raises(discord.HTTPException) as unknown:
            await there.post(payload=BODY)
        with pytest.raises(discord.HTTPException) as forbidden:
            await there.post(payload=BODY)
        assert (unknown.value.status, unknown.value.code, unknown.value.text) == (404, 10062, "Unknown interaction")
        assert (forbidden.value.status, forbidden.value.code) == (403, 0)
        assert there.gate.refused == 1


@pytest.mark.parametrize(("answer", "seconds"), [(LIMITED, 7.5), (OUTAGE, 1.0)])
async def test_what_discord_has_no_time_for_is_asked_again_when_it_says(clock, answer, seconds):
    async with host(clock, answer, NO_CONTENT) as there:
        began = clock.monotonic()
        await there.post(payload=BODY)
        assert clock.monotonic() - began == pytest.approx(seconds, abs=0.1)
        assert len(there.requests) == 2


@pytest.mark.parametrize("answer", [b"no HTTP\r\n\r\n", b"HTTP/1.1 200 OK close\r\nContent-Length: 9\r\n\r\n{}", b""])
async def test_no_answer_that_can_be_read_is_no_answer_and_the_connection_is_not_used_again(clock, answer):
    async with host(clock, answer, NO_CONTENT) as there:
        with pytest.raises(TryLater):
            async with asking("answer"):
                await there.post(payload=BODY)
        await there.post(payload=BODY)
        assert there.connections == 2
        assert there.monitor.counts["failed"] == 1


async def test_files_are_left_to_discord_py(clock):
    async with host(clock, NO_CONTENT) as there:
        await there.post(multipart=[{"name": "files[0]", "value": b"x", "filename": "x.png"}])
        assert b"multipart/form-data" in there.requests[0]


async def test_the_time_of_an_answer_is_learned_once_a_second(clock):
    def dated(seconds: float) -> bytes:
        at = format_datetime(clock.now() + timedelta(seconds=seconds), usegmt=True)
        return f"HTTP/1.1 204 No Content\r\nDate: {at}\r\n\r\n".encode()

    async with host(clock, dated(30), dated(55), dated(55)) as there:
        await there.post(payload=BODY)
        assert there.discord_clock.ahead == pytest.approx(-30, abs=1)
        await there.post(payload=BODY)
        assert there.discord_clock.ahead == pytest.approx(-30, abs=1)
        await asyncio.sleep(1)
        await there.post(payload=BODY)
        assert there.discord_clock.ahead == pytest.approx(-53, abs=2)
