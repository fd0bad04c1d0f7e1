"""examples/monitored: its measurements are on its page, and memory is freed when it is scarce."""

import asyncio

import aiohttp
import pytest

from tests.examples.loading import example
from tests.runtime.cache.servers import free_port


async def page(port):
    async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/metrics") as answer:
        return (await answer.text()).splitlines()


async def test_its_work_is_measured_alerted_and_read_by_prometheus(clock):
    shop, port = example("monitored/monitored.py").Shop(clock), free_port()
    async with shop.open(port):
        assert await shop.draw("a penguin") == await shop.draw("a penguin")
        for _ in range(3):
            with pytest.raises(ValueError, match="nothing to draw"):
                await shop.draw("")
        await asyncio.sleep(20)
        lines = await page(port)
    assert "steward_pictures 1.0" in lines
    assert "steward_artists 0.0" in lines
    assert 'steward_operation_seconds_count{operation="draw"} 5.0' in lines
    assert 'steward_operation_failures_total{operation="draw"} 3.0' in lines
    assert 'steward_alert{alert="drawing"} 1.0' in lines


async def test_pictures_are_forgotten_when_memory_is_scarce(clock):
    shop = example("monitored/monitored.py").Shop(clock)
    async with shop.open(free_port()):
        await shop.draw("a penguin")
        shop.guard.limit = 1 << 40  # beyond the memory of the test process
        await shop.guard.check()
        assert shop.pictures
        shop.guard.limit = round(shop.guard.used * 1.6)  # as if three fifths of the memory were used
        await shop.guard.check()
        assert not shop.pictures
