"""The caches with their settings, metrics and alerts."""

from __future__ import annotations

import asyncio

import pytest

from steward.caching import MAX_BYTES, open_caches
from steward.runtime.memory import MemoryGuard, Pressure
from steward.runtime.monitor import Alerts, Monitor
from steward.settings import Secret, Settings
from steward.store import kv, open_store
from tests.stage import admin, stage, until


async def of(load):
    return load


def settings(**given):
    return Settings(token=Secret("x"), **given)


async def test_each_cache_has_the_bounds_and_times_of_the_settings(tmp_path, clock):
    given = settings(cache_entries=20, cache_ttl=90.0, query_cache_entries=7, query_cache_ttl=50.0)
    async with open_store(tmp_path / "a.db", clock) as store, open_caches(given, clock, store) as caches:
        things = caches.cache.category("things")
        assert things.ttl == 90
        assert caches.cache.category("team_data").ttl == 7200
        for number in range(30):
            things.set(str(number), number)
            await caches.queries.read(kv.get, str(number))
        assert (len(caches.cache), len(caches.queries.cache)) == (20, 7)
        things.set("large", "x" * (MAX_BYTES + 1))
        assert things.get("large") is None
        await asyncio.sleep(51)
        assert caches.queries.cache.sweep() == 7
        assert caches.redis is None


async def test_expired_entries_are_swept_at_the_interval(tmp_path, clock):
    async with stage(clock, tmp_path, CACHE_CLEANUP_INTERVAL="60") as scene, scene.steward() as steward:
        things = steward.caches.cache.category("things", ttl=10)
        things.set("a", 1)
        await asyncio.sleep(9)
        assert len(things) == 1
        await asyncio.sleep(60)
        assert len(things) == 0


async def test_rising_memory_pressure_shrinks_the_caches(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store, open_caches(settings(), clock, store) as caches:
        guard = MemoryGuard(lambda: 100, 1000, clock)
        caches.relieve(guard)
        things, stale = caches.cache.category("things"), caches.cache.category("stale", ttl=1)
        for number in range(10):
            things.set(str(number), number)
            stale.set(str(number), number)
            await caches.queries.read(kv.get, str(number))
        await asyncio.sleep(2)
        sizes = []
        for level in (Pressure.LOW, Pressure.MEDIUM, Pressure.HIGH):
            await guard.relieve(level)
            sizes.append((len(caches.cache), len(caches.queries.cache)))
        assert sizes == [(10, 10), (5, 5), (2, 0)]


async def test_lookups_are_counted_by_category_and_few_hits_are_an_alert(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store, open_caches(settings(), clock, store) as caches:
        monitor, alerts = Monitor(clock), Alerts((), clock)
        things = caches.cache.category("things")
        caches.measure(monitor, alerts, clock)
        await alerts.check()
        for number in range(200):
            await things.fetch(str(number), lambda: of(1))
        await caches.queries.read(kv.get, "a")
        await caches.queries.read(kv.get, "a")
        counts = monitor.counts
        assert (counts["cache.hits"], counts["cache.misses"]) == (1, 201)
        assert (counts["cache.misses.things"], counts["cache.hits.db_query"]) == (200, 1)
        assert monitor.gauges["cache_entries"].value() == 201
        await looked_at(alerts)
        assert [alert.name for alert in alerts.active] == ["cache"]
        assert "Only 0% of cache lookups are hits" in alerts.active[0].sentence


async def looked_at(alerts):
    for _ in range(5):
        await alerts.check()
        await asyncio.sleep(30)


async def test_misses_of_changed_data_raise_no_alert(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store, open_caches(settings(), clock, store) as caches:
        monitor, alerts = Monitor(clock), Alerts((), clock)
        caches.measure(monitor, alerts, clock)
        await alerts.check()
        for number in range(150):
            assert await caches.queries.read(kv.get, "a") == (str(number - 1) if number else None)
            await store.write(lambda tx, n=number: kv.put(tx, "a", str(n)))
        assert monitor.counts["cache.outdated"] == 150
        await looked_at(alerts)
        assert not alerts.active


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ({}, None),
        ({"redis_host": "cache"}, "redis://cache:6379/0"),
        ({"redis_host": "::1", "redis_port": 1, "redis_db": 4}, "redis://[::1]:1/4"),
        ({"redis_host": "cache", "redis_password": Secret("p@ss/w:rd")}, "redis://:p%40ss%2Fw%3Ard@cache:6379/0"),
    ],
)
def test_where_redis_is(given, url):
    assert settings(**given).redis_url == url


async def test_operators_see_what_the_caches_do_and_free_them(clock, tmp_path):
    async with stage(clock, tmp_path, BURST_LIMIT="9") as scene, scene.steward() as steward:
        olga = await admin(scene, steward)
        olga.give(scene.guild.add_role("Operators", "administrator").id)
        await until(lambda: steward.health.ready)
        for _ in range(4):
            assert (await olga.run("/stats channels")).embeds
        done = steward.caches.queries.cache.statistics["db_query"]
        assert done.hits >= 3
        told = (await olga.run("/performance_metrics")).embeds[0]["description"]
        assert f"**Cache db_query** {done.hit_rate:.0%} of {done.hits + done.misses} lookups were hits" in told
        assert "**Caches hold** " in told
        told = (await olga.run("/force_cleanup")).embeds[0]["description"]
        assert "**Drop the query cache** " in told
        assert len(steward.caches.queries.cache) == 0
