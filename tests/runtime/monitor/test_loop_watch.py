"""F04: a blocking handler is logged while it blocks the loop."""

import asyncio
import time

import pytest
from structlog.testing import capture_logs

from steward.runtime.monitor import LoopWatch


def a_handler_that_blocks(seconds):
    time.sleep(seconds)


async def seen(lines, event, within=2.0):
    async with asyncio.timeout(within):
        while not any(line["event"] == event for line in lines):
            await asyncio.sleep(0.01)
    return next(line for line in lines if line["event"] == event)


@pytest.mark.real_time
async def test_f04_a_handler_that_blocks_the_loop_is_logged_with_its_stack_within_a_second():
    with capture_logs() as lines, LoopWatch(asyncio.get_running_loop()) as watch:
        await asyncio.sleep(0.6)
        began = time.monotonic()
        a_handler_that_blocks(1.2)
        assert lines, "it was told only when the handler had ended"
        line = lines[0]
        assert line["event"] == "loop_blocked"
        assert "a_handler_that_blocks" in line["stack"]
        assert "a_handler_that_blocks" in watch.last_block
        free = await seen(lines, "loop_free_again")
        assert 0.9 < free["seconds"] < time.monotonic() - began + 0.1
        assert watch.blocks == 1
    assert watch.lag.count > 1
    assert watch.lag.largest > 0.9


@pytest.mark.real_time
async def test_a_free_loop_has_no_lag_and_logs_nothing():
    with capture_logs() as lines, LoopWatch(asyncio.get_running_loop(), every=0.02) as watch:
        await asyncio.sleep(0.5)
    assert lines == []
    assert watch.lag.count > 5
    assert watch.last_block is None


@pytest.mark.real_time
async def test_a_block_at_exit_does_not_hang():
    with LoopWatch(asyncio.get_running_loop(), every=0.01, blocked_after=0.1) as watch:
        await asyncio.sleep(0.05)
        a_handler_that_blocks(0.3)
    assert not watch._thread.is_alive()
