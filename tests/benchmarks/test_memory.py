from __future__ import annotations

import os

import psutil
import pytest

from benchmarks.memory import Memory, parse_rollup, read_memory

ROLLUP = """\
559989507000-7ffc8b5a3000 ---p 00000000 00:00 0                          [rollup]
Rss:               55296 kB
Pss:                 228 kB
Anonymous:         38912 kB
AnonHugePages:         0 kB
"""


def test_resident_and_anonymous_memory_are_read_in_mebibytes():
    assert parse_rollup(ROLLUP) == Memory(resident=54.0, anonymous=38.0)


def test_it_agrees_with_psutil_about_this_process():
    memory = read_memory(os.getpid())
    assert memory.resident == pytest.approx(psutil.Process().memory_info().rss / 1024**2, rel=0.1)
    assert memory.anonymous is None or 0 < memory.anonymous < memory.resident


def test_a_missing_process_is_an_error():
    with pytest.raises(psutil.NoSuchProcess):
        read_memory(2**22 + 1)  # above the largest process id of Linux
