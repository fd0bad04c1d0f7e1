"""The application and its commands over REST."""

from __future__ import annotations

from steward.runtime.clock import Clock
from tests.sim.rest_client import rest


async def test_the_application_states_its_privileged_intents(clock: Clock):
    async with rest(clock) as (sim, client):
        bot = sim.add_bot("Members only", privileged_intents={"members"})
        for path in ("/applications/@me", "/oauth2/applications/@me"):
            found = await client.get(path, token=bot.token)
            assert (found["id"], found["flags"]) == (str(bot.application_id), 1 << 15)


async def test_commands_are_replaced_and_keep_their_ids_by_name(clock: Clock):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/commands"
        assert await client.get(path) == []
        stats = {"name": "stats", "description": "Numbers", "type": 1, "contexts": None, "integration_types": None}
        first = await client.call("PUT", path, json=[stats])
        assert first.status == 200
        second = await client.call("PUT", path, json=[stats, {"name": "report", "description": "Today"}])
        assert second.body[0]["id"] == first.body[0]["id"]
        assert [command["name"] for command in await client.get(path)] == ["stats", "report"]


async def test_a_guild_has_commands_of_its_own(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        path = f"/applications/{sim.bot.application_id}/guilds/{guild.id}/commands"
        answered = await client.call("PUT", path, json=[{"name": "stats", "description": "Numbers"}])
        assert answered.body[0]["guild_id"] == str(guild.id)
        assert await client.get(f"/applications/{sim.bot.application_id}/commands") == []


async def test_wrong_commands_are_refused_by_place_and_field(clock: Clock):
    async with rest(clock) as (sim, client):
        path = f"/applications/{sim.bot.application_id}/commands"
        wrong = [{"name": "ok", "description": "ok"}, {"name": "x" * 33}]
        answered = await client.call("PUT", path, json=wrong)
        assert (answered.status, set(answered.body["errors"]["1"])) == (400, {"name", "description"})
        answered = await client.call("PUT", path, json={"name": "x"})
        assert answered.status == 400


async def test_the_commands_of_another_application_are_out_of_reach(clock: Clock):
    async with rest(clock) as (sim, client):
        other = sim.add_bot("Other")
        answered = await client.call("GET", f"/applications/{other.application_id}/commands")
        assert (answered.status, answered.body["code"]) == (403, 20012)
