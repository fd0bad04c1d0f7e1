"""Invites over REST, and the limit that no header tells."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from steward.runtime.clock import Clock
from steward.sim import Limits, Rate
from tests.sim.rest_client import rest

MAY = ("view_channel", "create_instant_invite", "manage_channels", "manage_guild")


async def test_an_invite_is_made_read_listed_and_deleted(clock: Clock):
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


async def test_who_polls_invites_is_shut_out_for_a_day(clock: Clock):
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
