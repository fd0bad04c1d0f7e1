"""Random readers and writers on three caches: no reader gets a value deleted before its call."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from random import Random

import pytest

from steward.runtime.cache import Cache, RedisTier

KEYS = [f"{guild}:{user}" for guild in range(3) for user in range(4)]
ROUNDS, DELETIONS = 12, 4
HEARD_WITHIN = 0.1
"""Seconds that a message may take to the other processes; on a quiet machine it takes a tenth of a millisecond."""


class World:
    """Each key has a version that only grows; one is known once its deletion has been told and time to be heard."""

    def __init__(self, caches, chance):
        self.caches = caches
        self.users = [cache.category("user_data", shared_as=int) for cache in caches]
        self.chance = chance
        self.truth = dict.fromkeys(KEYS, 0)
        self.known = dict.fromkeys(KEYS, 0)
        self.reads = 0
        self.over = False

    async def read(self):
        while not self.over:
            key = self.chance.choice(KEYS)

            async def load(key=key):
                value = self.truth[key]
                await asyncio.sleep(self.chance.random() * 0.02)
                return value

            least = self.known[key]
            found = await self.chance.choice(self.users).fetch(key, load, tags=[f"user:{key[-1]}"])
            assert found >= least, (key, found, least)
            self.reads += 1
            await asyncio.sleep(self.chance.random() * 0.004)

    async def write(self):
        for _ in range(ROUNDS):
            chosen, way = self.chance.choice(KEYS), self.chance.choice(["key", "tag", "prefix"])
            await asyncio.gather(*(self.change(chosen, way) for _ in range(DELETIONS)))
            now = dict(self.truth)
            await asyncio.sleep(HEARD_WITHIN)
            self.known = now
            await asyncio.sleep(0.1)
        self.over = True

    async def change(self, chosen, way):
        """Change what the values are made from, then delete them, as a program does with its database."""
        await asyncio.sleep(self.chance.random() * 0.03)
        concerned = {
            "key": [chosen],
            "tag": [key for key in KEYS if key[-1] == chosen[-1]],
            "prefix": [key for key in KEYS if key[0] == chosen[0]],
        }
        for key in concerned[way]:
            self.truth[key] += 1
        at = self.chance.randrange(len(self.caches))
        if way == "key":
            self.users[at].delete(chosen)
        elif way == "tag":
            self.users[at].delete_tag(f"user:{chosen[-1]}")
        else:
            self.users[at].delete_prefix(f"{chosen[0]}:")
        await self.caches[at].settle()


@pytest.mark.real_time
@pytest.mark.parametrize(("room", "seed"), [(8, 1), (100, 2), (100, 3)])
async def test_no_reader_gets_a_value_deleted_before_the_call(redis_url, namespace, room, seed):
    async with AsyncExitStack() as stack:
        tiers = [RedisTier(redis_url, namespace=namespace, timeout=1.0) for _ in range(3)]
        caches = [await stack.enter_async_context(Cache(max_entries=room, shared=tier)) for tier in tiers]
        world = World(caches, Random(seed))
        async with asyncio.TaskGroup() as group:
            group.create_task(world.write())
            for _ in range(10):
                group.create_task(world.read())
        assert [tier.state.losses for tier in tiers] == [0, 0, 0]
    done = [users.statistics for users in world.users]
    assert world.reads > 100
    assert sum(one.shared_hits for one in done) > 5, "or the second tier was not put to the test"
    assert sum(one.hits for one in done) > 5
