"""Channels, as people at a keyboard use them."""

from __future__ import annotations

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.channel import normalised_name


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


async def test_the_last_word_on_a_permission_counts(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    channel, alice = guild.add_text_channel("chat"), guild.join("alice")
    channel.deny("everyone", "send_messages")
    channel.allow(alice, "send_messages")
    alice.say(channel, "still here")
    channel.deny(alice, "send_messages")
    with pytest.raises(PermissionError):
        alice.say(channel, "no more")
    assert [message.content for message in channel.messages] == ["still here"]


async def test_permissions_are_set_for_somebody(clock: Clock):
    channel = Simulator(clock=clock).add_guild("Penguins").add_text_channel("chat")
    with pytest.raises(ValueError, match="names nobody"):
        channel.deny("nobody", "connect")


async def test_only_members_of_the_guild_speak(clock: Clock):
    sim = Simulator(clock=clock)
    channel = sim.add_guild("Penguins").add_text_channel("chat")
    stranger = sim.add_guild("Others").join("bob")
    with pytest.raises(PermissionError, match="is no member of the guild"):
        stranger.say(channel, "hi")


async def test_mentions_are_noted(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    channel, alice = guild.add_text_channel("chat"), guild.join("alice")
    role = guild.add_role("Fishers")
    message = alice.say(channel, f"<@{alice.id}> <@&{role.id}> @everyone <@999999999999999999>")
    assert [user.name for user in message.mentions] == ["alice"]
    assert (message.mention_roles, message.mention_everyone) == ([role.id], False)
