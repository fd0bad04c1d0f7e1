"""Routes of invites, and their hidden limit."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import aiohttp

from steward.runtime.clock import Clock
from steward.sim import Limits, Rate
from tests.sim.rest_client import rest

MAY = ("view_channel", "create_instant_invite", "manage_channels", "manage_guild")


async def test_an_invite_is_created_read_listed_and_deleted(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", members=500, online=50, permissions=MAY)
        chat = guild.add_text_channel("chat")
        made = await client.call("POST", f"/channels/{chat.id}/invites", json={"max_age": 3600, "max_uses": 5})
        assert (made.status, made.body["max_uses"]) == (200, 5)
        path = f"/invites/{made.body['code']}"
        found = await client.get(f"{path}?with_counts=true")
        assert (found["approximate_member_count"], found["approximate_presence_count"]) == (500, 50)
        for place in (f"/channels/{chat.id}", f"/guilds/{guild.id}"):
            assert len(await client.get(f"{place}/invites")) == 1
        await asyncio.sleep(3601)
        answered = await client.call("GET", path)
        assert (answered.status, answered.body["code"]) == (404, 10006)
        again = await client.call("POST", f"/channels/{chat.id}/invites", json={})
        assert (await client.call("DELETE", f"/invites/{again.body['code']}")).status == 200
        assert await client.get(f"/guilds/{guild.id}/invites") == []


async def test_polling_invites_is_banned_for_a_day(clock: Clock):
    limits = replace(Limits(), invite_reads=Rate(3, 600.0))
    async with rest(clock, limits=limits) as (sim, client):
        chat = sim.add_guild("Penguins", permissions=MAY).add_text_channel("chat")
        made = await client.call("POST", f"/channels/{chat.id}/invites", json={})
        for _ in range(3):
            answered = await client.call("GET", f"/invites/{made.body['code']}")
            assert (answered.status, answered.headers["Via"]) == (200, "1.1 google")
        for path in (f"/invites/{made.body['code']}", "/users/@me"):
            answered = await client.call("GET", path)
            assert (answered.status, "Via" in answered.headers) == (429, False)
            assert answered.headers["Retry-After"] == "86400"
        await asyncio.sleep(86_400)
        assert (await client.call("GET", "/users/@me")).status == 200


async def test_an_invite_has_target_users(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("create_instant_invite", "view_channel"))
        chat = guild.add_text_channel("chat")
        made = await client.call("POST", f"/channels/{chat.id}/invites", json={"temporary": True})
        assert made.body["temporary"]
        path = f"/invites/{made.body['code']}/target-users"
        assert (await client.call("GET", path)).status == 404
        people = [guild.join(name).id for name in ("alice", "bob")]
        for listed, status in (("x", 400), ("", 400), (f"Users\r\n{people[0]}\r\n{people[1]}\r\n", 204)):
            form = aiohttp.FormData()
            form.add_field("target_users_file", listed.encode(), filename="users.csv", content_type="text/csv")
            assert (await client.call("PUT", path, data=form)).status == status
        answered = await client.call("GET", path)
        assert answered.headers["Content-Type"].startswith("text/csv")
        assert sim.world.invites[made.body["code"]].targets == people
        job = await client.get(f"{path}/job-status")
        assert (job["status"], job["processed_users"]) == (2, 2)


async def test_target_users_are_set_by_the_inviter_or_with_manage_guild(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        other = sim.add_bot("Other")
        guild.add_bot(other, "view_channel")
        made = await client.call("POST", f"/channels/{guild.add_text_channel('chat').id}/invites", json={})
        path = f"/invites/{made.body['code']}/target-users"
        assert (await client.call("GET", path, token=other.token)).body["code"] == 50013


async def test_an_invite_is_deleted_with_its_channel(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        chat = guild.add_text_channel("chat")
        code = (await client.call("POST", f"/channels/{chat.id}/invites", json={})).body["code"]
        assert (await client.call("DELETE", f"/channels/{chat.id}")).status == 200
        for method in ("GET", "DELETE"):
            answered = await client.call(method, f"/invites/{code}")
            assert (answered.status, answered.body["code"]) == (404, 10006)
