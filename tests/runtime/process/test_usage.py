"""Process usage compared with the kernel's figures."""

from pathlib import Path

import pytest

from steward.runtime.process.usage import ProcessMeter


def test_memory_is_the_resident_set_of_this_process():
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("no /proc here to compare with")
    resident_kb = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    assert ProcessMeter().read().memory_mb == pytest.approx(resident_kb / 1024, rel=0.05)


def test_a_busy_loop_shows_as_cpu():
    meter = ProcessMeter()
    sum(number * number for number in range(1_000_000))
    usage = meter.read()
    assert usage.cpu_percent > 10
    assert usage.threads >= 1
