"""Automatic status changes of scheduled events, and their creation by members."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from steward.runtime.clock import Clock
from steward.sim import Limits, Simulator
from steward.sim.guilds.guild import Guild
from steward.sim.guilds.permissions import BITS
from steward.sim.people.member import Member
from steward.sim.scheduled.event import ACTIVE, CANCELED, COMPLETED, SCHEDULED, ScheduledEvent
from tests.sim.gateway_client import GUILDS, connected

SCHEDULED_EVENTS = 1 << 16
HOUR = timedelta(hours=1)


@asynccontextmanager
async def organiser(clock: Clock) -> AsyncIterator[tuple[Guild, Member]]:
    async with Simulator(clock=clock) as sim:
        guild = sim.add_guild("Penguins")
        alice = guild.join("alice")
        alice.give(guild.add_role("Organiser", "create_events").id)
        yield guild, alice


async def status_after(event: ScheduledEvent, seconds: float) -> int:
    await asyncio.sleep(seconds)
    return event.status


async def test_an_external_event_starts_and_ends_at_its_times_with_events(clock: Clock):
    patient = Limits(heartbeat_interval=86_400.0)
    async with Simulator(clock=clock, limits=patient) as sim, connected(sim) as client:
        guild = sim.add_guild("Penguins")
        alice = guild.join("alice")
        alice.give(guild.add_role("Organiser", "create_events").id)
        await client.log_in(GUILDS | SCHEDULED_EVENTS)
        event = alice.schedule("Picnic", clock.now() + HOUR, clock.now() + 2 * HOUR, where="The park")
        assert (await client.event("GUILD_SCHEDULED_EVENT_CREATE"))["entity_metadata"] == {"location": "The park"}
        assert await status_after(event, 3599) == SCHEDULED
        assert await status_after(event, 2) == ACTIVE
        assert (await client.event("GUILD_SCHEDULED_EVENT_UPDATE"))["status"] == ACTIVE
        assert await status_after(event, 3600) == COMPLETED
        assert (await client.event("GUILD_SCHEDULED_EVENT_UPDATE"))["status"] == COMPLETED


async def test_a_rescheduled_event_starts_at_its_new_time(clock: Clock):
    async with organiser(clock) as (_, alice):
        event = alice.schedule("Picnic", clock.now() + HOUR, clock.now() + 2 * HOUR, where="The park")
        event.move(clock.now() + 3 * HOUR)
        assert event.ends_at == clock.now() + 4 * HOUR
        assert await status_after(event, 2 * 3600) == SCHEDULED
        assert await status_after(event, 3601) == ACTIVE
        event.end()
        assert await status_after(event, 7200) == COMPLETED


async def test_an_event_in_voice_ends_minutes_after_the_last_member_left(clock: Clock):
    async with organiser(clock) as (guild, alice):
        hall = guild.add_voice_channel("Hall")
        event = alice.schedule("Quiz", clock.now() + HOUR, where=hall)
        assert await status_after(event, 3700) == SCHEDULED  # only an external event begins by itself
        alice.join_voice(hall)
        event.start()
        assert await status_after(event, 7200) == ACTIVE
        alice.leave_voice()
        assert await status_after(event, 120) == ACTIVE
        alice.join_voice(hall)
        assert await status_after(event, 600) == ACTIVE
        alice.leave()
        assert await status_after(event, 181) == COMPLETED


async def test_an_event_not_started_for_hours_is_cancelled(clock: Clock):
    async with organiser(clock) as (guild, alice):
        event = alice.schedule("Quiz", clock.now() + HOUR, where=guild.add_voice_channel("Hall"))
        assert await status_after(event, 5 * 3600 - 1) == SCHEDULED
        assert await status_after(event, 2) == CANCELED
        with pytest.raises(ValueError, match="cannot become"):
            event.start()


async def test_creating_events_needs_permission_and_external_ones_an_end(clock: Clock):
    async with organiser(clock) as (guild, alice):
        guild.everyone.permissions &= ~BITS["create_events"]
        with pytest.raises(PermissionError, match="may not create events"):
            guild.join("bob").schedule("Picnic", clock.now() + HOUR, clock.now() + 2 * HOUR, where="The park")
        with pytest.raises(ValueError, match="needs an end"):
            alice.schedule("Picnic", clock.now() + HOUR, where="The park")
