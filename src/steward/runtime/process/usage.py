"""CPU, memory and threads of this process."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

from steward.runtime.memory import MEBIBYTE, resident_reader


@dataclass(frozen=True, slots=True)
class ProcessUsage:
    """
    One reading.

    Attributes:
        memory_mb: resident set size, in MiB.
        cpu_percent: of one core since the last reading.

    """

    memory_mb: float
    cpu_percent: float
    threads: int


class ProcessMeter:
    """Reads the usage of this process."""

    def __init__(self) -> None:
        self._resident = resident_reader(exact=False)
        self._read_at, self._cpu = time.monotonic(), time.process_time()

    def read(self) -> ProcessUsage:
        now, cpu = time.monotonic(), time.process_time()
        passed, used = now - self._read_at, cpu - self._cpu
        self._read_at, self._cpu = now, cpu
        percent = 100 * used / passed if passed > 0 else 0.0
        return ProcessUsage(self._resident() / MEBIBYTE, percent, threading.active_count())
