"""The application over REST."""

from __future__ import annotations

from steward.runtime.clock import Clock
from tests.sim.rest_client import rest


async def test_the_application_states_its_privileged_intents(clock: Clock):
    async with rest(clock) as (sim, client):
        bot = sim.add_bot("Members only", privileged_intents={"members"})
        for path in ("/applications/@me", "/oauth2/applications/@me"):
            found = await client.get(path, token=bot.token)
            assert (found["id"], found["flags"]) == (str(bot.application_id), 1 << 15)
