"""A guild and actions on it."""

from __future__ import annotations

import tracemalloc

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator


def numbers(guild) -> tuple[int, int, int]:
    return guild.member_count, guild.online_count, guild.ban_count


async def test_actions_change_the_counts(clock: Clock):
    sim = Simulator(clock=clock)
    guild = sim.add_guild("Penguins", members=5000, online=800, bans=12)
    assert numbers(guild) == (5000, 800, 12)
    alice = guild.join("alice")
    assert numbers(guild) == (5001, 801, 12)
    alice.go_offline()
    assert numbers(guild) == (5001, 800, 12)
    alice.go_online("dnd")
    guild.ban(alice, reason="spam")
    assert numbers(guild) == (5000, 800, 13)
    guild.ban(alice.user)
    alice.leave()
    assert numbers(guild) == (5000, 800, 13)
    guild.unban(alice.user)
    assert numbers(guild) == (5000, 800, 12)
    back = guild.join(alice.user)
    guild.kick(back)
    assert numbers(guild) == (5000, 800, 12)


async def test_members_of_the_crowd_are_met_and_may_leave(clock: Clock):
    sim = Simulator(clock=clock)
    guild = sim.add_guild("Penguins", members=5, online=5)
    met = [guild.meet(f"old{number}") for number in range(3)]
    assert len({member.id for member in met}) == 3
    assert guild.owner_id not in {member.id for member in met}
    assert numbers(guild) == (5, 5, 0)
    met[0].leave()
    assert numbers(guild) == (4, 4, 0)
    late = guild.meet("one too many")
    assert late.id in guild.members


async def test_members_and_banned_users_cannot_join(clock: Clock):
    sim = Simulator(clock=clock)
    guild = sim.add_guild("Penguins")
    alice = guild.join("alice")
    with pytest.raises(ValueError, match="is already a member of Penguins"):
        guild.join(alice.user)
    guild.ban(alice)
    with pytest.raises(ValueError, match="is banned from Penguins; unban first"):
        guild.join(alice.user)


async def test_a_million_members_are_created_on_demand(clock: Clock):
    sim = Simulator(clock=clock)
    tracemalloc.start()
    guild = sim.add_guild("Everybody", members=1_000_000, online=200_000, bans=50_000)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 100_000  # bytes
    assert numbers(guild) == (1_000_000, 200_000, 50_000)


async def test_impossible_numbers_are_refused_with_the_reason(clock: Clock):
    sim = Simulator(clock=clock)
    for members, online, bans in ((1, 0, 0), (5, 6, 0), (5, 0, -1)):
        with pytest.raises(ValueError, match="cannot be: it has at least 2 members"):
            sim.add_guild("Impossible", members=members, online=online, bans=bans)


async def test_the_bots_permissions_are_set_by_name(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    assert {"manage_channels", "ban_members", "view_audit_log"} <= guild.bot_permissions
    guild.set_bot_permissions("send_messages")
    assert "manage_channels" not in guild.bot_permissions


async def test_awkward_names_become_display_names(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    for name, user_name in (("alice", "alice"), ("Bob Smith", "bobsmith"), ("@everyone", "everyone")):
        member = guild.join(name)
        assert (member.name, member.user.name) == (name, user_name)
    assert guild.join("名前").user.name.startswith("user")


async def test_a_join_is_announced_in_the_system_channel(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    chat = guild.add_text_channel("chat")
    guild.join("alice")
    guild.system_channel_id = chat.id
    bob = guild.join("bob")
    assert [(message.kind, message.author, message.content) for message in chat.messages] == [(7, bob.user, "")]


async def test_a_full_voice_channel_admits_only_members_with_move_members(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    hall = guild.add_voice_channel("Hall")
    hall.user_limit = 1
    guild.join("alice").join_voice(hall)
    bob = guild.join("bob")
    with pytest.raises(PermissionError, match="Hall is full: its limit is 1"):
        bob.join_voice(hall)
    bob.give(guild.add_role("Mover", "move_members").id)
    bob.join_voice(hall)
