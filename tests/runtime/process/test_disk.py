"""Disk usage compared with the kernel's figures."""

import os

import pytest

from steward.runtime.process.disk import disk_usage

SOME = 256 * 1024 * 1024  # others write meanwhile


def test_it_matches_the_file_system(tmp_path):
    file = tmp_path / "steward.sqlite3"
    file.touch()
    kernel = os.statvfs(tmp_path)
    usage = disk_usage(file)
    assert usage.free == pytest.approx(kernel.f_bavail * kernel.f_frsize, abs=SOME)
    assert usage.used == pytest.approx((kernel.f_blocks - kernel.f_bfree) * kernel.f_frsize, abs=SOME)


def test_a_missing_path_has_no_usage(tmp_path):
    assert disk_usage(tmp_path / "db.example.org") is None
