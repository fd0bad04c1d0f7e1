"""CPU, threads, disk and network use."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from steward.runtime.process.disk import disk_usage

READ_AGAIN_AFTER = 1.0

T = TypeVar("T")


class _Network(NamedTuple):
    """Bytes sent and received on all interfaces."""

    sent: int
    received: int


class _OnceASecond(Generic[T]):
    """Takes a reading at most once a second: its numbers are asked for one after the other."""

    _value: T

    def __init__(self, read: Callable[[], T], monotonic: Callable[[], float]) -> None:
        self._read = read
        self._monotonic = monotonic
        self._read_at = -inf

    def __call__(self) -> T:
        now = self._monotonic()
        if now >= self._read_at + READ_AGAIN_AFTER:
            self._value, self._read_at = self._read(), now
        return self._value


class ResourceMeter:
    """
    Reads resource use on demand, in a few µs; disk and network at most once a second.

    Args:
        data: a path on the disk to measure.

    """

    def __init__(self, data: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._disk = _OnceASecond(lambda: disk_usage(data), monotonic)
        self._network = _OnceASecond(_read_network, monotonic)

    def cpu_seconds(self) -> float:
        """Return the CPU seconds, user and system, of the process."""
        return time.process_time()

    def threads(self) -> int:
        return threading.active_count()

    def disk_free(self) -> int | None:
        """Return the bytes available to this user; None if unknown."""
        disk = self._disk()
        return None if disk is None else disk.free

    def disk_files(self) -> int | None:
        """Return the number of free inodes; None if unknown."""
        disk = self._disk()
        return None if disk is None else disk.files

    def disk_share(self) -> float | None:
        """Return the used share of the disk, 0 to 1; None if unknown."""
        disk = self._disk()
        return None if disk is None else disk.used / (disk.used + disk.free)

    def sent(self) -> int | None:
        """Return the bytes sent on all interfaces of this machine or container; None without interfaces."""
        network = self._network()
        return None if network is None else network.sent

    def received(self) -> int | None:
        """Return the bytes received on all interfaces; None without interfaces."""
        network = self._network()
        return None if network is None else network.received


def _read_network() -> _Network | None:
    try:
        lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    except OSError:
        import psutil  # not on Linux: it takes 0.9 MiB

        found: Any = psutil.net_io_counters()  # None without interfaces, unlike its type
        return None if found is None else _Network(found.bytes_sent, found.bytes_recv)
    # "  eth0: bytes packets errs drop fifo frame compressed multicast bytes packets …": received, then sent (proc(5))
    counts = [line.rpartition(":")[2].split() for line in lines]
    return _Network(sum(int(row[8]) for row in counts), sum(int(row[0]) for row in counts)) if counts else None
