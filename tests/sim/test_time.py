"""Accelerated time: what it promises at the top of `steward.sim.time`."""

from __future__ import annotations

import asyncio
import threading
import time
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from functools import partial

import pytest
from discord.ext import tasks
from hypothesis import given, settings
from hypothesis import strategies as st

from steward.sim import library_time
from steward.sim import time as accelerated


async def test_a_week_of_sleep_ends_at_once_and_moves_every_clock(clock):
    began = clock.now()
    await asyncio.sleep(7 * 86400)
    assert clock.now() - began == timedelta(days=7)
    assert datetime.now(UTC) == clock.now()
    assert abs(time.time() - clock.now().timestamp()) < 0.001


async def test_the_clock_stands_still_while_callbacks_run(clock):
    before = clock.monotonic()
    for _ in range(1000):
        await asyncio.sleep(0)
    assert clock.monotonic() == before


async def test_timers_fire_in_order_at_exactly_their_instant(clock):
    fired = []

    async def at(delay):
        await asyncio.sleep(delay)
        fired.append((delay, clock.monotonic()))

    began = clock.monotonic()
    await asyncio.gather(*(at(delay) for delay in (600, 0.001, 86400 * 3, 41.25)))
    assert [delay for delay, _ in fired] == [0.001, 41.25, 600, 86400 * 3]
    assert all(abs(when - began - delay) < 1e-6 for delay, when in fired)


async def test_it_still_keeps_time_after_ten_years(clock):
    began = clock.monotonic()
    await asyncio.sleep(3650 * 86400)
    for _ in range(100):
        await asyncio.sleep(0.25)
    assert clock.monotonic() - began == pytest.approx(3650 * 86400 + 25, abs=1e-3)


async def test_an_executor_call_holds_the_clock_until_it_returns(clock):
    loop = asyncio.get_running_loop()
    released = threading.Event()
    timer_fired = []
    loop.call_later(3600, timer_fired.append, True)
    before = clock.monotonic()
    threading.Timer(0.1, released.set).start()
    assert await loop.run_in_executor(None, released.wait, 5)
    assert clock.monotonic() == before
    assert timer_fired == []


async def test_bytes_on_loopback_arrive_before_the_clock_moves_on(clock):
    """Two thousand round trips, each with a timer a virtual hour away: not one hour passes."""

    async def echo(reader, writer):
        while data := await reader.read(64):
            writer.write(data)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    late = []
    before = clock.monotonic()
    for _ in range(2000):
        timer = asyncio.get_running_loop().call_later(3600, late.append, True)
        writer.write(b"ping")
        await reader.readexactly(4)
        timer.cancel()
    assert late == []
    assert clock.monotonic() == before
    writer.close()
    await writer.wait_closed()
    server.close()
    await server.wait_closed()


async def test_a_library_thread_that_waits_in_steps_keeps_the_loops_time(clock):
    """The shape of discord.py's heartbeat: a thread that waits, acts through the loop, and waits again."""
    loop = asyncio.get_running_loop()
    stop = library_time.LoopEvent(loop)
    beats = []

    async def beat():
        beats.append(clock.monotonic())

    def keep_alive():
        while not stop.wait(41.25):
            asyncio.run_coroutine_threadsafe(beat(), loop).result(10)

    began = clock.monotonic()
    thread = threading.Thread(target=keep_alive)
    thread.start()
    await asyncio.sleep(86400)
    stop.set()
    thread.join()
    assert len(beats) == int(86400 / 41.25)
    assert all(abs(when - began - 41.25 * n) < 1e-3 for n, when in enumerate(beats, 1))


def test_a_thread_that_is_still_busy_at_the_end_is_waited_for():
    """From 3.12 on asyncio gives the executor 300 s to end: they must not pass in an instant."""

    async def main(clock):
        asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.3).cancel()
        await asyncio.sleep(1)

    accelerated.run(main, libraries=())


def test_a_speed_keeps_the_clock_from_running_ahead_of_the_wall():
    async def main(clock):
        await asyncio.sleep(30)

    began = time.perf_counter()
    accelerated.run(main, speed=100, libraries=())
    assert time.perf_counter() - began > 0.29


async def test_a_clock_that_stands_serves_sockets_and_fires_no_timer(clock):
    loop, fired, heard = asyncio.get_running_loop(), [], []
    server = await asyncio.start_server(partial(hear_line, heard), "127.0.0.1", 0)
    loop.call_later(1, fired.append, "late")
    before = clock.monotonic()
    loop.speed = 0
    _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    writer.write(b"click\n")
    while not heard:
        await asyncio.sleep(0)
    begun = time.perf_counter()
    while time.perf_counter() - begun < 0.05:
        await asyncio.sleep(0)
    assert (heard, fired, clock.monotonic()) == ([b"click\n"], [], before)
    loop.speed = None
    await asyncio.sleep(2)
    assert fired == ["late"]
    writer.close()
    server.close()


async def hear_line(heard, reader, writer):
    heard.append(await reader.readline())
    writer.close()


async def test_another_thread_wakes_a_clock_that_stands(clock):
    loop, woken = asyncio.get_running_loop(), asyncio.Event()
    loop.speed = 0

    def wake():
        loop.speed = None
        woken.set()

    threading.Timer(0.05, loop.call_soon_threadsafe, (wake,)).start()
    await woken.wait()
    await asyncio.sleep(3600)


async def test_a_change_of_speed_counts_from_where_the_clock_is(clock):
    loop = asyncio.get_running_loop()
    loop.speed = 1000
    await asyncio.sleep(50)
    loop.speed = 10
    before, begun = clock.monotonic(), time.perf_counter()
    await asyncio.sleep(1)
    assert clock.monotonic() - before == pytest.approx(1)
    assert time.perf_counter() - begun > 0.09


@pytest.mark.parametrize("speed", [0, 1.0])
async def test_a_run_to_an_instant_fires_all_timers_on_the_way_and_ends_there(clock, speed):
    loop, fired, ended = asyncio.get_running_loop(), [], asyncio.Event()
    target = loop.time() + 86400
    for delay in (3600, 0.5, 86399, 90000):
        loop.call_later(delay, lambda: fired.append(loop.time()))
    loop.call_at(target, ended.set)
    loop.speed = speed
    began = loop.time()
    loop.run_until(target)
    await ended.wait()
    assert [round(when - began, 6) for when in fired] == [0.5, 3600, 86399]
    before = time.perf_counter()
    while time.perf_counter() - before < 0.02:
        await asyncio.sleep(0)
    assert loop.time() - target < 1, "at its old speed again"
    loop.speed = None


@pytest.mark.parametrize("speed", [-1, float("inf"), float("nan")])
async def test_a_speed_is_a_number_from_0(clock, speed):
    with pytest.raises(ValueError, match="A speed is a number from 0"):
        asyncio.get_running_loop().speed = speed


@given(st.lists(st.tuples(st.floats(0, 10_000), st.sampled_from([None, 0, 1e6, 5e7])), max_size=8))
@settings(max_examples=25, deadline=None)
def test_timers_keep_their_order_and_instants_whatever_the_speed_is_in_between(delays):
    async def main(clock):
        loop, fired, last = asyncio.get_running_loop(), [], asyncio.Event()

        def fire(due, speed):
            fired.append((due, loop.time()))
            loop.speed = speed

        for delay, speed in delays:
            loop.call_later(delay, fire, delay, speed)
        loop.call_later(10_001, last.set)
        loop.run_until(10_002)
        await last.wait()
        return fired

    fired = accelerated.run(main, libraries=())
    assert [due for due, _ in fired] == sorted(delay for delay, _ in delays)
    assert all(abs(due - when) < 1e-6 for due, when in fired)


def test_a_clock_held_for_ever_is_an_error_that_names_the_holder(monkeypatch):
    monkeypatch.setattr(accelerated, "HELD_AT_MOST", 0.1)

    async def main(clock):
        asyncio.get_running_loop().hold("a thread that never ends")
        await asyncio.sleep(1)

    with pytest.raises(accelerated.ClockHeldError, match="a thread that never ends"):
        accelerated.run(main, libraries=())


def test_libraries_get_their_own_clocks_back():
    import discord.gateway

    async def main(clock):
        assert discord.gateway.time is not time
        await asyncio.sleep(5)
        assert discord.gateway.time.perf_counter() == clock.monotonic()

    accelerated.run(main)
    assert discord.gateway.time is time
    assert discord.gateway.threading is threading


def test_who_waits_for_a_wall_time_and_wakes_early_by_a_rounding_wakes_again():
    """A timer beside another one, less than a microsecond later, does not stop the clock for ever."""

    async def until(clock, target):
        while (left := (target - clock.now()).total_seconds()) > 0:
            await asyncio.sleep(left)

    async def main(clock):
        await asyncio.sleep(1 / 3)
        midnight = accelerated.EPOCH + timedelta(days=100)
        asyncio.get_running_loop().call_later((midnight - clock.now()).total_seconds() - 4e-7, lambda: None)
        await asyncio.gather(until(clock, midnight), until(clock, midnight + timedelta(microseconds=1)))
        return clock.now() - midnight

    assert accelerated.run(main) <= timedelta(microseconds=2)


def test_a_loop_of_discord_ext_tasks_at_a_wall_time_runs_once_a_day():
    async def main(clock):
        times = []

        @tasks.loop(time=time_of_day(3, 30, tzinfo=UTC))
        async def daily():
            times.append(clock.now())

        daily.start()
        await asyncio.sleep(5 * 86400)
        daily.cancel()
        return times

    ran = accelerated.run(main)
    assert [at.replace(microsecond=0).isoformat() for at in ran] == [
        f"2026-01-0{day}T03:30:00+00:00" for day in range(5, 10)
    ]
