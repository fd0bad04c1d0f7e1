from __future__ import annotations

import asyncio
import time

import pytest

from steward.store import kv, open_store


def count(tx):
    return tx.value("SELECT COUNT(*) FROM kv")


async def test_works_that_arrive_together_share_a_commit(database, clock):
    async with open_store(database, clock) as store:
        results = await asyncio.gather(
            *(store.write(lambda tx, n=n: kv.put(tx, f"k{n}", "v") or n) for n in range(200))
        )
        assert results == list(range(200))
        assert (store.writes, await store.read(count)) == (200, 200)
        assert store.commits == 2  # the first alone, the 199 others while it was committed


async def test_a_failing_work_is_rolled_back_alone_and_its_caller_gets_the_error(database, clock):
    async with open_store(database, clock) as store:

        def fails(tx):
            kv.put(tx, "bad", "v")
            raise LookupError("no such thing")

        results = await asyncio.gather(
            store.write(lambda tx: kv.put(tx, "warm-up", "v")),
            store.write(lambda tx: kv.put(tx, "before", "v")),
            store.write(fails),
            store.write(lambda tx: tx.execute("INSERT INTO nowhere VALUES (1)")),
            store.write(lambda tx: kv.put(tx, "after", "v")),
            return_exceptions=True,
        )
        nothing, wrong = type(None), results[3]
        assert [type(result) for result in results] == [nothing, nothing, LookupError, type(wrong), nothing]
        assert "nowhere" in str(wrong)
        assert set(await store.read(lambda tx: kv.under(tx, ""))) == {"warm-up", "before", "after"}


async def test_works_run_in_the_order_in_which_they_were_given(database, clock):
    async with open_store(database, clock) as store:
        order = []
        await asyncio.gather(*(store.write(lambda tx, n=n: order.append(n)) for n in range(600)))
        assert order == list(range(600))


async def test_a_coroutine_function_is_refused_instead_of_being_silently_dropped(database, clock):
    async with open_store(database, clock) as store:

        async def work(tx):
            kv.put(tx, "a", "1")

        with pytest.raises(TypeError, match="plain function"):
            await store.write(work)


async def test_a_stray_stop_iteration_reaches_its_caller_and_the_writer_continues(database, clock):
    async with open_store(database, clock) as store:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await store.write(lambda tx: next(iter(())))
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        assert await store.read(count) == 1


async def test_the_work_of_a_cancelled_caller_is_skipped(database, clock):
    async with open_store(database, clock) as store:
        first = asyncio.ensure_future(store.write(lambda tx: time.sleep(0.05)))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(store.write(lambda tx: kv.put(tx, "second", "v")))
        await asyncio.sleep(0)
        second.cancel()
        await first
        await store.write(lambda tx: None)
        assert await store.read(count) == 0


async def test_closing_finishes_running_writes(database, clock):
    async with open_store(database, clock) as store:
        writes = [asyncio.ensure_future(store.write(lambda tx, n=n: kv.put(tx, f"k{n}", "v"))) for n in range(500)]
        await asyncio.sleep(0)
    await asyncio.gather(*writes)
    async with open_store(database, clock) as store:
        assert await store.read(count) == 500


@pytest.mark.real_time
async def test_f43_64_writers_at_once_never_meet_a_locked_database(database, clock):
    async with open_store(database, clock) as store:

        async def write(writer):
            for n in range(40):
                await store.write(lambda tx, n=n: kv.put(tx, f"{writer}.{n}", "v"))
                await store.read(count)

        await asyncio.gather(*(write(writer) for writer in range(64)))
        assert await store.read(count) == 64 * 40
        assert store.commits < store.writes / 4
