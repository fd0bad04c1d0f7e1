"""Events of threads and their receivers."""

from __future__ import annotations

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.channels.message import HAS_THREAD
from steward.sim.channels.thread import PRIVATE_THREAD, Thread
from tests.sim.gateway_client import GUILDS, MESSAGES, connected
from tests.sim.rest_client import rest


async def test_a_private_thread_is_hidden_until_the_bot_is_a_member(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        thread = Thread(
            sim.world, sim.world.snowflakes.next(), PRIVATE_THREAD, "Secret", guild=guild, parent_id=chat.id,
            overwrites=chat.overwrites, parent=chat, owner_id=alice.id, made_at=clock.now(),
        )  # fmt: skip
        guild.threads[thread.id] = sim.world.channels[thread.id] = thread
        await client.log_in(GUILDS | MESSAGES)
        await client.event("GUILD_CREATE")
        alice.say(thread, "psst")
        assert await client.events() == []
        thread.add(sim.bot.id)
        alice.say(thread, "welcome")
        assert await client.events() == ["THREAD_MEMBERS_UPDATE", "MESSAGE_CREATE"]


async def test_without_the_member_intent_a_bot_receives_only_its_own_joining_of_a_thread(clock: Clock):
    async with rest(clock) as (sim, client), connected(sim) as gateway:
        guild = sim.add_guild("Penguins", permissions=("view_channel", "read_message_history", "create_public_threads"))
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        message = alice.say(chat, "Fish?")
        await gateway.log_in(GUILDS | MESSAGES)
        await gateway.event("GUILD_CREATE")
        await client.call("POST", f"/channels/{chat.id}/messages/{message.id}/threads", json={"name": "Fish"})
        (thread,) = guild.threads.values()
        thread.add(alice.id)
        assert await gateway.events() == ["THREAD_CREATE", "MESSAGE_UPDATE"]
        assert message.flags == HAS_THREAD
        thread.drop(sim.bot.id)
        assert await gateway.events() == ["THREAD_MEMBERS_UPDATE"]
