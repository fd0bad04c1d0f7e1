from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from steward.errors import NotReady
from steward.runtime.clock import SystemClock
from steward.store import open_store
from steward.store.sqlite.file_lock import FileLock

HOLD = """
import sys, pathlib
from steward.store.sqlite.file_lock import FileLock
lock = FileLock(pathlib.Path(sys.argv[1])); lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_f50_another_process_that_holds_the_database_is_named_and_its_death_frees_it(tmp_path):
    database = tmp_path / "a.db"
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout.readline() == "held\n"
        lock = FileLock(database)
        with pytest.raises(NotReady, match="Another Steward"):
            lock.acquire()
        child.kill()
        child.wait()
        lock.acquire()
        lock.release()


def test_a_released_lock_can_be_taken_again_and_releasing_twice_is_harmless(tmp_path):
    first, second = FileLock(tmp_path / "a.db"), FileLock(tmp_path / "a.db")
    first.acquire()
    first.release()
    first.release()
    second.acquire()
    second.release()


OPEN = """
import asyncio, sys
from steward.runtime.clock import SystemClock
from steward.store import open_store
async def main():
    async with open_store(sys.argv[1], SystemClock()):
        print("open", flush=True)
        await asyncio.to_thread(sys.stdin.read)
asyncio.run(main())
"""


@pytest.mark.real_time
async def test_f67_a_second_process_is_refused_even_if_the_lock_file_was_deleted(tmp_path):
    database = tmp_path / "a.db"
    with subprocess.Popen(
        [sys.executable, "-c", OPEN, str(database)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as child:
        assert "open\n" in iter(child.stdout.readline, "")
        (tmp_path / "a.db.lock").unlink()
        with pytest.raises(NotReady, match="Another Steward"):
            async with open_store(database, SystemClock()):
                pass
        with closing(sqlite3.connect(database)) as reader:  # a backup, a browser
            assert reader.execute("SELECT COUNT(*) FROM schema_versions").fetchone()[0] > 0
        child.stdin.close()
        assert child.wait(20) == 0
    async with open_store(database, SystemClock()) as store:
        assert await store.integrity_check() == []
