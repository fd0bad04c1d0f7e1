"""Windows in a real Redis against the model; keys expire."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from valkey.asyncio import Valkey

from steward.errors import NotReady
from steward.runtime.limits import RedisWindows, Rule
from tests.runtime.hand_clock import HandClock
from tests.runtime.limits.conftest import PORT
from tests.runtime.limits.model import QUARTERS, Model, rulebooks, stories

LATE = 1_767_571_234.123457  # seconds since 1970, in microseconds more digits than Lua writes of its own accord
examples = count()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(book=rulebooks, story=stories)
def test_it_allows_and_delays_exactly_what_the_model_does(redis_keys, book, story):
    async def play() -> None:
        clock, model, now = HandClock(), Model(), 0.0
        async with Valkey(port=PORT) as client:
            windows = RedisWindows(client, prefix=f"{redis_keys}{next(examples)}:", clock=clock)
            for pause, keys in story:
                now += pause * QUARTERS
                clock.seconds = LATE + now
                asked = [(key, book[key]) for key in keys]
                assert await windows.take_all(asked) == model.take_all(asked, now)

    asyncio.run(play())


@pytest.mark.real_time
async def test_processes_share_a_limit_on_the_servers_clock(redis_keys):
    rule = Rule(10, per=60)
    async with Valkey(port=PORT) as first, Valkey(port=PORT) as second:
        both = [RedisWindows(client, prefix=redis_keys) for client in (first, second)]
        answers = await asyncio.gather(*(both[number % 2].take_all([("user", rule)]) for number in range(30)))
    allowed = [wait for by, wait in answers if by < 0]
    waits = [wait for by, wait in answers if by == 0]
    assert (len(allowed), len(waits)) == (10, 20)
    assert all(50 < wait <= 60 for wait in waits)


@pytest.mark.real_time
async def test_keys_expire_with_their_window_and_stay_small(redis_keys):
    async with Valkey(port=PORT) as client:
        windows = RedisWindows(client, prefix=redis_keys)
        rule = Rule(5, per=0.2)
        for _ in range(3):
            for _ in range(9):
                await windows.take_all([("user", rule)])
            assert await client.llen(redis_keys + "user") == 5
            assert 0 < await client.pttl(redis_keys + "user") <= 200
            await asyncio.sleep(0.15)
        await asyncio.sleep(0.25)
        assert not await client.exists(redis_keys + "user")


@pytest.mark.real_time
async def test_an_unavailable_or_refusing_server_gives_a_readable_error(redis_keys):
    async with Valkey(port=1) as nowhere, Valkey(port=PORT) as client:
        with pytest.raises(NotReady, match="Redis can't check rate limits now"):
            await RedisWindows(nowhere).take_all([("user", Rule(1, per=1))])
        await client.set(redis_keys + "user", "of another kind")
        with pytest.raises(NotReady, match="WRONGTYPE"):
            await RedisWindows(client, prefix=redis_keys).take_all([("user", Rule(1, per=1))])


def test_the_client_library_is_imported_only_when_it_is_used():
    code = "import sys, steward.runtime.limits; sys.exit('valkey' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
