"""Ids from the clock."""

from __future__ import annotations

from datetime import timedelta

import discord

from steward.runtime.clock import Clock
from steward.sim.snowflake import Snowflakes, made_at


async def test_ids_grow_and_carry_their_time(clock: Clock):
    snowflakes = Snowflakes(clock)
    made = [snowflakes.next() for _ in range(1000)]
    assert made == sorted(set(made))
    assert {made_at(snowflake) for snowflake in made} == {clock.now()}
    assert discord.utils.snowflake_time(made[0]) == clock.now()


async def test_an_id_of_later_is_greater(clock: Clock):
    snowflakes = Snowflakes(clock)
    first = snowflakes.next()
    assert made_at(first) - clock.now() == timedelta(0)
    assert snowflakes.next() > first
