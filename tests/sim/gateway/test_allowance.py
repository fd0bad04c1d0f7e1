"""What a bot is allowed by its size, and that the gateway and REST hold it to that."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from steward.runtime.clock import Clock
from steward.sim import LargeBots, Limits, Rate
from steward.sim.gateway.allowance import Allowance
from tests.sim.gateway_client import connected
from tests.sim.rest_client import rest

LARGE_ABOVE_20 = Limits(large_bots=LargeBots(above=20))


@pytest.mark.parametrize(
    ("guilds", "shards", "step", "logins", "at_once", "requests"),
    [
        (0, 1, 1, 1000, 1, 50),
        (1001, 2, 1, 1000, 1, 50),
        (150_000, 150, 1, 1000, 1, 50),
        (150_001, 160, 16, 2000, 16, 500),
        (167_000, 176, 16, 2000, 16, 500),  # discord.js #5672
        (400_200, 416, 16, 2001, 16, 500),
        (1_000_000, 1008, 16, 5000, 16, 500),
    ],
)
def test_a_bot_in_more_than_150000_guilds_is_allowed_more(
    guilds: int, shards: int, step: int, logins: int, at_once: int, requests: int
):
    found = Allowance.of(guilds, Limits())
    assert found == Allowance(shards, step, Rate(logins, 86_400.0), at_once, Rate(requests, 1.0))


@pytest.mark.parametrize(("at_once", "requests"), [(1, 50), (2, 500), (20, 500), (32, 800)])
def test_the_global_limit_grows_with_max_concurrency(at_once: int, requests: int):
    assert Allowance.of(1, Limits(max_concurrency=at_once)).requests.calls == requests
    plain = Limits(max_concurrency=at_once, large_bots=LargeBots(requests=0, requests_a_key=0))
    assert Allowance.of(1, plain).requests.calls == 50


def test_a_global_limit_that_is_given_holds_whatever_the_size_of_the_bot():
    for limits in (Limits(requests=Rate(10, 2.0), max_concurrency=32), replace(LARGE_ABOVE_20, requests=Rate(10, 2.0))):
        assert Allowance.of(21, limits).requests == Rate(10, 2.0)


async def test_gateway_bot_answers_by_the_guilds_of_the_moment(clock: Clock):
    async with rest(clock, limits=LARGE_ABOVE_20) as (sim, client):
        guilds = [sim.add_guild(f"Guild {number}") for number in range(20)]
        found = await client.get("/gateway/bot")
        assert (found["shards"], found["session_start_limit"]["max_concurrency"]) == (1, 1)
        sim.add_guild("One more")
        found = await client.get("/gateway/bot")
        assert (found["shards"], found["session_start_limit"]) == (
            16,
            {"total": 2000, "remaining": 2000, "reset_after": 0, "max_concurrency": 16},
        )
        guilds[0].remove_bot(sim.bot)
        await asyncio.sleep(5)
        assert (await client.get("/gateway/bot"))["shards"] == 1


async def test_a_large_bot_needs_a_multiple_of_16_shards_of_which_16_log_in_at_once(clock: Clock):
    async with rest(clock, limits=LARGE_ABOVE_20) as (sim, _), AsyncExitStack() as stack:
        for number in range(21):
            sim.add_guild(f"Guild {number}")
        for shards in (1, 8, 24):
            async with connected(sim) as client:
                await client.next()
                await client.identify(shard=[0, shards])
                assert (await client.closed()).code == 4010
        for shard in range(16):
            client = await stack.enter_async_context(connected(sim))
            await client.log_in(shard=[shard, 32])
        async with connected(sim) as client:
            await client.next()
            await client.identify(shard=[16, 32])
            assert (await client.next())["op"] == 9  # its key is that of shard 0
        assert [one.refused for one in sim.recorder.identifies] == [4010] * 3 + [None] * 16 + ["op 9"]


async def test_a_large_bot_may_log_in_more_often_before_its_token_is_reset(clock: Clock):
    limits = replace(LARGE_ABOVE_20, identifies=Rate(2, 86_400.0), large_bots=LargeBots(above=20, identifies=3))
    async with rest(clock, limits=limits) as (sim, client):
        for number in range(21):
            sim.add_guild(f"Guild {number}")
        token = sim.bot.token
        for left in (2, 1, 0):
            async with connected(sim) as shard:
                await shard.log_in(shard=[0, 16])
            await asyncio.sleep(5)
            limit = (await client.get("/gateway/bot"))["session_start_limit"]
            assert (limit["total"], limit["remaining"]) == (3, left)
        async with connected(sim) as shard:
            await shard.next()
            await shard.identify(shard=[0, 16])
            assert (await shard.closed()).code == 4004
        assert sim.bot.token != token


@pytest.mark.parametrize(("at_once", "allowed"), [(1, 50), (2, 70)])
async def test_rest_refuses_by_the_global_limit_of_the_bot(clock: Clock, at_once: int, allowed: int):
    large = LargeBots(requests=70, requests_a_key=0)
    limits = Limits(max_concurrency=at_once, large_bots=large, other_routes=Rate(10_000, 5.0))
    async with rest(clock, limits=limits) as (_, client):
        statuses = [(await client.call("GET", "/users/@me")).status for _ in range(allowed + 1)]
        assert statuses == [200] * allowed + [429]
