from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

from steward.store import kv, open_store


def put(amount):
    return lambda tx: [kv.put(tx, f"k{n}", "x" * 500) for n in range(amount)]


async def test_a_backup_under_load_is_one_committed_state(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        await store.write(put(2000))
        stop = asyncio.Event()

        async def keep_writing():
            turn = 0
            while not stop.is_set():
                turn += 1
                value = str(turn)
                await store.write(lambda tx, value=value: (kv.put(tx, "left", value), kv.put(tx, "right", value)))

        writing = asyncio.ensure_future(keep_writing())
        seen = []
        for n in range(10):
            copy = tmp_path / f"copy{n}.db"
            await store.backup(copy)
            with closing(sqlite3.connect(copy)) as restored:
                values = dict(restored.execute("SELECT key, value FROM kv WHERE key IN ('left', 'right')"))
                assert values.get("left") == values.get("right")
                assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                seen.append(values.get("left"))
        stop.set()
        await writing
        assert len(set(seen)) > 3  # writing went on meanwhile


async def test_a_backup_can_replace_the_database(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        await store.write(lambda tx: kv.put(tx, "a", "1"))
        await store.backup(tmp_path / "copy.db")
    async with open_store(tmp_path / "copy.db", clock) as store:
        assert await store.read(lambda tx: kv.get(tx, "a")) == "1"


async def test_the_integrity_check_finds_damage_and_missing_parents(tmp_path, clock):
    path = tmp_path / "a.db"
    async with open_store(path, clock) as store:
        await store.write(put(200))
        assert await store.integrity_check() == []
        with closing(sqlite3.connect(path)) as other:  # foreign keys are off on a foreign connection
            other.execute("INSERT INTO job_occurrences (job, occurrence, due_at, state) VALUES ('x', 'y', 1, 'due')")
            other.commit()
        assert [
            "job_occurrences" in line and "missing row of jobs" in line for line in await store.integrity_check()
        ] == [True]
        await store.write(lambda tx: tx.execute("DELETE FROM job_occurrences"))
        with closing(sqlite3.connect(path)) as other:
            other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        contents = bytearray(path.read_bytes())
        contents[-60_000:-20_000] = b"\xff" * 40_000
        with path.open("r+b") as file:
            file.write(contents)
        assert await store.integrity_check() != []


async def test_the_size_counts_the_log(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        await store.write(put(500))
        assert store.size_bytes >= (tmp_path / "a.db").stat().st_size + 250_000


async def test_closing_leaves_one_file_and_its_empty_lock(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        await store.write(put(10))
        await store.read(lambda tx: tx.value("SELECT 1"))
    files = {file.name: file.stat().st_size for file in tmp_path.iterdir()}
    assert files.keys() == {"a.db", "a.db.lock"}
    assert files["a.db.lock"] == 0
