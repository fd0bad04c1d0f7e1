from __future__ import annotations

import asyncio
from functools import partial
from random import Random

import pytest

from steward.errors import NotReady
from steward.runtime.backoff import full_jitter
from steward.store import open_store
from steward.store.writing import batched
from steward.store.writing.batched import BatchedWriter

INSERT = "INSERT INTO kv VALUES (?, ?)"


def count(tx):
    return tx.value("SELECT COUNT(*) FROM kv")


async def test_rows_are_written_together_within_the_interval(database, clock):
    async with open_store(database, clock) as store:
        writer = store.batched(INSERT, interval=5)
        before = store.commits
        for n in range(100):
            writer.add((f"k{n}", "v"))
        await asyncio.sleep(4.9)
        assert await store.read(count) == 0
        await asyncio.sleep(0.2)
        assert await store.read(count) == 100
        assert store.commits - before == 1


async def test_a_full_batch_is_written_without_waiting(database, clock):
    async with open_store(database, clock) as store:
        writer = store.batched(INSERT, interval=3600, max_rows=10)
        for n in range(10):
            writer.add((f"k{n}", "v"))
        await asyncio.sleep(1)
        assert await store.read(count) == 10
        writer.add(("late", "v"))
        await asyncio.sleep(3601)
        assert await store.read(count) == 11


async def test_flush_writes_at_once_and_closing_the_store_writes_the_rest(database, clock):
    async with open_store(database, clock) as store:
        writer = store.batched(INSERT, interval=3600)
        writer.add(("a", "1"))
        await writer.flush()
        assert (await store.read(count), len(writer)) == (1, 0)
        writer.add(("b", "2"))
    with pytest.raises(RuntimeError, match="closed"):
        writer.add(("c", "3"))
    async with open_store(database, clock) as store:
        assert await store.read(count) == 2


class _Disk:
    """A store whose disk is full until `free` is set; records the batches that it accepted."""

    def __init__(self):
        self.free = False
        self.tries = 0
        self.rows = []

    async def write(self, work):
        self.tries += 1
        if not self.free:
            raise NotReady("The disk is full.")
        return work(self)

    def executemany(self, sql, rows):
        self.rows += rows
        return len(rows)


async def test_rows_that_cannot_be_written_are_kept_in_order_and_retried_with_backoff(clock, monkeypatch):
    monkeypatch.setattr(batched, "full_jitter", partial(full_jitter, random=Random(1).random))
    disk = _Disk()
    writer = BatchedWriter(disk.write, INSERT, interval=1, max_rows=3, bound=100)
    for n in range(7):
        writer.add((n,))
    await asyncio.sleep(300)
    assert 5 < disk.tries < 20
    disk.free = True
    await asyncio.sleep(61)
    assert disk.rows == [(n,) for n in range(7)]
    assert writer.dropped == 0


async def test_beyond_the_bound_the_oldest_rows_are_dropped_and_counted(clock):
    disk = _Disk()
    writer = BatchedWriter(disk.write, INSERT, interval=1, max_rows=3, bound=5)
    for n in range(8):
        writer.add((n,))
    with pytest.raises(NotReady):
        await writer.flush()
    assert (len(writer), writer.dropped) == (5, 3)
    disk.free = True
    await writer.close()
    assert disk.rows == [(3,), (4,), (5,), (6,), (7,)]


async def test_closing_while_the_disk_is_full_ends_at_once(clock):
    disk = _Disk()
    writer = BatchedWriter(disk.write, INSERT, interval=3600, max_rows=3, bound=5)
    writer.add((1,))
    before = clock.monotonic()
    await writer.close()
    assert clock.monotonic() == before
    assert len(writer) == 1
