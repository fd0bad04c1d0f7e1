"""Pruning of members and its count."""

from __future__ import annotations

from datetime import timedelta

import discord
import pytest

from steward.runtime.clock import Clock
from tests.sim.rest.resources import library
from tests.sim.rest_client import rest


async def test_discord_py_counts_and_prunes_the_same_members(clock: Clock):
    async with library(clock, members=50) as (guild, seen, _):
        guild.meet("bob").give(guild.add_role("Regular").id)
        guild.meet("carol").go_online()
        estimate = await seen.estimate_pruned_members(days=7)
        before = guild.member_count
        assert await seen.prune_members(days=7, reason="quiet") == estimate
        assert guild.member_count == before - estimate == 4  # the owner, the bot, bob and carol
        entry = guild.audit_log.entries()[0]
        assert (entry.action, entry.reason) == (21, "quiet")
        assert entry.options == {"delete_member_days": "7", "members_removed": str(estimate)}


async def test_members_with_roles_are_pruned_only_if_included(clock: Clock):
    async with library(clock, members=20) as (guild, seen, _):
        role = guild.add_role("Guest")
        guild.meet("bob").give(role.id)
        without = await seen.estimate_pruned_members(days=7)
        assert await seen.estimate_pruned_members(days=7, roles=[discord.Object(role.id)]) == without + 1
        assert await seen.prune_members(days=7, roles=[discord.Object(role.id)], compute_prune_count=False) is None
        assert guild.member_count == 2


async def test_newcomers_are_not_pruned(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("Penguins", permissions=("manage_guild", "kick_members"))
        before = await client.get(f"/guilds/{guild.id}/prune?days=3")
        alice = guild.join("alice")
        alice.go_offline()
        assert await client.get(f"/guilds/{guild.id}/prune?days=3") == before
        alice.joined_at -= timedelta(days=4)
        assert (await client.get(f"/guilds/{guild.id}/prune?days=3"))["pruned"] == before["pruned"] + 1


async def test_a_crowd_is_counted_without_being_created(clock: Clock):
    async with rest(clock) as (sim, client):
        guild = sim.add_guild("City", members=1_000_000, online=1000, permissions=("manage_guild", "kick_members"))
        guild.kick(guild.meet("bob"))
        found = await client.get(f"/guilds/{guild.id}/prune")
        assert found == {"pruned": 1_000_000 - 1000 - 1}  # the bot has the seat of one of them; bob was online


@pytest.mark.parametrize("missing", ["manage_guild", "kick_members"])
async def test_pruning_needs_two_permissions(clock: Clock, missing: str):
    async with rest(clock) as (sim, client):
        held = {"manage_guild", "kick_members"} - {missing}
        guild = sim.add_guild("Penguins", permissions=tuple(held))
        for method in ("GET", "POST"):
            answered = await client.call(method, f"/guilds/{guild.id}/prune", json={} if method == "POST" else None)
            assert answered.body["code"] == 50013
