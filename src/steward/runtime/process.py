"""What this process uses of the machine."""

from __future__ import annotations

from dataclasses import dataclass

import psutil

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ProcessUsage:
    """
    One reading.

    Attributes:
        memory_mb: resident set size, in MiB.
        cpu_percent: share of one core since the last reading, in percent.
        threads: running threads.

    """

    memory_mb: float
    cpu_percent: float
    threads: int


class ProcessMeter:
    """Reads the usage of the process it runs in."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._process.cpu_percent()  # the first call only sets the point from which the next one counts

    def read(self) -> ProcessUsage:
        """Take a reading."""
        with self._process.oneshot():
            return ProcessUsage(
                self._process.memory_info().rss / MEGABYTE,
                self._process.cpu_percent(),
                self._process.num_threads(),
            )
