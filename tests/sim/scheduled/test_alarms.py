"""Alarms ring once, at their time, the latest of a key only."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

from steward.runtime.clock import Clock
from steward.sim.scheduled.alarms import Alarms


async def test_an_alarm_rings_once_at_its_time(clock: Clock):
    alarms = Alarms(clock)
    rang: list[datetime] = []
    due = clock.now() + timedelta(days=7)
    alarms.set("a", due, lambda: rang.append(clock.now()))
    await asyncio.sleep(8 * 86_400)
    assert [abs((at - due).total_seconds()) < 0.01 for at in rang] == [True]
    assert rang[0] >= due


async def test_a_new_alarm_takes_the_place_of_the_old_and_a_dropped_one_never_rings(clock: Clock):
    alarms = Alarms(clock)
    rang: list[object] = []
    for number in range(3):
        alarms.set("a", clock.now() + timedelta(seconds=number), partial(rang.append, number))
    alarms.set("b", clock.now() + timedelta(seconds=1), lambda: rang.append("b"))
    alarms.cancel("b")
    await asyncio.sleep(10)
    assert rang == [2]
    alarms.set("c", clock.now() + timedelta(seconds=1), lambda: rang.append("c"))
    alarms.close()
    await asyncio.sleep(10)
    assert rang == [2]
