"""Channels: names, permissions, slowmode and mentions."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.channels.channel import normalised_name
from steward.sim.guilds.permissions import BITS, names_of


@pytest.mark.parametrize(
    ("kind", "name", "stored"),
    [
        (0, " Daily  Report ", "daily-report"),
        (5, "News", "news"),
        (2, "Members: 5 000", "Members: 5 000"),
        (4, "A B", "A B"),
    ],
)
def test_names_are_stored_as_discord_stores_them(kind: int, name: str, stored: str):
    assert normalised_name(name, kind) == stored


async def test_the_latest_overwrite_of_a_permission_applies(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    channel, alice = guild.add_text_channel("chat"), guild.join("alice")
    channel.deny("everyone", "send_messages")
    channel.allow(alice, "send_messages")
    alice.say(channel, "still here")
    channel.deny(alice, "send_messages")
    with pytest.raises(PermissionError):
        alice.say(channel, "no more")
    assert [message.content for message in channel.messages] == ["still here"]


async def test_permissions_need_a_target_and_a_guild(clock: Clock):
    channel = Simulator(clock=clock).add_guild("Penguins").add_text_channel("chat")
    with pytest.raises(ValueError, match="is not a target"):
        channel.deny("nobody", "connect")


async def test_only_members_of_the_guild_may_write(clock: Clock):
    sim = Simulator(clock=clock)
    channel = sim.add_guild("Penguins").add_text_channel("chat")
    stranger = sim.add_guild("Others").join("bob")
    with pytest.raises(PermissionError, match="is not a member of the guild"):
        stranger.say(channel, "hi")


async def test_mentions_are_recorded(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    guild.everyone.permissions &= ~BITS["mention_everyone"]
    channel, alice = guild.add_text_channel("chat"), guild.join("alice")
    role, other = guild.add_role("Fishers"), guild.add_role("Divers")
    role.mentionable = True
    message = alice.say(channel, f"<@{alice.id}> <@&{role.id}> <@&{other.id}> @everyone <@999999999999999999>")
    assert [user.name for user in message.mentions] == ["alice"]
    assert (message.mention_roles, message.mention_everyone) == ([role.id], False)


async def test_slowmode_applies_without_the_permission_to_bypass_it(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        chat, alice, bob = guild.add_text_channel("chat"), guild.join("alice"), guild.join("bob")
        chat.slowmode = 30
        bob.give(guild.add_role("Quick", "bypass_slowmode").id)
        alice.say(chat, "one")
        with pytest.raises(PermissionError, match="again in 30 s: slowmode"):
            alice.say(chat, "two")
        for _ in range(3):
            bob.say(chat, "three")
        await asyncio.sleep(30)
        alice.say(chat, "four")
        assert len(chat.messages) == 5


async def test_a_timed_out_member_can_only_read(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        chat, hall, alice = guild.add_text_channel("chat"), guild.add_voice_channel("Hall"), guild.join("alice")
        message = alice.say(chat, "hello")
        alice.timed_out_until = clock.now() + timedelta(minutes=10)
        assert names_of(guild.roles.permissions_in(chat, alice)) == {"view_channel", "read_message_history"}
        for act in (
            lambda: alice.say(chat, "?"), lambda: alice.react(message, "🐧"), lambda: alice.join_voice(hall)
        ):  # fmt: skip
            with pytest.raises(PermissionError):
                act()
        await asyncio.sleep(601)
        alice.say(chat, "back")
        alice.give(guild.add_role("Admin", "administrator").id)
        alice.timed_out_until = clock.now() + timedelta(minutes=10)
        alice.say(chat, "administrators are exempt")
