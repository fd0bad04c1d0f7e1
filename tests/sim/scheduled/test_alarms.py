"""Alarms fire once at their time, only the latest per key."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from functools import partial

from steward.runtime.clock import Clock
from steward.sim.scheduled.alarms import Alarms


async def test_an_alarm_fires_once_at_its_time(clock: Clock):
    alarms = Alarms(clock)
    rang: list[datetime] = []
    due = clock.now() + timedelta(days=7)
    alarms.set("a", due, lambda: rang.append(clock.now()))
    await asyncio.sleep(8 * 86_400)
    assert [abs((at - due).total_seconds()) < 0.01 for at in rang] == [True]
    assert rang[0] >= due


async def test_a_new_alarm_replaces_the_old_and_a_cancelled_one_never_fires(clock: Clock):
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
