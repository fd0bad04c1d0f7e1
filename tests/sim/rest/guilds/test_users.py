"""Routes of users and the bot's guilds."""

from __future__ import annotations

import asyncio

from steward.runtime.clock import Clock
from tests.sim.rest_client import rest


async def test_a_bot_reads_its_own_user(clock: Clock):
    async with rest(clock) as (sim, client):
        me = await client.get("/users/@me")
        assert (me["id"], me["username"], me["bot"]) == (str(sim.bot.id), "Steward", True)


async def test_counts_of_all_guilds_come_two_hundred_a_page(clock: Clock):
    async with rest(clock) as (sim, client):
        for number in range(201):
            sim.add_guild(f"Guild {number}", members=100 + number, online=number)
        first = await client.get("/users/@me/guilds?with_counts=true")
        assert len(first) == 200
        await asyncio.sleep(1)
        second = await client.get(f"/users/@me/guilds?with_counts=true&after={first[-1]['id']}")
        assert [guild["approximate_member_count"] for guild in second] == [300]
        await asyncio.sleep(1)
        before = await client.get(f"/users/@me/guilds?limit=2&before={second[0]['id']}")
        assert [guild["id"] for guild in before] == [guild["id"] for guild in first[-2:]]
        assert "approximate_member_count" not in before[0]


async def test_the_list_of_guilds_has_the_bots_permissions(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        guild.everyone.permissions = 0
        guild.set_bot_permissions("ban_members")
        (listed,) = await client.get("/users/@me/guilds")
        assert listed["permissions"] == str(1 << 2)


async def test_a_bot_leaves_a_guild(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        assert (await client.call("DELETE", f"/users/@me/guilds/{guild.id}")).status == 204
        assert (guild.bots, guild.member_count) == ({}, 9)
        assert (await client.call("GET", f"/guilds/{guild.id}")).status == 403


async def test_users_are_found_by_id(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        assert (await client.get(f"/users/{guild.owner_id}"))["id"] == str(guild.owner_id)
        assert (await client.call("GET", "/users/1")).body["code"] == 10013


async def test_bots_and_strangers_get_no_direct_messages(clock: Clock):
    async with rest(clock) as (sim, client):
        other = sim.add_bot("Other")
        answered = await client.call("POST", "/users/@me/channels", json={"recipient_id": str(other.id)})
        assert (answered.status, answered.body["code"]) == (403, 50007)
        answered = await client.call("POST", "/users/@me/channels", json={"recipient_id": "7"})
        assert (answered.status, answered.body["code"]) == (404, 10013)
        answered = await client.call("POST", "/users/@me/channels", json={})
        assert (answered.status, answered.body["code"]) == (400, 50035)


async def test_closed_direct_messages_are_refused(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        alice = guild.join("alice")
        opened = await client.call("POST", "/users/@me/channels", json={"recipient_id": str(alice.id)})
        path = f"/channels/{opened.body['id']}/messages"
        assert (await client.call("POST", path, json={"content": "hi"})).status == 200
        alice.close_messages()
        answered = await client.call("POST", path, json={"content": "hi"})
        assert (answered.status, answered.body["code"]) == (403, 50007)
        alice.open_messages()
        assert (await client.call("POST", path, json={"content": "hi"})).status == 200
        alice.leave()
        answered = await client.call("POST", path, json={"content": "hi"})
        assert (answered.status, answered.body["code"]) == (403, 50007)
