"""One category: loaded once, cached for its time, never stale."""

from __future__ import annotations

import asyncio
import gc

import pytest

from steward.runtime.cache import Cache


@pytest.fixture
def cache():
    return Cache(max_entries=100, monotonic=lambda: asyncio.get_running_loop().time())


class Source:
    """What values are made from; making one takes a second."""

    def __init__(self, value=0, error=None):
        self.value = value
        self.error = error
        self.calls = 0

    async def load(self):
        self.calls += 1
        value = self.value
        await asyncio.sleep(1)
        if self.error is not None:
            raise self.error
        return value


async def test_a_thousand_concurrent_misses_load_once(cache):
    users, source = cache.category("user_data"), Source("Ada")
    assert await asyncio.gather(*(users.fetch("1", source.load) for _ in range(1000))) == ["Ada"] * 1000
    assert source.calls == 1
    assert await users.fetch("1", source.load) == "Ada"
    assert source.calls == 1
    done = users.statistics
    assert (done.misses, done.hits, done.loads, done.failed_loads) == (1000, 1, 1, 0)


async def test_hits_do_not_count_as_load_time(cache):
    users, source = cache.category("user_data"), Source("Ada")
    for _ in range(50):
        await users.fetch("1", source.load)
    assert users.statistics.mean_load_seconds == pytest.approx(1)
    assert users.statistics.hit_rate == 49 / 50


async def test_a_cancelled_caller_does_not_stop_the_load(cache):
    users, source = cache.category("user_data"), Source("Ada")
    first = asyncio.create_task(users.fetch("1", source.load))
    await asyncio.sleep(0.1)
    second = asyncio.create_task(users.fetch("1", source.load))
    await asyncio.sleep(0.1)
    first.cancel()
    assert await second == "Ada"
    assert first.cancelled()
    assert source.calls == 1


async def test_a_load_without_callers_left_is_stored(cache):
    users, source = cache.category("user_data"), Source("Ada")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await users.fetch("1", source.load)
    await asyncio.sleep(1)
    assert users.get("1") == "Ada"


async def test_a_failed_load_without_callers_left_is_silent(cache):
    """asyncio would report it as lost."""
    lost = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: lost.append(context))
    users = cache.category("user_data")
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5):
            await users.fetch("1", Source(error=OSError()).load)
    await asyncio.sleep(1)
    gc.collect()
    assert lost == []


OUTDATES = {
    "its key": lambda cache, users: users.delete("guild:1"),
    "its key everywhere": lambda cache, users: cache.delete("guild:1"),
    "its tag": lambda cache, users: users.delete_tag("red"),
    "its tag everywhere": lambda cache, users: cache.delete_tag("red"),
    "its prefix": lambda cache, users: users.delete_prefix("guild:"),
    "its prefix everywhere": lambda cache, users: cache.delete_prefix("guild"),
    "everything": lambda cache, users: cache.delete_prefix(""),
}


@pytest.mark.parametrize("delete", OUTDATES.values(), ids=OUTDATES)
async def test_a_load_begun_before_a_deletion_is_not_stored_and_later_callers_load_anew(cache, delete):
    users, source = cache.category("user_data"), Source("old")
    early = asyncio.create_task(users.fetch("guild:1", source.load, tags=["red"]))
    await asyncio.sleep(0.5)
    source.value = "new"
    delete(cache, users)
    late = asyncio.create_task(users.fetch("guild:1", source.load, tags=["red"]))
    assert await early == "old"
    assert users.get("guild:1") is None
    assert await late == "new"
    assert users.get("guild:1") == "new"


async def test_a_deletion_leaves_other_values_and_loads_alone(cache):
    users, guilds, source = cache.category("user_data"), cache.category("guild_data"), Source("Ada")
    users.set("1", "one", tags=["red"])
    guilds.set("1", "guild", tags=["red"])
    making = asyncio.create_task(users.fetch("2", source.load, tags=["green"]))
    await asyncio.sleep(0.5)
    assert (users.delete_tag("red"), users.delete_prefix("1"), users.delete("3")) == (1, 0, False)
    assert (users.get("1"), guilds.get("1")) == (None, "guild")
    await making
    assert users.get("2") == "Ada"
    assert source.calls == 1


async def test_a_value_set_during_a_load_is_not_replaced_by_it(cache):
    users, source = cache.category("user_data"), Source("old")
    making = asyncio.create_task(users.fetch("1", source.load))
    await asyncio.sleep(0.5)
    users.set("1", "new")
    await making
    assert users.get("1") == "new"


async def test_a_failed_load_reaches_all_callers_and_is_not_cached(cache):
    users, source = cache.category("user_data"), Source(error=OSError("no network"))
    results = await asyncio.gather(*(users.fetch("1", source.load) for _ in range(3)), return_exceptions=True)
    assert [str(result) for result in results] == ["no network"] * 3
    source.error = None
    assert await users.fetch("1", source.load) == 0
    assert (source.calls, users.statistics.failed_loads) == (2, 1)


async def test_a_failed_load_is_cached_with_failure_ttl(cache):
    users, source = cache.category("user_data", failure_ttl=5), Source(error=OSError("no network"))
    for _ in range(3):
        with pytest.raises(OSError, match="no network"):
            await users.fetch("1", source.load)
    assert source.calls == 1
    assert users.get("1") is None
    await asyncio.sleep(5)
    with pytest.raises(OSError, match="no network"):
        await users.fetch("1", source.load)
    assert source.calls == 2


async def test_none_is_cached_for_negative_ttl(cache):
    users, source = cache.category("user_data", ttl=100, negative_ttl=10), Source(None)
    for _ in range(3):
        assert await users.fetch("1", source.load) is None
    assert source.calls == 1
    await asyncio.sleep(10)
    source.value = "Ada"
    assert await users.fetch("1", source.load) == "Ada"


async def test_none_is_not_cached_without_negative_ttl(cache):
    users, source = cache.category("user_data", negative_ttl=0), Source(None)
    for _ in range(3):
        await users.fetch("1", source.load)
    assert source.calls == 3


async def test_a_value_expires_exactly_at_its_ttl(cache):
    users, source = cache.category("user_data", ttl=10), Source("Ada")
    await users.fetch("1", source.load)
    await asyncio.sleep(9.999)
    assert users.get("1") == "Ada"
    await asyncio.sleep(0.002)
    assert users.get("1") is None
    assert users.statistics.expirations == 1


async def test_the_ttl_can_be_a_function_of_the_value(cache):
    """As a token does."""
    tokens = cache.category("tokens")
    await tokens.fetch("spotify", Source({"expires_in": 30}).load, ttl=lambda token: token["expires_in"] - 10)
    await asyncio.sleep(19)
    assert tokens.get("spotify") is not None
    await asyncio.sleep(2)
    assert tokens.get("spotify") is None


async def test_a_category_without_default_ttl_needs_one_per_value(cache):
    tokens = cache.category("tokens")
    with pytest.raises(ValueError, match="pass `ttl` with each"):
        tokens.set("a", "b")
    with pytest.raises(ValueError, match="pass `ttl` with each"):
        await tokens.fetch("a", Source("b").load)
    with pytest.raises(ValueError, match="cannot live for nan"):
        tokens.set("a", "b", ttl=float("nan"))


async def test_a_value_with_zero_ttl_only_removes_the_old_one(cache):
    users = cache.category("user_data")
    users.set("1", "old")
    users.set("1", "new", ttl=0)
    assert users.get("1") is None


async def test_a_load_that_fetches_its_own_key_is_refused(cache):
    users = cache.category("user_data")

    async def load():
        return await users.fetch("1", load)

    with pytest.raises(RuntimeError, match="would never finish"):
        await users.fetch("1", load)


async def test_a_load_may_fetch_other_keys(cache):
    users = cache.category("user_data")

    async def load():
        return await users.fetch("1", Source(41).load) + 1

    assert await users.fetch("2", load) == 42


async def test_a_finished_load_leaves_nothing_behind(cache):
    users = cache.category("user_data")
    await users.fetch("1", Source("Ada").load)
    with pytest.raises(OSError):
        await users.fetch("2", Source(error=OSError()).load)
    assert users._pending == {}
