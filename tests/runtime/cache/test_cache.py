"""Several categories under one bound."""

from __future__ import annotations

import asyncio
import re
import subprocess
import sys
from pathlib import Path

import pytest
import time_machine

from steward.runtime.cache import DEFAULT_TTLS, Cache
from steward.runtime.memory import MemoryGuard, Pressure

PAGE = Path(__file__).parents[3] / "docs" / "cache.md"


async def test_each_category_has_its_default_ttl(clock):
    cache = Cache(ttl=7, monotonic=clock.monotonic)
    assert {name: cache.category(name).ttl for name in DEFAULT_TTLS} == dict(DEFAULT_TTLS)
    assert cache.category("else").ttl == 7
    assert cache.category("mine", ttl=3).ttl == 3


def test_the_documentation_has_these_times():
    units = {"minutes": 60, "hour": 3600, "hours": 3600}
    shown = {}
    for names, number, unit in re.findall(r"^\| (`[^|]*) \| (\d+) (\w+) \|", PAGE.read_text(), re.MULTILINE):
        shown |= dict.fromkeys(re.findall(r"`(\w+)`", names), int(number) * units[unit])
    assert shown | {"tokens": None} == dict(DEFAULT_TTLS)


async def test_all_categories_share_one_bound_and_each_counts_its_own(clock):
    cache = Cache(max_entries=50, monotonic=clock.monotonic)
    users, guilds = cache.category("user_data"), cache.category("guild_data", ttl=5)
    for number in range(40):
        users.set(str(number), number)
        guilds.set(str(number), number)
    assert len(cache) == len(users) + len(guilds) == 50
    statistics = cache.statistics
    assert statistics["user_data"].evictions + statistics["guild_data"].evictions == 30
    kept = len(guilds)
    await asyncio.sleep(6)
    assert cache.sweep() == kept == statistics["guild_data"].expirations
    assert statistics["user_data"].expirations == 0


async def test_bytes_are_bounded_including_overhead(clock):
    cache = Cache(max_entries=1000, max_bytes=100_000, monotonic=clock.monotonic)
    images = cache.category("image_cache")
    for number in range(100):
        images.set(str(number), bytes(5000))
        assert cache.bytes <= 100_000
    assert 15 <= len(images) <= 19


async def test_memory_pressure_shrinks_it_and_the_bounds_stay(clock):
    cache = Cache(max_entries=100, monotonic=clock.monotonic)
    users = cache.category("user_data")
    for number in range(100):
        users.set(str(number), number)
    assert cache.shrink(0.25) == 75
    for number in range(100, 200):
        users.set(str(number), number)
    assert len(cache) == 100


async def test_a_memory_guard_shrinks_and_sweeps_it(clock):
    cache = Cache(max_entries=100, monotonic=clock.monotonic)
    users, brief = cache.category("user_data"), cache.category("brief", ttl=1)
    for number in range(40):
        users.set(str(number), number)
        brief.set(str(number), number)
    guard = MemoryGuard(lambda: 60, 100, clock)
    guard.on(Pressure.LOW, "sweep the cache", cache.sweep)
    guard.on(Pressure.MEDIUM, "shrink the cache", cache.shrink)
    await asyncio.sleep(1)
    await guard.relieve(Pressure.LOW)
    assert (len(users), len(brief)) == (40, 0)
    await guard.relieve(Pressure.MEDIUM)
    assert len(cache) == 20


async def test_the_total_adds_up_all_categories():
    cache = Cache()
    for name in ("user_data", "guild_data"):
        category = cache.category(name)
        category.set("1", name)
        category.get("1")
        category.get("2")
    assert (cache.total.hits, cache.total.misses, cache.total.hit_rate) == (2, 2, 0.5)


async def test_deletions_reach_every_category(clock):
    cache = Cache(monotonic=clock.monotonic)
    names = ("user_data", "guild_data")
    for name in names:
        for key in ("1:a", "1:b", "2:a"):
            cache.category(name).set(key, name, tags=["red"] if key == "2:a" else [])
    assert (cache.delete("1:a"), cache.delete_prefix("1:"), cache.delete_tag("red"), len(cache)) == (2, 2, 2, 0)


async def test_a_category_is_created_once_with_equal_arguments():
    cache = Cache()
    users = cache.category("user_data", ttl=5)
    assert cache.category("user_data", ttl=5) is users
    with pytest.raises(ValueError, match="'user_data' exists already, with other arguments"):
        cache.category("user_data", ttl=6)


@pytest.mark.parametrize("name", ["", "user:data"])
async def test_an_ambiguous_name_is_refused(name):
    with pytest.raises(ValueError, match="a name without a colon"):
        Cache().category(name)


@pytest.mark.parametrize("wrong", [{"ttl": -1}, {"negative_ttl": -1}, {"failure_ttl": -1}])
async def test_a_negative_time_to_live_is_refused(wrong):
    with pytest.raises(ValueError, match="cannot be negative"):
        Cache().category("user_data", **wrong)


@pytest.mark.parametrize("instant", ["1970-01-02", "2099-01-01"])
def test_a_jump_of_the_wall_clock_changes_nothing(instant):
    users = Cache().category("user_data", ttl=5)
    users.set("1", "Ada")
    with time_machine.travel(instant):
        assert users.get("1") == "Ada"
        users.set("2", "Bea")
    assert users.get("2") == "Bea"


def test_importing_the_cache_imports_nothing_of_redis():
    look = "import sys, steward.runtime.cache; sys.exit(str({'valkey', 'msgspec', 'discord'} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=False)
    assert run.stderr.strip() == "set()"


async def test_without_redis_opening_is_optional():
    async with Cache() as cache:
        users = cache.category("user_data", shared_as=str)
        users.set("1", "Ada")
        await cache.settle()
        assert users.get("1") == "Ada"
