"""Process usage compared with the kernel's figures."""

import time
from pathlib import Path

import pytest

from steward.runtime.process.measuring import ProcessMeter


def test_memory_is_the_resident_set_of_this_process():
    status = Path("/proc/self/status")
    if not status.exists():
        pytest.skip("no /proc here to compare with")
    resident_kb = next(int(line.split()[1]) for line in status.read_text().splitlines() if line.startswith("VmRSS"))
    assert ProcessMeter().read().memory_mb == pytest.approx(resident_kb / 1024, rel=0.05)


def test_cpu_is_the_share_that_this_process_got_of_the_time():
    wall, cpu = time.monotonic(), time.process_time()
    meter = ProcessMeter()
    while time.process_time() - cpu < 0.3:
        pass
    usage = meter.read()
    share = 100 * (time.process_time() - cpu) / (time.monotonic() - wall)
    assert usage.cpu_percent == pytest.approx(share, rel=0.5)
    assert usage.threads >= 1
