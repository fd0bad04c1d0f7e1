"""What the process and its surroundings use: CPU, threads, disk, network."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import psutil

from steward.runtime.disk import disk_usage

READ_AGAIN_AFTER = 1.0


class ResourceMeter:
    """
    Reads them when asked, in some µs; the network at most once a second.

    Args:
        data: a file or folder on the disk that matters.

    """

    def __init__(self, data: Path) -> None:
        self._data = data
        self._network: Any = None
        self._network_read_at = -READ_AGAIN_AFTER

    def cpu_seconds(self) -> float:
        """Return the seconds of CPU, user and system, that the process has used."""
        return time.process_time()

    def threads(self) -> int:
        """Return how many threads run Python."""
        return threading.active_count()

    def disk_free(self) -> int | None:
        """Return the bytes that are free for this user where the data lies; None where that cannot be told."""
        disk = disk_usage(self._data)
        return None if disk is None else disk.free

    def disk_share(self) -> float | None:
        """Return the part of that disk, 0 to 1, that is taken; None where that cannot be told."""
        disk = disk_usage(self._data)
        return None if disk is None else disk.used / (disk.used + disk.free)

    def sent(self) -> int | None:
        """Return the bytes that all interfaces here have sent: the container's, in one; None where there are none."""
        return self._interfaces("bytes_sent")

    def received(self) -> int | None:
        """Return the bytes that they have received."""
        return self._interfaces("bytes_recv")

    def _interfaces(self, what: str) -> int | None:
        now = time.monotonic()
        if now >= self._network_read_at + READ_AGAIN_AFTER:  # whoever asks for one number asks for the other, too
            self._network, self._network_read_at = psutil.net_io_counters(), now
        return None if self._network is None else int(getattr(self._network, what))
