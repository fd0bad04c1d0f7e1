from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from steward.cli.checks.machine import check_clock, check_disk, check_zones
from steward.runtime.process.disk import DiskUsage, nearest_existing

NOW = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)


def test_the_local_time_of_the_zone_is_shown():
    assert "2026-07-01 14:00" in check_zones(ZoneInfo("Europe/Berlin"), NOW).finding
    assert check_zones(None, NOW).status == "ok"


@pytest.mark.parametrize(
    ("ahead", "status", "words"),
    [(0, "ok", "agrees"), (4, "ok", "agrees"), (-30, "warn", "30 s behind"), (300, "fail", "300 s ahead of")],
)
def test_the_clock_is_compared_with_discords(ahead, status, words):
    finding = check_clock(format_datetime(NOW - timedelta(seconds=ahead), usegmt=True), NOW)
    assert finding.status == status
    assert words in finding.finding


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 99 Foo 2026"])
def test_without_a_date_the_clock_is_not_checked(date):
    assert check_clock(date, NOW).status == "skipped"


def test_the_disk_of_the_data_folder_is_checked(tmp_path):
    finding = check_disk(tmp_path / "not" / "yet")
    assert "MB are free" in finding.finding


@pytest.mark.parametrize(("megabytes", "status"), [(200, "ok"), (199, "warn"), (50, "warn"), (49, "fail")])
def test_little_free_space_is_a_warning(tmp_path, megabytes, status):
    assert check_disk(tmp_path, measure=lambda place: DiskUsage(0, megabytes * 1_000_000)).status == status


def test_few_free_inodes_are_a_warning(tmp_path):
    finding = check_disk(tmp_path, measure=lambda place: DiskUsage(0, 10**12, files=99))
    assert (finding.status, "Only 99 more files" in finding.finding) == ("warn", True)


def test_a_disk_that_cannot_be_measured_is_a_warning(tmp_path):
    assert check_disk(tmp_path, measure=lambda place: None).status == "warn"


def test_an_unwritable_folder_is_a_failure():
    assert check_disk(Path("/proc/self")).status == "fail"


def test_the_nearest_folder_that_exists_is_found(tmp_path):
    assert nearest_existing(tmp_path / "a" / "b") == tmp_path
    assert nearest_existing(Path("no/such")) == Path.cwd()
