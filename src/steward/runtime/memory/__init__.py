"""Memory of the process: limit, pressure, relief and leak detection."""

from steward.runtime.memory.cgroup import container_limit
from steward.runtime.memory.guard import MemoryGuard, Relief
from steward.runtime.memory.leak import LeakDetector
from steward.runtime.memory.pressure import Pressure, Thresholds
from steward.runtime.memory.resident import (
    MEBIBYTE,
    collect_garbage,
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
