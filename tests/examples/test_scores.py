"""examples/scores, with an unreliable service."""

import asyncio

from steward.runtime.http import HttpClient
from tests.examples.loading import example
from tests.runtime.http.service import says, serving


async def test_each_change_is_reported_once_despite_outages(clock):
    script = (
        says("[1]"),
        says("[1]"),
        says("<html>"),
        says(status=404),
        says("[2]"),
        says("[2]", Cache_Control="no-cache"),
    )
    async with serving(*script) as service, HttpClient(clock) as http:
        told = example("scores/scores.py").changes(http, service.url)
        assert [await anext(told), await anext(told)] == [[1], [2]]
        assert 60 + 120 + 240 + 480 <= clock.monotonic() < 1000
        await told.aclose()


async def test_members_are_answered_from_the_cache_and_rate_limited(clock):
    async with serving(says("[1]", Cache_Control="max-age=60"), says(status=503)) as service, HttpClient(clock) as http:
        desk = example("scores/scores.py").Desk(http, clock, service.url)
        assert [await desk.answer(17) for _ in range(4)] == ["[1]", "[1]", "[1]", "Ask again in 60 s."]
        assert len(service.requests) == 1
        await asyncio.sleep(61)
        assert await desk.answer(17) == "[1]"  # from the cache: the service is down
