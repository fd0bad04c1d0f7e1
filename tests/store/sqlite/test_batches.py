from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from steward.errors import NotReady
from steward.store import kv, open_store


def count(tx):
    return tx.value("SELECT COUNT(*) FROM kv")


async def test_f44_a_full_disk_is_reported_loses_nothing_confirmed_and_writing_resumes_by_itself(tmp_path, clock):
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


async def test_a_database_held_by_another_program_is_reported_and_not_changed(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:
        await store.write(lambda tx: tx.value("PRAGMA busy_timeout = 50") and None)
        with closing(sqlite3.connect(tmp_path / "a.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            with pytest.raises(NotReady, match="Another program is holding"):
                await store.write(lambda tx: kv.put(tx, "a", "1"))
            other.execute("ROLLBACK")
        await store.write(lambda tx: kv.put(tx, "b", "1"))
        assert set(await store.read(lambda tx: kv.under(tx, ""))) == {"b"}


async def test_a_work_that_swallows_the_databases_own_rollback_is_not_partly_committed(tmp_path, clock):
    async with open_store(tmp_path / "a.db", clock) as store:

        def work(tx):
            tx.execute("ROLLBACK")
            kv.put(tx, "half", "v")

        with pytest.raises(RuntimeError, match="rolled this transaction back"):
            await store.write(work)
        await store.write(lambda tx: kv.put(tx, "whole", "v"))
        assert set(await store.read(lambda tx: kv.under(tx, ""))) == {"whole"}


async def test_f70_damage_is_checked_once_a_batch_after_its_end(tmp_path, clock, monkeypatch):
    def corrupt(tx):
        fault = sqlite3.DatabaseError("database disk image is malformed")
        fault.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
        raise fault

    looked = []
    async with open_store(tmp_path / "a.db", clock) as store:

        def look(path, error):
            with closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")  # the batch no longer holds the file
            looked.append(path)
            return ["a page is wrong"]

        monkeypatch.setattr("steward.store.sqlite.faults._check_again", look)
        works = [store.write(corrupt if n % 2 else lambda tx, n=n: kv.put(tx, f"{n}", "v")) for n in range(20)]
        results = await asyncio.gather(*works, return_exceptions=True)
        assert ["a page is wrong" in str(result) for result in results] == [False, True] * 10
        assert await store.read(count) == 10
    assert len(looked) == 1


async def test_a_large_unit_of_work_makes_no_temporary_file(tmp_path, clock):
    def change(tx):
        tx.execute('UPDATE kv SET value = value || "key"')  # more than 64 KiB of pages
        files = [descriptor.resolve() for descriptor in Path("/proc/self/fd").iterdir()]
        return [file for file in files if file.name.startswith("etilqs_")]  # as SQLite calls them

    async with open_store(tmp_path / "a.db", clock) as store:
        rows = [(f"k{n}", "x" * 1000) for n in range(200)]
        await store.write(lambda tx: tx.executemany('INSERT INTO kv ("key", value) VALUES (?, ?)', rows))
        assert await store.write(change) == []
