from __future__ import annotations

import asyncio
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest

from steward.store import open_store
from steward.store.jobs import due_jobs
from tests.store.query_plan import analyze, query_plan

MANY = 8_000
look = partial(due_jobs.look, grace=timedelta(hours=24), lease=timedelta(minutes=5))


def fill(tx, rows):
    """Insert occurrences: (job, occurrence, due_at, state)."""
    names = sorted({row[0] for row in rows})
    tx.executemany("INSERT INTO jobs (name, since) VALUES (?, ?)", [(name, 0) for name in names])
    tx.executemany("INSERT INTO job_occurrences (job, occurrence, due_at, state) VALUES (?, ?, ?, ?)", rows)


def counting(tx, read):
    """A transaction that records how many rows each query returned."""

    def everything(sql, params):
        rows = tx.all(sql, params)
        read.append(len(rows))
        return rows

    return SimpleNamespace(all=everything, dialect=tx.dialect)


@pytest.mark.parametrize("jobs_due", [10_000, 1], ids=["ten thousand jobs", "one job, ten thousand times"])
async def test_a_look_reads_some_hundred_of_ten_thousand_due_rows(database, clock, jobs_due):
    names = [f"job {number}" for number in range(jobs_due)]
    async with open_store(database, clock) as store:
        now = int(clock.now().timestamp() * 1000)
        rows = [(name, str(number), now, "due") for name in names for number in range(10_000 // jobs_due)]
        await store.write(partial(fill, rows=rows))
        read = []
        due = await store.read(
            lambda tx: look(counting(tx, read), frozenset(names), ("job 0",), at=clock.now(), limit=150)
        )
    assert len(due.candidates) == (150 if jobs_due > 1 else 0)
    assert sum(read) <= 3 * due_jobs.PAGE


async def test_jobs_of_other_processes_do_not_hide_our_own(database, clock):
    """More rows come first than are read at once, some of them claimed, and many due at the same instant."""
    async with open_store(database, clock) as store:
        now = int(clock.now().timestamp() * 1000)
        foreign = [
            (f"foreign {number:04}", "one", now - number % 3, "claimed" if number % 4 == 0 else "due")
            for number in range(12 * due_jobs.PAGE)
        ]
        await store.write(partial(fill, rows=[*foreign, ("mine", "one", now, "due"), ("mine", "two", now, "due")]))
        due = await store.read(lambda tx: look(tx, {"mine"}, (), at=clock.now(), limit=9))
        assert [(each.job, each.occurrence) for each in due.candidates] == [("mine", "one")]


async def test_each_page_is_a_range_of_the_index_in_its_order(new_database, clock):
    """The engine's own query plan: even with many due and done rows, none are scanned or sorted."""
    asked = []

    def noting(tx):
        def everything(sql, params):
            asked.append((sql, params))
            return tx.all(sql, params)

        return SimpleNamespace(all=everything, dialect=tx.dialect)

    async with open_store(new_database, clock) as store:
        now = int(clock.now().timestamp() * 1000)
        rows = [(f"job {n}", "due", now - n % 2, "due") for n in range(MANY)]
        rows += [(f"job {n}", "done", now - 86_400_000 - n, "done") for n in range(MANY)]
        await store.write(partial(fill, rows=rows))
        await asyncio.to_thread(analyze, new_database, "job_occurrences")
        await store.read(lambda tx: look(noting(tx), {"no job"}, (), at=clock.now(), limit=1))
        pages = [(sql, params) for sql, params in asked if params[0] == "due"]
        assert len(pages) == 7
        for number, (sql, params) in enumerate(pages[:4]):  # for the longer ones PostgreSQL may read all rows
            plan = await store.read(partial(query_plan, sql=sql, params=params))
            assert plan.index == "job_occurrences_next", plan
            assert not plan.sorts, plan
            assert plan.read <= 2 * (due_jobs.PAGE << number), plan
