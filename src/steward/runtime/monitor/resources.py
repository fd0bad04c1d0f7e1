"""CPU, threads, disk and network use."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from math import inf
from pathlib import Path
from typing import Any, NamedTuple

from steward.runtime.process.disk import DiskUsage, disk_usage

READ_AGAIN_AFTER = 1.0


class _Network(NamedTuple):
    """Bytes sent and received on all interfaces."""

    sent: int
    received: int


class ResourceMeter:
    """
    Reads resource use on demand, in a few µs; disk and network at most once a second.

    Args:
        data: a path on the disk to measure.
        monotonic: the monotonic clock, in seconds.

    """

    def __init__(self, data: Path, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._data = data
        self._monotonic = monotonic
        self._disk: DiskUsage | None = None
        self._disk_read_at = -inf
        self._network: _Network | None = None
        self._network_read_at = -inf

    def cpu_seconds(self) -> float:
        """Return the CPU seconds, user and system, of the process."""
        return time.process_time()

    def threads(self) -> int:
        """Return the number of Python threads."""
        return threading.active_count()

    def disk_free(self) -> int | None:
        """Return the bytes available to this user; None if unknown."""
        disk = self._disk_now()
        return None if disk is None else disk.free

    def disk_files(self) -> int | None:
        """Return the number of free inodes; None if unknown."""
        disk = self._disk_now()
        return None if disk is None else disk.files

    def disk_share(self) -> float | None:
        """Return the used share of the disk, 0 to 1; None if unknown."""
        disk = self._disk_now()
        return None if disk is None else disk.used / (disk.used + disk.free)

    def sent(self) -> int | None:
        """Return the bytes sent on all interfaces of this machine or container; None without interfaces."""
        network = self._interfaces()
        return None if network is None else network.sent

    def received(self) -> int | None:
        """Return the bytes received on all interfaces; None without interfaces."""
        network = self._interfaces()
        return None if network is None else network.received

    def _disk_now(self) -> DiskUsage | None:
        now = self._monotonic()
        if now >= self._disk_read_at + READ_AGAIN_AFTER:  # the numbers are read together
            self._disk, self._disk_read_at = disk_usage(self._data), now
        return self._disk

    def _interfaces(self) -> _Network | None:
        now = self._monotonic()
        if now >= self._network_read_at + READ_AGAIN_AFTER:
            self._network, self._network_read_at = _read_network(), now
        return self._network


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
