"""Routes of roles, and the role hierarchy."""

from __future__ import annotations

import discord
import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from tests.sim.discord_client import logged_in
from tests.sim.rest_client import rest

MAY = ("manage_roles", "view_channel", "send_messages")


async def test_a_role_is_created_edited_and_deleted(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        path = f"/guilds/{guild.id}/roles"
        made = await client.call("POST", path, json={"name": "Chick", "color": 255, "hoist": True})
        assert (made.status, made.body["position"], made.body["color"]) == (200, 1, 255)
        one = f"{path}/{made.body['id']}"
        changed = await client.call("PATCH", one, json={"name": "Adult", "mentionable": True})
        assert changed.body == await client.get(one)
        assert (changed.body["name"], changed.body["mentionable"], changed.body["hoist"]) == ("Adult", True, True)
        alice = guild.join("alice")
        alice.give(int(made.body["id"]))
        assert (await client.call("DELETE", one)).status == 204
        assert alice.role_ids == []
        answered = await client.call("GET", one)
        assert (answered.status, answered.body["code"]) == (404, 10011)


async def test_a_bot_cannot_grant_permissions_that_it_lacks(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        answered = await client.call("POST", f"/guilds/{guild.id}/roles", json={"permissions": str(1 << 3)})
        assert (answered.status, answered.body["code"]) == (403, 50013)


async def test_a_bot_acts_only_on_roles_below_its_own(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        low = guild.add_role("Low")
        own = next(role for role in guild.roles.values() if role.bot_id == sim.bot.id)
        high = guild.add_role("High")
        high.position = own.position + 1
        alice = guild.join("alice")
        path = f"/guilds/{guild.id}/members/{alice.id}/roles"
        assert (await client.call("PUT", f"{path}/{low.id}")).status == 204
        for role in (own, high):
            answered = await client.call("PUT", f"{path}/{role.id}")
            assert (answered.status, answered.body["code"]) == (403, 50013)
            assert (await client.call("PATCH", f"/guilds/{guild.id}/roles/{role.id}", json={"name": "x"})).status == 403
        assert alice.role_ids == [low.id]
        assert (await client.call("DELETE", f"{path}/{low.id}")).status == 204
        assert alice.role_ids == []


async def test_roles_are_moved(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        one, two = guild.add_role("One"), guild.add_role("Two")
        body = [{"id": str(two.id), "position": 2}, {"id": str(one.id), "position": 1}]
        answered = await client.call("PATCH", f"/guilds/{guild.id}/roles", json=body)
        assert answered.status == 200
        assert (one.position, two.position) == (1, 2)
        answered = await client.call("PATCH", f"/guilds/{guild.id}/roles", json=[{"id": "5", "position": 1}])
        assert (answered.status, answered.body["code"]) == (404, 10011)


async def test_there_are_at_most_250_roles(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=MAY)
        while len(guild.roles) < 250:
            guild.add_role("x")
        answered = await client.call("POST", f"/guilds/{guild.id}/roles", json={"name": "x"})
        assert (answered.status, answered.body["code"]) == (400, 30005)


async def test_positions_come_in_a_list(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("manage_roles",))
        for body in ({}, {"id": str(guild.id), "position": 1}, 5, "x"):
            answered = await client.call("PATCH", f"/guilds/{guild.id}/roles", json=body)
            assert (answered.status, answered.body["code"]) == (400, 50035)


@pytest.mark.parametrize("permissions", [("manage_roles",), ()])
async def test_discord_py_gives_and_takes_roles(clock: Clock, permissions):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins", permissions=permissions)
        alice = guild.join("alice")
        async with logged_in(sim) as client:
            (seen,) = client.guilds
            member = await seen.fetch_member(alice.id)
            if not permissions:
                with pytest.raises(discord.Forbidden):
                    await seen.create_role(name="Chick")
                return
            role = await seen.create_role(name="Chick", colour=discord.Colour.blue())
            await member.add_roles(role, reason="grew feathers")
            assert [guild.roles[role_id].name for role_id in alice.role_ids] == ["Chick"]
            await member.remove_roles(role)
            await role.delete()
            assert alice.role_ids == []
