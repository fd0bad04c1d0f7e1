"""How fast a demo plays for whoever is on its page."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from time import perf_counter

from steward.cli.demo.speed import MORNING, DemoSpeed
from steward.sim import Simulator
from steward.sim.page.clock_control import ClockControl

FAST = 1e6


async def began(clock, *, slows=True, weekend=timedelta(0), speed=FAST):
    """Return a demo's speed at midnight, or a weekend before, and its loop."""
    loop = asyncio.get_running_loop()
    loop.speed = speed
    return DemoSpeed(clock, loop, clock.now() + weekend, slows=slows), loop


async def test_the_morning_is_fast_and_then_time_is_real_for_visitors(clock):
    speed, loop = await began(clock)
    speed.visited(True)
    await asyncio.sleep(MORNING.total_seconds() - 1)
    assert loop.speed == FAST
    await asyncio.sleep(1)
    assert loop.speed == 1
    speed.visited(False)
    assert loop.speed == FAST


async def test_the_weekend_is_as_fast_as_it_can_whatever_the_speed_and_the_morning_comes_after_it(clock):
    month, day_a_second = timedelta(days=30), timedelta(days=1).total_seconds()
    speed, loop = await began(clock, weekend=month, speed=day_a_second)
    speed.visited(True)
    started = perf_counter()
    await asyncio.sleep((month + MORNING).total_seconds() - 1)
    assert perf_counter() - started < month.days / 2
    assert loop.speed == day_a_second
    await asyncio.sleep(2)
    assert loop.speed == 1


async def test_without_visitors_the_day_is_fast(clock):
    _, loop = await began(clock)
    await asyncio.sleep(timedelta(days=1).total_seconds())
    assert loop.speed == FAST


async def test_who_comes_after_the_morning_finds_real_time(clock):
    speed, loop = await began(clock)
    await asyncio.sleep(MORNING.total_seconds() + 1)
    speed.visited(True)
    assert loop.speed == 1


async def test_a_speed_that_a_visitor_has_chosen_is_left_alone_and_ends_with_the_visit(clock):
    speed, loop = await began(clock)
    speed.visited(True)
    loop.speed = FAST / 10
    await asyncio.sleep(MORNING.total_seconds() + 1)
    assert loop.speed == FAST / 10
    loop.speed = 0
    speed.visited(False)
    assert loop.speed == FAST


async def test_a_speed_that_was_asked_for_stays(clock):
    speed, loop = await began(clock, slows=False)
    speed.visited(True)
    await asyncio.sleep(MORNING.total_seconds() + 1)
    assert loop.speed == FAST


async def test_after_the_end_time_stays_real_also_when_the_visitor_leaves(clock):
    speed, loop = await began(clock)
    speed.visited(True)
    speed.stay()
    assert loop.speed == 1
    speed.visited(False)
    assert loop.speed == 1


async def test_at_the_end_a_speed_that_the_visitor_has_chosen_stays_until_the_visit_ends(clock):
    speed, loop = await began(clock)
    speed.visited(True)
    loop.speed = 100
    speed.stay()
    assert loop.speed == 100
    loop.speed = 0
    speed.visited(False)
    assert loop.speed == 1


async def test_a_pause_at_noon_ends_with_real_time(clock):
    async with Simulator(clock=clock) as sim:
        speed, loop = await began(clock)
        control = ClockControl(sim.world.clock)
        speed.visited(True)
        await asyncio.sleep(MORNING.total_seconds() + 1)
        control.set_speed(0)
        assert loop.speed == 0
        control.set_speed(0)
        assert control.state()["resume"] == 1
