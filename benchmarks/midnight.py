"""How fast jobs due at the same instant are run, alone and beside those of other processes."""

from __future__ import annotations

import asyncio
import tempfile
import time
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from benchmarks.run import Run
from steward.runtime.clock import SystemClock
from steward.runtime.tasks import Supervisor
from steward.store import JobOccurrence, JobRunner, Store, Transaction, open_store
from steward.store.jobs.schedule import Due

LIMIT = 240.0
LONGEST = 25.0  # seconds a case may take
CASES = ((3_000, 0), (200, 80_000))
CONCURRENCY = 3  # the bot's default
TARGET = 100.0


async def measure(run: Run) -> None:
    """Let jobs come due at one instant, some of them registered by another process, and count."""
    for own, others in CASES:
        run.progress(f"{own:,} due here, {others:,} elsewhere")
        with tempfile.TemporaryDirectory(prefix="steward-bench-") as folder:
            async with open_store(Path(folder) / "jobs.sqlite3", SystemClock()) as store:
                await store.write(partial(_fill, own=own, others=others))
                rate = await _rate(store, own)
        run.found(f"midnight.{own}.beside_{others}", rate, "1/s", better="higher", target=TARGET)


class _Once:
    """A schedule whose occurrences are all in the database."""

    def after(self, _: datetime) -> Due:
        return Due("end", datetime(2100, 1, 1, tzinfo=UTC))

    def __repr__(self) -> str:
        return "once"


def _fill(tx: Transaction, own: int, others: int) -> None:
    due = tx.now_ms - 1000
    names = [f"own {number}" for number in range(own)] + [f"a job of another {number}" for number in range(others)]
    tx.executemany("INSERT INTO jobs (name, since, schedule) VALUES (?, ?, ?)", [(name, due, "once") for name in names])
    sql = "INSERT INTO job_occurrences (job, occurrence, due_at, state) VALUES (?, ?, ?, ?)"
    tx.executemany(sql, [(name, "now", due, "due") for name in names])


async def _rate(store: Store, own: int) -> float:
    """Return how many jobs ended per second, until the last one or the time limit."""
    ended, all_ended = 0, asyncio.Event()

    async def work(_: JobOccurrence) -> None:
        nonlocal ended
        ended += 1
        if ended == own:
            all_ended.set()

    runner = JobRunner(store, SystemClock(), concurrency=CONCURRENCY, grace=timedelta(hours=1))
    for number in range(own):
        runner.register(f"own {number}", _Once(), work)
    began = time.perf_counter()
    async with Supervisor() as tasks:
        tasks.start("jobs", runner.run)
        try:
            async with asyncio.timeout(LONGEST):
                await all_ended.wait()
        except TimeoutError:
            pass
    return ended / (time.perf_counter() - began)
