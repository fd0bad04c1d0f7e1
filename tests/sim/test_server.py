"""The whole simulator, seen by an unmodified discord.py over real sockets."""

from __future__ import annotations

import asyncio
import base64
import io
import socket
from contextlib import ExitStack

import aiohttp
import discord
import pytest

from steward.runtime.clock import Clock, SystemClock
from steward.sim import Simulator
from tests.sim.discord_client import LeanClient, logged_in, pointed_at


async def test_discord_py_logs_in_and_renames_a_channel(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=5000, online=800, bans=12)
        counter = guild.add_voice_channel("Members: 0")
        async with logged_in(sim) as client:
            seen = client.get_guild(guild.id)
            assert seen is not None
            assert (seen.name, seen.member_count) == ("Penguins", 5000)
            channel = seen.get_channel(counter.id)
            assert channel is not None
            await channel.edit(name="Members: 5000")
            await asyncio.sleep(0.1)
            assert counter.name == "Members: 5000"
            assert channel.name == "Members: 5000"


async def test_discord_py_hears_the_story(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", members=5000, online=800, bans=12)
        chat = guild.add_text_channel("chat")
        async with logged_in(sim) as client:
            alice = guild.join("alice")
            alice.say(chat, "hello")
            guild.ban(alice, reason="spam")
            guild.unban(alice.user)
            await asyncio.sleep(1)
            names = client.names_heard()
            for name in ("member_join", "message", "member_ban", "raw_member_remove", "member_unban"):
                assert name in names, (name, names)
            (seen,) = client.guilds
            assert seen.member_count == 5000
            counted = await client.fetch_guild(guild.id)
            assert (counted.approximate_member_count, counted.approximate_presence_count) == (5000, 800)
            assert len([entry async for entry in seen.bans(limit=None)]) == 12
            entries = [entry async for entry in seen.audit_logs(action=discord.AuditLogAction.ban)]
            assert [entry.reason for entry in entries] == ["spam"]


async def test_discord_py_sends_edits_and_uploads(clock: Clock):
    async with Simulator(clock=clock) as sim:
        reports = sim.add_guild("Penguins").add_text_channel("reports")
        async with logged_in(sim) as client:
            channel = client.get_channel(reports.id)
            assert isinstance(channel, discord.TextChannel)
            embed = discord.Embed(title="Report", colour=5).add_field(name="Joins", value="3")
            embed.set_image(url="attachment://chart.png")
            file = discord.File(io.BytesIO(b"PNG!"), "chart.png")
            message = await channel.send("daily", embed=embed, file=file, nonce="report-1")
            assert reports.messages[0].nonce == "report-1"
            assert message.attachments[0].filename == "chart.png"
            await message.edit(content="edited")
            assert reports.messages[0].content == "edited"
            assert [found.id async for found in channel.history()] == [message.id]
            await message.delete()
            assert reports.messages == []


async def test_discord_py_resumes_after_the_network_was_gone_and_misses_nothing(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        port = sim.port
        async with logged_in(sim) as client:
            await sim.stop_listening()
            guild.join("alice")
            await asyncio.sleep(20)
            await sim.start_listening()
            assert sim.port == port
            await asyncio.sleep(60)
            assert client.names_heard().count("member_join") == 1
            assert "resumed" in client.names_heard()
            assert len(sim.recorder.identifies) == 1


@pytest.mark.parametrize("trouble", ["op 7", "op 9", "4000", "1000", "zombie"])
async def test_discord_py_comes_back_after(clock: Clock, trouble: str):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        async with logged_in(sim, heartbeat_timeout=60.0) as client:
            await asyncio.sleep(10)
            match trouble:
                case "op 7":
                    sim.faults.reconnect()
                case "op 9":
                    sim.faults.invalidate(resumable=False)
                case "zombie":
                    sim.faults.silence()
                    await asyncio.sleep(200)
                    sim.faults.speak()
                case code:
                    sim.faults.disconnect(int(code))
            await asyncio.sleep(120)
            guild.join("alice")
            await asyncio.sleep(1)
            assert "member_join" in client.names_heard()
            assert any(session.connected for session in sim.sessions)


async def test_discord_py_is_refused_with_a_wrong_token_and_a_disallowed_intent(clock: Clock):
    async with Simulator(clock=clock) as sim:
        token, sim.bot.token = sim.bot.token, "changed"
        with pointed_at(sim):
            async with LeanClient(discord.Intents(guilds=True)) as client:
                with pytest.raises(discord.LoginFailure):
                    await client.start(token)
        sim.bot.privileged_intents = frozenset()
        with pointed_at(sim):
            async with LeanClient(discord.Intents(guilds=True, members=True)) as client:
                with pytest.raises(discord.PrivilegedIntentsRequired):
                    await client.start(sim.bot.token)


async def test_discord_py_shards_hear_of_their_own_guilds(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guilds = [sim.add_guild(f"Guild {number}") for number in range(8)]
        client = discord.AutoShardedClient(intents=discord.Intents(guilds=True), shard_count=2, guild_ready_timeout=0.1)
        with pointed_at(sim):
            async with client:
                running = asyncio.create_task(client.start(sim.bot.token))
                await client.wait_until_ready()
                assert {guild.id for guild in client.guilds} == {guild.id for guild in guilds}
                assert {guild.shard_id for guild in client.guilds} == {0, 1}
                await client.close()
                await running


@pytest.mark.real_time
async def test_discord_py_works_on_the_wall_clock_too():
    async with Simulator(clock=SystemClock()) as sim:
        guild = sim.add_guild("Penguins")
        async with logged_in(sim) as client:
            guild.join("alice")
            async with asyncio.timeout(60):
                while "member_join" not in client.names_heard():
                    await asyncio.sleep(0.01)


async def test_a_guild_of_a_million_is_as_cheap_as_one_of_ten(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Everybody", members=1_000_000, online=200_000, bans=50_000)
        async with logged_in(sim) as client:
            (seen,) = client.guilds
            assert seen.member_count == 1_000_000
            members = [member async for member in seen.fetch_members(limit=100)]
            assert len({member.id for member in members}) == 100
            assert guild.join("alice").id in guild.members
        assert len(guild.members.stored) <= 2


async def test_a_simulator_is_described_for_people(clock: Clock):
    async with Simulator(clock=clock) as sim:
        sim.add_guild("Penguins", members=5000, online=800, bans=12).add_text_channel("reports")
        text = sim.describe()
        assert sim.api_url in text
        assert sim.bot.token in text
        assert "Penguins: 5,000 members, 800 online, 12 bans" in text
        assert "reports" in text


async def test_the_same_seed_makes_the_same_token(clock: Clock):
    one, same, other = (Simulator(clock=clock, seed=seed) for seed in (1, 1, 2))
    assert one.bot.token == same.bot.token != other.bot.token
    head, middle, tail = one.bot.token.split(".")
    assert base64.b64decode(head + "==").decode() == str(one.bot.id)
    assert (len(middle), len(tail)) == (6, 27)


async def test_more_than_a_hundred_connections_may_wait_to_be_taken(clock: Clock):
    """They come at once while the loop is busy: here with this test, which does not yield."""
    async with Simulator(clock=clock) as sim:
        with ExitStack() as waiting:
            for _ in range(120):
                waiting.enter_context(socket.create_connection(("127.0.0.1", sim.port), timeout=1))


async def test_paths_outside_the_api_are_answered_with_what_is_served(clock: Clock):
    async with (
        Simulator(clock=clock) as sim,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{sim.port}/") as response,
    ):
        assert response.status == 404
        assert "/api/v10" in await response.text()
