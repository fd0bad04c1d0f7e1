"""The machine's own clock."""

from datetime import UTC, datetime

from steward.runtime.clock import SystemClock


def test_the_system_clock_tells_aware_utc_and_never_goes_back():
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert abs((clock.now() - datetime.now(UTC)).total_seconds()) < 60
    readings = [clock.monotonic() for _ in range(100)]
    assert readings == sorted(readings)
