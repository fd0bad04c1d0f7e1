"""Numbers over time: by the minute for a day, by ten minutes for a week, through restarts and outages."""

import asyncio
from functools import partial
from itertools import pairwise

import pytest

from steward.errors import NotReady
from steward.runtime.memory import MEBIBYTE
from steward.runtime.monitor import Monitor
from steward.store import open_store
from steward.web.dashboard.points import (
    MINUTE,
    TEN_MINUTES,
    MetricPoint,
    MetricPoints,
    keep_point,
    mean_of,
    points_since,
)

BEGIN = 1_767_571_200  # a full ten minutes


def full(value=1.0):
    return MetricPoint(*[value] * len(MetricPoint._fields))


async def test_a_minute_s_point_is_the_mean_of_its_samples_and_says_that_the_bot_was_started(clock, tmp_path):
    used, statements = [0.0], [0.0]
    monitor = Monitor(clock)
    monitor.gauge("memory_resident_bytes", "Bytes.", lambda: 50 * MEBIBYTE)
    monitor.gauge("cpu_seconds_total", "Seconds.", lambda: used[0], grows=True)
    monitor.gauge("queries_total", "Statements.", lambda: statements[0], grows=True)
    hits, misses = monitor.counter("cache.hits"), monitor.counter("cache.misses")
    async with open_store(tmp_path / "db", clock) as store:
        points = MetricPoints(monitor, store, clock)
        running = asyncio.create_task(points.run())
        for _ in range(40):
            await asyncio.sleep(3)
            used[0] += 0.3
            statements[0] += 6
            hits.add(3)
            misses.add(1)
        await asyncio.sleep(30)
        running.cancel()
        (_, first_starts, first), (_, starts, second), *_ = await store.read(
            partial(points_since, step=MINUTE, since=0)
        )
        assert (first_starts, starts) == (True, False)
        assert first.memory == second.memory == 50
        assert second.cpu == pytest.approx(0.1)
        assert second.queries == pytest.approx(2)
        assert second.hits == pytest.approx(0.75)
        assert second.latency is None, "nothing measures it here"
        assert (second.requests, second.limited) == (0, 0)


async def test_without_the_database_points_are_missing_and_come_again_afterwards(clock, tmp_path):
    async with open_store(tmp_path / "db", clock) as store:
        away = [False]

        class Store:
            async def write(self, work):
                if away[0]:
                    raise NotReady("away")
                return await store.write(work)

        points = MetricPoints(Monitor(clock), Store(), clock)
        running = asyncio.create_task(points.run())
        for is_away in (False, True, False):
            away[0] = is_away
            await asyncio.sleep(300)
        running.cancel()
        at = [when for when, _, _ in await store.read(partial(points_since, step=MINUTE, since=0))]
        gaps = [later - earlier for earlier, later in pairwise(at)]
        assert max(gaps) == 6 * MINUTE
        assert gaps.count(MINUTE) == len(gaps) - 1


async def test_ten_minutes_are_summed_up_on_each_engine(clock, database):
    async with open_store(database, clock) as store:
        for number in range(10):
            point = full(number) if number else full()._replace(latency=None)
            await store.write(partial(keep_point, at=BEGIN + number * MINUTE, point=point, starts=number == 4))
        ((at, starts, point),) = await store.read(partial(points_since, step=TEN_MINUTES, since=0))
        assert (at, starts) == (BEGIN, True)
        assert point.memory == pytest.approx(4.6)
        assert point.latency == pytest.approx(5.0), "of the nine that are known"
        assert len(await store.read(partial(points_since, step=MINUTE, since=BEGIN + 1))) == 9


async def test_a_week_and_a_day_fit_half_a_megabyte_and_nothing_older_stays(clock, tmp_path):
    def week(tx):
        for number in range(9 * 1440):
            keep_point(tx, BEGIN + number * MINUTE, full(number / 7), starts=False)

    path = tmp_path / "db"
    async with open_store(path, clock) as store:
        empty = path.stat().st_size
        await store.write(week)
        minutes = await store.read(partial(points_since, step=MINUTE, since=0))
        tens = await store.read(partial(points_since, step=TEN_MINUTES, since=0))
        assert 1440 <= len(minutes) <= 1460
        assert 1008 <= len(tens) <= 1011
    assert path.stat().st_size - empty < 500_000


def test_the_mean_is_of_what_is_known():
    assert mean_of([MetricPoint(1.0), MetricPoint(3.0, 5.0)]) == MetricPoint(2.0, 5.0)
