from __future__ import annotations

import asyncio
import sqlite3
import time
from contextlib import closing

import pytest

from steward.errors import NotReady
from steward.store import kv, open_store


def count(tx):
    return tx.value("SELECT COUNT(*) FROM kv")


async def test_works_that_arrive_together_share_a_commit(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        results = await asyncio.gather(
            *(store.write(lambda tx, n=n: kv.put(tx, f"k{n}", "v") or n) for n in range(200))
        )
        assert results == list(range(200))
        assert (store.writes, await store.read(count)) == (200, 200)
        assert store.commits == 2  # the first alone, the 199 others while it was committed


async def test_a_work_that_fails_is_undone_alone_and_its_caller_gets_the_error(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:

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
        assert [type(result) for result in results] == [
            type(None),
            type(None),
            LookupError,
            sqlite3.OperationalError,
            type(None),
        ]
        assert set(await store.read(lambda tx: kv.under(tx, ""))) == {"warm-up", "before", "after"}


async def test_works_run_in_the_order_in_which_they_were_given(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        order = []
        await asyncio.gather(*(store.write(lambda tx, n=n: order.append(n)) for n in range(600)))
        assert order == list(range(600))


async def test_a_coroutine_function_is_refused_instead_of_being_silently_dropped(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:

        async def work(tx):
            kv.put(tx, "a", "1")

        with pytest.raises(TypeError, match="plain function"):
            await store.write(work)


async def test_a_stray_stop_iteration_reaches_its_caller_and_the_writer_goes_on(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        with pytest.raises(RuntimeError, match="StopIteration"):
            await store.write(lambda tx: next(iter(())))
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        assert await store.read(count) == 1


async def test_a_full_disk_is_said_loses_nothing_confirmed_and_writing_goes_on_by_itself(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        await store.write(lambda tx: kv.put(tx, "promise", "kept"))
        pages = await store.read(lambda tx: tx.value("PRAGMA page_count"))
        await store.write(lambda tx: tx.execute(f"PRAGMA max_page_count = {pages + 5}"))

        big = [store.write(lambda tx, n=n: kv.put(tx, f"big{n}", "x" * 3000)) for n in range(30)]
        results = await asyncio.gather(*big, return_exceptions=True)
        refused = [result for result in results if result is not None]
        assert refused
        assert all(isinstance(error, NotReady) and "disk is full" in str(error) for error in refused)
        confirmed = {f"big{n}" for n, result in enumerate(results) if result is None}
        assert set(await store.read(lambda tx: kv.under(tx, "big"))) == confirmed

        await store.write(lambda tx: tx.execute("PRAGMA max_page_count = 1000000"))
        await store.write(lambda tx: kv.put(tx, "big-again", "x" * 3000))
        assert await store.read(lambda tx: kv.get(tx, "promise")) == "kept"
        assert await store.integrity_check() == []


async def test_a_database_held_by_another_program_is_said_and_nothing_is_changed(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        await store.write(lambda tx: tx.value("PRAGMA busy_timeout = 50") and None)
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(NotReady, match="Another program is holding"):
                await store.write(lambda tx: kv.put(tx, "a", "1"))
            other.execute("ROLLBACK")
        await store.write(lambda tx: kv.put(tx, "b", "1"))
        assert set(await store.read(lambda tx: kv.under(tx, ""))) == {"b"}


async def test_a_work_that_swallows_the_databases_own_rollback_cannot_go_on_by_halves(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:

        def work(tx):
            tx.execute("ROLLBACK")
            kv.put(tx, "half", "v")

        with pytest.raises(RuntimeError, match="rolled this transaction back"):
            await store.write(work)
        await store.write(lambda tx: kv.put(tx, "whole", "v"))
        assert set(await store.read(lambda tx: kv.under(tx, ""))) == {"whole"}


async def test_a_caller_that_gave_up_while_waiting_is_passed_over(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        first = asyncio.ensure_future(store.write(lambda tx: time.sleep(0.05)))
        await asyncio.sleep(0)
        second = asyncio.ensure_future(store.write(lambda tx: kv.put(tx, "second", "v")))
        await asyncio.sleep(0)
        second.cancel()
        await first
        await store.write(lambda tx: None)
        assert await store.read(count) == 0


async def test_closing_finishes_what_was_begun(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        writes = [asyncio.ensure_future(store.write(lambda tx, n=n: kv.put(tx, f"k{n}", "v"))) for n in range(500)]
        await asyncio.sleep(0)
    await asyncio.gather(*writes)
    async with open_store(tmp_path / "a.db", clock) as store:
        assert await store.read(count) == 500


@pytest.mark.real_time
async def test_64_writers_at_once_never_meet_a_locked_database(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        waits = []

        async def write(writer):
            for n in range(40):
                began = time.perf_counter()
                await store.write(lambda tx, n=n: kv.put(tx, f"{writer}.{n}", "v"))
                waits.append(time.perf_counter() - began)
                await store.read(count)

        await asyncio.gather(*(write(writer) for writer in range(64)))
        assert await store.read(count) == 64 * 40
        assert store.commits < store.writes / 4
        assert sorted(waits)[int(len(waits) * 0.99)] < 0.25
