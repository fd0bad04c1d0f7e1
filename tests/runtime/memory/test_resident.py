"""Resident memory compared with the kernel's figures."""

import os
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from steward.runtime.memory import collect_garbage, memory_limit, resident_reader, trim_heap

MB = 1024 * 1024


@pytest.mark.parametrize("exact", [True, False])
def test_the_reading_matches_the_kernel(exact):
    assert resident_reader(exact=exact)() == pytest.approx(psutil.Process().memory_info().rss, rel=0.05)


def test_a_rollup_of_the_kernel_is_read_exactly(tmp_path):
    file = tmp_path / "proc/self/smaps_rollup"
    file.parent.mkdir(parents=True)
    file.write_text("55-66 ---p 00000000 00:00 0 [rollup]\nRss:               56789 kB\nPss:  1 kB\n")
    assert resident_reader(tmp_path)() == 56789 * 1024


def test_without_a_rollup_the_running_count_is_read(tmp_path):
    file = tmp_path / "proc/self/statm"
    file.parent.mkdir(parents=True)
    file.write_text("23456 7890 5000 1 0 9000 0\n")
    assert resident_reader(tmp_path)() == 7890 * os.sysconf("SC_PAGE_SIZE")


def test_other_systems_use_psutil(tmp_path):
    assert resident_reader(tmp_path)() == pytest.approx(psutil.Process().memory_info().rss, rel=0.05)


@pytest.mark.parametrize(("contained", "expected"), [(None, 800), (512, 512), (4096, 800)])
def test_the_limit_is_the_budget_unless_the_container_allows_less(tmp_path, contained, expected):
    if contained is not None:
        (tmp_path / "sys/fs/cgroup").mkdir(parents=True)
        (tmp_path / "sys/fs/cgroup/memory.max").write_text(str(contained * MB))
    assert memory_limit(800, tmp_path) == expected * MB


def test_freed_memory_is_returned_to_the_system():
    if not Path("/proc/self/smaps_rollup").exists() or not trim_heap():
        pytest.skip("no glibc here")
    read = resident_reader()
    blocks = [bytearray(60_000) for _ in range(1000)]
    keep = blocks[::50]
    before = read()
    del blocks
    collect_garbage()
    assert trim_heap()
    assert before - read() > 20 * MB
    assert len(keep) == 20


THREADS = """
import threading
from pathlib import Path
from steward.runtime.memory import use_one_arena

def reserved():
    return next(int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if "VmSize" in line)

if {asked} and not use_one_arena():
    raise SystemExit("no glibc")
before, ended = reserved(), threading.Event()
begun = threading.Barrier(5)

def work():
    held = [bytearray(2000) for _ in range(100)]
    begun.wait()
    ended.wait()
    del held

for _ in range(4):
    threading.Thread(target=work).start()
begun.wait()
print((reserved() - before) // 1024)
ended.set()
"""


def test_with_one_arena_threads_reserve_only_their_stacks():
    """glibc reserves 64 MiB of addresses for each arena."""

    def reserved(asked):
        code = THREADS.replace("{asked}", str(asked))
        return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)

    with_one = reserved(True)
    if "no glibc" in with_one.stderr:
        pytest.skip("no glibc here")
    assert int(with_one.stdout) < 60
    assert int(reserved(False).stdout) > 200


def test_with_a_frozen_heap_thousands_of_waiting_tasks_cause_no_full_collection():
    """In a process of its own, as it is for good."""
    code = """
import gc
from steward.runtime.memory import freeze_heap

full = []
gc.callbacks.append(lambda phase, told: full.append(told) if phase == "start" and told["generation"] == 2 else None)
freeze_heap()
full.clear()
waiting = [[] for _ in range(4000 * 60)]
print(len(full), gc.get_freeze_count() > 10_000)
"""
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["0", "True"]
