"""Ten thousand schedules at one midnight (F42): spread as configured, within Discord's 50 requests a second."""

import asyncio
from collections import Counter as Tally
from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from steward.client.rest.request_pace import REQUESTS, WINDOW, Turns
from steward.runtime.tasks import Supervisor
from steward.store import DailyAt, JobRunner, open_store

JOBS, SPREAD = 10_000, 300
MIDNIGHT = DailyAt(time(0), ZoneInfo("UTC"))


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_f42_ten_thousand_jobs_of_one_midnight_are_spread_and_keep_to_fifty_requests_a_second(clock, tmp_path):
    """Each makes one request, at the pace at which the bot makes all of its requests."""
    begun, asked, requests = [], [], Turns(REQUESTS, WINDOW)

    async def ask(occurrence):
        begun.append((clock.now() - occurrence.due_at).total_seconds())
        await requests.wait()
        asked.append(clock.monotonic())

    async with open_store(tmp_path / "a.db", clock) as store:
        await asyncio.sleep(86_400 - 60)
        runner = JobRunner(store, clock, spread=timedelta(seconds=SPREAD), concurrency=100)
        for number in range(JOBS):
            runner.register(f"ask.{number}", MIDNIGHT, ask)
        async with Supervisor() as tasks:
            tasks.start("jobs", runner.run)
            await asyncio.sleep(60 + SPREAD + 5)
        assert len(begun) == JOBS
        assert min(begun) >= 0
        assert max(begun) < SPREAD + 1
        by_second = Tally(int(at) for at in begun)
        assert max(by_second.values()) < 2 * JOBS / SPREAD
        assert all(later - first >= 1 for first, later in zip(asked, asked[50:], strict=False))
        states = await store.read(lambda tx: [row[0] for row in tx.all("SELECT state FROM job_occurrences")])
        assert states.count("done") == JOBS
