"""Who hears of what happens in threads."""

from __future__ import annotations

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.thread import PRIVATE_THREAD, Thread
from tests.sim.gateway_client import GUILDS, MESSAGES, connected


async def test_a_private_thread_is_hidden_until_the_bot_is_let_in(clock: Clock):
    async with Simulator(clock=clock) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        chat, alice = guild.add_text_channel("chat"), guild.join("alice")
        thread = Thread(
            sim.world, sim.world.snowflakes.next(), PRIVATE_THREAD, "Secret", guild, parent_id=chat.id,
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
