"""The system clock."""

import asyncio
from datetime import UTC, datetime

import pytest

from steward.runtime.clock import SystemClock
from steward.runtime.limits import Limiter, LimitReached, Rule
from steward.runtime.resilience import Breaker, Circuit
from steward.sim import time as accelerated


def test_the_system_clock_is_aware_utc_and_monotonic():
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 60
    readings = [clock.monotonic() for _ in range(100)]
    assert readings == sorted(readings)


def test_a_limit_without_a_clock_follows_virtual_time():
    async def main(_):
        limiter = Limiter({"user": Rule(1, per=3600)})
        await limiter.check(user=17)
        with pytest.raises(LimitReached) as caught:
            await limiter.check(user=17)
        assert caught.value.retry_after == pytest.approx(3600)
        await asyncio.sleep(3600)
        await limiter.check(user=17)

    accelerated.run(main)


def test_a_breaker_created_before_the_loop_follows_its_time():
    breaker = Breaker("The scores", failure_threshold=1, recovery_timeout=60)

    async def main(_):
        with pytest.raises(OSError, match="away"), breaker.attempt():
            raise OSError("away")
        await asyncio.sleep(59)
        assert breaker.state is Circuit.OPEN
        await asyncio.sleep(2)
        assert breaker.state is Circuit.HALF_OPEN

    accelerated.run(main)
