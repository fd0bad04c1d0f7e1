"""Approximate counts: lag, noise, and equality on all routes."""

from __future__ import annotations

import asyncio

from steward.runtime.clock import Clock
from steward.sim import Approximation, Limits, Simulator
from tests.sim.rest_client import RestClient, rest


async def counts(client: RestClient, path: str) -> tuple[int, int]:
    found = await client.get(path, params={"with_counts": "1"})
    found = found[0] if isinstance(found, list) else found
    return found["approximate_member_count"], found["approximate_presence_count"]


async def test_approximate_counts_are_exact_by_default(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", members=5000, online=800)
        assert await counts(client, f"/guilds/{guild.id}") == (5000, 800)
        guild.join("alice")
        assert await counts(client, f"/guilds/{guild.id}") == (5001, 801)


async def test_counts_are_cached_for_the_lag(clock: Clock):
    async with rest(clock, limits=Limits(counts=Approximation(lag=300.0))) as (sim, client):
        guild = sim.add_guild("Penguins", members=5000, online=800)
        path = f"/guilds/{guild.id}"
        assert await counts(client, path) == (5000, 800)
        guild.join("alice")
        await asyncio.sleep(299)
        assert await counts(client, path) == (5000, 800)
        await asyncio.sleep(1)
        assert await counts(client, path) == (5001, 801)


async def test_noise_is_bounded_and_reproducible(clock: Clock):
    told = []
    for _ in range(2):
        sim = Simulator(clock=clock, seed=7, limits=Limits(counts=Approximation(noise=0.02)))
        guild = sim.add_guild("Penguins", members=5000, online=800)
        told.append([tuple(guild.approximate_counts.payload().values()) for _ in range(50)])
    assert told[0] == told[1]
    assert len(set(told[0])) > 10
    assert all(4900 <= members <= 5100 and 784 <= online <= 816 for members, online in told[0])


async def test_no_more_are_online_than_there_are_members(clock: Clock):
    sim = Simulator(clock=clock, limits=Limits(counts=Approximation(noise=0.5)))
    guild = sim.add_guild("Penguins", members=100, online=100)
    told = [tuple(guild.approximate_counts.payload().values()) for _ in range(50)]
    assert all(online <= members for members, online in told)


async def test_every_route_returns_the_same_counts(clock: Clock):
    async with rest(clock, limits=Limits(counts=Approximation(lag=3600.0, noise=0.1))) as (sim, client):
        guild = sim.add_guild("Penguins", members=5000, online=800)
        guild.set_bot_permissions("create_instant_invite")
        channel = guild.add_text_channel("chat")
        invite = (await client.call("POST", f"/channels/{channel.id}/invites", json={})).body["code"]
        paths = (f"/guilds/{guild.id}", f"/guilds/{guild.id}/preview", "/users/@me/guilds", f"/invites/{invite}")
        assert len({await counts(client, path) for path in paths}) == 1
