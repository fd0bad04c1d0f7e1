"""The CPU time of a process."""

from __future__ import annotations

import asyncio
from pathlib import Path

import psutil

LOOK_EVERY = 0.25  # seconds
LOOKS = 4
STILL = 0.01  # seconds of CPU between two looks


def cpu_seconds(pid: int) -> float:
    """
    Return the CPU time of a process so far, user and system, all threads.

    On Linux to the nanosecond; elsewhere from psutil, in steps of about 10 ms.

    Raises:
        psutil.Error: there is no such process.


    """
    try:
        threads = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/schedstat")]
    except OSError:
        threads = []  # a thread has ended meanwhile
    if threads:
        return sum(int(text.split()[0]) for text in threads) / 1e9
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


async def until_still(pid: int) -> None:
    """Wait until a process has been almost idle for a second."""
    still, last = 0, cpu_seconds(pid)
    while still < LOOKS:
        await asyncio.sleep(LOOK_EVERY)
        now = cpu_seconds(pid)
        still = still + 1 if now - last <= STILL else 0
        last = now
