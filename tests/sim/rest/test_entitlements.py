"""Routes of SKUs, entitlements and subscriptions."""

from __future__ import annotations

import asyncio

import discord
import pytest

from steward.runtime.clock import Clock
from tests.sim.rest.resources import library
from tests.sim.rest_client import rest

GOLD, POTION = 10**18, 10**18 + 1


async def test_discord_py_creates_lists_consumes_and_deletes_a_test_entitlement(clock: Clock):
    async with library(clock) as (guild, _, client):
        bot = guild.bots[client.user.id]
        bot.add_sku(GOLD, "Gold")
        bot.add_sku(POTION, "Potion", 3)
        skus = await client.fetch_skus()
        assert [sku.name for sku in skus] == ["Gold", "Potion"]
        owner = discord.Object(guild.owner_id)
        for sku in skus:
            await client.create_entitlement(sku, owner, discord.EntitlementOwnerType.user)
        found = {item.sku_id: item async for item in client.entitlements(user=owner)}
        assert set(found) == {GOLD, POTION}
        with pytest.raises(discord.HTTPException) as refused:
            await found[GOLD].consume()
        assert refused.value.code == 40018
        await found[POTION].consume()
        assert (await client.fetch_entitlement(found[POTION].id)).consumed
        await found[GOLD].delete()
        with pytest.raises(discord.NotFound) as gone:
            await client.fetch_entitlement(found[GOLD].id)
        assert gone.value.code == 10029
        await asyncio.sleep(1)
        heard = client.names_heard()
        assert [heard.count(f"entitlement_{what}") for what in ("create", "update", "delete")] == [2, 1, 1]


async def test_an_entitlement_needs_a_known_sku_and_owner(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        path = f"/applications/{sim.bot.application_id}/entitlements"
        body = {"sku_id": str(GOLD), "owner_id": str(guild.id), "owner_type": 1}
        assert (await client.call("POST", path, json=body)).body["code"] == 10027
        sim.bot.add_sku(GOLD, "Gold")
        made = await client.call("POST", path, json=body)
        assert made.body["guild_id"] == str(guild.id)
        assert len(await client.get(f"{path}?guild_id={guild.id}&sku_ids={GOLD}")) == 1
        assert await client.get(f"{path}?sku_ids={POTION}") == []
        other = path.replace(str(sim.bot.application_id), "5")
        assert (await client.call("GET", other)).body["code"] == 20012


async def test_subscriptions_are_listed_for_one_user(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins")
        sim.bot.add_sku(GOLD, "Gold")
        now = clock.now().isoformat()
        sim.bot.subscriptions[7] = {
            "id": "7", "user_id": str(guild.owner_id), "sku_ids": [str(GOLD)], "renewal_sku_ids": None,
            "entitlement_ids": [], "current_period_start": now, "current_period_end": now, "status": 0,
            "canceled_at": None,
        }  # fmt: skip
        path = f"/skus/{GOLD}/subscriptions"
        assert (await client.call("GET", path)).status == 400
        assert await client.get(f"{path}?user_id={guild.owner_id}") == [sim.bot.subscriptions[7]]
        assert await client.get(f"{path}/7") == sim.bot.subscriptions[7]
        assert await client.get(f"{path}?user_id=5") == []
