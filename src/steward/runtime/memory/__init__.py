"""Memory of the process: limit, pressure, relief and leak detection."""

from steward.runtime.memory.guard import MemoryGuard, Pressure, Relief, Thresholds
from steward.runtime.memory.leak import LeakDetector
from steward.runtime.memory.resident import (
    MEBIBYTE,
    collect_garbage,
    container_limit,
    freeze_heap,
    memory_limit,
    resident_reader,
    trim_heap,
    use_one_arena,
)

__all__ = [
    "MEBIBYTE",
    "LeakDetector",
    "MemoryGuard",
    "Pressure",
    "Relief",
    "Thresholds",
    "collect_garbage",
    "container_limit",
    "freeze_heap",
    "memory_limit",
    "resident_reader",
    "trim_heap",
    "use_one_arena",
]
