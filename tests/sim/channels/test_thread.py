"""Archiving of inactive threads."""

from __future__ import annotations

import asyncio

import pytest

from steward.runtime.clock import Clock
from steward.sim import Simulator
from steward.sim.channels.thread import PUBLIC_THREAD, Thread
from steward.sim.guilds.guild import Guild

HOUR = 3600


def thread_in(guild: Guild) -> Thread:
    chat, world = guild.add_text_channel("chat"), guild.world
    made = Thread(
        world, world.snowflakes.next(), PUBLIC_THREAD, "Fish", guild=guild, parent_id=chat.id,
        overwrites=chat.overwrites, parent=chat, owner_id=guild.owner_id, made_at=world.clock.now(), archive_minutes=60,
    )  # fmt: skip
    guild.threads[made.id] = world.channels[made.id] = made
    return made


def resting(thread: Thread) -> bool:
    return thread.archived


async def test_inactivity_archives_a_thread_and_a_message_unarchives_it(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        alice, thread = guild.join("alice"), thread_in(guild)
        await asyncio.sleep(HOUR - 60)
        alice.say(thread, "hello")
        await asyncio.sleep(HOUR - 60)
        assert not resting(thread)
        await asyncio.sleep(120)
        assert resting(thread)
        alice.say(thread, "anybody?")
        assert not resting(thread)
        await asyncio.sleep(HOUR + 60)
        assert resting(thread)


async def test_a_new_duration_counts_from_the_change_and_a_deleted_thread_stays_deleted(clock: Clock):
    async with Simulator(clock=clock) as sim:
        thread = thread_in(sim.add_guild("Penguins"))
        await asyncio.sleep(HOUR / 2)
        thread.archive_minutes = 1440
        thread.stay_active()
        await asyncio.sleep(23 * HOUR)
        assert not thread.archived
        thread.delete()
        await asyncio.sleep(2 * HOUR)
        assert not thread.archived


async def test_writing_in_a_thread_needs_its_own_permission(clock: Clock):
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        alice, thread = guild.join("alice"), thread_in(guild)
        thread.parent.deny("everyone", "send_messages")
        alice.say(thread, "hello")
        thread.parent.deny("everyone", "send_messages_in_threads")
        with pytest.raises(PermissionError, match="may not write in #Fish"):
            alice.say(thread, "again")
