"""The port: which address, and clients that go away."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct

import aiohttp
import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.gateway_client import connected


@pytest.mark.parametrize(
    ("host", "authority"),
    [
        ("127.0.0.1", "127.0.0.1:8081"),
        ("192.0.2.1", "192.0.2.1:8081"),
        ("0.0.0.0", "127.0.0.1:8081"),  # noqa: S104 - not opened
        ("::1", "[::1]:8081"),
        ("::", "[::1]:8081"),
    ],
)
async def test_the_addresses_can_be_connected_to_from_this_machine(clock: Clock, host: str, authority: str):
    sim = Simulator(clock=clock, host=host, port=8081)
    assert (sim.api_url, sim.gateway_url) == (f"http://{authority}/api/v10", f"ws://{authority}/")


async def test_a_name_is_not_an_address(clock: Clock):
    with pytest.raises(ValueError, match="penguins"):
        Simulator(clock=clock, host="penguins")


async def test_a_client_is_told_the_gateway_at_the_address_by_which_it_came(clock: Clock):
    async with Simulator(clock=clock, host="127.0.0.2") as sim, aiohttp.ClientSession() as http:
        for host, url in (
            ("discord.example:1234", "ws://discord.example:1234/"),
            ("discord.example", f"ws://discord.example:{sim.port}/"),  # eris leaves the port out
            ("[::1]", f"ws://[::1]:{sim.port}/"),
        ):
            headers = {"Host": host, "Authorization": f"Bot {sim.bot.token}"}
            for path in ("/gateway", "/gateway/bot"):
                async with http.get(sim.api_url + path, headers=headers) as answer:
                    assert (await answer.json())["url"] == url
            await asyncio.sleep(5)  # the limit of /gateway/bot
        async with connected(sim) as client:
            await client.log_in()
            assert client.ready["resume_gateway_url"] == sim.gateway_url == f"ws://127.0.0.2:{sim.port}/"


async def test_a_client_that_goes_away_in_the_handshake_is_no_error(clock: Clock, caplog: pytest.LogCaptureFixture):
    handshake = (
        "GET /?v=10&encoding=json HTTP/1.1\r\nHost: discord\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    async with Simulator(clock=clock) as sim:
        gone = socket.create_connection(("127.0.0.1", sim.port))
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        await asyncio.sleep(0.1)
        gone.send(handshake.encode())
        gone.close()  # a reset, which arrives with the request
        await asyncio.sleep(0.1)
        async with connected(sim) as client:
            assert (await client.next())["op"] == 10
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
