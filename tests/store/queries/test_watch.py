from __future__ import annotations

from contextlib import contextmanager
from itertools import count

import pytest
from structlog.testing import capture_logs

from steward.store import kv, open_store
from steward.store.queries.watch import QueryWatch


async def test_statements_are_counted_and_timed_including_failed_ones(database, clock):
    async with open_store(database, clock) as store:
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        await store.read(lambda tx: [kv.get(tx, "a"), kv.under(tx, "")])
        with pytest.raises(Exception, match="nowhere"):
            await store.write(lambda tx: tx.execute("DELETE FROM nowhere"))
        assert store.watch.queries == 4
        assert 0 < store.watch.seconds < 5
        assert store.watch.slow_queries == 0


async def test_a_slow_statement_is_logged_without_its_values(database, clock):
    async with open_store(database, clock, slow_query=0.0) as store:
        with capture_logs() as logs:
            await store.write(lambda tx: kv.put(tx, "hunter2", "canary"))
    (line,) = [line for line in logs if line["event"] == "slow_query"]
    assert line["sql"].startswith("INSERT INTO kv")
    assert "hunter2" not in str(line)


def test_a_statement_at_the_threshold_is_slow():
    ticks = (number * 0.5 for number in count())
    watch = QueryWatch(0.5, timer=lambda: next(ticks))
    with capture_logs() as logs, watch.timing("SELECT\n   1"):
        pass
    assert logs == [{"event": "slow_query", "log_level": "warning", "seconds": 0.5, "sql": "SELECT 1"}]
    assert (watch.queries, watch.seconds, watch.slow_queries) == (1, 0.5, 1)


async def test_around_wraps_each_call_with_its_outcome(database, clock):
    seen = []

    @contextmanager
    def around(call):
        try:
            yield
        except LookupError as error:
            seen.append((call, str(error)))
            raise
        seen.append((call, "done"))

    def fail(_tx):
        raise LookupError("not there")

    async with open_store(database, clock, around=around) as store:
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        await store.read(lambda tx: kv.get(tx, "a"))
        for call in (store.write, store.read):
            with pytest.raises(LookupError):
                await call(fail)
    assert seen == [("write", "done"), ("read", "done"), ("write", "not there"), ("read", "not there")]
