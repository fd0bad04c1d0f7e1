"""Timing of operations."""

import asyncio
import inspect

import pytest
from structlog.testing import capture_logs

from steward.runtime.monitor import Timer


class Watch:
    """Time as the test says."""

    def __init__(self):
        self.at = 0.0

    def __call__(self):
        return self.at


@pytest.fixture
def watch():
    return Watch()


@pytest.fixture
def timer(watch):
    return Timer("draw", slow=1.0, now=watch)


def test_a_timed_function_behaves_the_same(watch, timer):
    @timer.timed
    def draw(colour, *, size=1):
        """Draw."""
        watch.at += 0.2
        return colour, size

    assert draw("red", size=3) == ("red", 3)
    assert (draw.__name__, draw.__doc__) == ("draw", "Draw.")
    assert timer.seconds.count == 1
    assert timer.seconds.total == pytest.approx(0.2)


async def test_a_coroutine_function_is_timed_completely(watch, timer):
    @timer.timed
    async def draw():
        watch.at += 0.2
        await asyncio.sleep(1)
        watch.at += 0.3
        return 7

    assert inspect.iscoroutinefunction(draw)
    assert await draw() == 7
    assert timer.seconds.total == pytest.approx(0.5)


async def test_failures_are_timed_and_counted_but_not_cancellation(timer):
    @timer.timed
    async def fails():
        raise RuntimeError("no")

    @timer.timed
    def fails_at_once():
        raise RuntimeError("no")

    with pytest.raises(RuntimeError):
        await fails()
    with pytest.raises(RuntimeError):
        fails_at_once()
    cancelled = asyncio.create_task(timer.timed(asyncio.sleep)(100))
    await asyncio.sleep(1)
    cancelled.cancel()
    await asyncio.gather(cancelled, return_exceptions=True)
    assert (timer.failures, timer.seconds.count) == (2, 3)


async def test_a_block_is_timed_sync_and_async(watch, timer):
    with timer.timing() as timing:
        watch.at += 0.25
    assert timing.seconds == 0.25
    with pytest.raises(RuntimeError):
        async with timer.timing():
            watch.at += 0.5
            raise RuntimeError("no")
    assert (timer.seconds.total, timer.failures) == (0.75, 1)


def test_a_slow_operation_is_logged_once_a_minute_and_each_is_counted(watch, timer):
    with capture_logs() as lines:
        for _ in range(50):
            watch.at += 10
            timer.observe(1.5)
        timer.observe(0.99)
    assert timer.slow_count == 50
    assert [line["event"] for line in lines] == ["operation_slow"] * 9
    assert lines[0]["operation"] == "draw"
    assert sum(line["more_since_told"] + 1 for line in lines) == 49  # the last one is still to be told of


async def test_memory_is_measured_around_a_call(timer):
    size = [100]

    def grow(by):
        size[0] += by

    async def grow_later(by):
        size[0] += by

    timer.memory_timed(grow, lambda: size[0])(5)
    await timer.memory_timed(grow_later, lambda: size[0])(-2)
    assert timer.grown == 3
    assert timer.seconds.count == 2
