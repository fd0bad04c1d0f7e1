from __future__ import annotations

import subprocess
import sys

import pytest

from steward.errors import NotReady
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
