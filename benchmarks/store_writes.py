"""Durable writes per second of the store, compared with plain sqlite3."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median, quantiles

from benchmarks.figures import TAIL_MARGIN
from benchmarks.run import Run
from steward.runtime.clock import SystemClock
from steward.store import Transaction, open_store
from steward.store.sqlite.connections import open_writer
from steward.store.sqlite.store import SqliteStore

LIMIT = 120.0
SECONDS = 1.0
ROUNDS = 5
QUICK_SECONDS = 0.5
WRITERS = (1, 8, 64)
BATCH = 500  # rows, the default of `Store.batched`
ADDED = 10 * BATCH  # half of a batched writer's bound
TABLE = "CREATE TABLE rows (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, name TEXT NOT NULL)"
INSERT = "INSERT INTO rows (at, name) VALUES (?, ?)"
ROW = (1_767_571_200_000, "somebody who joined")


@dataclass(frozen=True, slots=True)
class Written:
    """The result of some writers: units of work per second, 99th percentile in seconds, commits per write."""

    rate: float
    p99: float
    commits: float


async def measure(run: Run) -> None:
    """Write as fast as possible, each way in turn, so that other load affects all alike."""
    seconds, rounds = (QUICK_SECONDS, 1) if run.quick else (SECONDS, ROUNDS)
    each: list[float] = []
    batches: list[float] = []
    batched: list[float] = []
    store: dict[int, list[Written]] = {writers: [] for writers in WRITERS}
    rows = [ROW] * BATCH
    for number in range(1, rounds + 1):
        run.progress(f"round {number} of {rounds}")
        with tempfile.TemporaryDirectory(prefix="steward-bench-") as name:
            folder = Path(name)
            each.append(await asyncio.to_thread(_plain, folder / "1", seconds, lambda it: it.execute(INSERT, ROW)))
            for writers in WRITERS:
                store[writers].append(await _writers(folder / f"store{writers}", seconds, writers))
            many = await asyncio.to_thread(_plain, folder / "2", seconds, lambda it: it.executemany(INSERT, rows))
            batches.append(many * BATCH)
            batched.append(await _batched(folder / "batched", seconds))
    _report(run, each, store, batches, batched)


def _report(
    run: Run, each: list[float], store: dict[int, list[Written]], batches: list[float], batched: list[float]
) -> None:
    run.found("store_writes.floor.writes", median(each), "1/s")
    for writers, written in store.items():
        name = f"store_writes.writers_{writers}"
        rates = [one.rate for one in written]
        run.found(f"{name}.writes", median(rates), "1/s", better="higher")
        run.found(f"{name}.of_floor", _ratio(rates, each), "")
        p99 = median(one.p99 for one in written)
        run.found(f"{name}.p99", p99 * 1000, "ms", better="lower", margin=TAIL_MARGIN)
        run.found(f"{name}.commits_per_write", median(one.commits for one in written), "", better="lower")
    run.found("store_writes.floor.batched_rows", median(batches), "rows/s")
    run.found("store_writes.batched_rows", median(batched), "rows/s", better="higher")
    run.found("store_writes.batched_rows.of_floor", _ratio(batched, batches), "")


def _ratio(ours: list[float], floor: list[float]) -> float:
    return median(our / its for our, its in zip(ours, floor, strict=True))


async def _writers(path: Path, seconds: float, writers: int) -> Written:
    waits: list[float] = []

    def work(tx: Transaction) -> None:
        tx.execute(INSERT, ROW)

    async with open_store(path, SystemClock()) as store:
        assert isinstance(store, SqliteStore)
        await store.write(lambda tx: tx.execute(TABLE))
        writes, commits = store.writes, store.commits
        began = time.perf_counter()

        async def write() -> None:
            while (now := time.perf_counter()) < began + seconds:
                await store.write(work)
                waits.append(time.perf_counter() - now)

        async with asyncio.TaskGroup() as group:
            for _ in range(writers):
                group.create_task(write())
        rate = len(waits) / (time.perf_counter() - began)
        shared = (store.commits - commits) / (store.writes - writes)
    return Written(rate, quantiles(waits, n=100)[-1], shared)


async def _batched(path: Path, seconds: float) -> float:
    """Return the rows per second that are added and written."""
    async with open_store(path, SystemClock()) as store:
        await store.write(lambda tx: tx.execute(TABLE))
        writer = store.batched(INSERT, interval=3600, max_rows=BATCH)  # written when full only
        began = time.perf_counter()
        rows = 0
        while time.perf_counter() < began + seconds:
            for _ in range(ADDED):
                writer.add(ROW)
            await writer.flush()
            rows += ADDED
        return rows / (time.perf_counter() - began)


def _plain(path: Path, seconds: float, write: Callable[[sqlite3.Connection], object]) -> float:
    """Return the transactions per second of one thread, with a connection set up like the store's own."""
    connection = open_writer(path)
    try:
        connection.execute(TABLE)
        began = time.perf_counter()
        commits = 0
        while time.perf_counter() < began + seconds:
            connection.execute("BEGIN IMMEDIATE")
            write(connection)
            connection.execute("COMMIT")
            commits += 1
        return commits / (time.perf_counter() - began)
    finally:
        connection.close()
