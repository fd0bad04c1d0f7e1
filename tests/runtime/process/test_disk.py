"""How full the disk is, against what the kernel says."""

import os

import pytest

from steward.runtime.process.disk import disk_usage

SOME = 256 * 1024 * 1024  # others write meanwhile


def test_it_is_what_the_file_system_of_that_file_says(tmp_path):
    file = tmp_path / "steward.sqlite3"
    file.touch()
    kernel = os.statvfs(tmp_path)
    usage = disk_usage(file)
    assert usage.free == pytest.approx(kernel.f_bavail * kernel.f_frsize, abs=SOME)
    assert usage.used == pytest.approx((kernel.f_blocks - kernel.f_bfree) * kernel.f_frsize, abs=SOME)


def test_of_what_is_not_there_nothing_is_told(tmp_path):
    assert disk_usage(tmp_path / "db.example.org") is None
