"""What the process and its surroundings use: CPU, threads, disk, network."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from steward.runtime.process.disk import DiskUsage, disk_usage

READ_AGAIN_AFTER = 1.0


class _Network(NamedTuple):
    """The bytes that all interfaces have sent and received."""

    sent: int
    received: int


class ResourceMeter:
    """
    Reads them when asked, in a few µs; disk and network at most once a second.

    Args:
        data: a file or folder on the disk that matters.

    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._disk: DiskUsage | None = None
        self._disk_read_at = -READ_AGAIN_AFTER
        self._network: _Network | None = None
        self._network_read_at = -READ_AGAIN_AFTER

    def cpu_seconds(self) -> float:
        """Return the seconds of CPU, user and system, that the process has used."""
        return time.process_time()

    def threads(self) -> int:
        """Return how many threads run Python."""
        return threading.active_count()

    def disk_free(self) -> int | None:
        """Return the bytes that are free for this user where the data lies; None where that cannot be told."""
        disk = self._disk_now()
        return None if disk is None else disk.free

    def disk_files(self) -> int | None:
        """Return how many more files that disk takes; None where that cannot be told."""
        disk = self._disk_now()
        return None if disk is None else disk.files

    def disk_share(self) -> float | None:
        """Return the part of that disk, 0 to 1, that is taken; None where that cannot be told."""
        disk = self._disk_now()
        return None if disk is None else disk.used / (disk.used + disk.free)

    def sent(self) -> int | None:
        """Return the bytes that all interfaces here have sent: the container's, in one; None where there are none."""
        network = self._interfaces()
        return None if network is None else network.sent

    def received(self) -> int | None:
        """Return the bytes that they have received."""
        network = self._interfaces()
        return None if network is None else network.received

    def _disk_now(self) -> DiskUsage | None:
        now = time.monotonic()
        if now >= self._disk_read_at + READ_AGAIN_AFTER:  # whoever asks for one number asks for the others, too
            self._disk, self._disk_read_at = disk_usage(self._data), now
        return self._disk

    def _interfaces(self) -> _Network | None:
        now = time.monotonic()
        if now >= self._network_read_at + READ_AGAIN_AFTER:
            self._network, self._network_read_at = _read_network(), now
        return self._network


def _read_network() -> _Network | None:
    try:
        lines = Path("/proc/net/dev").read_text().splitlines()[2:]
    except OSError:
        import psutil  # elsewhere than on Linux, for it takes 0.9 MiB

        found: Any = psutil.net_io_counters()  # None where there is no interface, whatever its types say
        return None if found is None else _Network(found.bytes_sent, found.bytes_recv)
    # "  eth0: bytes packets errs drop fifo frame compressed multicast bytes packets …": received, then sent (proc(5))
    counts = [line.rpartition(":")[2].split() for line in lines]
    return _Network(sum(int(row[8]) for row in counts), sum(int(row[0]) for row in counts)) if counts else None
