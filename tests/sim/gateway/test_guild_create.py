"""Members and presences in GUILD_CREATE."""

from __future__ import annotations

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.gateway_client import GUILDS, MEMBERS, PRESENCES, connected
from tests.sim.rest_client import rest

EXTERNAL = {
    "privacy_level": 2,
    "entity_type": 3,
    "scheduled_start_time": "2099-01-01T20:00:00+00:00",
    "scheduled_end_time": "2099-01-01T22:00:00+00:00",
    "entity_metadata": {"location": "the pool"},
}


async def test_without_the_presence_intent_only_the_bot_is_listed(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        sim.add_guild("Penguins", members=30, online=20)
        await client.log_in(GUILDS | MEMBERS)
        created = await client.event("GUILD_CREATE")
        assert [member["user"]["id"] for member in created["members"]] == [str(sim.bot.id)]
        assert [presence["user"]["id"] for presence in created["presences"]] == [str(sim.bot.id)]
        assert not created["large"]


async def test_with_the_presence_intent_all_members_are_listed_up_to_the_large_threshold(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        sim.add_guild("Penguins", members=200, online=20)
        await client.log_in(GUILDS | PRESENCES, large_threshold=200)
        created = await client.event("GUILD_CREATE")
        assert (len(created["members"]), created["large"]) == (200, False)
        assert len(created["presences"]) == 20 + 1  # the bot comes on top of the crowd's


async def test_above_the_threshold_members_online_or_with_a_role_or_nickname_are_listed(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins", members=1000, online=20)
        crowd = guild.members.roll.population
        nicked, roled = guild.members.get(crowd.id_of(500)), guild.members.get(crowd.id_of(501))
        assert nicked is not None
        assert roled is not None
        nicked.rename("Nick")
        roled.give(guild.add_role("Regular").id)
        await client.log_in(GUILDS | PRESENCES)
        created = await client.event("GUILD_CREATE")
        named = {int(member["user"]["id"]) for member in created["members"]}
        assert created["large"]
        assert named == {*(crowd.id_of(place) for place in range(20)), nicked.id, roled.id, sim.bot.id}
        assert {int(presence["user"]["id"]) for presence in created["presences"]} == named - {nicked.id, roled.id}


@pytest.mark.parametrize(("members", "named"), [(75_000, 201), (75_001, 1)])
async def test_above_75000_members_only_the_bot_is_listed(clock: Clock, members: int, named: int):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        sim.add_guild("Everybody", members=members, online=200)
        await client.log_in(GUILDS | PRESENCES)
        created = await client.event("GUILD_CREATE")
        assert (len(created["members"]), len(created["presences"])) == (named, named)
        assert created["member_count"] == members


@pytest.mark.parametrize(("members", "intents"), [(30, GUILDS), (75_001, GUILDS | PRESENCES)])
async def test_members_in_voice_are_listed_with_presence_and_voice_state(clock: Clock, members: int, intents: int):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins", members=members, online=20)
        hall = guild.add_voice_channel("Hall")
        alice, bob = guild.join("alice"), guild.meet("bob")
        for one in (alice, bob):
            one.join_voice(hall)
        bob.go_offline()
        guild.join("carol")
        await client.log_in(intents)
        created = await client.event("GUILD_CREATE")
        assert {int(member["user"]["id"]) for member in created["members"]} == {sim.bot.id, alice.id, bob.id}
        assert {int(presence["user"]["id"]) for presence in created["presences"]} == {sim.bot.id, alice.id}
        states = {(int(state["user_id"]), int(state["channel_id"])) for state in created["voice_states"]}
        assert states == {(alice.id, hall.id), (bob.id, hall.id)}


async def test_in_a_large_guild_offline_members_in_voice_are_listed(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins", members=1000)
        quiet = guild.members.get(guild.members.roll.population.id_of(900))
        assert quiet is not None
        quiet.join_voice(guild.add_voice_channel("Hall"))
        await client.log_in(GUILDS | PRESENCES)
        created = await client.event("GUILD_CREATE")
        assert {int(member["user"]["id"]) for member in created["members"]} == {sim.bot.id, quiet.id}


async def test_only_visible_active_threads_and_open_events_are_listed(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        guild.set_bot_permissions("create_public_threads", "manage_events", "manage_threads", "administrator")
        chat, secret = guild.add_text_channel("chat"), guild.add_text_channel("secret")
        for channel in (chat, chat, secret):
            path = f"/channels/{channel.id}/threads"
            await client.call("POST", path, json={"name": "talk", "type": 11})
        seen, archived, hidden = guild.threads.values()
        archived.archive(archived=True)
        ids = []
        for name in ("film", "game"):
            made = await client.call("POST", f"/guilds/{guild.id}/scheduled-events", json=EXTERNAL | {"name": name})
            ids.append(made.body["id"])
        guild.scheduled_events[int(ids[0])].status = 4
        guild.set_bot_permissions("send_messages")
        secret.deny("everyone", "view_channel")
        async with connected(sim) as gateway:
            await gateway.log_in(GUILDS)
            created = await gateway.event("GUILD_CREATE")
        assert hidden.id not in {int(thread["id"]) for thread in created["threads"]}
        assert [(int(thread["id"]), thread["member"]["user_id"]) for thread in created["threads"]] == [
            (seen.id, str(sim.bot.id))
        ]
        assert [event["id"] for event in created["guild_scheduled_events"]] == ids[1:]
