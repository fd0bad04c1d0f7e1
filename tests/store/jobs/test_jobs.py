from __future__ import annotations

import asyncio
from datetime import time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import pytest

from steward.errors import Broken
from steward.store import DailyAt, open_store
from steward.store.jobs import due_jobs, jobs
from steward.store.jobs.jobs import Terms
from steward.store.jobs.planning import plan, replan

HOUR = 3600
GRACE = timedelta(hours=24)
MINE = Terms("mine", GRACE, timedelta(minutes=5))
THEIRS = Terms("theirs", GRACE, timedelta(minutes=5))
MIDNIGHT = DailyAt(time(0), ZoneInfo("UTC"))


def prepare(tx, *names):
    for name in names:
        replan(tx, name, MIDNIGHT)
        plan(tx, name, MIDNIGHT, GRACE)


def look(terms, *names, busy=(), limit=100):
    def work(tx):
        return due_jobs.look(tx, names, busy, at=tx.now, grace=terms.grace, lease=terms.lease, limit=limit)

    return work


def claim(terms, *names, limit=9):
    """Look for the first time, and claim the candidates."""

    def work(tx):
        jobs.mark_late(tx, dict.fromkeys(names))
        return jobs.claim(tx, terms, look(terms, *names)(tx).candidates, limit).claimed

    return work


def state(tx):
    return [tuple(row) for row in tx.all("SELECT job, occurrence, state FROM job_occurrences ORDER BY due_at, job")]


async def due_store(store, *names, after=86_400):
    await store.write(partial(_plan_all, names))
    await asyncio.sleep(after)
    await store.write(partial(_plan_all, names))


def _plan_all(names, tx):
    prepare(tx, *names)


async def test_a_due_occurrence_is_claimed_once_with_a_lease(database, clock):
    async with open_store(database, clock) as store:
        await due_store(store, "a")
        mine = await store.write(claim(MINE, "a"))
        assert [(run.job, run.key, run.late, run.attempt) for run in mine] == [("a", "2026-01-06", False, 1)]
        theirs = await store.read(look(THEIRS, "a"))
        assert theirs.candidates == ()
        assert theirs.wake_at == int(clock.now().timestamp() * 1000) + 300_000  # when the lease ends


async def test_an_expired_lease_is_taken_over_and_the_first_owner_can_no_longer_finish(database, clock):
    async with open_store(database, clock) as store:
        await due_store(store, "a")
        (first,) = await store.write(claim(MINE, "a"))
        await asyncio.sleep(301)
        (second,) = await store.write(claim(THEIRS, "a"))
        assert second.attempt == 2
        with pytest.raises(Broken, match="took it over"):
            await store.write(partial(jobs.finish, occurrence=first, owner="mine"))
        await store.write(partial(jobs.finish, occurrence=second, owner="theirs"))
        with pytest.raises(Broken, match="took it over"):
            await store.write(partial(jobs.finish, occurrence=second, owner="theirs"))
        assert (await store.read(state))[0] == ("a", "2026-01-06", "done")


async def test_only_registered_idle_jobs_are_claimed_and_no_more_than_asked(database, clock):
    async with open_store(database, clock) as store:
        await due_store(store, "a", "b", "c", "d")
        due = await store.read(look(MINE, "b", "c", "d", busy=("b",)))
        claims = await store.write(partial(jobs.claim, terms=MINE, candidates=due.candidates, limit=1))
        assert ([run.job for run in claims.claimed], claims.tried) == (["c"], 1)


async def test_a_job_claimed_by_another_process_since_the_look_is_skipped(database, clock):
    async with open_store(database, clock) as store:
        await due_store(store, "a", "b", after=3 * 86_400 - 3600)
        due = await store.read(look(MINE, "a", "b"))
        assert [(each.job, each.occurrence) for each in due.candidates] == [
            ("a", "2026-01-06"),
            ("b", "2026-01-06"),
            ("a", "2026-01-07"),
            ("b", "2026-01-07"),
        ]
        assert len(await store.write(claim(THEIRS, "a"))) == 1
        claims = await store.write(partial(jobs.claim, terms=MINE, candidates=due.candidates, limit=9))
        assert ([(run.job, run.key) for run in claims.claimed], claims.tried) == ([("b", "2026-01-07")], 4)


async def test_an_occurrence_seen_too_late_stays_late_while_it_waits_and_one_seen_in_time_does_not_become_late(
    database, clock
):
    async with open_store(database, clock) as store:
        await due_store(store, "a", "b", after=86_400 + 61)

        def see(tx):
            jobs.mark_late(tx, {"a": None, "b": tx.now_ms - 1000})

        def claim_seen(tx):
            jobs.mark_late(tx, dict.fromkeys(("a", "b"), tx.now_ms - 1))
            return jobs.claim(tx, MINE, look(MINE, "a", "b")(tx).candidates, 9).claimed

        await store.write(see)
        await asyncio.sleep(HOUR)
        assert [(run.job, run.late) for run in await store.write(claim_seen)] == [("a", True), ("b", False)]


async def test_missed_days_run_late_and_in_order_and_those_beyond_the_grace_are_skipped(database, clock):
    async with open_store(database, clock) as store:
        await due_store(store, "a", after=3 * 86_400 - 3600)  # 2026-01-07 23:00: midnights of the 6th and 7th missed
        (run,) = await store.write(claim(MINE, "a"))
        assert (run.key, run.late) == ("2026-01-07", True)
        assert await store.read(state) == [
            ("a", "2026-01-06", "skipped"),
            ("a", "2026-01-07", "claimed"),
            ("a", "2026-01-08", "due"),
        ]


async def test_a_failure_waits_for_its_retry_and_the_last_one_is_final(database, clock):
    async with open_store(database, clock) as store:
        await due_store(store, "a")
        (run,) = await store.write(claim(MINE, "a"))
        retry_at = int(clock.now().timestamp() * 1000) + 30_000
        await store.write(partial(jobs.fail, occurrence=run, owner="mine", error="why", retry_at=retry_at))
        waiting = await store.read(look(MINE, "a"))
        assert (waiting.candidates, waiting.wake_at) == ((), retry_at)
        await asyncio.sleep(30)
        (again,) = await store.write(claim(MINE, "a"))
        assert (again.attempt, await store.read(partial(jobs.failures, occurrence=again))) == (2, 1)
        await store.write(partial(jobs.fail, occurrence=again, owner="mine", error="why", retry_at=None))
        assert (await store.read(state))[0] == ("a", "2026-01-06", "failed")


async def test_a_failure_that_grew_too_old_is_failed_not_skipped(database, clock):
    async with open_store(database, clock) as store:
        await due_store(store, "a")
        (run,) = await store.write(claim(MINE, "a"))
        await store.write(partial(jobs.fail, occurrence=run, owner="mine", error="why", retry_at=1))
        await asyncio.sleep(86_401)
        await store.write(claim(MINE, "a"))
        assert (await store.read(state))[0] == ("a", "2026-01-06", "failed")


async def test_a_retry_and_a_lease_set_by_a_wrong_clock_do_not_delay_a_job(database, clock):
    async with open_store(database, clock) as store:
        await due_store(store, "a", "b")
        a, b = await store.write(claim(MINE, "a", "b"))
        far = int(clock.now().timestamp() * 1000) + 7_200_000
        await store.write(partial(jobs.fail, occurrence=a, owner="mine", error="why", retry_at=far))
        await store.write(lambda tx: tx.execute("UPDATE job_occurrences SET lease_until = ? WHERE job = 'b'", (far,)))
        assert [run.job for run in await store.write(claim(MINE, "a", "b"))] == [a.job, b.job]


async def test_releasing_affects_the_claims_of_this_owner_only(database, clock):
    async with open_store(database, clock) as store:
        await due_store(store, "a", "b")
        await store.write(claim(MINE, "a"))
        await store.write(claim(THEIRS, "b"))
        assert await store.write(partial(jobs.release, owner="mine")) == 1
        assert [run.job for run in await store.write(claim(MINE, "a", "b"))] == ["a"]
