from __future__ import annotations

import asyncio
import threading

import pytest

from steward.errors import Broken
from steward.store import ServerOptions, kv, open_store


async def test_a_long_read_sees_one_consistent_state(database, clock):
    async with open_store(database, clock) as store:
        begun, go_on = threading.Event(), threading.Event()

        def slow(tx):
            before = tx.value("SELECT COUNT(*) FROM kv")
            begun.set()
            assert go_on.wait(10)
            return before, tx.value("SELECT COUNT(*) FROM kv")

        reading = asyncio.ensure_future(store.read(slow))
        while not begun.is_set():
            await asyncio.sleep(0)
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        go_on.set()
        assert await reading == (0, 0)
        assert await store.read(lambda tx: tx.value("SELECT COUNT(*) FROM kv")) == 1


async def test_reads_run_concurrently_up_to_their_limit(database, clock):
    async with open_store(database, clock, readers=3, server=ServerOptions(connections=4)) as store:
        together = threading.Barrier(3, timeout=10)
        await asyncio.gather(*(store.read(lambda tx: together.wait()) for _ in range(3)))


async def test_writing_inside_a_read_is_refused_with_the_way_to_do_it(database, clock):
    async with open_store(database, clock) as store:
        with pytest.raises(Broken, match=r"tried to write.*Store\.write"):
            await store.read(lambda tx: kv.put(tx, "a", "1"))
        assert await store.read(lambda tx: kv.get(tx, "a")) is None


async def test_an_error_reaches_the_caller_and_the_connection_stays_usable(database, clock):
    async with open_store(database, clock, readers=1, server=ServerOptions(connections=1)) as store:
        for _ in range(3):
            with pytest.raises(ZeroDivisionError):
                await store.read(lambda tx: 1 // 0)
        assert await store.read(lambda tx: tx.value("SELECT 1")) == 1
