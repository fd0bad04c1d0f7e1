"""Actions of a member."""

from __future__ import annotations

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator


async def test_a_member_writes_where_permitted(clock: Clock):
    guild = Simulator(clock=clock).add_guild("Penguins")
    chat, locked = guild.add_text_channel("chat"), guild.add_text_channel("locked")
    locked.deny("everyone", "send_messages")
    alice = guild.join("alice")
    alice.say(chat, "hello")
    assert [message.content for message in chat.messages] == ["hello"]
    with pytest.raises(PermissionError, match="alice may not write in #locked"):
        alice.say(locked, "hello")


async def test_a_member_replies_with_or_without_a_ping(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        chat, alice, bob = guild.add_text_channel("chat"), guild.join("alice"), guild.join("bob")
        asked = alice.say(chat, "hello?")
        reply = bob.reply(asked, "yes")
        assert (reply.original, reply.mentions) == (asked, [alice.user])
        assert bob.reply(asked, "quietly", ping=False).mentions == []
        chat.remove_message(asked)
        assert reply.original is None
        with pytest.raises(LookupError, match="deleted"):
            bob.reply(asked, "too late")


async def test_a_nickname_is_shown_before_the_name(clock: Clock):
    alice = Simulator(clock=clock).add_guild("Penguins").join("alice")
    alice.rename("Al")
    assert (alice.name, alice.payload()["nick"]) == ("Al", "Al")
    alice.rename(None)
    assert alice.name == "alice"


async def test_an_unknown_status_is_refused_with_the_known_ones(clock: Clock):
    alice = Simulator(clock=clock).add_guild("Penguins").join("alice")
    with pytest.raises(ValueError, match="Use one of online, idle, dnd, offline"):
        alice.go_online("asleep")
