"""Two tiers and several processes: a deleted value is gone everywhere, despite concurrent loads."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass

import msgspec
import pytest

from steward.errors import NeedsOperator
from steward.runtime.cache import Cache, RedisTier
from steward.runtime.cache.link import Link
from tests.runtime.cache.test_category import OUTDATES, Source

pytestmark = pytest.mark.real_time


@dataclass(frozen=True)
class User:
    name: str
    level: int = 1


ADA, BEA = User("Ada"), User("Bea", 2)


@pytest.fixture
def make(redis_url, namespace):
    """What makes one more cache on the same Redis, as another process would."""

    def make(url=redis_url, **options):
        return Cache(max_entries=100, shared=RedisTier(url, namespace=namespace, timeout=0.5, **options))

    return make


class Quick(Source):
    async def load(self):
        self.calls += 1
        return self.value


async def users_of(stack, make, **options):
    cache = await stack.enter_async_context(make())
    return cache, cache.category("user_data", shared_as=User, **options)


async def until(true):
    """Wait for a message to arrive."""
    async with asyncio.timeout(60):
        while not true():
            await asyncio.sleep(0.002)


async def test_a_shared_value_keeps_its_type_and_remaining_ttl(make):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make, ttl=10)
        _, theirs = await users_of(stack, make, ttl=10)
        source = Quick(ADA)
        assert await mine.fetch("1", source.load, tags=["red"]) == ADA
        await one.settle()
        await asyncio.sleep(0.2)
        assert await theirs.fetch("1", source.load) == ADA
        assert source.calls == 1
        assert (theirs.statistics.misses, theirs.statistics.shared_hits, theirs.statistics.loads) == (1, 1, 0)
        assert 9 < theirs._space._by_key["1"].expires - asyncio.get_running_loop().time() <= 9.8
        assert theirs.delete_tag("red") == 1, "the tag came along"


async def test_none_is_shared_too(make):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        _, theirs = await users_of(stack, make)
        source = Quick(None)
        for users in (mine, theirs):
            assert await users.fetch("1", source.load) is None
            await one.settle()
        assert source.calls == 1


@pytest.mark.parametrize("delete", OUTDATES.values(), ids=OUTDATES)
async def test_a_deletion_reaches_both_tiers_of_the_other_process(make, delete):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        two, theirs = await users_of(stack, make)
        source = Quick(ADA)
        for cache, users in ((one, mine), (two, theirs)):
            await users.fetch("guild:1", source.load, tags=["red"])
            await cache.settle()
        source.value = BEA
        delete(one, mine)
        await one.settle()
        await until(lambda: theirs.get("guild:1") is None)
        assert await theirs.fetch("guild:1", source.load, tags=["red"]) == BEA
        assert await mine.fetch("guild:1", source.load, tags=["red"]) == BEA


@pytest.mark.parametrize("delete", OUTDATES.values(), ids=OUTDATES)
async def test_a_load_begun_before_a_remote_deletion_is_stored_in_neither_tier(make, delete):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        _, theirs = await users_of(stack, make)
        third, fresh = await users_of(stack, make)
        gate, source = asyncio.Event(), Quick(BEA)

        async def slow():
            await gate.wait()
            return ADA

        making = asyncio.create_task(theirs.fetch("guild:1", slow, tags=["red"]))
        await asyncio.sleep(0.05)
        delete(one, mine)
        await one.settle()
        gate.set()
        assert await making == ADA
        await third.settle()
        assert theirs.get("guild:1") is None
        assert await fresh.fetch("guild:1", source.load, tags=["red"]) == BEA


async def test_a_stale_value_written_after_a_missed_deletion_is_not_read(make, namespace, redis):
    """Its message may be late: the tokens in Redis decide."""
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        two, theirs = await users_of(stack, make)
        two._tier._link._on_message = lambda _: None
        gate = asyncio.Event()

        async def slow():
            await gate.wait()
            return ADA

        making = asyncio.create_task(theirs.fetch("guild:1", slow, tags=["red"]))
        await asyncio.sleep(0.05)
        mine.delete_tag("red")
        await one.settle()
        gate.set()
        await making
        await two.settle()
        assert redis.exists(f"{namespace}:1:value:user_data:1:guild:1"), "the late value has been written"
        assert await mine.fetch("guild:1", Quick(BEA).load) == BEA, "even who does not name the tag sees it"


async def test_a_value_deleted_during_its_read_is_not_stored(make):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        _, theirs = await users_of(stack, make)
        await mine.fetch("1", Quick(ADA).load)
        await one.settle()
        gate, find = asyncio.Event(), theirs._shared.find

        async def late(*which):
            found = await find(*which)
            await gate.wait()
            return found

        theirs._shared.find = late
        reading = asyncio.create_task(theirs.fetch("1", Quick(BEA).load))
        await asyncio.sleep(0.05)
        mine.delete("1")
        await until(lambda: not theirs._pending)
        gate.set()
        assert await reading == ADA
        assert theirs.get("1") is None


async def test_set_replaces_the_value_of_other_processes(make):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        _, theirs = await users_of(stack, make)
        source = Quick(ADA)
        await theirs.fetch("1", source.load)
        mine.set("1", BEA)
        await one.settle()
        await until(lambda: theirs.get("1") is None)
        assert await theirs.fetch("1", source.load) == BEA
        assert source.calls == 1


async def test_a_deletion_right_after_set_wins(make):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        _, theirs = await users_of(stack, make)
        mine.set("1", ADA)
        mine.delete("1")
        await one.settle()
        assert await theirs.fetch("1", Quick(BEA).load) == BEA


async def test_a_prefix_that_ends_within_a_part_deletes_all_matching_values(make):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        _, theirs = await users_of(stack, make)
        for key in ("guild:12:a", "guild:13:a", "a:b:c:d:e:f:g"):
            await mine.fetch(key, Quick(ADA).load)
        mine.delete_prefix("guild:1")
        mine.delete_prefix("a:b:c:d:e:f")
        await one.settle()
        for key in ("guild:12:a", "guild:13:a", "a:b:c:d:e:f:g"):
            assert await theirs.fetch(key, Quick(BEA).load) == BEA


async def test_values_outside_the_prefix_stay_in_redis(make):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        _, theirs = await users_of(stack, make)
        await mine.fetch("guild:12:a", Quick(ADA).load)
        mine.delete_prefix("guild:1:")
        mine.delete_tag("red")
        await one.settle()
        assert await theirs.fetch("guild:12:a", Quick(BEA).load) == ADA


async def test_a_thousand_misses_of_different_keys_share_round_trips(make, monkeypatch):
    trips = 0
    exchange = Link._exchange

    async def counted(connection, commands):
        nonlocal trips
        trips += 1
        return await exchange(connection, commands)

    monkeypatch.setattr(Link, "_exchange", staticmethod(counted))
    async with make() as cache:
        users = cache.category("user_data", shared_as=User)
        await asyncio.gather(*(users.fetch(str(number), Quick(ADA).load) for number in range(1000)))
        await cache.settle()
        assert 0 < trips < 100, trips
        assert cache._tier.state.up


async def test_a_category_without_a_type_stays_in_memory(make, redis, namespace):
    async with make() as cache:
        cache.category("user_data").set("1", object())
        await cache.settle()
    assert not list(redis.scan_iter(f"{namespace}:*user_data*"))


async def test_values_of_another_version_are_not_read_but_deletions_apply(make):
    async with AsyncExitStack() as stack:
        one, old = await users_of(stack, make, version=1)
        two, new = await users_of(stack, make, version=2)
        await old.fetch("1", Quick(ADA).load)
        await one.settle()
        assert await new.fetch("1", Quick(BEA).load) == BEA
        await two.settle()
        old.delete("1")
        await one.settle()
        await until(lambda: new.get("1") is None)
        assert await new.fetch("1", Quick(ADA).load) == ADA


POISON = {
    "no msgpack": b"\xc1 not msgpack",
    "a pickle": b"cos\nsystem\n(S'echo'\ntR.",
    "another type": None,
    "another shape": msgspec.msgpack.encode({"name": "Ada"}),
    "far too long": b"x" * 1_100_000,
}


@pytest.mark.parametrize("poison", POISON.values(), ids=POISON)
async def test_a_poisoned_value_is_a_miss_counted_deleted_and_logged_once(make, redis, namespace, logged, poison):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        _, theirs = await users_of(stack, make)
        numbers = one.category("numbers", shared_as=int)
        await numbers.fetch("1", Quick(7).load)
        for key in "12":
            await mine.fetch(key, Quick(ADA).load)
        await one.settle()
        wrong = poison or redis.get(f"{namespace}:1:value:numbers:1:1")
        for key in "12":
            place = f"{namespace}:1:value:user_data:1:{key}"
            redis.set(place, wrong if poison else redis.get(place).replace(b"\xa3Ada", b"\xc3"))
            assert await theirs.fetch(key, Quick(BEA).load) == BEA
        assert theirs.statistics.refused == 2
        assert [event["event"] for event in logged] == ["cache_value_refused"]


async def test_a_key_that_holds_no_text_is_a_miss(make, redis, namespace):
    redis.lpush(f"{namespace}:1:value:user_data:1:1", "x")
    redis.lpush(f"{namespace}:1:token:user_data:key:1", "x")
    async with make() as cache:
        users = cache.category("user_data", shared_as=User)
        assert await users.fetch("1", Quick(ADA).load) == ADA
        assert users.statistics.refused == 1
        await cache.settle()
        assert cache._tier.state.up


@pytest.mark.parametrize("message", [b"", b"{}", b"[1]", b'["a","user_data",[],{}]', b"\xff\xfe", b"[[],[],[],[]]"])
async def test_an_invalid_message_drops_everything(make, redis, namespace, logged, message):
    async with make() as cache:
        users = cache.category("user_data", shared_as=User)
        users.set("1", ADA)
        await cache.settle()
        redis.publish(f"{namespace}:1:deleted", message)
        await until(lambda: users.get("1") is None)
        redis.publish(f"{namespace}:1:deleted", message)
        await asyncio.sleep(0.05)
        assert cache._tier.state.up
    assert [event["event"] for event in logged] == ["cache_message_refused"]


async def test_a_value_that_msgspec_cannot_write_stays_in_memory_and_is_logged_once(make, logged):
    async with make() as cache:
        things = cache.category("things", shared_as=dict)
        for key in "12":
            things.set(key, {"a": object()})
        await cache.settle()
        assert things.get("1") is not None
    assert [event["event"] for event in logged] == ["cache_value_not_shared"]


async def test_a_value_that_is_too_large_to_share_stays_in_memory(make, redis, namespace):
    async with make() as cache:
        images = cache.category("image_cache", shared_as=bytes)
        images.set("1", bytes(2_000_000))
        await cache.settle()
        assert images.get("1") is not None
    assert not redis.exists(f"{namespace}:1:value:image_cache:1:1")


async def test_a_type_that_cannot_be_decoded_is_refused(make):
    class Opaque:
        def __init__(self, thing): ...

    async with make() as cache:
        with pytest.raises(ValueError, match="'things' cannot be shared"):
            cache.category("things", shared_as=Opaque)
        with pytest.raises(ValueError, match="'things' cannot be shared"):
            cache.category("things", shared_as=Opaque)


@pytest.mark.parametrize("key", ["", "a b\r\nDEL x", "ключ:🐧", "\ud800", "x" * 10_000, ":::::"])
async def test_any_text_is_a_key(make, key):
    async with AsyncExitStack() as stack:
        one, mine = await users_of(stack, make)
        _, theirs = await users_of(stack, make)
        await mine.fetch(key, Quick(ADA).load)
        await one.settle()
        assert await theirs.fetch(key, Quick(BEA).load) == ADA
        mine.delete(key)
        await one.settle()
        await until(lambda: theirs.get(key) is None)
        assert await theirs.fetch(key, Quick(BEA).load) == BEA


@pytest.mark.parametrize("url", ["", "localhost", "http://localhost", "redis://localhost:port", "redis://h/?db=x"])
async def test_an_invalid_address_gives_a_readable_error(url):
    with pytest.raises(NeedsOperator, match="The address of Redis is invalid"):
        RedisTier(url)
