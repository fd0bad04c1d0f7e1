"""Misbehaving clients cannot harm the bot (F79)."""

import asyncio
import logging

import aiohttp
import pytest
from structlog.testing import capture_logs

from steward.web.server import HEAD_WITHIN, MAX_CONNECTIONS
from tests.web.serving import serving


async def half_open(port):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")
    await writer.drain()
    return reader, writer


async def status(port):
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/healthz") as answer:
        return answer.status


async def test_an_endless_request_head_times_out(clock):
    async with serving() as port:
        reader, writer = await half_open(port)
        began = clock.monotonic()
        for _ in range(3):
            writer.write(b"x")  # a byte now and then gains no time
            await asyncio.sleep(3)
        assert await reader.read() == b""
        assert clock.monotonic() - began <= HEAD_WITHIN + 1
        writer.close()


async def test_f79_hundreds_of_half_open_requests_do_not_block_a_complete_one():
    async with serving() as port:
        held = [await half_open(port) for _ in range(3 * MAX_CONNECTIONS)]
        assert await status(port) == 200
        for reader, _ in held[:MAX_CONNECTIONS]:
            assert await reader.read() == b""
        for _, writer in held:
            writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"GET /healthz HTTP/9.9.9\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nHost\r\n\r\n",
        b"GET /healthz HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    ],
)
async def test_a_malformed_request_is_answered_400_and_is_no_error(sent, caplog):
    async with serving() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with caplog.at_level(logging.INFO), capture_logs() as lines:
            writer.write(sent)
            assert b" 400 Bad Request\r\n" in await reader.read()
        writer.close()
        assert caplog.records == []  # aiohttp's own
        assert {line["log_level"] for line in lines} == {"debug"}
        assert await status(port) == 200
