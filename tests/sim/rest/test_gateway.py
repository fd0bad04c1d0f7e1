"""The gateway's URL and the recommended number of shards."""

from __future__ import annotations

import pytest

from steward.runtime.clock import Clock
from tests.sim.rest_client import rest


@pytest.mark.parametrize(("guilds", "shards"), [(0, 1), (1000, 1), (1001, 2)])
async def test_one_shard_is_recommended_for_a_thousand_guilds(clock: Clock, guilds: int, shards: int):
    async with rest(clock) as (sim, client):
        for number in range(guilds):
            sim.add_guild(f"Guild {number}")
        found = await client.get("/gateway/bot")
        assert (found["url"], found["shards"]) == (sim.gateway_url, shards)
        assert found["session_start_limit"] == {
            "total": 1000, "remaining": 1000, "reset_after": 0, "max_concurrency": 1,
        }  # fmt: skip
