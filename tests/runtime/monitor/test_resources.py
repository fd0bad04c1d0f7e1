"""CPU, threads, disk and network."""

import shutil
import threading

import psutil
import pytest

from steward.runtime.monitor import ResourceMeter


def test_cpu_threads_disk_and_network_match_the_system(tmp_path):
    meter = ResourceMeter(tmp_path)
    cpu, before, sent, received = meter.cpu_seconds(), meter.threads(), meter.sent(), meter.received()
    sum(number * number for number in range(2_000_000))
    ended = threading.Event()
    thread = threading.Thread(target=ended.wait)
    thread.start()
    assert meter.threads() == before + 1
    ended.set()
    thread.join()
    assert meter.cpu_seconds() > cpu
    assert meter.disk_free() == pytest.approx(shutil.disk_usage(tmp_path).free, rel=0.01)
    assert 0 <= meter.disk_share() <= 1
    assert meter.sent() >= sent >= 0
    assert meter.received() >= received >= 0


def test_the_network_is_counted_as_psutil_counts_it(tmp_path):
    meter, least = ResourceMeter(tmp_path), psutil.net_io_counters()
    sent, received = meter.sent(), meter.received()
    most = psutil.net_io_counters()
    assert least.bytes_sent <= sent <= most.bytes_sent
    assert least.bytes_recv <= received <= most.bytes_recv


def test_a_missing_disk_has_no_figures(tmp_path):
    meter = ResourceMeter(tmp_path / "nowhere")
    assert (meter.disk_free(), meter.disk_share()) == (None, None)
