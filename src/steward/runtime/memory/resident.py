"""What the process has in memory, and giving back what it no longer needs."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path

import psutil

from steward.runtime.memory.cgroup import container_limit

MEBIBYTE = 1024 * 1024
M_ARENA_MAX = -8  # glibc's malloc.h

ReadBytes = Callable[[], int]


def resident_reader(root: Path = Path("/"), *, exact: bool = True) -> ReadBytes:
    """
    Return what reads the bytes that this process has in memory (RSS).

    Args:
        root: where `proc` is.
        exact: on Linux have the kernel count, 0.6 ms for 50 MiB; else, and elsewhere, ask psutil, 10 µs: on a machine
            of many cores it may be off by some MiB.

    """
    rollup = root / "proc/self/smaps_rollup"  # `statm`, which psutil reads, lags by some pages for each thread
    process = psutil.Process()
    if not exact:
        return lambda: int(process.memory_info().rss)

    def read() -> int:
        try:
            with rollup.open("rb") as lines:
                for line in lines:
                    if line.startswith(b"Rss:"):
                        return int(line.split()[1]) * 1024
        except OSError:
            pass
        return int(process.memory_info().rss)

    return read


def memory_limit(budget_mb: int, root: Path = Path("/")) -> int:
    """Return the bytes that pressure is measured against: the budget, or the container's limit where that is less."""
    limit = container_limit(root)
    budget = budget_mb * MEBIBYTE
    return budget if limit is None else min(limit, budget)


def collect_garbage() -> None:
    """Find what only refers to itself; some 30 ms for a bot of 55 MiB, in which nothing else runs."""
    gc.collect()


def trim_heap() -> bool:
    """Give freed memory back to the system and return whether that can be done here: with glibc, in some ms."""
    import ctypes

    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # musl, macOS, Windows
        return False
    trim(0)
    return True


def use_one_arena() -> bool:
    """
    Have all threads take memory from one place, and return whether that can be done here: with glibc.

    Else glibc gives threads places of their own, which none gives back to another: a quarter of a MiB for a bot whose
    threads take turns anyway. To be called before there are threads.
    """
    import ctypes

    try:
        tune = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(tune(M_ARENA_MAX, 1))
