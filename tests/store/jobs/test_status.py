from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from steward.store import open_store
from steward.store.jobs.status import status


async def test_a_job_shows_its_newest_run_and_its_next(database, clock):
    async with open_store(database, clock) as store:

        def rows(tx):
            tx.insert_new("jobs", {"name": "a", "since": tx.now_ms})
            for day, state, error, failures in ((-2, "done", None, 0), (-1, "failed", "why", 5), (1, "due", None, 0)):
                row = {"job": "a", "occurrence": str(day), "due_at": tx.now_ms + day * 86_400_000, "state": state}
                tx.insert_new("job_occurrences", row | {"error": error, "failures": failures, "late": 1})

        await store.write(rows)
        known, unknown = await store.read(partial(status, jobs=["a", "never-seen"]))
        assert (known.last_key, known.last_state, known.last_error, known.failures) == ("-1", "failed", "why", 5)
        assert known.last_late
        assert known.next_due == datetime(2026, 1, 6, tzinfo=UTC)
        assert (unknown.next_due, unknown.last_key, unknown.last_state) == (None, None, None)
