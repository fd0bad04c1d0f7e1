"""Several limits at once, shared while Redis is up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from structlog.testing import capture_logs
from valkey.asyncio import Valkey

from steward.runtime.clock import SystemClock
from steward.runtime.limits import Limiter, LimitReached, MemoryWindows, RedisWindows, Rule
from tests.runtime.limits.conftest import PORT

RULES = {"user": Rule(3, per=60), "guild": Rule(5, per=60)}


async def allowed(limiter, **subjects):
    try:
        await limiter.check(**subjects)
    except LimitReached:
        return False
    return True


async def test_a_refused_use_counts_for_no_limit(clock):
    limiter = Limiter(RULES, clock)
    assert [await allowed(limiter, user=1, guild=7) for _ in range(5)] == [True] * 3 + [False] * 2
    assert [await allowed(limiter, user=2, guild=7) for _ in range(3)] == [True, True, False]
    assert await allowed(limiter, user=2, guild=8)
    assert limiter.refused == 3


async def test_it_uses_the_given_memory_even_if_empty(clock):
    memory = MemoryWindows(clock, entries=2)
    limiter = Limiter(RULES, clock, memory=memory)
    for user in range(5):
        await limiter.check(user=user)
    assert (len(memory), memory.forgotten) == (2, 3)


async def test_the_error_has_the_kind_and_the_wait(clock):
    limiter = Limiter(RULES, clock)
    for _ in range(3):
        await limiter.check(user=1, guild=7)
        await asyncio.sleep(10)
    with pytest.raises(LimitReached, match=r"this user reached. Try again in 30\.0 s") as reached:
        await limiter.check(user=1, guild=7)
    assert (reached.value.kind, reached.value.retry_after) == ("user", pytest.approx(30))
    await asyncio.sleep(reached.value.retry_after)
    await limiter.check(user=1, guild=7)


async def test_a_kind_without_a_rule_or_subject_is_skipped(clock):
    limiter = Limiter({"user": Rule(1, per=60)}, clock)
    for _ in range(3):
        await limiter.check(command="/stats", user=None)


@dataclass
class Way:
    """The way to Redis, which can be cut (`there`) or fall silent (`silent`)."""

    there: bool = True
    silent: bool = False
    port: int = 0
    tries: int = 0
    writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def cut(self) -> None:
        self.there = False
        for writer in self.writers:
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.tries += 1
        if not self.there:
            writer.close()
            return
        upstream, down = await asyncio.open_connection(port=PORT)
        self.writers += [writer, down]
        await asyncio.gather(self.pump(reader, down), self.pump(upstream, writer))

    async def pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            if not self.silent:
                writer.write(data)
        writer.close()


@asynccontextmanager
async def way_to_redis() -> AsyncIterator[Way]:
    way = Way()
    server = await asyncio.start_server(way.serve, "127.0.0.1", 0)
    way.port = server.sockets[0].getsockname()[1]
    async with server:
        yield way
        way.cut()
        await asyncio.sleep(0.01)


@pytest.mark.real_time
async def test_while_redis_is_down_memory_continues_and_its_return_is_noticed(redis_keys):
    async with way_to_redis() as way, Valkey(port=way.port, socket_timeout=1) as client:
        limiter = Limiter(RULES, SystemClock(), shared=RedisWindows(client, prefix=redis_keys), recovery_timeout=0.2)
        with capture_logs() as lines:
            assert await allowed(limiter, user=1)
            way.cut()
            assert [await allowed(limiter, user=1) for _ in range(3)] == [True, True, False]
            tries = way.tries
            for _ in range(50):
                await allowed(limiter, user=2)
            assert way.tries == tries
            await asyncio.sleep(0.25)
            assert not await allowed(limiter, user=1)  # a probe, in vain
            way.there = True
            await asyncio.sleep(0.25)
            assert [await allowed(limiter, user=1) for _ in range(3)] == [True, True, False]  # Redis knows of the first
    assert [line["event"] for line in lines] == ["circuit_opened", "circuit_closed"]
    assert lines[0]["circuit"] == "The shared limiter"


@pytest.mark.real_time
async def test_a_silent_redis_delays_only_one_use(redis_keys):
    async with way_to_redis() as way, Valkey(port=way.port) as client:
        limiter = Limiter(RULES, SystemClock(), shared=RedisWindows(client, prefix=redis_keys), recovery_timeout=0.2)
        assert await allowed(limiter, user=1)
        way.silent = True
        began = asyncio.get_running_loop().time()
        assert [await allowed(limiter, user=1) for _ in range(3)] == [True, True, False]
        assert 0.2 < asyncio.get_running_loop().time() - began < 2
        way.silent = False
        await asyncio.sleep(0.25)
        assert [await allowed(limiter, user=3, guild=9) for _ in range(4)] == [True, True, True, False]
        assert limiter.breaker.state.value == "closed"
