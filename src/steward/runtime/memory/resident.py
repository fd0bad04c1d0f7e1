"""Resident memory of the process, and returning memory to the system."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

CGROUPS = "sys/fs/cgroup"
UNLIMITED = 1 << 60  # version 1 encodes "no limit" as the largest multiple of a page, near 1 << 63
MEBIBYTE = 1024 * 1024
M_ARENA_MAX = -8  # glibc's malloc.h
FULL_COLLECTION_AFTER = 50  # collections of the middle generation; Python's default is 10


def container_limit(root: Path = Path("/")) -> int | None:
    """
    Return this process's memory limit in bytes; None if there is none or it is unknown.

    From cgroups, version 1 or 2. Of nested groups, the lowest limit counts. The host's memory is no limit.

    Args:
        root: parent of `proc` and `sys`; differs in tests.

    """
    limits = [limit for file in _files(root) if (limit := _read(file)) is not None]
    return min(limits, default=None)


def _files(root: Path) -> Iterator[Path]:
    """Yield the files that may hold our limit, from the group up to the mount."""
    try:
        lines = (root / "proc/self/cgroup").read_text().splitlines()
    except OSError:
        lines = []
    mount = root / CGROUPS
    for line in lines:
        _, controllers, path = line.split(":", 2) if line.count(":") >= 2 else ("", "?", "")  # noqa: PLR2004
        if controllers == "":  # version 2, possibly beside version 1
            yield from _upwards(mount, path, "memory.max")
            yield from _upwards(mount / "unified", path, "memory.max")
        elif "memory" in controllers.split(","):
            yield from _upwards(mount / "memory", path, "memory.limit_in_bytes")
    # In a container its own group is often mounted as the root, whatever its path on the host.
    yield mount / "memory.max"
    yield mount / "memory/memory.limit_in_bytes"


def _upwards(mount: Path, path: str, name: str) -> Iterator[Path]:
    group = PurePosixPath(path.lstrip("/"))
    if ".." in group.parts:  # outside this namespace
        return
    for folder in (group, *group.parents):
        yield mount / folder / name


def _read(file: Path) -> int | None:
    try:
        limit = int(file.read_text())
    except (OSError, ValueError):  # missing, or "max"
        return None
    return limit if 0 < limit < UNLIMITED else None


ReadBytes = Callable[[], int]


def resident_reader(root: Path = Path("/"), *, exact: bool = True) -> ReadBytes:
    """
    Return a function that reads the resident memory (RSS) in bytes.

    Args:
        root: parent of `proc`.
        exact: on Linux, let the kernel count, 0.6 ms for 50 MiB; otherwise use its running count, 10 µs, which may be
            off by some MiB on many cores. Other systems use psutil, which takes 0.9 MiB itself.

    """
    rollup = root / "proc/self/smaps_rollup"
    running_count = _running_count(root / "proc/self/statm")

    def count() -> int:
        try:
            with rollup.open("rb") as lines:
                for line in lines:
                    if line.startswith(b"Rss:"):
                        return int(line.split()[1]) * 1024
        except OSError:
            pass
        return running_count()

    return count if exact else running_count


def _running_count(statm: Path) -> ReadBytes:
    """Return a reader of the kernel's running count: free, but lags by some pages per thread."""
    if statm.exists():
        page = os.sysconf("SC_PAGE_SIZE")
        return lambda: int(statm.read_bytes().split()[1]) * page

    import psutil

    process = psutil.Process()
    return lambda: int(process.memory_info().rss)


def memory_limit(budget_mb: int, root: Path = Path("/")) -> int:
    """Return the limit in bytes: the budget, or the container's limit if lower."""
    limit = container_limit(root)
    budget = budget_mb * MEBIBYTE
    return budget if limit is None else min(limit, budget)


def collect_garbage() -> None:
    """Collect garbage; about 30 ms for a bot of 55 MiB, blocking."""
    gc.collect()


def freeze_heap() -> None:
    """
    Exclude all current objects from garbage collection, and make full collections five times rarer.

    Call it once everything permanent exists. A full collection visits every newer object, at 0.5 to 1 µs each,
    blocking. With Python's defaults there would be one for each thousand waiting interactions.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, FULL_COLLECTION_AFTER)


def trim_heap() -> bool:
    """Return freed memory to the system; return whether that is possible (glibc only). Takes some ms."""
    import ctypes

    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (OSError, AttributeError):  # musl, macOS, Windows
        return False
    trim(0)
    return True


def use_one_arena() -> bool:
    """
    Let all threads share one malloc arena; return whether that is possible (glibc only).

    By default glibc gives threads their own arenas, 0.25 MiB more for a bot whose threads take turns. Call it before
    any thread starts.
    """
    import ctypes

    try:
        tune = ctypes.CDLL(None).mallopt
    except (OSError, AttributeError):
        return False
    return bool(tune(M_ARENA_MAX, 1))
