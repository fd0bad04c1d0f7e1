"""The simulator, seen by an unmodified discord.py in each of its framings; tests/sim/test_server.py tells more."""

from __future__ import annotations

import asyncio
import importlib.util
import inspect
import sys
from typing import Any

import discord
import pytest
from discord.gateway import DiscordWebSocket

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.gateway.compression import Plain, ZlibStream, ZstdStream
from tests.sim.discord_client import logged_in


def zlib_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """What discord.py is where no zstd is installed: its own other half, read once more without it."""
    for name in ("zstandard", "compression.zstd"):
        monkeypatch.setitem(sys.modules, name, None)
    spec = importlib.util.find_spec("discord.utils")
    assert spec is not None
    assert spec.loader is not None
    without_zstd = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(without_zstd)
    for name in ("zstandard", "compression.zstd"):
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(discord.utils, "_ActiveDecompressionContext", without_zstd._ActiveDecompressionContext)


def zstd_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it is in this environment."""


def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Its `from_client(compress=False)`, for which no public switch exists.

    Its IDENTIFY asks for compressed payloads even so, which it could not read: that wish is taken out.
    """
    defaults = inspect.unwrap(DiscordWebSocket.from_client).__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "compress", False)
    send = DiscordWebSocket.send_as_json

    async def without_wish(self: DiscordWebSocket, data: Any) -> None:
        if data["op"] == DiscordWebSocket.IDENTIFY:
            del data["d"]["compress"]
        await send(self, data)

    monkeypatch.setattr(DiscordWebSocket, "send_as_json", without_wish)


@pytest.mark.parametrize(("choose", "framing"), [(zlib_stream, ZlibStream), (zstd_stream, ZstdStream), (plain, Plain)])
async def test_discord_py_lives_through_the_story(clock: Clock, monkeypatch: pytest.MonkeyPatch, choose, framing):
    choose(monkeypatch)
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=5000)
        chat, counter = guild.add_text_channel("chat"), guild.add_voice_channel("Members: 0")
        async with logged_in(sim, max_ratelimit_timeout=None) as client:
            (session,) = sim.sessions
            assert session.connection is not None
            assert type(session.connection.framing) is framing
            assert [(seen.name, seen.member_count) for seen in client.guilds] == [("Penguins", 5000)]

            guild.join("alice").say(chat, "hello")
            await asyncio.sleep(1)
            assert {"member_join", "message"} <= set(client.names_heard())

            channel = client.get_channel(counter.id)
            assert isinstance(channel, discord.VoiceChannel)
            began = clock.monotonic()
            for number in (1, 2, 3):
                await channel.edit(name=f"Members: {number}")
            assert counter.name == "Members: 3"
            assert 600 <= clock.monotonic() - began < 605
            assert sim.recorder.count(status=429) == 1

            sim.faults.disconnect()
            guild.join("bob")
            await asyncio.sleep(60)
            assert "resumed" in client.names_heard()
            joined = [member.name for name, member in client.heard if name == "member_join"]
            assert joined == ["alice", "bob"]
            assert len(sim.recorder.identifies) == 1
