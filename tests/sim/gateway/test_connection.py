"""One websocket: HELLO, heartbeats, framings and close codes."""

from __future__ import annotations

import asyncio
import json
import sys

import pytest

from steward.runtime.clock import Clock
from steward.sim import Limits, Simulator
from tests.sim.gateway_client import GUILDS, MESSAGES, GatewayClient, connected


async def test_hello_has_the_heartbeat_interval_and_heartbeats_are_acknowledged(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        hello = await client.next()
        assert (hello["op"], hello["d"]["heartbeat_interval"]) == (10, 41250)
        await client.send(1, None)
        assert (await client.next())["op"] == 11


async def test_missing_heartbeats_disconnect_after_one_and_a_half_intervals(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        began = clock.monotonic()
        closed = await client.closed()
        assert closed.code == 4000
        assert clock.monotonic() - began == pytest.approx(41.25 * 1.5)
        await asyncio.sleep(0.1)
        assert [session.connected for session in sim.sessions] == [False]


async def test_heartbeats_keep_the_connection(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        for _ in range(50):
            await asyncio.sleep(41.25)
            await client.send(1, client.seq)
            assert (await client.next())["op"] == 11
        assert sim.sessions[0].connected


@pytest.mark.parametrize("compress", ["", "&compress=zlib-stream", "&compress=zstd-stream"])
async def test_all_framings_carry_the_same_payloads(clock: Clock, compress: str):
    async with Simulator(clock=clock) as sim, connected(sim, f"v=10&encoding=json{compress}") as client:
        guild = sim.add_guild("Penguins", members=5000)
        await client.log_in()
        created = await client.event("GUILD_CREATE")
        assert (created["id"], created["member_count"]) == (str(guild.id), 5000)
        for number in range(100):
            guild.rename(f"Penguins {number}")
            assert (await client.event("GUILD_UPDATE"))["name"] == f"Penguins {number}"


async def test_payloads_are_compressed_on_their_own_when_asked_in_identify(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.next()
        await client.identify(GUILDS, compress=True)
        message = await client.socket.receive()
        assert isinstance(message.data, bytes)
        assert json.loads(client._plain(message.data))["t"] == "READY"


async def test_binary_frames_of_clients_are_read(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.next()
        identify = {"token": sim.bot.token, "intents": 1, "properties": {}}
        await client.socket.send_bytes(json.dumps({"op": 2, "d": identify}).encode())
        assert await client.event("READY")


@pytest.mark.parametrize(
    ("query", "code", "reason"),
    [
        ("v=10&encoding=etf", 4002, "use encoding=json"),
        ("v=10&compress=lz4", 4002, "use zlib-stream or zstd-stream"),
        ("v=6&encoding=json", 4012, "Invalid API version"),
    ],
)
async def test_unsupported_framings_are_refused_with_the_reason(clock: Clock, query: str, code: int, reason: str):
    async with Simulator(clock=clock) as sim, connected(sim, query) as client:
        closed = await client.closed()
        assert closed.code == code
        assert reason in closed.reason


async def test_zstd_without_its_package_is_refused_with_the_remedy(clock: Clock, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "zstandard", None)
    async with Simulator(clock=clock) as sim, connected(sim, "v=10&compress=zstd-stream") as client:
        assert "steward[sim]" in (await client.closed()).reason


async def junk(client: GatewayClient) -> None:
    await client.socket.send_str("{")


async def a_list(client: GatewayClient) -> None:
    await client.socket.send_str("[]")


async def too_long(client: GatewayClient) -> None:
    await client.send(1, "x" * 4097)


async def too_many_bytes(client: GatewayClient) -> None:
    await client.socket.send_str(json.dumps({"op": 1, "d": "字" * 1400}, ensure_ascii=False))


async def unknown_opcode(client: GatewayClient) -> None:
    await client.send(99, None)


async def servers_opcode(client: GatewayClient) -> None:
    await client.send(10, None)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (junk, 4002),
        (a_list, 4002),
        (too_long, 4002),
        (too_many_bytes, 4002),
        (unknown_opcode, 4001),
        (servers_opcode, 4001),
    ],
)
async def test_bad_payloads_end_the_connection_with_their_code(clock: Clock, act, code: int):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        await act(client)
        assert (await client.closed()).code == code


async def test_more_than_120_payloads_a_minute_end_the_connection(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        for _ in range(119):
            await client.send(1, None)
        assert await client.events(seconds=1) == []
        await client.send(1, None)
        assert (await client.closed()).code == 4008


async def test_presence_updates_beyond_five_in_twenty_seconds_are_dropped_silently(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        await client.log_in()
        for number in range(7):
            await client.send(
                3, {"since": None, "activities": [], "status": "online", "afk": bool(number)} | {"n": number}
            )
        await client.events(seconds=1)
        (session,) = sim.sessions
        assert session.presence is not None
        assert session.presence["n"] == 4
        await asyncio.sleep(20)
        await client.send(3, {"n": 8})
        await client.events(seconds=1)
        assert session.presence["n"] == 8
        assert len(sim.recorder.ops(3)) == 8


async def test_a_client_that_does_not_read_is_disconnected_and_its_queue_is_bounded(clock: Clock):
    limits = Limits(queued_events=100)
    async with Simulator(clock=clock, limits=limits) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        await client.log_in(GUILDS | MESSAGES)
        (session,) = sim.sessions
        waiting = 0
        while session.connected:
            for _ in range(20):
                alice.say(chat, "x" * 2000)
            waiting = max(waiting, session.connection.backlog if session.connection else 0)
            await asyncio.sleep(0.01)
        assert waiting <= 100
        assert session in sim.sessions  # it may come back within five minutes


async def test_a_client_that_reads_receives_more_than_the_queue_holds(clock: Clock):
    limits = Limits(queued_events=100)
    async with Simulator(clock=clock, limits=limits) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        await client.log_in(GUILDS | MESSAGES)
        for _ in range(10):
            for _ in range(90):
                alice.say(chat, "x" * 2000)
            for _ in range(90):
                await client.event("MESSAGE_CREATE")
        assert sim.sessions[0].connected
