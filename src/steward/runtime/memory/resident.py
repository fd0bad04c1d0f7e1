"""What the process has in memory, and giving back what it no longer needs."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

from steward.runtime.memory.cgroup import container_limit

MEBIBYTE = 1024 * 1024
M_ARENA_MAX = -8  # glibc's malloc.h
FULL_COLLECTION_AFTER = 50  # collections of the middle generation; Python's own number is 10

ReadBytes = Callable[[], int]


def resident_reader(root: Path = Path("/"), *, exact: bool = True) -> ReadBytes:
    """
    Return what reads the bytes that this process has in memory (RSS).

    Args:
        root: where `proc` is.
        exact: on Linux have the kernel count, 0.6 ms for 50 MiB; else take what it keeps count of, 10 µs: on a machine
            of many cores that may be off by some MiB. Elsewhere psutil is asked, which takes 0.9 MiB itself.

    """
    rollup = root / "proc/self/smaps_rollup"
    kept_count = _kept_count(root / "proc/self/statm")

    def count() -> int:
        try:
            with rollup.open("rb") as lines:
                for line in lines:
                    if line.startswith(b"Rss:"):
                        return int(line.split()[1]) * 1024
        except OSError:
            pass
        return kept_count()

    return count if exact else kept_count


def _kept_count(statm: Path) -> ReadBytes:
    """Return what reads the count of the kernel that costs nothing: it lags by some pages for each thread."""
    if statm.exists():
        page = os.sysconf("SC_PAGE_SIZE")
        return lambda: int(statm.read_bytes().split()[1]) * page

    import psutil

    process = psutil.Process()
    return lambda: int(process.memory_info().rss)


def memory_limit(budget_mb: int, root: Path = Path("/")) -> int:
    """Return the bytes that pressure is measured against: the budget, or the container's limit where that is less."""
    limit = container_limit(root)
    budget = budget_mb * MEBIBYTE
    return budget if limit is None else min(limit, budget)


def collect_garbage() -> None:
    """Find what only refers to itself; some 30 ms for a bot of 55 MiB, in which nothing else runs."""
    gc.collect()


def freeze_heap() -> None:
    """
    Have garbage collections pass over all that is there now, and full ones come five times less often.

    To be called when all that stays for ever has been made. A full collection looks through whatever was made since and
    is alive, at 0.5 to 1 µs an object, and nothing else runs meanwhile. By Python's own numbers there would be one for
    each thousand interactions that wait, each looking through them all.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, FULL_COLLECTION_AFTER)


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
