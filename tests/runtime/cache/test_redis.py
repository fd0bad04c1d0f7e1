"""Redis that fails, recovers, is slow, or is no Redis: the memory tier keeps working."""

from __future__ import annotations

import asyncio
import signal
import sys
from contextlib import AsyncExitStack, asynccontextmanager

import pytest
import valkey

from steward.errors import NeedsOperator, NotReady
from steward.runtime.cache import Cache, RedisTier, link, redis
from tests.runtime.cache.servers import Proxy, RedisProcess, free_port, misbehaving
from tests.runtime.cache.test_shared import ADA, BEA, Quick, User, until

pytestmark = pytest.mark.real_time


def soon(failures):
    return 0.05


@pytest.fixture
def make(namespace):
    def make(url, *, timeout=0.1):
        return Cache(shared=RedisTier(url, namespace=namespace, timeout=timeout, backoff=soon))

    return make


LIMITED = ["--user", "limited", "on", ">right", "~*", "&*", "+@read", "+@pubsub"]


def events(logged):
    return [event["event"] for event in logged]


@asynccontextmanager
async def free_time():
    """Yield a function that returns the seconds in which the loop was free: a busy machine's pauses don't count."""
    ticks = 0

    async def tick():
        nonlocal ticks
        while True:
            await asyncio.sleep(0.01)
            ticks += 1

    task = asyncio.create_task(tick())
    yield lambda: ticks / 100
    task.cancel()


async def users_of(stack, make, url):
    cache = await stack.enter_async_context(make(url))
    return cache, cache.category("user_data", shared_as=User)


async def test_without_redis_the_memory_tier_works_at_full_speed_and_one_line_is_logged(make, logged):
    async with make(f"redis://:hunter2@127.0.0.1:{free_port()}/0") as cache:
        users, source = cache.category("user_data", shared_as=User), Quick(ADA)
        async with free_time() as waited:
            for number in range(100):
                assert await users.fetch(str(number), source.load) == ADA
                users.delete(str(number))
                users.set(str(number), BEA)
            assert waited() < 10, "300 calls that each waited for Redis would take 30 s"
        await until(lambda: not cache._tier.state.up)
    assert events(logged) == ["redis_lost"]
    assert "cannot be reached" in logged[0]["error"]
    assert "hunter2" not in str(logged)


async def test_the_second_tier_recovers_with_redis(make, logged, tmp_path):
    with RedisProcess(tmp_path) as server:
        async with AsyncExitStack() as stack:
            one, mine = await users_of(stack, make, server.url)
            two, theirs = await users_of(stack, make, server.url)
            server.stop()
            await until(lambda: not one._tier.state.up and not two._tier.state.up)
            assert await mine.fetch("1", Quick(ADA).load) == ADA
            assert mine.get("1") == ADA
            await asyncio.sleep(0.3)
            server.start()
            await until(lambda: one._tier.state.up and two._tier.state.up)
            await mine.fetch("2", Quick(ADA).load)
            await one.settle()
            assert await theirs.fetch("2", Quick(BEA).load) == ADA
            assert (one._tier.state.losses, one._tier.state.reason) == (1, "")
    assert sorted(events(logged)) == ["redis_back"] * 2 + ["redis_lost"] * 2


async def test_deletions_during_an_outage_are_sent_before_any_read(make, redis_port, redis_url):
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(Proxy(redis_port))
        one, mine = await users_of(stack, make, proxy.url)
        _, theirs = await users_of(stack, make, redis_url)
        source = Quick(ADA)
        for key in ("1", "guild:1", "tagged"):
            await theirs.fetch(key, source.load, tags=["red"] if key == "tagged" else [])
        proxy.swallow = True
        proxy.cut()
        await until(lambda: not one._tier.state.up)
        mine.delete("1")
        mine.delete_prefix("guild:")
        mine.delete_tag("red")
        assert theirs.get("1") == ADA, "how could it know"
        proxy.swallow = False
        await until(lambda: theirs.get("1") is None)
        for key in ("1", "guild:1", "tagged"):
            assert await mine.fetch(key, Quick(BEA).load) == BEA
            assert await theirs.fetch(key, Quick(User("Cleo")).load) in (BEA, User("Cleo"))


async def test_a_reconnect_drops_shared_values_from_memory(make, redis_port, redis_url):
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(Proxy(redis_port))
        one, mine = await users_of(stack, make, proxy.url)
        private = one.category("private")
        two, theirs = await users_of(stack, make, redis_url)
        await mine.fetch("1", Quick(ADA).load)
        private.set("1", "stays")
        proxy.swallow = True
        proxy.cut()
        await until(lambda: not one._tier.state.up)
        theirs.delete("1")
        await two.settle()
        assert mine.get("1") == ADA, "the memory tier goes on"
        making = asyncio.create_task(mine.fetch("2", _slow))
        await asyncio.sleep(0.05)
        proxy.swallow = False
        await until(lambda: one._tier.state.up)
        assert (mine.get("1"), private.get("1")) == (None, "stays")
        await making
        assert mine.get("2") is None, "its making began while deletions were not heard"


async def _slow():
    await asyncio.sleep(0.5)
    return ADA


async def test_a_slow_redis_delays_nobody_and_counts_as_down(make, logged, redis_port):
    async with Proxy(redis_port) as proxy, make(proxy.url) as cache:
        users = cache.category("user_data", shared_as=User)
        proxy.delay = 0.25  # each way
        for number in range(20):
            async with free_time() as waited:
                await users.fetch(str(number), Quick(ADA).load)
                assert waited() < 0.4
            await asyncio.sleep(0.1)
        assert not cache._tier.state.up
        proxy.delay = 0.0
        await until(lambda: cache._tier.state.up)
    assert events(logged)[:2] == ["redis_lost", "redis_back"]
    assert "takes longer than 100 ms" in logged[0]["error"]


async def test_a_half_open_connection_delays_nobody_and_is_closed(make, logged, redis_port):
    async with Proxy(redis_port) as proxy, make(proxy.url, timeout=0.3) as cache:
        users = cache.category("user_data", shared_as=User)
        proxy.swallow = True
        async with free_time() as waited:
            await asyncio.gather(*(users.fetch(str(number), Quick(ADA).load) for number in range(100)))
            assert waited() < 0.8
        async with free_time() as waited:
            await users.fetch("late", Quick(ADA).load)
            assert waited() < 0.2, "it is known by now that nothing comes"
        await until(lambda: not cache._tier.state.up)
        proxy.swallow = False
        await until(lambda: cache._tier.state.up)
    assert events(logged) == ["redis_lost", "redis_back"]
    assert "does not answer" in logged[0]["error"]


async def test_a_dead_connection_for_messages_is_detected_without_traffic(make, monkeypatch, redis_port):
    """Else deletions would be missed for as long as nobody noticed."""
    monkeypatch.setattr(link, "QUIET", 0.1)
    async with Proxy(redis_port) as proxy, make(proxy.url) as cache:
        await asyncio.sleep(0.35)
        assert cache._tier.state.up, "a quiet one is not a silent one"
        proxy.swallow = True
        await until(lambda: not cache._tier.state.up)


STRANGERS = {
    "a web server": (b"HTTP/1.1 400 Bad Request\r\n\r\n", "doesn't speak the Redis protocol"),
    "an ancient Redis": (b"-ERR unknown command 'X'\r\n" * 9, "doesn't speak the Redis protocol"),
    "garbage": (b"\x00\xff\x13\r\n" * 3, "doesn't speak the Redis protocol"),
    "a broken length": (b"$x\r\n", "doesn't speak the Redis protocol"),
    "silence": (None, "does not answer"),
    "one that is loading": (b"-LOADING Redis is loading the dataset in memory\r\n" * 9, "cannot be reached"),
    "a replica": (b"+OK\r\n" * 2 + b"-READONLY You can't write against a read only replica.\r\n" * 9, "refuses"),
    "a cluster": (b"+OK\r\n" * 2 + b"-MOVED 3999 127.0.0.1:6381\r\n" * 9, "refuses"),
}


@pytest.mark.parametrize(("answer", "words"), STRANGERS.values(), ids=STRANGERS)
async def test_a_server_that_is_no_redis_gives_a_readable_error_and_memory_works(make, logged, answer, words):
    async with misbehaving(answer) as url, make(url) as cache:
        users = cache.category("user_data", shared_as=User)
        await asyncio.sleep(0.2)
        async with free_time() as waited:
            assert await users.fetch("1", Quick(ADA).load) == ADA
            assert waited() < 0.05
        await until(lambda: cache._tier.state.reason)
    assert events(logged) == ["redis_lost"]
    assert words in logged[0]["error"]
    assert logged[0]["remedy"]


@pytest.mark.parametrize(
    ("user", "options", "words"),
    [
        ("", ["--requirepass", "right"], "refuses the password"),
        (":wrong@", ["--requirepass", "right"], "refuses the password"),
        (
            "limited:right@",
            ["--user", *["limited", "on", ">right", "~*", "&*", "+@read", "+@pubsub"]],
            "lacks permissions that a cache needs",
        ),
        ("", ["--maxmemory", "100kb"], "refuses what is asked"),
        ("", ["--min-replicas-to-write", "1"], "refuses what is asked"),
    ],
)
async def test_a_refusing_redis_gives_a_readable_error(make, logged, tmp_path, user, options, words):
    with RedisProcess(tmp_path, *options) as server:
        async with make(server.url.replace("redis://", f"redis://{user}")) as cache:
            await until(lambda: cache._tier.state.reason)
            assert await cache.category("user_data", shared_as=User).fetch("1", Quick(ADA).load) == ADA
    assert events(logged) == ["redis_lost"]
    assert words in logged[0]["error"]
    assert "right" not in str(logged)


async def test_a_redis_that_refuses_deletions_is_not_reported_as_back(make, logged, tmp_path):
    options = ["--user", "limited", "on", ">right", "~*", "&*", "+@all", "-publish"]
    with RedisProcess(tmp_path, *options) as server:
        async with make(server.url.replace("redis://", "redis://limited:right@")) as cache:
            cache.category("user_data", shared_as=User).delete("1")
            await asyncio.sleep(0.5)
            assert not cache._tier.state.up
    assert events(logged) == ["redis_lost"]


async def test_with_the_password_it_works(make, logged, tmp_path):
    with RedisProcess(tmp_path, "--requirepass", "ri:ght@/") as server:
        async with make(server.url.replace("redis://", "redis://:ri%3Aght%40%2F@")) as cache:
            assert cache._tier.state.up
    assert logged == []


async def test_older_data_after_a_restart_revives_no_deleted_value(make, tmp_path):
    with RedisProcess(tmp_path) as server:
        async with make(server.url) as cache:
            users = cache.category("user_data", shared_as=User)
            await users.fetch("1", Quick(ADA).load, tags=["red"])
            await cache.settle()
            with valkey.Valkey(port=server.port) as client:
                client.save()
            users.delete_tag("red")
            await cache.settle()
            server.process.send_signal(signal.SIGKILL)
            server.process.wait(10)
            await until(lambda: not cache._tier.state.up)
            server.start()
            with valkey.Valkey(port=server.port) as client:
                assert list(client.scan_iter("*value*")), "the snapshot has it"
            await until(lambda: cache._tier.state.up)
            assert await users.fetch("1", Quick(BEA).load, tags=["red"]) == BEA


async def test_too_many_unsent_deletions_become_one_of_everything(make, monkeypatch, redis_port, redis_url):
    monkeypatch.setattr(redis, "MAX_UNSENT", 50)
    async with AsyncExitStack() as stack:
        proxy = await stack.enter_async_context(Proxy(redis_port))
        one, mine = await users_of(stack, make, proxy.url)
        _, theirs = await users_of(stack, make, redis_url)
        await theirs.fetch("1", Quick(ADA).load)
        proxy.swallow = True
        proxy.cut()
        await until(lambda: not one._tier.state.up)
        for number in range(1000):
            mine.delete(str(number))
            assert one._tier._link.unsent <= 51
        proxy.swallow = False
        await until(lambda: theirs.get("1") is None)


async def test_closing_sends_what_is_left_and_stops_all_tasks(make, redis_url):
    async with AsyncExitStack() as stack:
        _, theirs = await users_of(stack, make, redis_url)
        async with make(redis_url) as cache:
            users = cache.category("user_data", shared_as=User)
            users.set("1", ADA)
        assert await theirs.fetch("1", Quick(BEA).load) == ADA
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("turns", range(5))
async def test_closing_works_while_redis_fails(make, redis_url, monkeypatch, turns):
    """A task group that fails and is cancelled at once raises its failure, and the cancellation is lost."""

    async def fail(*_):
        raise ConnectionResetError

    async with asyncio.timeout(60):
        async with make(redis_url) as cache:
            users = cache.category("user_data", shared_as=User)
            await users.fetch("1", Quick(ADA).load)
            monkeypatch.setattr(cache._tier._link, "_exchange", fail)
            users.delete("1")
            for _ in range(turns):
                await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize(("module", "library"), [("valkey.asyncio", "valkey"), ("msgspec", "msgspec")])
async def test_a_missing_library_gives_a_readable_error(monkeypatch, redis_url, module, library):
    monkeypatch.delitem(sys.modules, "steward.runtime.cache.shared", raising=False)
    monkeypatch.delattr("steward.runtime.cache.shared", raising=False)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(NeedsOperator, match=f"library {library}, which is not installed. Install it with pip install"):
        RedisTier(redis_url)


ADD = "return redis.call('INCRBY', KEYS[1], ARGV[1])"


async def test_a_script_runs_over_the_connection_and_is_loaded_again_when_missing(namespace, redis_url, redis):
    async with RedisTier(redis_url, namespace=namespace, timeout=2.0) as tier:
        script = tier.register_script(ADD)
        assert await script([f"{namespace}:n"], [2]) == 2
        redis.script_flush()
        assert await script([f"{namespace}:n"], [3]) == 5


async def test_a_script_fails_at_once_while_redis_is_down(namespace, logged):
    async with RedisTier(f"redis://127.0.0.1:{free_port()}/0", namespace=namespace) as tier:
        for _ in range(3):
            with pytest.raises(NotReady, match="is unavailable"):
                await tier.register_script(ADD)(["n"], [1])
    assert events(logged) == ["redis_lost"]


async def test_a_refused_script_gives_a_readable_error_and_one_log_line(namespace, redis_url, logged):
    async with RedisTier(redis_url, namespace=namespace, timeout=2.0) as tier:
        script = tier.register_script("return redis.call('NO SUCH COMMAND')")
        for _ in range(2):
            with pytest.raises(NotReady, match="refuses a script"):
                await script([], [])
    assert [line["event"] for line in logged] == ["redis_script_refused"]
